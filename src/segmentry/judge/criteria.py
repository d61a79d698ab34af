"""The fast criteria that every candidate of a search is measured by."""

from __future__ import annotations

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from segmentry.domain.partition import Candidate, Partition
from segmentry.maths.agreement import adjusted_rand_index
from segmentry.maths.indices import centre_indices
from segmentry.maths.silhouette import mean_silhouette

QUERY_ROWS = 5_000
"""Rows of the search sample that stand for all of it where silhouettes are measured."""


def measured(
    X: NDArray[np.float64],
    best: Partition,
    others: tuple[NDArray[np.int64], ...],
    *,
    rng: Generator,
) -> Candidate:
    """Measure a partition of the search sample.

    Parameters
    ----------
    X : ndarray of shape (n_rows, n_columns)
    best : Partition
    others : tuple of ndarray of shape (n_rows,)
        Labels of fits from other seeds, for seed stability.
    rng : Generator
        Chooses the rows whose silhouette is measured.

    Returns
    -------
    Candidate
        Scores: ``silhouette`` with its interval, ``davies_bouldin``, ``calinski_harabasz``,
        ``inertia``, ``seed_ari`` (mean over the other seeds) with its worst case, and
        ``smallest_share``.
    """
    silhouette = mean_silhouette(X, best.labels, rng=rng, n_queries=QUERY_ROWS)
    indices = centre_indices(X, best.labels)
    agreement = [adjusted_rand_index(best.labels, labels) for labels in others] or [1.0]
    shares = np.bincount(best.labels) / len(X)
    scores = {
        "silhouette": silhouette.mean,
        "silhouette_low": silhouette.low,
        "silhouette_high": silhouette.high,
        "davies_bouldin": indices.davies_bouldin,
        "calinski_harabasz": indices.calinski_harabasz,
        "inertia": indices.inertia,
        "seed_ari": float(np.mean(agreement)),
        "seed_ari_low": float(np.min(agreement)),
        "smallest_share": float(shares.min()),
    }
    return Candidate(best, scores)
