"""Ward's hierarchy: clusters that grow by merging, every number of them from one linkage.

Up to 5,000 rows each row is a point of the hierarchy; beyond, small clusters of rows are, weighted
by their sizes. The formulas are in ``maths.ward``.
"""

from __future__ import annotations

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from segmentry.cluster.method import Arguments, Fits, Method, Sample, Weights
from segmentry.cluster.points import merged_points, points_of
from segmentry.domain.crew import Crew
from segmentry.domain.partition import Partition
from segmentry.maths.dendrogram import cut_linkage
from segmentry.maths.indices import cluster_means
from segmentry.maths.ward import ward_linkage

NAME = "ward"

EXACT_ROWS = 5_000
MICRO_CLUSTERS = 2_000

RESAMPLED_CLUSTERS = 500
"""Points of the hierarchy where rows are resampled: it is built anew many times."""

SEEDS = 2
"""Hierarchies of a search, each over other small clusters."""


def fit_ward(
    X: NDArray[np.float64],
    band: range | tuple[int, ...],
    *,
    rng: Generator,
    weights: Weights = None,
    crew: Crew | None = None,
) -> tuple[Partition, ...]:
    """Build one hierarchy and cut it at every number of clusters wanted.

    Parameters
    ----------
    X : ndarray of shape (n_rows, n_columns), finite
    band : range or tuple of int
    rng : Generator
        Chooses the seeds of small clusters; unused up to 5,000 rows.
    weights : ndarray of shape (n_rows,), positive, default ones
    crew : Crew or None
        Hands; the result does not depend on their number.

    Returns
    -------
    tuple of Partition
        Their centres are means, and no row's label follows from them.

    References
    ----------
    Ward, J. H. (1963). JASA 58, 236-244. Small clusters first: Zhang, T., Ramakrishnan, R. and
    Livny, M. (1996). BIRCH: an efficient data clustering method for very large databases. SIGMOD.
    """
    points = merged_points(
        X,
        exact_rows=EXACT_ROWS,
        count=MICRO_CLUSTERS,
        rng=rng,
        weights=weights,
        spread=(crew or Crew()).map,
    )
    merges = ward_linkage(points.places, points.weights)
    partitions = []
    for k in band:
        labels = cut_linkage(merges, k)[points.owners]
        arguments = {"n_segments": k, "n_points": len(points.weights)}
        partitions.append(Partition(labels, cluster_means(X, labels, k, weights), NAME, arguments))
    return tuple(partitions)


def sweep(sample: Sample) -> dict[int, Fits]:
    """Cut one hierarchy, or several where small clusters are drawn, at every number of segments."""
    # Where every row is a point, nothing is drawn and one hierarchy says all.
    n_seeds = 1 if is_exact(len(sample.X)) else SEEDS
    return sample.swept(
        NAME, lambda X, band, rng, w: fit_ward(X, band, rng=rng, weights=w), n_seeds
    )


def fit_labels(
    X: NDArray[np.float64], n_clusters: int, rng: Generator, _: Arguments, weights: Weights = None
) -> NDArray[np.int64]:
    """Fit from scratch, as resampling needs it."""
    count = min(RESAMPLED_CLUSTERS, len(X))
    points = points_of(X, exact_rows=0, count=count, rng=rng, weights=weights)
    merges = ward_linkage(points.places, points.weights)
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
    "segments that grow by merging what is nearest",
    sweep,
    fit_labels,
    manner=_manner,
    is_automatic=True,
)
