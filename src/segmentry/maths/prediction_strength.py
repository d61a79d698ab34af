"""Prediction strength: whether half of the rows tell which of the other half belong together.

What lives here: the strength of one pair of halves, and of repeated splits over several numbers.
What does not: agreement of two partitions of the same rows (``maths.agreement``). Read on in
``docs/methods/prediction_strength.md``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from segmentry.errors import MathsError
from segmentry.maths.gap import Labelled, by_kmeans
from segmentry.maths.indices import cluster_means

N_SPLITS = 5

ENOUGH = 0.8
"""Strength from which clusters count as predictable; the authors name 0.8 to 0.9."""


@dataclass(frozen=True)
class PredictionStrength:
    """Mean strengths over both directions of all splits, with their standard errors.

    ``chosen`` is the largest number whose strength, with one standard error, is enough; 1 where
    none is.
    """

    numbers: tuple[int, ...]
    strengths: NDArray[np.float64]
    standard_errors: NDArray[np.float64]
    chosen: int


def pair_strength(predicted: NDArray[np.int64], own: NDArray[np.int64]) -> float:
    r"""Measure how far predicted labels keep together what rows' own clusters keep together.

    Parameters
    ----------
    predicted : ndarray of int, shape (n_rows,)
        Nearest clusters of the other half, 0 or more.
    own : ndarray of int, shape (n_rows,)
        Clusters found on these rows, 0 or more.

    Returns
    -------
    float
        In [0, 1]: the least share over clusters of at least two rows; 1 where there is none.

    Raises
    ------
    MathsError
        If shapes differ.

    Notes
    -----
    .. math:: \min_j \frac{1}{n_j (n_j - 1)} \sum_{i \ne i' \in A_j} 1[c_i = c_{i'}]

    where pairs are counted by cells of the cross table, not one by one.

    References
    ----------
    Tibshirani, R. and Walther, G. (2005). Cluster validation by prediction strength. J. Comput.
    Graph. Statist. 14, 511-528.

    Examples
    --------
    >>> pair_strength(np.array([0, 0, 1, 1, 1]), np.array([0, 0, 0, 1, 1])).__round__(3)
    0.333
    """
    if predicted.shape != own.shape:
        msg = f"labels have shapes {predicted.shape} and {own.shape}"
        raise MathsError(msg)
    if not len(own):
        return 1.0
    width = int(predicted.max()) + 1
    cells = np.bincount(own * width + predicted, minlength=(int(own.max()) + 1) * width)
    cells = cells.reshape(-1, width).astype(np.float64)
    sizes = cells.sum(axis=1)
    kept = sizes >= 2
    shares = (cells * (cells - 1)).sum(axis=1)[kept] / (sizes * (sizes - 1))[kept]
    return float(shares.min(initial=1.0))


def prediction_strength(
    X: NDArray[np.float64],
    numbers: Sequence[int],
    *,
    rng: Generator,
    labelled: Labelled | None = None,
    n_splits: int = N_SPLITS,
    enough: float = ENOUGH,
) -> PredictionStrength:
    """Split rows into halves, cluster both, and ask one what the other has found.

    Parameters
    ----------
    X : ndarray of shape (n_rows, n_columns), finite
        At least four rows.
    numbers : sequence of int
        Numbers of clusters, each 1 .. half of the rows.
    rng : Generator
        Draws the splits and the seeds of the fits.
    labelled : callable, default k-means with two seedings
        Clusters rows. Rows of the other half belong to the nearest of its means.
    n_splits : int, default=5
        Each counts twice: either half predicts the other.
    enough : float, default=0.8

    Returns
    -------
    PredictionStrength

    Raises
    ------
    MathsError
        If a number is out of range or there are no splits.

    References
    ----------
    Tibshirani, R. and Walther, G. (2005). Cluster validation by prediction strength. J. Comput.
    Graph. Statist. 14, 511-528.
    """
    numbers, half = tuple(numbers), len(X) // 2
    if not numbers or half < 2 or not 1 <= min(numbers) <= max(numbers) <= half or n_splits < 1:
        msg = f"halves of {len(X)} rows cannot be split into {numbers} clusters, {n_splits} times"
        raise MathsError(msg)
    label = labelled or by_kmeans
    found = np.empty((2 * n_splits, len(numbers)))
    for split in range(n_splits):
        order = rng.permutation(len(X))
        halves = X[order[:half]], X[order[half:]]
        for place, k in enumerate(numbers):
            labels = [label(rows, k, rng) for rows in halves]
            for asked, other in ((0, 1), (1, 0)):
                means = cluster_means(halves[other], labels[other], k)
                # A cluster that the method left empty has no mean.
                means = means[np.bincount(labels[other], minlength=k) > 0]
                predicted = _nearest(halves[asked], means)
                found[2 * split + asked, place] = pair_strength(predicted, labels[asked])
    strengths = found.mean(axis=0)
    # The two directions of a split are no independent draws.
    spread = found.reshape(n_splits, 2, -1).mean(axis=1).std(axis=0, ddof=int(n_splits > 1))
    errors = spread / np.sqrt(n_splits)
    strong = [k for k, s in zip(numbers, strengths + errors, strict=True) if s >= enough]
    return PredictionStrength(numbers, strengths, errors, max(strong, default=1))


def _nearest(X: NDArray[np.float64], means: NDArray[np.float64]) -> NDArray[np.int64]:
    origin = means.mean(axis=0)
    towards = means - origin
    gaps = (towards**2).sum(axis=1) - 2.0 * (X - origin) @ towards.T
    labels: NDArray[np.int64] = gaps.argmin(axis=1)
    return labels
