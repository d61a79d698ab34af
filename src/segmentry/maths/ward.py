"""Ward's hierarchy of weighted points: one linkage gives every number of clusters.

What lives here: the linkage. What does not: its cuts (``maths.dendrogram``), other linkages
(``maths.lance_williams``), and which points stand for many rows (``cluster.points``). Read on in
``docs/methods/ward.md``.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from segmentry.errors import MathsError
from segmentry.maths.distinct import distinct_rows

BLOCK_CELLS = 262_144
"""Costs held at a time: they stay in the processor's cache."""

BLOCK_POINTS = 2_048

TELLING = 1e-10
"""Share of a cost by which equal ones are told apart."""

GOLDEN = (5**0.5 - 1) / 2

_Floats = NDArray[np.floating]

FEW = 50
"""Searching clusters for each pair found, beyond which many must share a nearest one by a tie."""


def ward_linkage(
    points: NDArray[np.float64], weights: NDArray[np.float64] | None = None
) -> NDArray[np.float64]:
    r"""Merge points step by step, each time where the scatter within clusters grows least.

    Parameters
    ----------
    points : ndarray of shape (n_points, n_columns), finite
    weights : ndarray of shape (n_points,), positive, default ones
        How many rows each point stands for.

    Returns
    -------
    ndarray of shape (n_points - 1, 3)
        Merges in order of their cost: two points, one from each of the clusters that merge, and
        the cost.

    Raises
    ------
    MathsError
        If shapes differ or a weight is not positive.

    Notes
    -----
    Merging clusters of weights a and b whose means lie g apart costs

    .. math:: \Delta = \frac{ab}{a + b} g^2,

    the growth of the scatter; with unit weights it is half the square of the height that other
    programs give. Two clusters that are each other's nearest may merge at any time, because
    Ward's cost is reducible, so that all such pairs merge together, round after round. A cluster
    searches anew only when it or its nearest has merged. Costs come from the means, hence memory
    is O(n_points n_columns); time is O(n_points^2 n_columns), nearly all of it in matrix products,
    unless each round finds few pairs.

    References
    ----------
    Ward, J. H. (1963). Hierarchical grouping to optimize an objective function. JASA 58, 236-244.
    Murtagh, F. (1983). A survey of recent advances in hierarchical clustering algorithms. The
    Computer Journal 26, 354-359.

    Examples
    --------
    >>> ward_linkage(np.array([[0.0], [1.0], [10.0]]))[0]
    array([0. , 1. , 0.5])
    """
    clusters, merges = Clusters.of(points, weights)
    found = np.vstack([merges, *_rounds(clusters)])
    return found[np.argsort(found[:, 2], kind="stable")]


@dataclass(slots=True)
class Clusters:
    """What is still to merge: means, weights, a point of each, and the cost of its last merge."""

    means: NDArray[np.float64]
    sizes: NDArray[np.float64]
    members: NDArray[np.int64]
    heights: NDArray[np.float64]

    @classmethod
    def of(
        cls, points: NDArray[np.float64], weights: NDArray[np.float64] | None
    ) -> tuple[Clusters, NDArray[np.float64]]:
        """Begin with distinct points, and give the merges of those that repeat others."""
        n = len(points)
        sizes = np.ones(n) if weights is None else np.asarray(weights, dtype=np.float64)
        if sizes.shape != (n,) or (sizes <= 0).any():
            msg = f"{n} points need as many positive weights"
            raise MathsError(msg)
        firsts, owners = distinct_rows(points)
        repeats = np.setdiff1d(np.arange(n), firsts)
        merges = np.column_stack([firsts[owners[repeats]], repeats, np.zeros(len(repeats))])
        means = points[firsts] - points.mean(axis=0)
        totals = np.bincount(owners, sizes).astype(np.float64)
        return cls(means, totals, firsts, np.zeros(len(firsts))), merges

    def cost(self, a: NDArray[np.int64], b: NDArray[np.int64]) -> NDArray[np.float64]:
        """Say what merging pairs costs."""
        gaps = self.means[b] - self.means[a]
        squares = np.einsum("ij,ij->i", gaps, gaps)
        costs: NDArray[np.float64] = squares / (1.0 / self.sizes[a] + 1.0 / self.sizes[b])
        return costs

    def merge(self, a: NDArray[np.int64], b: NDArray[np.int64]) -> NDArray[np.float64]:
        """Let the clusters a stand for the pairs, and give the merges."""
        # Rounding may not let a cluster cost less than its parts.
        costs = np.maximum(self.cost(a, b), np.maximum(self.heights[a], self.heights[b]))
        members = np.sort(np.column_stack([self.members[a], self.members[b]]), axis=1)
        part = self.sizes[b] / (self.sizes[a] + self.sizes[b])
        self.means[a] += part[:, None] * (self.means[b] - self.means[a])
        self.sizes[a] += self.sizes[b]
        self.heights[a], self.members[a] = costs, members[:, 0]
        return np.column_stack([members, costs])

    def only(self, kept: NDArray[np.int64]) -> Clusters:
        """Leave the others out."""
        return Clusters(self.means[kept], self.sizes[kept], self.members[kept], self.heights[kept])


@dataclass(slots=True)
class _Near:
    """Of each cluster: the nearest one, the cost, and what any other one costs at least."""

    partner: NDArray[np.int64]
    least: NDArray[np.float64]
    second: NDArray[np.float64]

    @classmethod
    def unknown(cls, n: int) -> _Near:
        """Know of no partner yet."""
        return cls(np.zeros(n, dtype=np.int64), np.full(n, np.inf), np.full(n, np.inf))

    def put(self, rows: NDArray[np.int64], found: _Near) -> None:
        """Remember what a search found for some clusters."""
        self.partner[rows], self.least[rows] = found.partner, found.least
        self.second[rows] = found.second

    def mutual(self) -> NDArray[np.int64]:
        """Give one cluster of each pair that is nearest to each other."""
        places = np.arange(len(self.partner))
        return np.flatnonzero((self.partner[self.partner] == places) & (places < self.partner))


def _rounds(clusters: Clusters) -> list[NDArray[np.float64]]:
    """Merge all pairs of mutual nearest neighbours, round after round."""
    merges = []
    stale = np.arange(len(clusters.sizes))
    near = _Near.unknown(len(stale))
    while len(clusters.sizes) > 1:
        near.put(stale, _search(clusters, stale))
        a = near.mutual()
        if FEW * len(a) < len(stale):
            near.put(stale, _scan(clusters, stale, np.float64, telling=True))
            a = near.mutual()
        if not len(a):  # rounding has let equal ones go round in a ring
            a = np.array([near.least.argmin()])
        b = near.partner[a]
        merges.append(clusters.merge(a, b))
        near.partner[b] = a
        clusters, near, stale = _after(clusters, near, a, b)
    return merges


def _after(
    clusters: Clusters, near: _Near, a: NDArray[np.int64], b: NDArray[np.int64]
) -> tuple[Clusters, _Near, NDArray[np.int64]]:
    """Leave out what has merged away; say who must search for a new nearest one.

    Whose nearest one has merged keeps the pair where it is as near as any other may be: merging
    brings no cluster nearer to a third.
    """
    heads = np.arange(len(near.partner))
    heads[b] = a
    merged = np.zeros(len(heads), dtype=bool)
    merged[a] = merged[b] = True
    kept = np.flatnonzero(heads == np.arange(len(heads)))
    places = np.zeros_like(heads)
    places[kept] = np.arange(len(kept))
    moved = merged[near.partner[kept]]
    partner = places[heads[near.partner[kept]]]
    clusters = clusters.only(kept)
    near = _Near(partner, near.least[kept], near.second[kept])
    asking = np.flatnonzero(moved & ~merged[kept])
    near.least[asking] = clusters.cost(asking, partner[asking])
    lost = asking[near.least[asking] > near.second[asking]]
    stale = np.sort(np.concatenate([places[a], lost]))
    return clusters, near, stale


def _search(clusters: Clusters, rows: NDArray[np.int64]) -> _Near:
    """Find the cheapest partner of some clusters.

    Single precision finds it, and double precision where rounding leaves that in doubt.
    """
    found = _scan(clusters, rows, np.float32)
    squares = np.einsum("ij,ij->i", clusters.means, clusters.means)
    terms = clusters.means.shape[1] + 2
    doubt = terms * np.finfo(np.float32).eps * (squares[rows] + squares.max())
    found.second -= doubt / (1.0 / clusters.sizes[rows] + 1.0 / clusters.sizes.max())
    found.least = clusters.cost(rows, found.partner)
    unsure = np.flatnonzero(found.second <= found.least)
    found.put(unsure, _scan(clusters, rows[unsure], np.float64))
    return found


def _scan(
    clusters: Clusters,
    rows: NDArray[np.int64],
    kind: type[np.floating],
    *,
    telling: bool = False,
) -> _Near:
    """Measure the costs of some clusters with all, block by block.

    Among equals the first one is found, which all clusters may share. Telling them apart favours
    pairs, the same ones from both sides, so that many find each other in one round.
    """
    scale = float(np.abs(clusters.means).max()) or 1.0
    means = clusters.means / scale
    shares: _Floats = np.asarray(1.0 / clusters.sizes, dtype=kind)
    squares = np.einsum("ij,ij->i", means, means)[:, None]
    ones = np.ones_like(squares)
    parts = [-2.0 * means[rows], squares[rows], ones[rows]]
    here: _Floats = np.asarray(np.hstack(parts), dtype=kind)
    there: _Floats = np.asarray(np.hstack([means, ones, squares]), dtype=kind).T
    keys = clusters.members * GOLDEN % 1.0
    found = _Near.unknown(len(rows))
    step = max(1, BLOCK_CELLS // min(BLOCK_POINTS, len(means)))
    width = max(BLOCK_POINTS, BLOCK_CELLS // max(len(rows), 1))
    for begin in range(0, len(rows), step):
        some = rows[begin : begin + step]
        best = _Near.unknown(len(some))
        for start in range(0, len(means), width):
            block = slice(start, start + width)
            costs: _Floats = here[begin : begin + step] @ there[:, block]
            costs /= shares[some, None] + shares[block]
            if telling:
                costs *= 1.0 + TELLING * ((keys[some, None] + keys[block]) % 1.0)
            own = np.flatnonzero((some >= start) & (some < start + costs.shape[1]))
            costs[own, some[own] - start] = np.inf
            _keep_nearest(best, costs, start)
        found.put(np.arange(begin, begin + len(some)), best)
    found.least *= scale**2
    found.second *= scale**2
    return found


def _keep_nearest(best: _Near, costs: _Floats, start: int) -> None:
    """Let a block of costs, of clusters from a place on, improve what was found before."""
    rows = np.arange(len(costs))
    partner = costs.argmin(axis=1)
    least = costs[rows, partner]
    costs[rows, partner] = np.inf
    second = costs.min(axis=1)
    closer = least < best.least
    best.second = np.minimum(np.maximum(least, best.least), np.minimum(second, best.second))
    best.partner[closer] = partner[closer] + start
    best.least[closer] = least[closer]
