"""Robust linkage: single linkage whose clusters may not grow too unequal.

Up to 5,000 rows each row is a point of the hierarchy; beyond, small clusters of rows are. The
formulas are in ``maths.robust_linkage``, the tree in ``maths.spanning``.
"""

from __future__ import annotations

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from segmentry.cluster.method import Arguments, Fits, Method, Sample, Weights
from segmentry.cluster.points import points_of
from segmentry.domain.partition import Partition
from segmentry.maths.dendrogram import cut_linkage
from segmentry.maths.indices import cluster_means
from segmentry.maths.robust_linkage import GINI_BOUND, robust_linkage, without_leaves
from segmentry.maths.spanning import spanning_tree

NAME = "robust linkage"

EXACT_ROWS = 5_000
MICRO_CLUSTERS = 4_000
"""More points find the same clear groups, and in one cloud each draw finds others all the same."""

RESAMPLED_CLUSTERS = 1_000
"""Points of the hierarchy where rows are resampled: it is built anew many times."""

SEEDS = 2
"""Hierarchies of a search, each over other small clusters."""


def fit_robust(
    X: NDArray[np.float64],
    band: range | tuple[int, ...],
    *,
    rng: Generator,
    gini_bound: float = GINI_BOUND,
    smoothing: int = 1,
    weights: Weights = None,
) -> tuple[Partition, ...]:
    """Build one hierarchy and cut it at every number of clusters wanted.

    Parameters
    ----------
    X : ndarray of shape (n_rows, n_columns), finite
    band : range or tuple of int
    rng : Generator
        Chooses small clusters; unused where every row is a point.
    gini_bound : float, default=0.3
        How unequal sizes may grow before the smallest cluster must merge.
    smoothing : int, default=1
        With M > 1, distances are at least those to each point's M - 1 nearest others, and points
        at the ends of the tree follow the cluster they hang on without counting in its size.
    weights : ndarray of shape (n_rows,), positive, default ones
        They count in sizes; what is far from what does not feel them.

    Returns
    -------
    tuple of Partition
        Their centres are means, and no row's label follows from them.

    References
    ----------
    Gagolewski, M., Bartoszuk, M. and Cena, A. (2016). Genie: a new, fast, and outlier-resistant
    hierarchical clustering algorithm. Information Sciences 363, 8-23.
    """
    points = points_of(X, exact_rows=EXACT_ROWS, count=MICRO_CLUSTERS, rng=rng, weights=weights)
    tree = spanning_tree(points.places, smoothing=min(smoothing, len(points.places)))
    owners, sizes = points.owners, points.weights
    if smoothing > 1:
        tree, kept, hanging = without_leaves(tree)
        owners, sizes = hanging[owners], sizes[kept]
    merges = robust_linkage(tree, sizes, gini_bound=gini_bound)
    partitions = []
    for k in band:
        labels = cut_linkage(merges, min(k, len(sizes)))[owners]
        arguments: dict[str, float | int | str] = {"n_segments": k, "n_points": len(sizes)}
        arguments |= {"gini_bound": gini_bound, "smoothing": smoothing}
        centres = cluster_means(X, labels, int(labels.max()) + 1, weights)
        partitions.append(Partition(labels, centres, NAME, arguments))
    return tuple(partitions)


def sweep(sample: Sample) -> dict[int, Fits]:
    """Cut one hierarchy, or several where small clusters are drawn, at every number of segments."""
    n_seeds = 1 if is_exact(len(sample.X)) else SEEDS
    return sample.swept(
        NAME, lambda X, band, rng, w: fit_robust(X, band, rng=rng, weights=w), n_seeds
    )


def fit_labels(
    X: NDArray[np.float64], n_clusters: int, rng: Generator, _: Arguments, weights: Weights = None
) -> NDArray[np.int64]:
    """Fit from scratch, as resampling needs it."""
    few = RESAMPLED_CLUSTERS
    points = points_of(X, exact_rows=few, count=few, rng=rng, weights=weights)
    merges = robust_linkage(spanning_tree(points.places), points.weights)
    return cut_linkage(merges, min(n_clusters, len(points.weights)))[points.owners]


def is_exact(n_rows: int) -> bool:
    """Tell whether every row is a point of the hierarchy."""
    return n_rows <= EXACT_ROWS


def _manner(X: NDArray[np.float64]) -> str:
    if is_exact(len(X)):
        return ""
    return f"on {MICRO_CLUSTERS:,} small clusters that stand for {len(X):,} rows"


METHOD = Method(
    NAME,
    "segments of any shape, held apart by empty space, and none far larger than the others",
    sweep,
    fit_labels,
    manner=_manner,
    is_automatic=True,
    is_robust=True,
)
