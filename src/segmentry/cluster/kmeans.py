"""K-means: Lloyd's algorithm from k-means++ seeds, several starts, one thread.

One thread, so that equal input and seed give equal centres on any machine; starts and numbers of
clusters are what can run side by side.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from segmentry.cluster.method import Arguments, Fits, Method, Sample, Weights, inertia
from segmentry.domain.crew import single_threaded
from segmentry.domain.partition import Partition
from segmentry.maths.agreement import adjusted_rand_index
from segmentry.maths.lloyd import Lloyd, kmeans, lloyd
from segmentry.maths.multilevel import N_STARTS as LEVEL_STARTS
from segmentry.maths.multilevel import kmeans_levels
from segmentry.seeds import stream

NAME = "k-means"

N_STARTS = 2
"""Seedings of each fit in a search or a resample, of which the better one counts."""

FIRST_SEEDS, MOST_SEEDS = 3, 6
"""Independent fits per number of segments; more where the first leave doubt."""

DOUBTFUL_ARI = (0.6, 0.95)
"""Agreement of the first seeds between which more are asked."""


MANY_ROWS = 50_000
"""Rows beyond which the fits of a search come to all rows over samples that grow."""


def fit_kmeans(
    X: NDArray[np.float64],
    n_clusters: int,
    *,
    rng: Generator,
    n_starts: int = 3,
    weights: Weights = None,
) -> Partition:
    """Partition rows so that each lies nearest its own cluster's mean.

    Parameters
    ----------
    X : ndarray of shape (n_rows, n_columns), finite
    n_clusters : int
        2 .. number of distinct rows.
    rng : Generator
    n_starts : int, default=3
        Seedings tried; the one with the least inertia wins.
    weights : ndarray of shape (n_rows,), not negative, default ones

    Returns
    -------
    Partition

    References
    ----------
    Lloyd, S. (1982). Least squares quantization in PCM. IEEE Trans. Inf. Theory 28, 129-137.
    Arthur, D. and Vassilvitskii, S. (2007). k-means++: the advantages of careful seeding. SODA.
    """
    with single_threaded():
        found = kmeans(X, n_clusters, rng=rng, n_starts=n_starts, weights=weights)
        return _partition(found, n_starts)


def refine_kmeans(
    X: NDArray[np.float64], centres: NDArray[np.float64], weights: Weights = None
) -> Partition:
    """Continue Lloyd's passes from known centres, for example from a sample to all rows.

    Parameters
    ----------
    X : ndarray of shape (n_rows, n_columns), finite
    centres : ndarray of shape (n_clusters, n_columns)
    weights : ndarray of shape (n_rows,), not negative, default ones

    Returns
    -------
    Partition
        Deterministic: nothing is drawn.
    """
    with single_threaded():
        return _partition(lloyd(X, centres, weights=weights), 1)


def sweep(sample: Sample) -> dict[int, Fits]:
    """Fit every number of segments from several seeds; mixtures begin where these end."""
    return sample.once(NAME, lambda: _sweep(sample))


def _sweep(sample: Sample) -> dict[int, Fits]:
    X, band = sample.X, sample.band
    fit = _fit_levels if len(X) > MANY_ROWS else _fit_apart
    found = fit(sample, band, range(FIRST_SEEDS))
    doubtful = [k for k in band if _is_doubtful([found[k, s] for s in range(FIRST_SEEDS)])]
    found |= fit(sample, doubtful, range(FIRST_SEEDS, MOST_SEEDS))
    result = {}
    for k in band:
        fits = [found[k, s] for s in range(MOST_SEEDS) if (k, s) in found]
        ordered = tuple(sorted(fits, key=lambda p: inertia(X, p, sample.weights)))
        result[k] = Fits(ordered, sample.bic(ordered[0].labels))
    return result


def _fit_apart(
    sample: Sample, numbers: Sequence[int], seeds: range
) -> dict[tuple[int, int], Partition]:
    """Fit each number of segments from each seed."""

    def fit(piece: tuple[int, int]) -> Partition:
        rng = stream(sample.seed, "search", NAME, *piece)
        return fit_kmeans(sample.X, piece[0], rng=rng, n_starts=N_STARTS, weights=sample.weights)

    # More segments take longer: they go first, so that no hand waits at the end.
    pieces = [(k, s) for k in reversed(numbers) for s in seeds]
    return dict(zip(pieces, sample.crew.map(fit, pieces), strict=True))


def _fit_levels(
    sample: Sample, numbers: Sequence[int], seeds: range
) -> dict[tuple[int, int], Partition]:
    """Fit each number of segments from each seed, over samples that grow."""
    found = {}
    for k in numbers:
        for s in seeds:
            rng = stream(sample.seed, "search", NAME, k, s)
            # Hands share the passes of one fit: a copy of the rows for each would fill the memory.
            fit = kmeans_levels(
                sample.X, k, rng=rng, weights=sample.weights, hands=sample.crew.hands
            )
            found[k, s] = _partition(fit, LEVEL_STARTS)
    return found


def _is_doubtful(fits: list[Partition]) -> bool:
    pairs = [(a, b) for i, a in enumerate(fits) for b in fits[:i]]
    mean = float(np.mean([adjusted_rand_index(a.labels, b.labels) for a, b in pairs]))
    return DOUBTFUL_ARI[0] <= mean <= DOUBTFUL_ARI[1]


def fit_labels(
    X: NDArray[np.float64], n_clusters: int, rng: Generator, _: Arguments, weights: Weights = None
) -> NDArray[np.int64]:
    """Fit from scratch, as resampling needs it."""
    return fit_kmeans(X, n_clusters, rng=rng, n_starts=N_STARTS, weights=weights).labels


def _finish(X: NDArray[np.float64], partition: Partition, weights: Weights) -> Partition:
    return refine_kmeans(X, partition.centres, weights)


def _partition(found: Lloyd, n_starts: int) -> Partition:
    arguments = {"n_segments": len(found.centres), "n_starts": n_starts}
    return Partition(found.labels, found.centres, NAME, arguments)


METHOD = Method(
    NAME,
    "round segments of much the same width",
    sweep,
    fit_labels,
    has_centres=True,
    finish=_finish,
    is_automatic=True,
)
