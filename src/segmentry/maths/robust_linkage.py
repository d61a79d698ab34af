"""Robust linkage: single linkage whose clusters may not grow too unequal.

What lives here: the merges, read from a spanning tree, and the tree without its leaves. What does
not: the tree itself (``maths.spanning``) and cuts (``maths.dendrogram``). Read on in
``docs/methods/robust_linkage.md``.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from dataclasses import dataclass
from heapq import heappop, heappush

import numpy as np
from numpy.typing import NDArray

from segmentry.errors import MathsError

GINI_BOUND = 0.3


def robust_linkage(
    tree: NDArray[np.float64],
    weights: NDArray[np.float64] | None = None,
    *,
    gini_bound: float = GINI_BOUND,
) -> NDArray[np.float64]:
    r"""Merge clusters along a spanning tree, small ones first where sizes grow unequal.

    Parameters
    ----------
    tree : ndarray of shape (n_points - 1, 3)
        From ``maths.spanning``: two points and their distance.
    weights : ndarray of shape (n_points,), positive, default ones
        How many rows each point stands for.
    gini_bound : float in [0, 1], default=0.3
        1 is single linkage. The smaller, the more equal the clusters.

    Returns
    -------
    ndarray of shape (n_points - 1, 3)
        Merges in the order in which they happen: two points and their distance, which may fall
        from one merge to the next.

    Raises
    ------
    MathsError
        If the bound is out of range, or weights are not positive and as many as the points.

    Notes
    -----
    For clusters of sizes :math:`c_1 .. c_k` that hold n rows, Gini's index is

    .. math:: G = \frac{\sum_{i<j} |c_i - c_j|}{(k - 1) n}.

    While it is at most the bound, the shortest line of the tree merges two clusters. While it is
    above, the shortest of those lines does that leave one of the smallest clusters. The shortest
    line between a cluster and all others belongs to the tree, so no other distance is needed.
    O(n log^2 n) beside the index, which costs the number of different sizes at each merge.

    References
    ----------
    Gagolewski, M., Bartoszuk, M. and Cena, A. (2016). Genie: a new, fast, and outlier-resistant
    hierarchical clustering algorithm. Information Sciences 363, 8-23.

    Examples
    --------
    Two threes and a point astray: single linkage keeps the point to the end.

    >>> lengths = [1.0, 1.1, 4.0, 1.2, 1.3, 9.0]
    >>> line = np.column_stack([np.arange(6), np.arange(1, 7), lengths])
    >>> robust_linkage(line, gini_bound=0.2)[:, 2].tolist()
    [1.0, 1.1, 1.2, 1.3, 9.0, 4.0]
    >>> robust_linkage(line, gini_bound=1.0)[:, 2].tolist()
    [1.0, 1.1, 1.2, 1.3, 4.0, 9.0]
    """
    n = len(tree) + 1
    sizes = np.ones(n) if weights is None else np.asarray(weights, dtype=np.float64)
    if sizes.shape != (n,) or (sizes <= 0).any():
        msg = f"{n} points need as many positive weights"
        raise MathsError(msg)
    if not 0 <= gini_bound <= 1:
        msg = f"Gini's index lies between 0 and 1, and so does its bound, not at {gini_bound}"
        raise MathsError(msg)
    lines = tree[np.lexsort((tree[:, 1], tree[:, 0], tree[:, 2]))]
    forest = _Forest.of(lines[:, :2].astype(np.int64).tolist(), sizes.tolist())
    spread = _Spread.of(sizes)
    order, shortest = [], 0
    for _ in range(n - 1):
        if spread.gini > gini_bound:
            line = forest.shortest_of_smallest()
        else:
            while forest.used[shortest]:
                shortest += 1
            line = shortest
        spread.merge(*forest.merge(line))
        order.append(line)
    return lines[order] if order else np.empty((0, 3))


@dataclass(slots=True)
class _Spread:
    """Sizes of clusters, and the sum of their differences, kept up to date.

    ``values`` are the different sizes in order, ``tally`` says how often each occurs.
    """

    values: list[float]
    tally: dict[float, int]
    count: int
    total: float
    differences: float

    @classmethod
    def of(cls, sizes: NDArray[np.float64]) -> _Spread:
        n = len(sizes)
        differences = float(((2 * np.arange(n) - n + 1) * np.sort(sizes)).sum())
        values, times = np.unique(sizes, return_counts=True)
        tally = dict(zip(values.tolist(), times.tolist(), strict=True))
        return cls(values.tolist(), tally, n, float(sizes.sum()), differences)

    @property
    def gini(self) -> float:
        return self.differences / ((self.count - 1) * self.total)

    def merge(self, one: float, other: float) -> None:
        """Let a cluster of both sizes take the place of two."""
        low, high = (one, other) if one <= other else (other, one)
        both, tally = low + high, self.tally
        for size in (low, high):
            tally[size] -= 1
        # What each other size v adds, |both - v| - |low - v| - |high - v|, is -v but for those
        # below both.
        change = low - high - (self.total - both)
        for v in self.values:
            if v >= both:
                break
            change += 2 * tally[v] * (v if v <= low else low if v <= high else both - v)
        self.differences += change
        self.count -= 1
        for size in {low, high}:
            if not tally[size]:
                del tally[size], self.values[bisect_left(self.values, size)]
        if both not in tally:
            insort(self.values, both)
            tally[both] = 0
        tally[both] += 1


@dataclass(slots=True)
class _Forest:
    """Clusters that grow along lines, which are known by their rank.

    ``leaving`` holds the lines at each cluster as a heap, those inside of it among them until they
    come first. ``waiting`` is a heap of clusters by size and shortest line; what has merged since
    is passed over.
    """

    ends: list[list[int]]
    sizes: list[float]
    root: list[int]
    used: list[bool]
    leaving: list[list[int]]
    waiting: list[tuple[float, int, int]]

    @classmethod
    def of(cls, ends: list[list[int]], sizes: list[float]) -> _Forest:
        leaving: list[list[int]] = [[] for _ in sizes]
        for line, (a, b) in enumerate(ends):
            leaving[a].append(line)
            leaving[b].append(line)
        waiting = sorted((sizes[i], lines[0], i) for i, lines in enumerate(leaving) if lines)
        return cls(ends, sizes, list(range(len(sizes))), [False] * len(ends), leaving, waiting)

    def _found(self, i: int) -> int:
        root = self.root
        while root[i] != i:
            root[i] = root[root[i]]
            i = root[i]
        return i

    def shortest_of_smallest(self) -> int:
        """Give the shortest line that leaves one of the smallest clusters."""
        while True:
            size, line, cluster = self.waiting[0]
            if self.root[cluster] == cluster and self.sizes[cluster] == size:
                return line
            heappop(self.waiting)

    def merge(self, line: int) -> tuple[float, float]:
        """Merge the clusters at both ends of a line; give the sizes that they had."""
        one, other = (self._found(i) for i in self.ends[line])
        if len(self.leaving[one]) < len(self.leaving[other]):
            one, other = other, one
        was = self.sizes[one], self.sizes[other]
        self.used[line] = True
        self.root[other] = one
        self.sizes[one] += self.sizes[other]
        lines = self.leaving[one]
        for each in self.leaving[other]:
            if not self.used[each]:
                heappush(lines, each)
        self.leaving[other] = []
        while lines and self.used[lines[0]]:
            heappop(lines)
        if lines:
            heappush(self.waiting, (self.sizes[one], lines[0], one))
        return was


def without_leaves(
    tree: NDArray[np.float64],
) -> tuple[NDArray[np.float64], NDArray[np.int64], NDArray[np.int64]]:
    """Take the points at the ends of a tree away, where noise is likely to be.

    Parameters
    ----------
    tree : ndarray of shape (n_points - 1, 3)
        Best from ``spanning_tree`` with smoothing.

    Returns
    -------
    inner : ndarray of shape (n_inner - 1, 3)
        The tree of the points that are left, numbered 0 .. n_inner - 1.
    points : ndarray of shape (n_inner,)
        Which points these are.
    owners : ndarray of shape (n_points,)
        The inner point that stands for each: itself, or the one that a leaf hangs on.

    Notes
    -----
    A tree of one or two points has no inside and is left as it is.

    Examples
    --------
    >>> _, points, owners = without_leaves(np.array([[0.0, 1, 1.0], [1, 2, 1.0], [2, 3, 4.0]]))
    >>> points.tolist(), owners.tolist()
    ([1, 2], [0, 0, 1, 1])
    """
    n = len(tree) + 1
    ends = tree[:, :2].astype(np.int64)
    is_leaf = np.bincount(ends.ravel(), minlength=n) < 2
    if is_leaf.all():
        return tree, np.arange(n), np.arange(n)
    points = np.flatnonzero(~is_leaf)
    places = np.full(n, -1)
    places[points] = np.arange(len(points))
    owners = places.copy()
    for here, there in (ends.T, ends[:, ::-1].T):
        hanging = is_leaf[here]
        owners[here[hanging]] = places[there[hanging]]
    inside = ~is_leaf[ends].any(axis=1)
    inner = np.column_stack([places[ends[inside]], tree[inside, 2]])
    return inner, points, owners
