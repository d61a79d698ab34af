"""Fewer points by Ward's own cheap merges, each cluster knowing some near ones only.

What lives here: points that keep to the hierarchy of all. What does not: that hierarchy
(``maths.ward``), and small clusters of any number of rows (``maths.micro_clusters``). Read on in
``docs/methods/ward.md``.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from segmentry.maths.dendrogram import joined
from segmentry.maths.neighbours import nearest_rows
from segmentry.maths.pieces import Spread
from segmentry.maths.ward import GOLDEN, TELLING, Clusters

KNOWN = 8
"""Near clusters that each knows."""

MEASURED = 3_072
"""Points of the cells around it among which a point looks for them."""

FEW = 200
"""Clusters for each pair found, beyond which neighbours lead to no more."""

SPARE = 0.3
"""Share of the clusters wanted by which merging goes on, so that dear merges can be left out."""


def merged_nearby(
    points: NDArray[np.float64],
    weights: NDArray[np.float64],
    count: int,
    rng: Generator,
    *,
    spread: Spread = map,
) -> NDArray[np.int64]:
    """Merge points where it costs least scatter, as far as near neighbours tell.

    Means of rows drawn by chance cut across the clusters of Ward's hierarchy; its own first merges
    do not, and these happen between near neighbours, whatever lies farther away.

    Parameters
    ----------
    points : ndarray of shape (n_points, n_columns), finite
    weights : ndarray of shape (n_points,), positive
    count : int
        Clusters wanted; more come back where neighbours do not lead from one to another.
    rng : Generator
        Chooses the cells in which neighbours are looked for.
    spread : callable, default ``map``
        Carries out the search for neighbours; the result does not depend on how.

    Returns
    -------
    ndarray of shape (n_points,)
        0 .. number of clusters - 1, numbered by the first point of each.

    Notes
    -----
    As in ``maths.ward`` all pairs of mutual nearest clusters merge together, round after round, and
    merging brings no cluster nearer to a third. Here a cluster looks for its nearest only among
    eight that it knows: at first near points, then the nearest of those that both of its parts
    knew. Of all merges the cheapest happen. O(n_points n_columns) beside the search.
    """
    n = len(points)
    clusters, repeats = Clusters.of(points, weights)
    merges = [repeats]
    if len(clusters.sizes) > count:
        circle = _Circle.of(clusters, rng, spread)
        while len(clusters.sizes) > (1.0 - SPARE) * count:
            a, b = circle.pairs()
            if FEW * len(a) < len(clusters.sizes):
                break
            merges.append(clusters.merge(a, b))
            clusters = circle.follow(clusters, a, b)
    pool = np.vstack(merges)
    cheap = pool[np.argsort(pool[:, 2], kind="stable")[: max(n - count, 0)]]
    return joined(n, cheap[:, :2].astype(np.int64))


@dataclass(slots=True)
class _Circle:
    """Clusters that each cluster knows, and what merging with them costs.

    The cheapest cost of each is true. Of the others, some have merged since, which made them no
    cheaper; one that is known twice, or has become the cluster itself, costs infinitely much.
    """

    known: NDArray[np.int64]
    costs: NDArray[np.float64]

    @classmethod
    def of(cls, clusters: Clusters, rng: Generator, spread: Spread) -> _Circle:
        """Let clusters know what lies near them."""
        n = len(clusters.sizes)
        order = rng.permutation(n)
        count = min(KNOWN, n - 1)
        near, gaps = nearest_rows(clusters.means[order], count, most=MEASURED, spread=spread)
        known, squares = np.empty_like(near), np.empty_like(gaps)
        known[order], squares[order] = order[near], gaps
        return cls(known, _costs(clusters, np.arange(n), known, squares))

    def pairs(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Give the pairs that are nearest to each other, as far as either of them knows."""
        rows = np.arange(len(self.known))
        best = self.costs.argmin(axis=1)
        partner, least = self.known[rows, best], self.costs[rows, best]
        # Who is known to a nearer one than it knows itself hears of it, of the nearest one last.
        order = np.argsort(-least, kind="stable")
        nearer = order[least[order] < least[partner[order]]]
        heard = partner.copy()
        heard[partner[nearer]] = nearer
        mutual = (heard[heard] == rows) & np.isfinite(np.minimum(least, least[heard]))
        mutual &= rows < heard
        a = np.flatnonzero(mutual)
        return a, heard[a]

    def follow(self, clusters: Clusters, a: NDArray[np.int64], b: NDArray[np.int64]) -> Clusters:
        """Leave out what has merged away, and measure anew where that was the nearest."""
        n, width = self.known.shape
        heads = np.arange(n)
        heads[b] = a
        kept = np.flatnonzero(heads == np.arange(n))
        places = np.empty_like(heads)
        places[kept] = np.arange(len(kept))
        places = places[heads]
        is_new = np.zeros(len(kept), dtype=bool)
        is_new[places[a]] = True
        both = places[np.hstack([self.known[a], self.known[b]])]
        nearest = self.known[kept, self.costs[kept].argmin(axis=1)]
        lost = np.flatnonzero(is_new[places[nearest]] & ~is_new)
        self.known, self.costs = places[self.known[kept]], self.costs[kept]
        clusters = clusters.only(kept)
        self.known[lost], self.costs[lost] = _measured(clusters, lost, self.known[lost], width)
        new = places[a]
        self.known[new], self.costs[new] = _measured(clusters, new, both, width)
        return clusters


def _measured(
    clusters: Clusters, rows: NDArray[np.int64], known: NDArray[np.int64], width: int
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Measure clusters against those they know, and keep the nearest ones once."""
    known = np.sort(known, axis=1)
    gaps = clusters.means[known] - clusters.means[rows, None]
    costs = _costs(clusters, rows, known, np.einsum("ijk,ijk->ij", gaps, gaps))
    costs[:, 1:][known[:, 1:] == known[:, :-1]] = np.inf
    costs[known == rows[:, None]] = np.inf
    best = np.argpartition(costs, width - 1, axis=1)[:, :width]
    return np.take_along_axis(known, best, axis=1), np.take_along_axis(costs, best, axis=1)


def _costs(
    clusters: Clusters,
    rows: NDArray[np.int64],
    known: NDArray[np.int64],
    squares: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Say what merging costs, equal costs told apart alike from both sides."""
    shares, keys = 1.0 / clusters.sizes, clusters.members * GOLDEN % 1.0
    costs: NDArray[np.float64] = squares / (shares[rows, None] + shares[known])
    costs *= 1.0 + TELLING * ((keys[rows, None] + keys[known]) % 1.0)
    return costs
