"""Rows shared out at least cost among a few clusters whose sizes are bounded.

What lives here: prices that nearly keep the bounds, and moves that keep them exactly. What does
not: where clusters lie (``maths.constrained``). Read on in ``docs/methods/sized_k_means.md``.
"""

from __future__ import annotations

from heapq import heapify, heappop, heappush

import numpy as np
from numpy.typing import NDArray

from segmentry.errors import MathsError

MOST_PRICINGS = 60
"""Prices that are set anew, one at a time, before single moves do the rest."""

LOOSE = 1e-3
"""Share of rows out of bounds within which prices are good enough."""

AT_HAND = 256
"""Cheapest moves between each two clusters that are looked at together, at least."""

Costs = NDArray[np.float32]


def shared_out(costs: Costs, least: int, most: int) -> NDArray[np.int64]:
    r"""Give each row a cluster, each cluster its number of rows, and all at the least cost.

    Parameters
    ----------
    costs : ndarray of shape (n_clusters, n_rows), finite
        What each row costs in each cluster.
    least, most : int
        Rows of each cluster.

    Returns
    -------
    ndarray of shape (n_rows,)
        Clusters. The bounds hold exactly.

    Raises
    ------
    MathsError
        If no sizes within the bounds add up to the number of rows.

    Notes
    -----
    A transport problem, whose dual has one price for each cluster: rows go where cost plus price
    is least. Setting one price after the other by a quantile nearly solves it. The rest is done by
    moving single rows along the cheapest chains of clusters until no chain lowers the cost: as no
    negative cycle is left in the residual graph, the cost is the least there is.

    References
    ----------
    Bradley, P. S., Bennett, K. P. and Demiriz, A. (2000). Constrained k-means clustering.
    Microsoft Research MSR-TR-2000-65.
    Klein, M. (1967). A primal method for minimal cost flows. Management Science 14, 205-220.

    Examples
    --------
    >>> costs = np.array([[0.0, 1.0, 2.0], [9.0, 8.0, 3.0]], dtype=np.float32)
    >>> shared_out(costs, 0, 2)
    array([0, 0, 1])
    """
    k, n = costs.shape
    check_bounds(k, n, least, most)
    return settled(costs, priced(costs, np.zeros(k), least, most), least, most)


def check_bounds(n_clusters: int, n_rows: int, least: int, most: int) -> None:
    """Refuse bounds that no sizes keep."""
    if not 0 <= least <= most or not n_clusters * least <= n_rows <= n_clusters * most:
        msg = f"{n_rows} rows cannot make {n_clusters} clusters of {least} to {most} rows"
        raise MathsError(msg)


def priced(costs: Costs, prices: NDArray[np.float64], least: int, most: int) -> NDArray[np.float64]:
    """Set prices, one after the other, until hardly a row is out of bounds."""
    k, n = costs.shape
    prices = prices.copy()
    for _ in range(MOST_PRICINGS if k > 1 else 0):
        sizes = np.bincount(cheapest(costs, prices), minlength=k)
        # A price has its sense only where its bound is reached.
        low = np.where(prices > 0, most, least)
        high = np.where(prices < 0, least, most)
        wrong = np.maximum(sizes - high, 0) + np.maximum(low - sizes, 0)
        if wrong.sum() <= LOOSE * n:
            break
        j = int(wrong.argmax())
        prices[j] = _price(costs, prices, j, least, most)
    return prices


def cheapest(costs: Costs, prices: NDArray[np.float64]) -> NDArray[np.int64]:
    """Give each row the cluster whose cost and price are least together."""
    own = prices.astype(np.float32)
    best, labels = costs[0] + own[0], np.zeros(costs.shape[1], dtype=np.int64)
    for j in range(1, len(costs)):
        here = costs[j] + own[j]
        np.copyto(labels, j, where=here < best)
        np.minimum(best, here, out=best)
    return labels


def _price(costs: Costs, prices: NDArray[np.float64], j: int, least: int, most: int) -> float:
    """Give the price next to zero at which the cluster keeps its bounds, others as they are."""
    others = np.full(costs.shape[1], np.inf, dtype=np.float32)
    for i in range(len(costs)):
        if i != j:
            np.minimum(others, costs[i] + np.float32(prices[i]), out=others)
    gains = others - costs[j]
    n_free = int((gains > 0).sum())
    wanted = min(max(n_free, least), most)
    if wanted == n_free:
        return 0.0
    n = len(gains)
    if wanted in {0, n}:
        return float(gains.max()) if wanted == 0 else float(gains.min()) - 1e-6
    both = np.partition(gains, (n - wanted - 1, n - wanted))
    return float(both[n - wanted - 1] + both[n - wanted]) / 2


def settled(costs: Costs, prices: NDArray[np.float64], least: int, most: int) -> NDArray[np.int64]:
    """Give labels at the least cost whose sizes keep the bounds, beginning with those of prices."""
    labels = cheapest(costs, prices)
    moves = _Moves(costs, labels, least, most)
    while moves.improve():
        pass
    return moves.labels


class _Moves:
    """Rows move along chains of clusters; the last node stands for sizes that may give and take."""

    def __init__(self, costs: Costs, labels: NDArray[np.int64], least: int, most: int) -> None:
        self.costs, self.labels, self.least, self.most = costs, labels, least, most
        self.k = len(costs)
        self.sizes = np.bincount(labels, minlength=self.k)
        # Dearer than any chain of moves, so that bounds come before cost.
        reach = float(costs.max()) - float(costs.min()) if costs.size else 0.0
        self.fine = 2.0 * (self.k + 1) * (reach + 1.0)
        self.still = 1e-6 * (reach + 1e-30)
        out = np.maximum(self.sizes - most, 0).sum() + np.maximum(least - self.sizes, 0).sum()
        self.at_hand = AT_HAND + 2 * int(out)
        self._gather()

    def _gather(self) -> None:
        """Find the cheapest rows to move from each cluster to each other."""
        self.heaps: dict[tuple[int, int], list[tuple[float, int]]] = {}
        self.is_short: dict[tuple[int, int], bool] = {}
        for a in range(self.k):
            members = np.flatnonzero(self.labels == a)
            own = self.costs[a].take(members)
            for b in range(self.k):
                if a != b:
                    self._gather_pair(a, b, members, own)

    def _gather_pair(
        self, a: int, b: int, members: NDArray[np.intp], own: NDArray[np.float32]
    ) -> None:
        gaps = self.costs[b].take(members) - own
        self.is_short[a, b] = len(gaps) > self.at_hand
        if self.is_short[a, b]:
            few = np.argpartition(gaps, self.at_hand)[: self.at_hand]
            gaps, members = gaps[few], members[few]
        heap = list(zip(gaps.tolist(), members.tolist(), strict=True))
        heapify(heap)
        self.heaps[a, b] = heap

    def improve(self) -> bool:
        """Carry out the chain that lowers cost and fines most; tell whether there was one."""
        lengths = self._lengths()
        cycle = _negative_cycle(lengths, self.still)
        steps = list(zip(cycle, cycle[1:] + cycle[:1], strict=True))
        rows = [(self.heaps[a, b][0][1], b) for a, b in steps if self.k not in {a, b}]
        for row, b in rows:
            self._move(row, b)
        return bool(cycle)

    def _lengths(self) -> NDArray[np.float64]:
        k = self.k
        lengths = np.full((k + 1, k + 1), np.inf)
        for a in range(k):
            for b in range(k):
                if a != b:
                    lengths[a, b] = self._cheapest_move(a, b)
        # Through the last node: cluster b keeps a row more, cluster a one less.
        lengths[:k, k] = np.where(self.sizes < self.least, -self.fine, 0.0)
        lengths[:k, k][self.sizes >= self.most] = self.fine
        lengths[k, :k] = np.where(self.sizes > self.most, -self.fine, 0.0)
        lengths[k, :k][self.sizes <= self.least] = self.fine
        return lengths

    def _cheapest_move(self, a: int, b: int) -> float:
        heap = self.heaps[a, b]
        while heap and self.labels[heap[0][1]] != a:
            heappop(heap)
        if not heap and self.is_short[a, b]:
            members = np.flatnonzero(self.labels == a)
            self._gather_pair(a, b, members, self.costs[a].take(members))
            heap = self.heaps[a, b]
        return heap[0][0] if heap else np.inf

    def _move(self, row: int, b: int) -> None:
        self.sizes[self.labels[row]] -= 1
        self.sizes[b] += 1
        self.labels[row] = b
        for c in range(self.k):
            if c != b:
                gap = float(self.costs[c, row] - self.costs[b, row])
                heappush(self.heaps[b, c], (gap, row))


def _negative_cycle(lengths: NDArray[np.float64], still: float) -> list[int]:
    """Find a closed chain of negative length, by shortest ways to each node; none: empty."""
    n = len(lengths)
    ways, before = np.zeros(n), np.full(n, -1)
    last = -1
    for _ in range(n):
        through = ways[:, None] + lengths
        best = through.argmin(axis=0)
        shorter = through[best, np.arange(n)] < ways - still
        if not shorter.any():
            return []
        ways = np.where(shorter, through[best, np.arange(n)], ways)
        before = np.where(shorter, best, before)
        last = int(np.flatnonzero(shorter)[0])
    for _ in range(n):
        last = int(before[last])
    cycle, node = [], last
    while node not in cycle:
        cycle.append(node)
        node = int(before[node])
    return cycle[::-1]
