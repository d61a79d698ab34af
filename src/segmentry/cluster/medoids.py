"""Segments around rows that stand for the others, under dissimilarities other than distance.

What lives here: samples, seeds and refits of such methods. What does not: what unlike means to
each of them (``jaccard``, ``cosine``), and the search for medoids (``maths.medoids``).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from segmentry.cluster.method import Arguments, Fits, Refit, Sample, Weights
from segmentry.domain.partition import Partition
from segmentry.maths.medoids import partition_around_medoids
from segmentry.seeds import stream

EXACT_ROWS = 5_000
"""Rows among which medoids are sought directly (100 MB of dissimilarities)."""

SAMPLE_ROWS = 2_500
"""Rows of a sample in which medoids are sought where there are more."""

SEEDS = 2
"""Fits of a search, each from other first medoids and, of many rows, from another sample."""

Rows = NDArray[Any]


@dataclass(frozen=True)
class Unlike:
    """What unlike means: how rows of the matrix are read, and how far apart two of them are."""

    name: str
    read: Callable[[NDArray[np.float64]], Rows]
    between: Callable[[Rows, Rows], NDArray[np.float32]]


@dataclass(frozen=True, eq=False)
class Drawn:
    """Rows as a method reads them, those in which medoids are sought, and their dissimilarities."""

    everyone: Rows
    rows: NDArray[np.int64]
    gaps: NDArray[np.float32]


def draw(X: NDArray[np.float64], unlike: Unlike, rng: Generator) -> Drawn:
    """Take all rows, or a sample of very many, and measure how unlike they are.

    Parameters
    ----------
    X : ndarray of shape (n_rows, n_columns), finite
    unlike : Unlike
    rng : Generator
        Draws the sample; unused up to 5,000 rows.

    Returns
    -------
    Drawn
    """
    everyone = unlike.read(X)
    rows = np.arange(len(X))
    if len(X) > EXACT_ROWS:
        rows = np.sort(rng.permutation(len(X))[:SAMPLE_ROWS])
    return Drawn(everyone, rows, unlike.between(everyone[rows], everyone[rows]))


def fit_drawn(
    X: NDArray[np.float64],
    drawn: Drawn,
    unlike: Unlike,
    n_clusters: int,
    *,
    rng: Generator,
    weights: Weights = None,
) -> Partition:
    """Find medoids in what was drawn, and label all rows by them.

    Parameters
    ----------
    X : ndarray of shape (n_rows, n_columns)
    drawn : Drawn
    unlike : Unlike
    n_clusters : int
    rng : Generator
        Chooses the first medoids.
    weights : ndarray of shape (n_rows,), not negative, default ones

    Returns
    -------
    Partition
        Its centres are the medoids as rows of ``X``; no row's label follows from their distances.
        A medoid that is no row's nearest is no cluster. ``deviation`` among the arguments is the
        mean dissimilarity of all rows to their medoid, by their weights.
    """
    own = None if weights is None else weights[drawn.rows]
    most = min(n_clusters, len(drawn.rows))
    found = partition_around_medoids(drawn.gaps, most, rng=rng, weights=own)
    medoids = np.sort(drawn.rows[found.rows])
    gaps = unlike.between(drawn.everyone, drawn.everyone[medoids])
    present, labels = np.unique(gaps.argmin(axis=1), return_inverse=True)
    near = gaps.min(axis=1)
    mean = near.mean(dtype=np.float64) if weights is None else np.average(near, weights=weights)
    arguments = {
        "n_segments": len(present),
        "n_points": len(drawn.rows),
        "deviation": round(float(mean), 9),
    }
    return Partition(labels.astype(np.int64), X[medoids[present]], unlike.name, arguments)


def fit_medoids(
    X: NDArray[np.float64],
    unlike: Unlike,
    n_clusters: int,
    *,
    rng: Generator,
    weights: Weights = None,
) -> Partition:
    """Choose rows that stand for all others, directly or, of very many, in a sample of them.

    Parameters
    ----------
    X : ndarray of shape (n_rows, n_columns), finite
    unlike : Unlike
    n_clusters : int
    rng : Generator
    weights : ndarray of shape (n_rows,), not negative, default ones

    Returns
    -------
    Partition

    References
    ----------
    Schubert, E. and Rousseeuw, P. J. (2021). Information Systems 101, 101804. Kaufman, L. and
    Rousseeuw, P. J. (1990). Finding Groups in Data, chapter 3 (CLARA). Wiley.
    """
    return fit_drawn(X, draw(X, unlike, rng), unlike, n_clusters, rng=rng, weights=weights)


def sweep_medoids(sample: Sample, unlike: Unlike) -> dict[int, Fits]:
    """Fit every number of segments from several seeds; of many rows each seed has its sample.

    Rows that take fewer distinct forms than segments are asked for give no such number.
    """
    X = sample.X
    exact = len(X) <= EXACT_ROWS
    once = [
        draw(X, unlike, stream(sample.seed, "search", unlike.name, s))
        for s in range(1 if exact else SEEDS)
    ]

    def fit(k: int, s: int) -> Partition:
        rng = stream(sample.seed, "search", unlike.name, k, s)
        drawn = once[0 if exact else s]
        return fit_drawn(X, drawn, unlike, k, rng=rng, weights=sample.weights)

    return sample.each(fit, SEEDS, least="deviation")


def refit_medoids(unlike: Unlike) -> Refit:
    """Make the fit from scratch that resampling needs."""

    def refit(
        X: NDArray[np.float64],
        n_clusters: int,
        rng: Generator,
        _: Arguments,
        weights: Weights = None,
    ) -> NDArray[np.int64]:
        return fit_medoids(X, unlike, n_clusters, rng=rng, weights=weights).labels

    return refit


def manner(X: NDArray[np.float64]) -> str:
    """Say that medoids are sought in a sample, where they are."""
    if len(X) <= EXACT_ROWS:
        return ""
    return f"around rows sought among {SAMPLE_ROWS:,} of {len(X):,}"
