"""K-means of many rows, over levels, for one number of segments or a band of them at once.

The method is that of ``kmeans``, for hundreds of thousands of rows and more.

The formulas are in ``maths.multilevel``.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from segmentry.cluster.kmeans import NAME
from segmentry.domain.crew import Crew, single_threaded
from segmentry.domain.partition import Partition
from segmentry.maths.lloyd import Lloyd
from segmentry.maths.multilevel import N_STARTS, kmeans_levels, kmeans_sweep


def fit_kmeans_levels(
    X: NDArray[np.floating],
    n_clusters: int,
    *,
    rng: Generator,
    weights: NDArray[np.float64] | None = None,
    crew: Crew | None = None,
) -> Partition:
    """Partition many rows so that each lies nearest its own cluster's mean.

    Parameters
    ----------
    X : ndarray of shape (n_rows, n_columns), finite
    n_clusters : int
        2 .. number of distinct rows.
    rng : Generator
    weights : ndarray of shape (n_rows,), not negative, default ones
    crew : Crew or None
        Hands; the result does not depend on their number.

    Returns
    -------
    Partition

    References
    ----------
    Bradley, P. S. and Fayyad, U. M. (1998). Refining initial points for k-means clustering. ICML.
    """
    hands = (crew or Crew()).hands
    with single_threaded():
        return _partition(kmeans_levels(X, n_clusters, rng=rng, weights=weights, hands=hands))


def fit_kmeans_sweep(
    X: NDArray[np.floating],
    band: Sequence[int],
    *,
    rng: Generator,
    weights: NDArray[np.float64] | None = None,
    crew: Crew | None = None,
) -> tuple[Partition, ...]:
    """Partition many rows into each number of clusters of a band, samples shared.

    Parameters
    ----------
    X : ndarray of shape (n_rows, n_columns), finite
    band : sequence of int
    rng : Generator
    weights : ndarray of shape (n_rows,), not negative, default ones
    crew : Crew or None
        Hands; the result does not depend on their number.

    Returns
    -------
    tuple of Partition
        In the order of the band.
    """
    hands = (crew or Crew()).hands
    with single_threaded():
        found = kmeans_sweep(X, band, rng=rng, weights=weights, hands=hands)
    return tuple(_partition(one) for one in found)


def fit_labels(X: NDArray[np.float64], n_clusters: int, rng: Generator) -> NDArray[np.int64]:
    """Fit from scratch, as resampling needs it."""
    return fit_kmeans_levels(X, n_clusters, rng=rng).labels


def _partition(found: Lloyd) -> Partition:
    arguments = {"n_segments": len(found.centres), "n_starts": N_STARTS}
    return Partition(found.labels, found.centres, NAME, arguments)
