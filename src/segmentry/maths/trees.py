"""A small classification tree that knows what to do with gaps.

Written here because it takes a page, and because loading a library for it takes longer than a whole
search. What lives here: growing and asking. What does not: reading a tree in words (``judge``).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from segmentry.errors import MathsError


@dataclass(frozen=True)
class Split:
    """A question: is a column at most the threshold? Gaps go to the left or to the right."""

    column: int
    threshold: float
    gaps_left: bool


@dataclass(frozen=True)
class Node:
    """A place in a tree. A leaf has no split; ``counts`` are the rows of each class."""

    counts: NDArray[np.int64]
    split: Split | None = None
    left: int = -1
    right: int = -1


@dataclass(frozen=True)
class Tree:
    """Nodes, the first of which is the root."""

    nodes: tuple[Node, ...]

    @property
    def leaves(self) -> tuple[int, ...]:
        """Give the positions of the leaves."""
        return tuple(i for i, node in enumerate(self.nodes) if node.split is None)

    @property
    def depth(self) -> int:
        """Count the questions on the longest way down."""
        depths = [0] * len(self.nodes)
        for i, node in enumerate(self.nodes):
            if node.split is not None:
                depths[node.left] = depths[node.right] = depths[i] + 1
        return max(depths)

    def leaf_of(self, X: NDArray[np.float64]) -> NDArray[np.int64]:
        """Follow each row down to its leaf."""
        place = np.zeros(len(X), dtype=np.int64)
        # A child stands behind its parent, so one pass over the nodes is enough.
        for i, node in enumerate(self.nodes):
            if node.split is not None:
                here = np.flatnonzero(place == i)
                goes_left = answers(X[here, node.split.column], node.split)
                place[here] = np.where(goes_left, node.left, node.right)
        return place

    def labels(self, X: NDArray[np.float64]) -> NDArray[np.int64]:
        """Give each row the most frequent class of its leaf; of equal ones, the first."""
        best = np.array([int(node.counts.argmax()) for node in self.nodes], dtype=np.int64)
        labels: NDArray[np.int64] = best[self.leaf_of(X)]
        return labels


def answers(column: NDArray[np.float64], split: Split) -> NDArray[np.bool_]:
    """Tell which values of a column go to the left."""
    gaps = np.isnan(column)
    with np.errstate(invalid="ignore"):
        result: NDArray[np.bool_] = np.where(gaps, split.gaps_left, column <= split.threshold)
    return result


def grow_tree(
    X: NDArray[np.float64], labels: NDArray[np.int64], *, depth: int, least_leaf: int = 1
) -> Tree:
    r"""Grow a tree that splits classes as purely as it can.

    Parameters
    ----------
    X : ndarray of shape (n_rows, n_columns)
        NaN is a gap: a question sends gaps to the side where they fit better.
    labels : ndarray of int, shape (n_rows,)
        0 .. n_classes - 1.
    depth : int
        Questions on the longest way down.
    least_leaf : int, default=1
        Rows that a leaf must have.

    Returns
    -------
    Tree

    Raises
    ------
    MathsError
        If shapes differ or there is no row.

    Notes
    -----
    Each node takes the question that lowers the Gini impurity
    :math:`n (1 - \sum_k p_k^2)` of both sides most; of equal ones that of the first column, at the
    lowest threshold. Thresholds lie halfway between neighbouring values. Cost
    O(depth n_rows n_columns (log n_rows + n_classes)).

    References
    ----------
    Breiman, L., Friedman, J., Olshen, R. and Stone, C. (1984). Classification and regression trees.
    """
    if labels.shape != (len(X),) or not len(X):
        msg = f"X has shape {X.shape} but labels have {labels.shape}"
        raise MathsError(msg)
    members = np.eye(int(labels.max()) + 1)[labels]
    nodes: list[Node] = []
    waiting: list[tuple[NDArray[np.intp], int]] = [(np.arange(len(X)), 0)]
    while waiting:
        rows, level = waiting.pop(0)
        counts = members[rows].sum(axis=0)
        split = None
        if level < depth and (counts > 0).sum() > 1:
            split = _best_split(X[rows], members[rows], least_leaf)
        if split is None:
            nodes.append(Node(counts.astype(np.int64)))
            continue
        # Children are numbered as they wait: behind all that are placed or waiting already.
        first = len(nodes) + 1 + len(waiting)
        nodes.append(Node(counts.astype(np.int64), split, first, first + 1))
        goes_left = answers(X[rows, split.column], split)
        waiting += [(rows[goes_left], level + 1), (rows[~goes_left], level + 1)]
    return Tree(tuple(nodes))


def merged(tree: Tree) -> Tree:
    """Take back questions both answers of which lead to the same label, from the leaves up.

    Parameters
    ----------
    tree : Tree

    Returns
    -------
    Tree
        With the same labels for every row, and as few questions as that allows.
    """
    nodes = list(tree.nodes)
    # A child stands behind its parent, so that children are settled before it.
    for i in reversed(range(len(nodes))):
        split = nodes[i].split
        sides = () if split is None else (nodes[nodes[i].left], nodes[nodes[i].right])
        labels = {int(n.counts.argmax()) if n.split is None else -1 for n in sides}
        if len(labels) == 1 and -1 not in labels:
            nodes[i] = Node(nodes[i].counts)
    reached = {0}
    for i, node in enumerate(nodes):
        if i in reached and node.split is not None:
            reached |= {node.left, node.right}
    place = {old: new for new, old in enumerate(sorted(reached))}
    return Tree(
        tuple(
            nodes[i]
            if nodes[i].split is None
            else replace(nodes[i], left=place[nodes[i].left], right=place[nodes[i].right])
            for i in place
        )
    )


def _best_split(
    X: NDArray[np.float64], members: NDArray[np.float64], least_leaf: int
) -> Split | None:
    whole = members.sum(axis=0)
    # The purity of the node itself: a question has to add to it.
    most = float((whole**2).sum() / len(X)) + 1e-9
    best = None
    for column, values in enumerate(X.T):
        known = np.flatnonzero(~np.isnan(values))
        order = known[np.argsort(values[known], kind="stable")]
        ordered = values[order]
        places = np.flatnonzero(ordered[:-1] < ordered[1:])
        if not len(places):
            continue
        below = np.cumsum(members[order], axis=0)[places]
        gaps = whole - members[known].sum(axis=0)
        for gaps_left in (True, False) if len(known) < len(X) else (True,):
            left = below + gaps if gaps_left else below
            purity = _purity(left, whole - left, least_leaf)
            at = int(purity.argmax())
            if purity[at] > most:
                most = float(purity[at])
                low, high = ordered[places[at]], ordered[places[at] + 1]
                best = Split(column, _between(float(low), float(high)), gaps_left)
    return best


def _purity(
    left: NDArray[np.float64], right: NDArray[np.float64], least_leaf: int
) -> NDArray[np.float64]:
    sizes, others = left.sum(axis=1), right.sum(axis=1)
    pure = (left**2).sum(axis=1) / sizes + (right**2).sum(axis=1) / others
    return np.where((sizes >= least_leaf) & (others >= least_leaf), pure, -np.inf)


def _between(low: float, high: float) -> float:
    """Give a number from low up to but not including high, halfway where there is room."""
    middle = low + (high - low) / 2
    return middle if low <= middle < high else low
