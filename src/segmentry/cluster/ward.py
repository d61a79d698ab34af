"""Ward's hierarchy: clusters that grow by merging, every number of them from one linkage.

Up to 3,000 rows each row is a point of the hierarchy; beyond, small clusters of rows are, weighted
by their sizes. The formulas are in ``maths.ward``.
"""

from __future__ import annotations

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from segmentry.domain.partition import Partition
from segmentry.maths.dendrogram import cut_linkage
from segmentry.maths.indices import cluster_means
from segmentry.maths.quantization import micro_clusters
from segmentry.maths.ward import ward_linkage

NAME = "ward"

EXACT_ROWS = 3_000
MICRO_CLUSTERS = 1_500
RESAMPLED_CLUSTERS = 500
"""Points of the hierarchy where rows are resampled: it is built anew many times."""


def fit_ward(
    X: NDArray[np.float64], band: range | tuple[int, ...], *, rng: Generator
) -> tuple[Partition, ...]:
    """Build one hierarchy and cut it at every number of clusters wanted.

    Parameters
    ----------
    X : ndarray of shape (n_rows, n_columns), finite
    band : range or tuple of int
    rng : Generator
        Chooses the seeds of small clusters; unused up to 3,000 rows.

    Returns
    -------
    tuple of Partition
        Their centres are means, and no row's label follows from them.

    References
    ----------
    Ward, J. H. (1963). JASA 58, 236-244. Small clusters first: Zhang, T., Ramakrishnan, R. and
    Livny, M. (1996). BIRCH: an efficient data clustering method for very large databases. SIGMOD.
    """
    exact = len(X) <= EXACT_ROWS
    points, owners, weights = _points(X, None if exact else MICRO_CLUSTERS, rng)
    merges = ward_linkage(points, weights)
    partitions = []
    for k in band:
        labels = cut_linkage(merges, k)[owners]
        arguments = {"n_segments": k, "n_points": len(points)}
        partitions.append(Partition(labels, cluster_means(X, labels, k), NAME, arguments))
    return tuple(partitions)


def fit_labels(X: NDArray[np.float64], n_clusters: int, rng: Generator) -> NDArray[np.int64]:
    """Fit from scratch, as resampling needs it."""
    points, owners, weights = _points(X, min(RESAMPLED_CLUSTERS, len(X)), rng)
    return cut_linkage(ward_linkage(points, weights), min(n_clusters, len(points)))[owners]


def is_exact(n_rows: int) -> bool:
    """Tell whether every row is a point of the hierarchy."""
    return n_rows <= EXACT_ROWS


def _points(
    X: NDArray[np.float64], count: int | None, rng: Generator
) -> tuple[NDArray[np.float64], NDArray[np.int64], NDArray[np.float64]]:
    """Give the points of the hierarchy, the point of each row, and the points' weights."""
    if count is None:
        return X, np.arange(len(X)), np.ones(len(X))
    owners = micro_clusters(X, count, rng)
    sizes = np.bincount(owners)
    return cluster_means(X, owners, len(sizes)), owners, sizes.astype(np.float64)
