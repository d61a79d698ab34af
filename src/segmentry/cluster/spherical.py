"""Spherical k-means: segments of rows that point the same way, however long they are.

The formulas are in ``maths.spherical``.
"""

from __future__ import annotations

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from segmentry.cluster.method import Arguments
from segmentry.domain.crew import Crew, single_threaded
from segmentry.domain.partition import Partition
from segmentry.maths.spherical import kmeans_spherical

NAME = "spherical k-means"


def fit_spherical(
    X: NDArray[np.float64],
    n_clusters: int,
    *,
    rng: Generator,
    weights: NDArray[np.float64] | None = None,
    crew: Crew | None = None,
) -> Partition:
    """Partition rows by their direction.

    Parameters
    ----------
    X : ndarray of shape (n_rows, n_columns), finite, no row of zeros
    n_clusters : int
        2 .. number of distinct directions.
    rng : Generator
    weights : ndarray of shape (n_rows,), not negative, default ones
    crew : Crew or None
        Hands; the result does not depend on their number.

    Returns
    -------
    Partition
        Centres have length one: a row has the one with the largest cosine, which need not be the
        nearest.

    References
    ----------
    Dhillon, I. S. and Modha, D. S. (2001). Concept decompositions for large sparse text data using
    clustering. Machine Learning 42, 143-175.
    """
    hands = (crew or Crew()).hands
    with single_threaded():
        found = kmeans_spherical(X, n_clusters, rng=rng, weights=weights, hands=hands)
    return Partition(found.labels, found.centres, NAME, {"n_segments": n_clusters})


def fit_labels(
    X: NDArray[np.float64], n_clusters: int, rng: Generator, _: Arguments
) -> NDArray[np.int64]:
    """Fit from scratch, as resampling needs it."""
    return fit_spherical(X, n_clusters, rng=rng).labels
