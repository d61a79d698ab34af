"""Minimum spanning trees of points: the shortest lines that hold all of them together.

What lives here: the tree of near neighbours, and which of its lines are surely those of all points.
What does not: neighbours (``maths.neighbours``), the lines between parts far apart
(``maths.components_tree``), and what is read from a tree (``maths.robust_linkage``,
``maths.condensation``). Read on in ``docs/methods/robust_linkage.md``.
"""

from __future__ import annotations

from math import ceil

import numpy as np
from numpy.typing import NDArray

from segmentry.errors import MathsError
from segmentry.maths.components_tree import join_components
from segmentry.maths.distinct import distinct_rows
from segmentry.maths.neighbours import nearest_rows
from segmentry.maths.pieces import Spread

NEIGHBOURS = 10
"""Near neighbours of each point at least."""

SPARE = 1.5
"""Near neighbours beyond those that smoothing asks for, in roots of their number: by about its root
the number of points within a distance varies from place to place."""


def spanning_tree(
    X: NDArray[np.float64],
    *,
    smoothing: float = 1,
    weights: NDArray[np.float64] | None = None,
    spread: Spread = map,
) -> NDArray[np.float64]:
    r"""Join points by the shortest lines.

    Parameters
    ----------
    X : ndarray of shape (n_rows, n_columns), finite
    smoothing : float, default=1
        With M > 1, two points lie at least so far apart as either is from its M - 1 nearest other
        points (mutual reachability): what is sparse moves away from what is dense.
    weights : ndarray of shape (n_rows,), positive, default ones
        How many points each stands for, itself among its nearest.
    spread : callable, default ``map``
        Carries out the search for neighbours; the result does not depend on how.

    Returns
    -------
    ndarray of shape (n_rows - 1, 3)
        Two points and their distance, shortest first.

    Raises
    ------
    MathsError
        If smoothing is below 1 or above the sum of weights.

    Notes
    -----
    First the tree of the graph of near neighbours (Kruskal). Let :math:`r_x` be the distance of x
    to the farthest of its neighbours found. A line of length w joins two parts of that tree, and
    whatever leaves a part and is not in the graph is at least as long as the least :math:`r` in it.
    Where that is at least w for one of both parts, no shorter line leaves the part, and the line
    belongs to the tree of all points. The parts that such lines hold together are few; they are
    joined by their shortest lines, measured (Boruvka's rounds). The result is exact.

    References
    ----------
    Kruskal, J. B. (1956). On the shortest spanning subtree of a graph. Proc. AMS 7, 48-50.
    Boruvka, O. (1926). O jistem problemu minimalnim. Prace Moravske Prirodovedecke Spolecnosti 3.
    Campello, R. J. G. B., Moulavi, D. and Sander, J. (2013). Density-based clustering based on
    hierarchical density estimates. PAKDD, 160-172.

    Examples
    --------
    >>> spanning_tree(np.array([[0.0], [9.0], [1.0]]))
    array([[0., 2., 1.],
           [1., 2., 8.]])
    """
    sizes = np.ones(len(X)) if weights is None else np.asarray(weights, dtype=np.float64)
    if not 1 <= smoothing <= sizes.sum():
        msg = f"smoothing over {smoothing} of {sizes.sum():g} points"
        raise MathsError(msg)
    firsts, owners = distinct_rows(X)
    order = np.argsort(firsts)
    firsts, owners = firsts[order], np.argsort(order)[owners]
    held = np.bincount(owners, sizes).astype(np.float64)
    tree, cores = _tree(X[firsts], held, smoothing, spread)
    tree[:, :2] = firsts[tree[:, :2].astype(np.int64)]
    repeats = np.setdiff1d(np.arange(len(X)), firsts)
    owned = owners[repeats]
    lines = np.vstack([np.column_stack([firsts[owned], repeats, cores[owned]]), tree])
    lines[:, 2] = np.sqrt(lines[:, 2])
    lines[:, :2].sort(axis=1)
    return lines[np.lexsort((lines[:, 1], lines[:, 0], lines[:, 2]))]


def _tree(
    X: NDArray[np.float64], sizes: NDArray[np.float64], smoothing: float, spread: Spread
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Give the tree of distinct points with squared lengths, and their squared core distances."""
    if len(X) < 2:
        return np.empty((0, 3)), np.zeros(len(X))
    asked = smoothing / sizes.mean()
    count = max(NEIGHBOURS, ceil(asked + SPARE * asked**0.5))
    while True:
        count = min(count, len(X) - 1)
        there, gaps = nearest_rows(X, count, spread=spread)
        held = np.cumsum(np.column_stack([sizes, sizes[there]]), axis=1)
        if count == len(X) - 1 or held[:, -1].min() >= smoothing:
            break
        count *= 2
    nth = (held < smoothing).sum(axis=1)
    cores = np.where(nth > 0, gaps[np.arange(len(X)), np.maximum(nth, 1) - 1], 0.0)
    lines = _tree_of_neighbours(there, gaps, cores)
    reach = gaps[:, -1] if count < len(X) - 1 else np.full(len(X), np.inf)
    sure = _sure(lines, reach)
    return join_components(X, lines[sure], bridges=lines[~sure], cores=cores, reach=reach), cores


def _tree_of_neighbours(
    there: NDArray[np.int64], gaps: NDArray[np.float64], cores: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Give the shortest trees of the graph of near neighbours, one for each of its parts."""
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import minimum_spanning_tree

    n, count = there.shape
    here = np.repeat(np.arange(n), count)
    # A pair that both ends have found stands once.
    once = (here < there.ravel()) | (gaps >= gaps[there, -1]).ravel()
    a, b = here[once], there.ravel()[once]
    lengths = np.maximum(gaps.ravel()[once], np.maximum(cores[a], cores[b]))
    # Ranks tell equal lines apart, and a line without length from none.
    order = np.argsort(lengths, kind="stable")
    ranks = np.empty(len(order))
    ranks[order] = np.arange(1, len(order) + 1)
    starts = np.searchsorted(a, np.arange(n + 1))
    found = minimum_spanning_tree(csr_array((ranks, b, starts), shape=(n, n))).data
    kept = order[np.sort(found.astype(np.int64)) - 1]
    return np.column_stack([a[kept], b[kept], lengths[kept]])


def _sure(lines: NDArray[np.float64], reach: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Tell which lines, shortest first, are as short as any that leaves one of both parts."""
    root, least = list(range(len(reach))), reach.tolist()
    sure = np.zeros(len(lines), dtype=bool)

    def found(i: int) -> int:
        while root[i] != i:
            root[i] = root[root[i]]
            i = root[i]
        return i

    for place, (a, b, length) in enumerate(
        zip(*lines[:, :2].astype(np.int64).T.tolist(), lines[:, 2].tolist(), strict=True)
    ):
        one, other = found(a), found(b)
        sure[place] = max(least[one], least[other]) >= length
        root[other] = one
        least[one] = min(least[one], least[other])
    return sure
