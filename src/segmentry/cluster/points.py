"""Points of a hierarchy: rows themselves while they are few, small clusters of rows beyond."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from segmentry.maths.indices import cluster_means
from segmentry.maths.micro_clusters import micro_clusters


@dataclass(frozen=True, eq=False)
class Points:
    """What is merged: places, how many rows each stands for, and the point of each row."""

    places: NDArray[np.float64]
    weights: NDArray[np.float64]
    owners: NDArray[np.int64]


def points_of(X: NDArray[np.float64], *, exact_rows: int, count: int, rng: Generator) -> Points:
    """Stand for rows.

    Parameters
    ----------
    X : ndarray of shape (n_rows, n_columns), finite
    exact_rows : int
        Up to so many rows each is a point, and nothing is drawn.
    count : int
        Small clusters beyond.
    rng : Generator

    Returns
    -------
    Points
    """
    if len(X) <= exact_rows:
        return Points(np.asarray(X, dtype=np.float64), np.ones(len(X)), np.arange(len(X)))
    owners = micro_clusters(X, count, rng)
    sizes = np.bincount(owners)
    return Points(cluster_means(X, owners, len(sizes)), sizes.astype(np.float64), owners)
