"""Average, complete and single linkage of weighted points.

What lives here: linkages whose distances follow from a matrix of distances by Lance and Williams'
formula. What does not: Ward's (``maths.ward``), which needs no matrix, and cuts
(``maths.dendrogram``). Read on in ``docs/methods/linkages.md``.
"""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from segmentry.errors import MathsError
from segmentry.maths.distances import squared_gaps
from segmentry.maths.spanning import spanning_tree
from segmentry.maths.ward import ward_linkage

Linkage = Literal["average", "complete", "single", "ward"]

MOST_POINTS = 6_000
"""Points whose distances are held at once: 288 MB."""


def linkage(
    points: NDArray[np.float64], weights: NDArray[np.float64] | None = None, *, method: Linkage
) -> NDArray[np.float64]:
    r"""Merge points step by step, each time the two nearest clusters.

    Parameters
    ----------
    points : ndarray of shape (n_points, n_columns), finite
    weights : ndarray of shape (n_points,), positive, default ones
        How many rows each point stands for.
    method : {"average", "complete", "single", "ward"}

    Returns
    -------
    ndarray of shape (n_points - 1, 3)
        Merges in order of their height: two points, one from each of the clusters that merge, and
        the distance of these clusters; with ``ward``, the root of twice the scatter added.

    Raises
    ------
    MathsError
        If weights are not positive and as many as the points, or points are too many for a matrix
        of their distances (average and complete linkage).

    Notes
    -----
    The distance of two clusters is that of their rows on average, of the farthest two, or of the
    nearest two. When a and b merge, the distance to a third cluster c becomes

    .. math:: \frac{w_a d_{ac} + w_b d_{bc}}{w_a + w_b}, \quad \max(d_{ac}, d_{bc}), \quad
              \min(d_{ac}, d_{bc}).

    Weights matter to average linkage alone. Single linkage is read from the minimum spanning tree.
    The others follow chains of nearest neighbours: O(n^2) time and memory.

    References
    ----------
    Lance, G. N. and Williams, W. T. (1967). A general theory of classificatory sorting strategies.
    The Computer Journal 9, 373-380.
    Gower, J. C. and Ross, G. J. S. (1969). Minimum spanning trees and single linkage cluster
    analysis. Applied Statistics 18, 54-64.
    Murtagh, F. (1983). A survey of recent advances in hierarchical clustering algorithms. The
    Computer Journal 26, 354-359.

    Examples
    --------
    >>> line = np.array([[0.0], [1.0], [5.0]])
    >>> found = [linkage(line, method=m)[1, 2] for m in ("average", "complete", "single")]
    >>> [round(float(height), 6) for height in found]
    [4.5, 5.0, 4.0]
    """
    n = len(points)
    sizes = np.ones(n) if weights is None else np.array(weights, dtype=np.float64)
    if sizes.shape != (n,) or (sizes <= 0).any():
        msg = f"{n} points need as many positive weights"
        raise MathsError(msg)
    if method == "ward":
        merges = ward_linkage(points, sizes)
        merges[:, 2] = np.sqrt(2.0 * merges[:, 2])
        return merges
    if method == "single":
        return spanning_tree(points)
    if n > MOST_POINTS:
        msg = f"{method} linkage holds the distances of {MOST_POINTS} points at most, not of {n}"
        raise MathsError(msg)
    centred = points - points.mean(axis=0)
    return gap_linkage(np.sqrt(squared_gaps(centred, centred)), sizes, method=method)


def gap_linkage(
    gaps: NDArray[np.float64],
    weights: NDArray[np.float64] | None = None,
    *,
    method: Literal["average", "complete"],
) -> NDArray[np.float64]:
    """Merge points of which only the distances are known (see ``linkage``).

    Parameters
    ----------
    gaps : ndarray of shape (n_points, n_points), symmetric
    weights : ndarray of shape (n_points,), positive, default ones
        How many rows each point stands for.
    method : {"average", "complete"}

    Returns
    -------
    ndarray of shape (n_points - 1, 3)
        Merges in order of their height.

    Raises
    ------
    MathsError
        If shapes differ or a weight is not positive.

    Examples
    --------
    >>> line = np.array([0.0, 1.0, 10.0])
    >>> gap_linkage(np.abs(line[:, None] - line), method="average")
    array([[0. , 1. , 1. ],
           [0. , 2. , 9.5]])
    """
    n = len(gaps)
    sizes = np.ones(n) if weights is None else np.array(weights, dtype=np.float64)
    if gaps.shape != (n, n) or sizes.shape != (n,) or (sizes <= 0).any():
        msg = f"gaps of shape {gaps.shape} need as many positive weights"
        raise MathsError(msg)
    gaps = np.array(gaps, dtype=np.float64)
    np.fill_diagonal(gaps, np.inf)
    alive = np.ones(n, dtype=bool)
    merges = np.empty((max(n - 1, 0), 3))
    chain: list[int] = []
    first = 0
    for step in range(n - 1):
        # Chains of nearest neighbours end where two are each other's nearest; these merge.
        if not chain:
            while not alive[first]:
                first += 1
            chain.append(first)
        while True:
            row = gaps[chain[-1]]
            near = int(row.argmin())
            # Of equally near ones the one before in the chain, or chains could run for ever.
            if len(chain) > 1 and row[chain[-2]] <= row[near]:
                break
            chain.append(near)
        a, b = sorted((chain.pop(), chain.pop()))
        merges[step] = a, b, gaps[a, b]
        if method == "complete":
            merged = np.maximum(gaps[a], gaps[b])
        else:
            merged = (sizes[a] * gaps[a] + sizes[b] * gaps[b]) / (sizes[a] + sizes[b])
        # What is merged away, and the two themselves, are infinitely far already.
        merged[a] = np.inf
        gaps[a], gaps[:, a] = merged, merged
        gaps[b], gaps[:, b] = np.inf, np.inf
        sizes[a] += sizes[b]
        alive[b] = False
    return merges[np.argsort(merges[:, 2], kind="stable")]
