"""Ward's hierarchy of weighted points: one linkage gives every number of clusters.

What lives here: the linkage and its cuts. What does not: which points stand for many rows
(``cluster.ward``). Read on in ``docs/methods/ward.md``.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from segmentry.errors import MathsError
from segmentry.maths.distances import squared_gaps


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
    programs give. Chains of nearest neighbours find all merges without searching for the cheapest:
    a pair of mutual nearest neighbours may merge at any time, because Ward's cost is reducible.
    Costs are updated by Lance and Williams' formula. O(n^2) time and memory.

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
    n = len(points)
    sizes = np.ones(n) if weights is None else np.asarray(weights, dtype=np.float64).copy()
    if sizes.shape != (n,) or (sizes <= 0).any():
        msg = f"{n} points need as many positive weights"
        raise MathsError(msg)
    costs = _first_costs(points, sizes)
    alive = np.ones(n, dtype=bool)
    merges = np.empty((max(n - 1, 0), 3))
    chain: list[int] = []
    first = 0
    for step in range(n - 1):
        if not chain:
            while not alive[first]:
                first += 1
            chain.append(first)
        while True:
            here = chain[-1]
            row = costs[here]
            near = int(row.argmin())
            # Of equally near ones the one before in the chain, or chains could run for ever.
            if len(chain) > 1 and row[chain[-2]] <= row[near]:
                near = chain[-2]
            if len(chain) > 1 and near == chain[-2]:
                break
            chain.append(near)
        a, b = sorted((chain.pop(), chain.pop()))
        merges[step] = a, b, costs[a, b]
        _merge(costs, sizes, a, b)
        alive[b] = False
    return merges[np.argsort(merges[:, 2], kind="stable")]


def _first_costs(points: NDArray[np.float64], sizes: NDArray[np.float64]) -> NDArray[np.float64]:
    centred = points - points.mean(axis=0)
    costs = squared_gaps(centred, centred)
    costs *= sizes[:, None] * sizes / (sizes[:, None] + sizes)
    np.fill_diagonal(costs, np.inf)
    return costs


def _merge(costs: NDArray[np.float64], sizes: NDArray[np.float64], a: int, b: int) -> None:
    """Let a stand for both and put b out of reach."""
    together = sizes[a] + sizes[b] + sizes
    with np.errstate(invalid="ignore"):
        merged = (
            (sizes[a] + sizes) * costs[a] + (sizes[b] + sizes) * costs[b] - sizes * costs[a, b]
        ) / together
    # What is already merged away, and the two themselves, stay out of reach.
    merged[np.isnan(merged)] = np.inf
    merged[a] = merged[b] = np.inf
    costs[a], costs[:, a] = merged, merged
    costs[b], costs[:, b] = np.inf, np.inf
    sizes[a] += sizes[b]


def cut_linkage(merges: NDArray[np.float64], n_clusters: int) -> NDArray[np.int64]:
    """Give each point its cluster after all but the costliest merges.

    Parameters
    ----------
    merges : ndarray of shape (n_points - 1, 3)
        From ``ward_linkage``.
    n_clusters : int
        1 .. n_points.

    Returns
    -------
    ndarray of shape (n_points,)
        0 .. n_clusters - 1, numbered by the first point of each.

    Raises
    ------
    MathsError
        If the number is out of range.

    Examples
    --------
    >>> cut_linkage(ward_linkage(np.array([[0.0], [1.0], [10.0]])), 2)
    array([0, 0, 1])
    """
    n = len(merges) + 1
    if not 1 <= n_clusters <= n:
        msg = f"{n} points can be cut into 1 to {n} clusters, not {n_clusters}"
        raise MathsError(msg)
    root = np.arange(n)

    def found(i: int) -> int:
        while root[i] != i:
            root[i] = root[root[i]]
            i = int(root[i])
        return i

    for a, b, _ in merges[: n - n_clusters]:
        one, other = found(int(a)), found(int(b))
        root[max(one, other)] = min(one, other)
    roots = np.array([found(i) for i in range(n)])
    _, labels = np.unique(roots, return_inverse=True)
    return labels.astype(np.int64)
