"""Bisecting k-means: the loosest cluster is divided in two, and again, one tree for all numbers.

The formulas are in ``maths.bisecting``.
"""

from __future__ import annotations

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from segmentry.cluster.method import Arguments, Fits, Method, Sample, Weights
from segmentry.domain.crew import Crew, single_threaded
from segmentry.domain.partition import Partition
from segmentry.errors import MathsError
from segmentry.maths.bisecting import kmeans_bisecting
from segmentry.maths.indices import cluster_means
from segmentry.maths.rowset import rowset

NAME = "bisecting k-means"

SEEDS = 2
"""Fits of a search for each number of segments."""


def fit_bisecting(
    X: NDArray[np.float64],
    band: range | tuple[int, ...],
    *,
    rng: Generator,
    weights: NDArray[np.float64] | None = None,
    crew: Crew | None = None,
) -> tuple[Partition, ...]:
    """Divide step by step, and give every number of clusters wanted on the way.

    Parameters
    ----------
    X : ndarray of shape (n_rows, n_columns), finite
    band : range or tuple of int
        Numbers of clusters, the largest no more than there are distinct rows.
    rng : Generator
    weights : ndarray of shape (n_rows,), not negative, default ones
    crew : Crew or None
        Hands; the result does not depend on their number.

    Returns
    -------
    tuple of Partition
        Nested, in the order of the band; fewer clusters than asked for where rows are too alike in
        single precision. Their centres are means, and a row may lie nearer to the
        centre of a cluster that was divided off before.

    References
    ----------
    Steinbach, M., Karypis, G. and Kumar, V. (2000). A comparison of document clustering techniques.
    KDD Workshop on Text Mining.
    """
    hands, most = (crew or Crew()).hands, max(band)
    with single_threaded():
        try:
            found = kmeans_bisecting(X, most, rng=rng, weights=weights, hands=hands)
        except MathsError:
            # Rows may differ in double precision alone, where divisions are made in single.
            distinct = len(np.unique(rowset(X).values, axis=0))
            if distinct >= most:
                raise
            most = distinct
            found = kmeans_bisecting(X, most, rng=rng, weights=weights, hands=hands)
    partitions = []
    for asked in band:
        k = min(asked, most)
        labels = found.cut(k)
        centres = found.centres if k == most else cluster_means(X, labels, k, weights)
        partitions.append(Partition(labels, centres, NAME, {"n_segments": k}))
    return tuple(partitions)


def sweep(sample: Sample) -> dict[int, Fits]:
    """Divide from several seeds, and give every number of segments on the way."""
    return sample.swept(
        NAME, lambda X, band, rng, w: fit_bisecting(X, band, rng=rng, weights=w), SEEDS
    )


def fit_labels(
    X: NDArray[np.float64], n_clusters: int, rng: Generator, _: Arguments, weights: Weights = None
) -> NDArray[np.int64]:
    """Fit from scratch, as resampling needs it."""
    return fit_bisecting(X, (n_clusters,), rng=rng, weights=weights)[0].labels


METHOD = Method(NAME, "segments that each come of halving a larger one", sweep, fit_labels)
