"""Minimum spanning trees of points: the shortest lines that hold all of them together.

What lives here: Prim's tree for few points, and for many one grown from near neighbours. What does
not: what is read from a tree (``maths.robust_linkage``). Read on in
``docs/methods/robust_linkage.md``.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from segmentry.errors import MathsError
from segmentry.maths.components_tree import join_components
from segmentry.maths.distinct import distinct_rows
from segmentry.maths.neighbours import near_neighbours

PRIM_ROWS = 2_000
"""Points up to which Prim's way is quick enough, and exact to the last tie."""

NEIGHBOURS = 10


def spanning_tree(X: NDArray[np.float64], *, smoothing: int = 1) -> NDArray[np.float64]:
    r"""Join points by the shortest lines.

    Parameters
    ----------
    X : ndarray of shape (n_rows, n_columns), finite
    smoothing : int, default=1
        With M > 1, two points lie at least so far apart as either is from its M - 1 nearest other
        points (mutual reachability): what is sparse moves away from what is dense.

    Returns
    -------
    ndarray of shape (n_rows - 1, 3)
        Two points and their distance, shortest first; of equally long lines, that of the earlier
        points.

    Raises
    ------
    MathsError
        If smoothing is below 1 or above the number of rows.

    Notes
    -----
    Up to 2,000 points, or with smoothing, Prim's algorithm: O(n^2 d) time and O(n d) memory.
    Beyond, the tree of a graph of near neighbours, its parts joined by their shortest lines
    (Boruvka's rounds). That is the true tree but for a line whose two ends have missed each other
    as near neighbours; another, little longer one then stands for it.

    References
    ----------
    Prim, R. C. (1957). Shortest connection networks and some generalizations. Bell System
    Technical Journal 36, 1389-1401.
    Boruvka, O. (1926). O jistem problemu minimalnim. Prace Moravske Prirodovedecke Spolecnosti 3.
    Campello, R. J. G. B., Moulavi, D. and Sander, J. (2013). Density-based clustering based on
    hierarchical density estimates. PAKDD, 160-172.

    Examples
    --------
    >>> spanning_tree(np.array([[0.0], [9.0], [1.0]]))
    array([[0., 2., 1.],
           [1., 2., 8.]])
    """
    if not 1 <= smoothing <= len(X):
        msg = f"smoothing over {smoothing} of {len(X)} points"
        raise MathsError(msg)
    if smoothing > 1:
        return _in_order(_prim(X, _core_gaps(X, smoothing)))
    firsts, owners = distinct_rows(X)
    firsts_in_order = np.sort(firsts)
    repeats = np.setdiff1d(np.arange(len(X)), firsts)
    copies = np.column_stack([firsts[owners[repeats]], repeats, np.zeros(len(repeats))])
    points = X[firsts_in_order]
    if len(points) <= PRIM_ROWS:
        tree = _prim(points, np.zeros(len(points)))
    else:
        tree = join_components(points, _tree_of_neighbours(points))
    tree[:, :2] = firsts_in_order[tree[:, :2].astype(np.int64)]
    return _in_order(np.vstack([copies, tree]))


def _in_order(tree: NDArray[np.float64]) -> NDArray[np.float64]:
    tree[:, :2].sort(axis=1)
    return tree[np.lexsort((tree[:, 1], tree[:, 0], tree[:, 2]))]


def _core_gaps(X: NDArray[np.float64], smoothing: int) -> NDArray[np.float64]:
    """Give the squared distance of each point to its M - 1 nearest others' farthest."""
    cores = np.empty(len(X))
    for i, row in enumerate(X):
        gaps = X - row
        squares = np.einsum("ij,ij->i", gaps, gaps)
        cores[i] = np.partition(squares, smoothing - 1)[smoothing - 1]
    return cores


def _prim(X: NDArray[np.float64], cores: NDArray[np.float64]) -> NDArray[np.float64]:
    """Grow a tree from the first point, each time by the nearest point outside."""
    n = len(X)
    tree = np.empty((max(n - 1, 0), 3))
    # What is outside stands first in all arrays; what has joined is overwritten by the last.
    outside, rows, least = np.arange(1, n), X[1:].copy(), np.full(max(n - 1, 0), np.inf)
    reach, towards = cores[1:].copy(), np.zeros(max(n - 1, 0), dtype=np.int64)
    joined = 0
    for left in range(n - 1, 0, -1):
        gaps = rows[:left] - X[joined]
        squares = np.einsum("ij,ij->i", gaps, gaps)
        np.maximum(squares, reach[:left], out=squares)
        np.maximum(squares, cores[joined], out=squares)
        closer = squares < least[:left]
        least[:left][closer] = squares[closer]
        towards[:left][closer] = joined
        place = int(least[:left].argmin())
        joined = int(outside[place])
        tree[n - 1 - left] = towards[place], joined, np.sqrt(least[place])
        for kept in (outside, rows, least, reach, towards):
            kept[place] = kept[left - 1]
    return tree


def _tree_of_neighbours(X: NDArray[np.float64]) -> NDArray[np.float64]:
    """Give the shortest trees of the graph of near neighbours, one for each of its parts."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import minimum_spanning_tree

    there = near_neighbours(X, NEIGHBOURS)
    here = np.repeat(np.arange(len(X)), there.shape[1])
    pairs = np.column_stack([here, there.ravel()])
    pairs.sort(axis=1)
    keys = np.sort(pairs[:, 0] * len(X) + pairs[:, 1])
    a, b = np.divmod(keys[np.diff(keys, prepend=-1) > 0], len(X))
    gaps = X[a] - X[b]
    lengths = np.sqrt(np.einsum("ij,ij->i", gaps, gaps))
    found = minimum_spanning_tree(coo_array((lengths, (a, b)), shape=(len(X), len(X)))).tocoo()
    return np.column_stack([found.row, found.col, found.data])
