"""K-means: Lloyd's algorithm from k-means++ seeds, several starts, one thread.

One thread, so that equal input and seed give equal centres on any machine; starts and numbers of
clusters are what can run side by side.
"""

from __future__ import annotations

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from segmentry.domain.partition import Partition
from segmentry.seeds import stream

NAME = "k-means"
MAX_ITERATIONS = 300


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
    return _fitted(X, n_clusters, init="k-means++", n_starts=n_starts, rng=rng)


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
    return _fitted(X, len(centres), init=centres, n_starts=1, rng=stream(0, "refine"))


def _fitted(
    X: NDArray[np.float64],
    n_clusters: int,
    *,
    init: str | NDArray[np.float64],
    n_starts: int,
    rng: Generator,
) -> Partition:
    from sklearn.cluster import KMeans
    from threadpoolctl import threadpool_limits

    model = KMeans(
        n_clusters,
        init=init,
        n_init=n_starts,
        max_iter=MAX_ITERATIONS,
        random_state=int(rng.integers(2**31)),
        algorithm="lloyd",
    )
    with threadpool_limits(limits=1):
        model.fit(X)
    labels = model.labels_.astype(np.int64)
    centres = np.asarray(model.cluster_centers_, dtype=np.float64)
    return Partition(labels, centres, NAME, {"n_segments": n_clusters, "n_starts": n_starts})
