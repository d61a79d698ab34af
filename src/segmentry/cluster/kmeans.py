"""K-means: Lloyd's algorithm from k-means++ seeds, several starts, one thread.

One thread, so that equal input and seed give equal centres on any machine; starts and numbers of
clusters are what can run side by side.
"""

from __future__ import annotations

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from segmentry.domain.crew import single_threaded
from segmentry.domain.partition import Partition
from segmentry.maths.lloyd import Lloyd, kmeans, lloyd

NAME = "k-means"

N_STARTS = 2
"""Seedings of each fit in a search or a resample, of which the better one counts."""


def fit_kmeans(
    X: NDArray[np.float64], n_clusters: int, *, rng: Generator, n_starts: int = 3
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

    Returns
    -------
    Partition

    References
    ----------
    Lloyd, S. (1982). Least squares quantization in PCM. IEEE Trans. Inf. Theory 28, 129-137.
    Arthur, D. and Vassilvitskii, S. (2007). k-means++: the advantages of careful seeding. SODA.
    """
    with single_threaded():
        return _partition(kmeans(X, n_clusters, rng=rng, n_starts=n_starts), n_starts)


def refine_kmeans(X: NDArray[np.float64], centres: NDArray[np.float64]) -> Partition:
    """Continue Lloyd's passes from known centres, for example from a sample to all rows.

    Parameters
    ----------
    X : ndarray of shape (n_rows, n_columns), finite
    centres : ndarray of shape (n_clusters, n_columns)

    Returns
    -------
    Partition
        Deterministic: nothing is drawn.
    """
    with single_threaded():
        return _partition(lloyd(X, centres), 1)


def fit_labels(X: NDArray[np.float64], n_clusters: int, rng: Generator) -> NDArray[np.int64]:
    """Fit from scratch, as resampling needs it."""
    return fit_kmeans(X, n_clusters, rng=rng, n_starts=N_STARTS).labels


def _partition(found: Lloyd, n_starts: int) -> Partition:
    arguments = {"n_segments": len(found.centres), "n_starts": n_starts}
    return Partition(found.labels, found.centres, NAME, arguments)
