"""Consensus: segments on which many partitions by several methods agree.

Many partitions, each finer than is wanted, vote on who belongs together; average linkage of their
votes gives every number of segments. The formulas are in ``maths.coassociation``.
"""

from __future__ import annotations

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from segmentry.cluster import mixture
from segmentry.cluster.kmeans import fit_kmeans
from segmentry.cluster.method import Arguments, Fits, Method, Sample, Weights
from segmentry.domain.partition import Partition
from segmentry.maths.coassociation import coassociation
from segmentry.maths.dendrogram import cut_linkage
from segmentry.maths.indices import cluster_means
from segmentry.maths.lance_williams import gap_linkage
from segmentry.maths.micro_clusters import micro_clusters
from segmentry.maths.prototypes import squared_distances
from segmentry.maths.ward import ward_linkage

NAME = "consensus"

EXACT_ROWS = 1_500
"""Rows that are each a point of the hierarchy; of more, small clusters are."""

MICRO_CLUSTERS = 1_000
RESAMPLED_CLUSTERS = 400
"""Points of the hierarchy where rows are resampled: it is built anew many times."""

WARD_POINTS = 500
"""Points of a hierarchy of Ward that votes."""

FIT_ROWS = 2_500
"""Rows on which a mixture that votes is fitted at most."""

KMEANS_VOTES, WARD_VOTES, MIXTURE_VOTES = 30, 6, 4
"""Partitions by each method: k-means is cheapest and differs most from seed to seed."""

PART = 0.8
"""Share of rows on which each k-means that votes is fitted."""

FEWEST_PARTS, MOST_PARTS = 10, 30
"""Clusters of a partition that votes: fine ones leave it to the votes what hangs together."""

MIXTURE_PARTS = (4, 12)

SEEDS = 2
"""Hierarchies of a search, each of other votes."""


def gather_votes(
    X: NDArray[np.float64], *, rng: Generator, weights: Weights = None
) -> list[NDArray[np.int64]]:
    """Partition rows many times: by several methods, seeds, subsamples and numbers of clusters.

    Parameters
    ----------
    X : ndarray of shape (n_rows, n_columns), finite
    rng : Generator
    weights : ndarray of shape (n_rows,), positive, default ones

    Returns
    -------
    list of ndarray of int, shape (n_rows,)
        Mixtures vote where they suit the rows.
    """
    distinct = len(np.unique(X, axis=0))
    if distinct < 2:
        return [np.zeros(len(X), dtype=np.int64)]
    most = max(2, min(MOST_PARTS, distinct, len(X) // 4))
    fewest = max(2, min(FEWEST_PARTS, most))
    numbers = rng.integers(fewest, most + 1, KMEANS_VOTES)
    votes = [_vote_of_a_part(X, int(k), rng, weights) for k in numbers]
    owners = _points(X, WARD_POINTS, rng)
    sizes = np.bincount(owners, weights).astype(np.float64)
    merges = ward_linkage(cluster_means(X, owners, len(sizes), weights), sizes)
    cuts = np.unique(np.linspace(fewest, min(most, len(sizes)), WARD_VOTES).astype(np.int64))
    votes += [cut_linkage(merges, int(k))[owners] for k in cuts]
    if not mixture.objection(X):
        rows = np.sort(rng.permutation(len(X))[:FIT_ROWS])
        for k in rng.integers(*MIXTURE_PARTS, MIXTURE_VOTES, endpoint=True):
            most = min(int(k), distinct)
            start = fit_kmeans(X, most, rng=rng, n_starts=1, weights=weights).labels
            votes.append(mixture.fit_from(X, (start,), rows, "diagonal", weights)[0].labels)
    return votes


def _vote_of_a_part(
    X: NDArray[np.float64], k: int, rng: Generator, weights: Weights
) -> NDArray[np.int64]:
    """Find k-means of some rows, and put all rows to its centres."""
    drawn = rng.permutation(len(X))[: max(k, round(PART * len(X)))]
    some, own = X[drawn], None if weights is None else weights[drawn]
    k = min(k, len(np.unique(some, axis=0)))
    found = fit_kmeans(some, k, rng=rng, n_starts=1, weights=own)
    labels: NDArray[np.int64] = squared_distances(X, found.centres).argmin(axis=1)
    return labels


def fit_consensus(
    X: NDArray[np.float64],
    band: range | tuple[int, ...],
    *,
    rng: Generator,
    n_points: int = MICRO_CLUSTERS,
    exact_rows: int = EXACT_ROWS,
    weights: Weights = None,
) -> tuple[Partition, ...]:
    """Let partitions vote, build one hierarchy of the votes and cut it at every number wanted.

    Parameters
    ----------
    X : ndarray of shape (n_rows, n_columns), finite
    band : range or tuple of int
        Numbers above that of the points are cut at that.
    rng : Generator
    n_points : int, default=1000
        Small clusters that are the points of the hierarchy where rows are many.
    exact_rows : int, default=1500
        Rows up to which each is a point.
    weights : ndarray of shape (n_rows,), positive, default ones
        They count in every partition that votes, and in how far merged points are.

    Returns
    -------
    tuple of Partition
        Their centres are means, and no row's label follows from them.

    References
    ----------
    Fred, A. and Jain, A. K. (2005). Combining multiple clusterings using evidence accumulation.
    IEEE PAMI 27, 835-850.
    """
    votes = gather_votes(X, rng=rng, weights=weights)
    points = np.arange(len(X)) if len(X) <= exact_rows else _points(X, n_points, rng)
    sizes = np.bincount(points, weights).astype(np.float64)
    gaps = 1.0 - coassociation(votes, points, weights)
    merges = gap_linkage(gaps, sizes, method="average")
    partitions = []
    for k in band:
        labels = cut_linkage(merges, min(k, len(sizes)))[points]
        found = int(labels.max()) + 1
        arguments = {"n_segments": found, "n_points": len(sizes), "n_votes": len(votes)}
        centres = cluster_means(X, labels, found, weights)
        partitions.append(Partition(labels, centres, NAME, arguments))
    return tuple(partitions)


def _points(X: NDArray[np.float64], count: int, rng: Generator) -> NDArray[np.int64]:
    """Give the small cluster of each row; each row is one where they are few."""
    return np.arange(len(X)) if len(X) <= count else micro_clusters(X, count, rng)


def sweep(sample: Sample) -> dict[int, Fits]:
    """Cut two hierarchies, each of other votes, at every number of segments."""
    return sample.swept(
        NAME, lambda X, band, rng, w: fit_consensus(X, band, rng=rng, weights=w), SEEDS
    )


def fit_labels(
    X: NDArray[np.float64], n_clusters: int, rng: Generator, _: Arguments, weights: Weights = None
) -> NDArray[np.int64]:
    """Fit from scratch, as resampling needs it, on a coarser hierarchy."""
    few = RESAMPLED_CLUSTERS
    (found,) = fit_consensus(
        X, (n_clusters,), rng=rng, n_points=few, exact_rows=few, weights=weights
    )
    return found.labels


def _manner(X: NDArray[np.float64]) -> str:
    if len(X) <= EXACT_ROWS:
        return ""
    return f"on {MICRO_CLUSTERS:,} small clusters that stand for {len(X):,} rows"


METHOD = Method(NAME, "segments on which many partitions agree", sweep, fit_labels, manner=_manner)
