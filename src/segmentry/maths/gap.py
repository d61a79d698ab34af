"""The gap statistic: how much tighter clusters are than those of rows without any.

What lives here: reference rows, gaps with their standard errors, the number of clusters by the rule
of their authors. What does not: which methods and numbers are tried. Read on in
``docs/methods/gap.md``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from segmentry.errors import MathsError
from segmentry.maths.indices import cluster_means
from segmentry.maths.lloyd import kmeans

Labelled = Callable[[NDArray[np.float64], int, Generator], NDArray[np.int64]]
"""Rows, a number of clusters and chance to labels 0 .. n_clusters - 1."""

N_REFERENCES = 20


@dataclass(frozen=True)
class Gap:
    """Gaps of several numbers of clusters, in logarithms of scatter.

    ``standard_errors`` hold the spread over references and that of simulating only so many.
    ``chosen`` is the least number whose gap is within one standard error of the next one's; the
    last number where none is.
    """

    numbers: tuple[int, ...]
    gaps: NDArray[np.float64]
    standard_errors: NDArray[np.float64]
    chosen: int


def gap_statistic(
    X: NDArray[np.float64],
    numbers: Sequence[int],
    *,
    rng: Generator,
    labelled: Labelled | None = None,
    n_references: int = N_REFERENCES,
) -> Gap:
    r"""Measure how much tighter clusters are than those of rows spread evenly over a box.

    It is one of the few criteria that can say *one*: include 1 in the numbers.

    Parameters
    ----------
    X : ndarray of shape (n_rows, n_columns), finite
    numbers : sequence of int
        Consecutive, ascending numbers of clusters, each 1 .. n_rows.
    rng : Generator
        Draws the references and the seeds of the fits.
    labelled : callable, default k-means with two seedings
        Clusters rows, those of the references too.
    n_references : int, default=20

    Returns
    -------
    Gap

    Raises
    ------
    MathsError
        If the numbers are not consecutive or out of range, or there are no references.

    Notes
    -----
    .. math:: G(k) = \frac{1}{B} \sum_b \ln W^*_{kb} - \ln W_k, \quad
        s_k = \sqrt{1 + 1/B} \, \mathrm{sd}_b(\ln W^*_{kb})

    with W the sum of squared distances to the cluster means. Cost that of B + 1 sweeps.

    References
    ----------
    Tibshirani, R., Walther, G. and Hastie, T. (2001). Estimating the number of clusters in a data
    set via the gap statistic. J. R. Statist. Soc. B 63, 411-423.
    """
    numbers = tuple(numbers)
    in_order = numbers and numbers == tuple(range(numbers[0], numbers[0] + len(numbers)))
    if not in_order or not 1 <= numbers[0] <= numbers[-1] <= len(X) or n_references < 1:
        msg = f"a gap needs consecutive numbers within 1 .. {len(X)} and references: {numbers}"
        raise MathsError(msg)
    label = labelled or by_kmeans
    own = np.array([_log_scatter(X, label(X, k, rng), k) for k in numbers])
    references = np.empty((n_references, len(numbers)))
    for b in range(n_references):
        rows = box_reference(X, rng)
        references[b] = [_log_scatter(rows, label(rows, k, rng), k) for k in numbers]
    gaps = references.mean(axis=0) - own
    errors = references.std(axis=0) * np.sqrt(1.0 + 1.0 / n_references)
    enough = np.flatnonzero(gaps[:-1] >= gaps[1:] - errors[1:])
    chosen = numbers[int(enough[0])] if len(enough) else numbers[-1]
    return Gap(numbers, gaps, errors, chosen)


def box_reference(X: NDArray[np.float64], rng: Generator) -> NDArray[np.float64]:
    """Draw as many rows evenly from the box around the data that lies along its principal axes.

    Parameters
    ----------
    X : ndarray of shape (n_rows, n_columns), finite
    rng : Generator

    Returns
    -------
    ndarray of shape (n_rows, n_columns)
    """
    middle = X.mean(axis=0)
    centred = X - middle
    _, axes = np.linalg.eigh(centred.T @ centred)
    turned = centred @ axes
    drawn = rng.uniform(turned.min(axis=0), turned.max(axis=0), size=X.shape)
    result: NDArray[np.float64] = drawn @ axes.T + middle
    return result


def by_kmeans(X: NDArray[np.float64], n_clusters: int, rng: Generator) -> NDArray[np.int64]:
    """Label rows by k-means, the better of two seedings."""
    return kmeans(X, n_clusters, rng=rng, n_starts=2).labels


def _log_scatter(X: NDArray[np.float64], labels: NDArray[np.int64], n_clusters: int) -> float:
    """Give the logarithm of the scatter; that of rounding errors where rows lie on their means."""
    centred = X - X.mean(axis=0)
    gaps = centred - cluster_means(centred, labels, n_clusters)[labels]
    least = np.finfo(float).eps ** 2 * float((centred**2).sum())
    return float(np.log(max(float((gaps**2).sum()), least, np.finfo(float).tiny)))
