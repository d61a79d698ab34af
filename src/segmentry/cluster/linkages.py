"""Average, complete and single linkage: hierarchies that differ in how far two clusters are.

Up to 3,000 rows each row is a point of the hierarchy; beyond, small clusters of rows are, weighted
by their sizes. The formulas are in ``maths.lance_williams``.
"""

from __future__ import annotations

from functools import partial

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from segmentry.cluster.hierarchy import hierarchy_of
from segmentry.cluster.method import Arguments, Fits, Method, Sample, Weights
from segmentry.cluster.points import points_of
from segmentry.domain.partition import Partition
from segmentry.maths.indices import cluster_means
from segmentry.maths.lance_williams import Linkage

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


def fit_linkage(
    X: NDArray[np.float64],
    band: range | tuple[int, ...],
    *,
    method: Linkage,
    rng: Generator,
    weights: Weights = None,
) -> tuple[Partition, ...]:
    """Build one hierarchy and cut it at every number of clusters wanted.

    Parameters
    ----------
    X : ndarray of shape (n_rows, n_columns), finite
    band : range or tuple of int
    method : {"average", "complete", "single"}
    rng : Generator
    weights : ndarray of shape (n_rows,), positive, default ones
        Complete and single linkage merge as without: a copy of a row changes nothing there.

    Returns
    -------
    tuple of Partition
        Their centres are means, and no row's label follows from them.
    """
    points = points_of(X, exact_rows=EXACT_ROWS, count=MICRO_CLUSTERS, rng=rng, weights=weights)
    hierarchy = hierarchy_of(points, method)
    partitions = []
    for k in band:
        labels = hierarchy.labels(k)
        arguments = {"n_segments": k, "n_points": len(points.weights)}
        centres = cluster_means(X, labels, int(labels.max()) + 1, weights)
        partitions.append(Partition(labels, centres, NAMES[method], arguments))
    return tuple(partitions)


def fit_labels(
    X: NDArray[np.float64],
    n_clusters: int,
    rng: Generator,
    _: Arguments,
    weights: Weights = None,
    *,
    method: Linkage,
) -> NDArray[np.int64]:
    """Fit from scratch, as resampling needs it."""
    few = RESAMPLED_CLUSTERS
    points = points_of(X, exact_rows=few, count=few, rng=rng, weights=weights)
    return hierarchy_of(points, method).labels(n_clusters)


def sweep(sample: Sample, *, method: Linkage) -> dict[int, Fits]:
    """Cut one hierarchy, or several where small clusters are drawn, at every number of segments."""
    n_seeds = 1 if len(sample.X) <= EXACT_ROWS else SEEDS
    fit = partial(_fit, method)
    return sample.swept(NAMES[method], fit, n_seeds)


def _fit(
    method: Linkage,
    X: NDArray[np.float64],
    band: tuple[int, ...],
    rng: Generator,
    weights: Weights,
) -> tuple[Partition, ...]:
    return fit_linkage(X, band, method=method, rng=rng, weights=weights)


_SENTENCES: dict[Linkage, str] = {
    "average": "segments that are near each other on average",
    "complete": "segments whose farthest rows are still near",
    "single": "chains in which each row is near another",
}

METHODS = tuple(
    Method(name, _SENTENCES[m], partial(sweep, method=m), partial(fit_labels, method=m))
    for m, name in NAMES.items()
)
