"""Parts of a spanning tree, joined by the shortest lines between them (Boruvka's rounds)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from segmentry.maths.dendrogram import joined
from segmentry.maths.distances import squared_gaps

MOST_GAPS = 250_000
"""Gaps that are measured at once; larger sets of points are halved first."""

FRONT = 32
"""Points of each of two sets that face the other most: their gaps bound the shortest one."""


ROUNDING = 1e-12
"""Share by which shadows may be off."""

_Line = tuple[int, int]


@dataclass(frozen=True, eq=False)
class _Points:
    """Places, squared core distances, and squared gaps up to which all lines are known."""

    X: NDArray[np.float64]
    cores: NDArray[np.float64]
    reach: NDArray[np.float64]

    def shortest(self, some: NDArray[np.int64], others: NDArray[np.int64]) -> tuple[float, _Line]:
        """Find the shortest line between two sets, and measure it without loss of digits."""
        middle = self.X[some].mean(axis=0)
        gaps = squared_gaps(self.X[some] - middle, self.X[others] - middle)
        np.maximum(gaps, self.cores[some, None], out=gaps)
        np.maximum(gaps, self.cores[others], out=gaps)
        i, j = np.unravel_index(int(gaps.argmin()), gaps.shape)
        a, b = sorted((int(some[i]), int(others[j])))
        gap = float(((self.X[a] - self.X[b]) ** 2).sum())
        return max(gap, float(self.cores[a]), float(self.cores[b])), (a, b)


def join_components(
    X: NDArray[np.float64],
    forest: NDArray[np.float64],
    *,
    bridges: NDArray[np.float64] | None = None,
    cores: NDArray[np.float64] | None = None,
    reach: NDArray[np.float64] | None = None,
) -> NDArray[np.float64]:
    """Join the trees of a forest by the shortest lines.

    Parameters
    ----------
    X : ndarray of shape (n_rows, n_columns), finite
    forest : ndarray of shape (n_lines, 3)
        Two points and their squared distance; no line closes a ring.
    bridges : ndarray of shape (n_bridges, 3), default none
        Lines between the trees that are known, of which the shortest ones may be used.
    cores : ndarray of shape (n_rows,), default zeros
        Squared distance that a line from this point has at least.
    reach : ndarray of shape (n_rows,), default zeros
        Squared gap up to which lines of a point are known: all of them, or of those between two
        trees the shortest, are among forest and bridges.

    Returns
    -------
    ndarray of shape (n_rows - 1, 3)
        With squared distances.

    Notes
    -----
    In each round every tree but the largest finds the nearest point outside. Two trees are compared
    only where the boxes around them may lie nearer to each other than the best line so far, and
    only with those points whose shadows on the line through both middles may; what is left is
    halved until it is small. O(n^2 d) at worst, and little where trees lie well apart.

    Examples
    --------
    >>> X = np.array([[0.0], [1.0], [5.0], [7.0]])
    >>> join_components(X, np.array([[0.0, 1.0, 1.0], [2.0, 3.0, 4.0]]))[2]
    array([ 1.,  2., 16.])
    """
    lines = [forest]
    labels = joined(len(X), forest[:, :2].astype(np.int64))
    if labels.max(initial=0) == 0:
        return forest
    none = np.zeros(len(X))
    points = _Points(
        X - X.mean(axis=0), none if cores is None else cores, none if reach is None else reach
    )
    known = np.empty((0, 3)) if bridges is None else bridges
    while labels.max() > 0:
        lines.append(_shortest_lines(points, labels, known))
        labels = joined(len(X), np.vstack(lines)[:, :2].astype(np.int64))
    return np.vstack(lines)


def _shortest_lines(
    points: _Points, labels: NDArray[np.int64], bridges: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Find the shortest line out of each tree but the largest."""
    sizes = np.bincount(labels)
    trees = np.split(np.argsort(labels, kind="stable"), np.cumsum(sizes)[:-1])
    best = np.full(len(trees), np.inf)
    lines = np.zeros((len(trees), 2), dtype=np.int64)
    for a, b, length in bridges[np.argsort(-bridges[:, 2], kind="stable")]:
        line = int(a), int(b)
        one, other = labels[list(line)]
        if one != other:
            best[[one, other]], lines[[one, other]] = length, line
    largest = int(sizes.argmax())
    best[largest] = -np.inf
    gaps = _box_gaps(points.X, trees)
    one, other = np.triu_indices(len(trees), 1)
    order = np.argsort(gaps[one, other], kind="stable")
    for a, b in zip(one[order].tolist(), other[order].tolist(), strict=True):
        if gaps[a, b] >= best.max():
            break
        bound = float(max(best[a], best[b]))
        if gaps[a, b] < bound:
            gap, line = _nearest(points, trees[a], trees[b], bound)
            for tree in (a, b):
                if gap < best[tree]:
                    best[tree], lines[tree] = gap, line
    asked = np.arange(len(trees)) != largest
    return _without_rings(lines[asked], best[asked], labels)


def _box_gaps(X: NDArray[np.float64], sets: list[NDArray[np.int64]]) -> NDArray[np.float64]:
    """Give the squared gaps between the boxes around sets of points."""
    low = np.array([X[some].min(axis=0) for some in sets])
    high = np.array([X[some].max(axis=0) for some in sets])
    gaps = np.zeros((len(sets), len(sets)))
    for bottom, top in zip(low.T, high.T, strict=True):
        apart = bottom[:, None] - top
        gaps += np.maximum(np.maximum(apart, apart.T), 0.0) ** 2
    return gaps


def _nearest(
    points: _Points, some: NDArray[np.int64], others: NDArray[np.int64], bound: float
) -> tuple[float, _Line]:
    """Find the nearest two points of two sets, if they lie within a squared gap."""
    best: tuple[float, _Line] = (np.inf, (0, 0))
    reach = points.reach
    waiting = [(some[reach[some] < bound], others[reach[others] < bound])]
    while waiting:
        some, others = _facing(points, *waiting.pop(), min(bound, best[0]))
        if len(some) * len(others) > MOST_GAPS:
            if len(some) < len(others):
                some, others = others, some
            halves = _halves(points.X, some)
            nearer = _box_gaps(points.X, [*halves, others])[:2, 2].argsort()[::-1]
            # The half that lies nearer comes next, and may spare the other one.
            waiting += [(halves[half], others) for half in nearer]
        elif len(some) and len(others):
            best = min(best, points.shortest(some, others))
    return best


def _halves(X: NDArray[np.float64], some: NDArray[np.int64]) -> list[NDArray[np.int64]]:
    """Divide points at the middle of their widest column."""
    middle = len(some) // 2
    widest = int(np.ptp(X[some], axis=0).argmax())
    order = some[np.argpartition(X[some, widest], middle)]
    return [order[:middle], order[middle:]]


def _facing(
    points: _Points, some: NDArray[np.int64], others: NDArray[np.int64], bound: float
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Leave out what lies farther from the other set than a squared gap, as shadows tell.

    No two points lie nearer than their shadows on the line through the middles of both sets.
    """
    if not len(some) or not len(others):
        return some, others
    X = points.X
    towards = X[others].mean(axis=0) - X[some].mean(axis=0)
    length = float(np.sqrt(towards @ towards))
    if length == 0:
        return some, others
    one, other = X[some] @ (towards / length), X[others] @ (towards / length)
    front, back = np.argsort(-one, kind="stable")[:FRONT], np.argsort(other, kind="stable")[:FRONT]
    facing, _ = points.shortest(some[front], others[back])
    rounding = ROUNDING * max(np.abs(one).max(), np.abs(other).max())
    reach = np.sqrt(min(bound, facing)) * (1 + ROUNDING) + rounding
    return some[one >= other.min() - reach], others[other <= one.max() + reach]


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
