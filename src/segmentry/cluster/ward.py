"""Ward's hierarchy: clusters that grow by merging, every number of them from one linkage.

Up to 3,000 rows each row is a point of the hierarchy; beyond, small clusters of rows are, weighted
by their sizes. The formulas are in ``maths.ward``.
"""

from __future__ import annotations

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from segmentry.cluster.method import Arguments, Fits, Method, Sample, inertia
from segmentry.domain.partition import Partition
from segmentry.maths.indices import cluster_means
from segmentry.maths.mixture import spherical_bic
from segmentry.maths.quantization import micro_clusters
from segmentry.maths.ward import cut_linkage, ward_linkage
from segmentry.seeds import stream

NAME = "ward"

EXACT_ROWS = 3_000
MICRO_CLUSTERS = 1_500
RESAMPLED_CLUSTERS = 500
"""Points of the hierarchy where rows are resampled: it is built anew many times."""

SEEDS = 2
"""Hierarchies of a search, each over other small clusters."""


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


def sweep(sample: Sample) -> dict[int, Fits]:
    """Cut one hierarchy, or several where small clusters are drawn, at every number of segments."""
    X, band = sample.X, sample.band
    # Where every row is a point, nothing is drawn and one hierarchy says all.
    seeds = range(1 if is_exact(len(X)) else SEEDS)
    found = sample.crew.map(
        lambda s: fit_ward(X, band, rng=stream(sample.seed, "search", NAME, s)), seeds
    )
    result = {}
    for i, k in enumerate(band):
        fits = tuple(sorted((cuts[i] for cuts in found), key=lambda p: inertia(X, p)))
        result[k] = Fits(fits, spherical_bic(X, fits[0].labels))
    return result


def fit_labels(
    X: NDArray[np.float64], n_clusters: int, rng: Generator, _: Arguments
) -> NDArray[np.int64]:
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


def _manner(X: NDArray[np.float64]) -> str:
    if is_exact(len(X)):
        return ""
    return f"on {MICRO_CLUSTERS:,} small clusters that stand for {len(X):,} rows"


METHOD = Method(
    NAME, "segments that grow by merging what is nearest", sweep, fit_labels, manner=_manner
)
