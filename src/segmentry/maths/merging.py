"""Small clusters made by Ward's own cheap merges, in one neighbourhood of rows after another.

What lives here: fewer points that keep to the hierarchy of all. What does not: that hierarchy
(``maths.ward``), and small clusters of any number of rows (``maths.micro_clusters``). Read on in
``docs/methods/ward.md``.
"""

from __future__ import annotations

from math import ceil, log

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from segmentry.maths.dendrogram import joined
from segmentry.maths.micro_clusters import micro_clusters
from segmentry.maths.pieces import Spread
from segmentry.maths.ward import ward_beginning

NEIGHBOURHOOD = 2_000
"""Points that are compared with each other."""

ROUND = 0.88
"""Share of clusters that a round of merging leaves, about."""

SPARE_ROUNDS = 3


def merged_nearby(
    points: NDArray[np.float64],
    weights: NDArray[np.float64],
    count: int,
    rng: Generator,
    *,
    spread: Spread = map,
) -> NDArray[np.int64]:
    """Merge points where it costs least scatter, within neighbourhoods.

    Means of rows drawn by chance cut across the clusters of Ward's hierarchy; its own first merges
    do not, and most of them happen between near neighbours, whatever lies farther away.

    Parameters
    ----------
    points : ndarray of shape (n_points, n_columns), finite
    weights : ndarray of shape (n_points,), positive
    count : int
        Clusters wanted; a few more may come back.
    rng : Generator
        Chooses the neighbourhoods.
    spread : callable, default ``map``
        Carries out the neighbourhoods; the result does not depend on how.

    Returns
    -------
    ndarray of shape (n_points,)
        0 .. number of clusters - 1, numbered by the first point of each.
    """
    n = len(points)
    if n <= count:
        return np.arange(n)
    n_rounds = ceil(log(n / count) / -log(ROUND)) + SPARE_ROUNDS
    nearby = micro_clusters(points, ceil(n / NEIGHBOURHOOD), rng)
    order = np.argsort(nearby, kind="stable")

    def begun(rows: NDArray[np.int64]) -> NDArray[np.float64]:
        found = ward_beginning(points[rows], weights[rows], n_rounds=n_rounds)
        found[:, :2] = rows[found[:, :2].astype(np.int64)]
        return found

    neighbourhoods = np.split(order, np.cumsum(np.bincount(nearby))[:-1])
    pool = np.vstack(list(spread(begun, neighbourhoods)))
    cheap = pool[np.argsort(pool[:, 2], kind="stable")[: n - count]]
    return joined(n, cheap[:, :2].astype(np.int64))
