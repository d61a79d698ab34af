"""Average, complete and single linkage: hierarchies that differ in how far two clusters are.

Up to 3,000 rows each row is a point of the hierarchy; beyond, small clusters of rows are, weighted
by their sizes. The formulas are in ``maths.lance_williams``.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from segmentry.cluster.method import Arguments, Fits, Method, Sample
from segmentry.cluster.points import Points, points_of
from segmentry.domain.partition import Partition
from segmentry.maths.dendrogram import cut_linkage, dendrogram
from segmentry.maths.indices import cluster_means
from segmentry.maths.lance_williams import Linkage, linkage

NAMES: dict[Linkage, str] = {
    "average": "average linkage",
    "complete": "complete linkage",
    "single": "single linkage",
}

EXACT_ROWS = 3_000
MICRO_CLUSTERS = 2_000
RESAMPLED_CLUSTERS = 500
"""Points of the hierarchy where rows are resampled: it is built anew many times."""

SEEDS = 2
"""Hierarchies of a search, each over other small clusters."""


@dataclass(frozen=True, eq=False)
class Hierarchy:
    """A linkage of points that stand for rows."""

    method: Linkage
    points: Points
    merges: NDArray[np.float64]

    def labels(self, n_clusters: int) -> NDArray[np.int64]:
        """Cut at a number of clusters and give each row its own."""
        most = len(self.points.weights)
        return cut_linkage(self.merges, min(n_clusters, most))[self.points.owners]

    def dendrogram(self) -> NDArray[np.float64]:
        """Give the tree for drawing, as ``maths.dendrogram`` describes it; weights are rows."""
        return dendrogram(self.merges, self.points.weights)


def hierarchy_of(
    X: NDArray[np.float64],
    method: Linkage,
    *,
    rng: Generator,
    exact_rows: int = EXACT_ROWS,
    count: int = MICRO_CLUSTERS,
) -> Hierarchy:
    """Build the hierarchy of a linkage.

    Parameters
    ----------
    X : ndarray of shape (n_rows, n_columns), finite
    method : {"average", "complete", "single", "ward"}
    rng : Generator
        Chooses small clusters; unused where every row is a point.
    exact_rows : int, default=3000
        Up to so many rows each is a point.
    count : int, default=2000
        Small clusters beyond.

    Returns
    -------
    Hierarchy
    """
    points = points_of(X, exact_rows=exact_rows, count=count, rng=rng)
    return Hierarchy(method, points, linkage(points.places, points.weights, method=method))


def fit_linkage(
    X: NDArray[np.float64],
    band: range | tuple[int, ...],
    *,
    method: Linkage,
    rng: Generator,
) -> tuple[Partition, ...]:
    """Build one hierarchy and cut it at every number of clusters wanted.

    Parameters
    ----------
    X : ndarray of shape (n_rows, n_columns), finite
    band : range or tuple of int
    method : {"average", "complete", "single"}
    rng : Generator

    Returns
    -------
    tuple of Partition
        Their centres are means, and no row's label follows from them.
    """
    hierarchy = hierarchy_of(X, method, rng=rng)
    partitions = []
    for k in band:
        labels = hierarchy.labels(k)
        arguments = {"n_segments": k, "n_points": len(hierarchy.points.weights)}
        centres = cluster_means(X, labels, int(labels.max()) + 1)
        partitions.append(Partition(labels, centres, NAMES[method], arguments))
    return tuple(partitions)


def fit_labels(
    X: NDArray[np.float64], n_clusters: int, rng: Generator, _: Arguments, *, method: Linkage
) -> NDArray[np.int64]:
    """Fit from scratch, as resampling needs it."""
    few = {"exact_rows": RESAMPLED_CLUSTERS, "count": RESAMPLED_CLUSTERS}
    return hierarchy_of(X, method, rng=rng, **few).labels(n_clusters)


def sweep(sample: Sample, *, method: Linkage) -> dict[int, Fits]:
    """Cut one hierarchy, or several where small clusters are drawn, at every number of segments."""
    n_seeds = 1 if len(sample.X) <= EXACT_ROWS else SEEDS
    fit = partial(_fit, method)
    return sample.swept(NAMES[method], fit, n_seeds)


def _fit(
    method: Linkage, X: NDArray[np.float64], band: tuple[int, ...], rng: Generator
) -> tuple[Partition, ...]:
    return fit_linkage(X, band, method=method, rng=rng)


_SENTENCES: dict[Linkage, str] = {
    "average": "segments that are near each other on average",
    "complete": "segments whose farthest rows are still near",
    "single": "chains in which each row is near another",
}

METHODS = tuple(
    Method(name, _SENTENCES[m], partial(sweep, method=m), partial(fit_labels, method=m))
    for m, name in NAMES.items()
)
