"""Parts of a spanning tree, joined by the shortest lines between them (Boruvka's rounds)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from segmentry.maths.dendrogram import joined
from segmentry.maths.distances import squared_gaps

BLOCK_ROWS = 1_024

FRONT = 32
"""Points of each of two blocks that face the other most: their gaps bound the shortest one."""


def join_components(X: NDArray[np.float64], forest: NDArray[np.float64]) -> NDArray[np.float64]:
    """Join the trees of a forest by the shortest lines.

    Parameters
    ----------
    X : ndarray of shape (n_rows, n_columns), finite
    forest : ndarray of shape (n_lines, 3)
        Two points and their distance; no line closes a ring.

    Returns
    -------
    ndarray of shape (n_rows - 1, 3)

    Notes
    -----
    In each round every tree but the largest finds the nearest point outside. Points are held in
    blocks, each in a box, and blocks are compared only where their boxes may lie nearer to each
    other than the best line so far. O(n^2 d) at worst, and little where trees lie well apart.

    Examples
    --------
    >>> X = np.array([[0.0], [1.0], [5.0], [7.0]])
    >>> join_components(X, np.array([[0.0, 1.0, 1.0], [2.0, 3.0, 2.0]]))[2]
    array([1., 2., 4.])
    """
    lines = [forest]
    labels = joined(len(X), forest[:, :2].astype(np.int64))
    if labels.max(initial=0) == 0:
        return forest
    blocks = _Blocks.of(X - X.mean(axis=0), labels)
    while labels.max() > 0:
        found = blocks.shortest_lines(labels)
        lines.append(found)
        labels = joined(len(X), np.vstack(lines)[:, :2].astype(np.int64))
    return np.vstack(lines)


@dataclass(frozen=True, slots=True)
class _Blocks:
    """Neighbouring points of one tree together, and the squared gaps between their boxes."""

    X: NDArray[np.float64]
    rows: list[NDArray[np.int64]]
    gaps: NDArray[np.float64]

    @classmethod
    def of(cls, X: NDArray[np.float64], labels: NDArray[np.int64]) -> _Blocks:
        order = np.argsort(labels, kind="stable")
        waiting = np.split(order, np.cumsum(np.bincount(labels))[:-1])
        rows = []
        while waiting:
            some = waiting.pop()
            if len(some) <= BLOCK_ROWS:
                rows.append(some)
                continue
            widest = int(np.ptp(X[some], axis=0).argmax())
            halves = some[np.argpartition(X[some, widest], len(some) // 2)]
            waiting += [halves[: len(some) // 2], halves[len(some) // 2 :]]
        low = np.array([X[some].min(axis=0) for some in rows])
        high = np.array([X[some].max(axis=0) for some in rows])
        gaps = np.zeros((len(rows), len(rows)))
        for bottom, top in zip(low.T, high.T, strict=True):
            apart = bottom[:, None] - top
            gaps += np.maximum(np.maximum(apart, apart.T), 0.0) ** 2
        return cls(X, rows, gaps)

    def shortest_lines(self, labels: NDArray[np.int64]) -> NDArray[np.float64]:
        """Find the shortest line out of each tree but the largest."""
        trees = labels[[some[0] for some in self.rows]]
        largest = int(np.bincount(labels).argmax())
        n_trees = int(labels.max()) + 1
        best = np.full(n_trees, np.inf)
        best[largest] = -np.inf
        lines = np.zeros((n_trees, 2), dtype=np.int64)
        one, other = np.nonzero(np.triu(trees[:, None] != trees))
        order = np.argsort(self.gaps[one, other], kind="stable")
        for i, j in zip(one[order].tolist(), other[order].tolist(), strict=True):
            a, b = trees[i], trees[j]
            if self.gaps[i, j] >= max(best[a], best[b]):
                if self.gaps[i, j] >= best.max():
                    break
                continue
            bound = max(best[a], best[b])
            gap, line = self._nearest(self.rows[i], self.rows[j], bound)
            for tree in (a, b):
                if gap < best[tree]:
                    best[tree], lines[tree] = gap, line
        asked = np.arange(n_trees) != largest
        return _without_rings(lines[asked], np.sqrt(best[asked]), labels)

    def _nearest(
        self, some: NDArray[np.int64], others: NDArray[np.int64], bound: float
    ) -> tuple[float, tuple[int, int]]:
        """Find the nearest two points of two blocks, if they lie within a squared gap."""
        towards = self.X[others].mean(axis=0) - self.X[some].mean(axis=0)
        length = float(np.sqrt(towards @ towards))
        if length > 0:
            # No two points lie nearer than their shadows on the line through both middles.
            one, other = self.X[some] @ (towards / length), self.X[others] @ (towards / length)
            front, back = np.argsort(-one, kind="stable"), np.argsort(other, kind="stable")
            facing = squared_gaps(self.X[some[front[:FRONT]]], self.X[others[back[:FRONT]]])
            reach = np.sqrt(min(bound, float(facing.min()))) * (1 + 1e-9)
            some, others = some[one >= other.min() - reach], others[other <= one.max() + reach]
            if not (len(some) and len(others)):
                return np.inf, (0, 0)
        gaps = squared_gaps(self.X[some], self.X[others])
        i, j = np.unravel_index(int(gaps.argmin()), gaps.shape)
        a, b = int(some[i]), int(others[j])
        return float(((self.X[a] - self.X[b]) ** 2).sum()), (min(a, b), max(a, b))


def _without_rings(
    lines: NDArray[np.int64], lengths: NDArray[np.float64], labels: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Leave out what two trees have both chosen, and what equal lengths would close to a ring."""
    root = list(range(int(labels.max()) + 1))

    def found(i: int) -> int:
        while root[i] != i:
            i = root[i]
        return i

    kept = []
    for place in np.lexsort((lines[:, 1], lines[:, 0], lengths)):
        one, other = (found(int(labels[i])) for i in lines[place])
        if one != other:
            root[one] = other
            kept.append(place)
    return np.column_stack([lines[kept], lengths[kept]])
