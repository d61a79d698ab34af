"""Points of a hierarchy: rows themselves while they are few, small clusters of rows beyond."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from segmentry.maths.merging import merged_nearby
from segmentry.maths.micro_clusters import micro_clusters
from segmentry.maths.pieces import Spread

FINE_CLUSTERS = 20_000
"""Small clusters of rows from which those of ``merged_points`` come, where rows are more."""


@dataclass(frozen=True, eq=False)
class Points:
    """What is merged: places, how many rows each stands for, and the point of each row."""

    places: NDArray[np.float64]
    weights: NDArray[np.float64]
    owners: NDArray[np.int64]

    def joined(self, owners: NDArray[np.int64]) -> Points:
        """Let one point, at their mean, stand for all that have the same owner."""
        return Points(*_means(self.places, self.weights, owners), owners[self.owners])


def points_of(
    X: NDArray[np.floating],
    *,
    exact_rows: int,
    count: int,
    rng: Generator,
    weights: NDArray[np.float64] | None = None,
) -> Points:
    """Stand for rows.

    Parameters
    ----------
    X : ndarray of shape (n_rows, n_columns), finite
    exact_rows : int
        Up to so many rows each is a point, and nothing is drawn.
    count : int
        Small clusters beyond. Weights do not move their borders.
    rng : Generator
    weights : ndarray of shape (n_rows,), positive, default ones

    Returns
    -------
    Points
    """
    sizes = np.ones(len(X)) if weights is None else np.asarray(weights, dtype=np.float64)
    if len(X) <= exact_rows:
        return Points(np.asarray(X, dtype=np.float64), sizes, np.arange(len(X)))
    owners = micro_clusters(X, count, rng)
    return Points(*_means(X, sizes, owners), owners)


def merged_points(
    X: NDArray[np.floating],
    *,
    exact_rows: int,
    count: int,
    rng: Generator,
    weights: NDArray[np.float64] | None = None,
    spread: Spread = map,
) -> Points:
    """Stand for rows by what they become through Ward's cheap merges of their neighbourhood.

    Parameters
    ----------
    X : ndarray of shape (n_rows, n_columns), finite
    exact_rows : int
        Up to so many rows each is a point, and nothing is drawn.
    count : int
        Points wanted beyond.
    rng : Generator
    weights : ndarray of shape (n_rows,), positive, default ones
    spread : callable, default ``map``
        Carries out the search for neighbours; the result does not depend on how.

    Returns
    -------
    Points
    """
    most = max(exact_rows, FINE_CLUSTERS)
    fine = points_of(X, exact_rows=most, count=FINE_CLUSTERS, rng=rng, weights=weights)
    if len(X) <= exact_rows:
        return fine
    return fine.joined(merged_nearby(fine.places, fine.weights, count, rng, spread=spread))


def _means(
    places: NDArray[np.floating], weights: NDArray[np.float64], owners: NDArray[np.int64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Give the mean and the weight of each owner's places."""
    totals = np.bincount(owners, weights).astype(np.float64)
    sums = [np.bincount(owners, weights * column) for column in places.T]
    return np.column_stack(sums) / totals[:, None], totals
