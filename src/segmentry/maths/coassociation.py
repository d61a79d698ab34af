"""Evidence accumulation: how often partitions put rows together, and average linkage of it.

What lives here: the share of partitions that agree on two points, and the hierarchy of average
linkage over weighted points. What does not: which partitions (``cluster.consensus``). Read on in
``docs/methods/consensus.md``.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from segmentry.errors import MathsError


def coassociation(
    partitions: Sequence[NDArray[np.int64]], points: NDArray[np.int64]
) -> NDArray[np.float64]:
    r"""Measure the share of partitions in which two points are in one cluster.

    Parameters
    ----------
    partitions : sequence of ndarray of int, shape (n_rows,)
        Labels from 0 on, at least one partition.
    points : ndarray of int, shape (n_rows,)
        The point that each row belongs to, 0 .. n_points - 1, each occurring.

    Returns
    -------
    ndarray of shape (n_points, n_points)
        In [0, 1], symmetric, 1 on its diagonal.

    Raises
    ------
    MathsError
        If there is no partition.

    Notes
    -----
    For points of many rows the chance that a row of each are together, averaged over partitions:
    :math:`\frac{1}{P} \sum_p \sum_c s_{pac} s_{pbc}` with s the share of a point's rows in cluster
    c. For points of one row it is the plain share.

    References
    ----------
    Fred, A. and Jain, A. K. (2005). Combining multiple clusterings using evidence accumulation.
    IEEE PAMI 27, 835-850.

    Examples
    --------
    >>> coassociation([np.array([0, 0, 1]), np.array([0, 1, 1])], np.arange(3))
    array([[1. , 0.5, 0. ],
           [0.5, 1. , 0.5],
           [0. , 0.5, 1. ]])
    """
    if not len(partitions):
        msg = "no partition says nothing of who belongs together"
        raise MathsError(msg)
    n = int(points.max(initial=-1)) + 1
    sizes = np.bincount(points, minlength=n).astype(np.float64)
    result = np.zeros((n, n))
    for labels in partitions:
        k = int(labels.max(initial=-1)) + 1
        counts = np.bincount(points * k + labels, minlength=n * k).reshape(n, k)
        shares = counts / sizes[:, None]
        result += shares @ shares.T
    result /= len(partitions)
    np.fill_diagonal(result, 1.0)
    return result


def average_linkage(
    gaps: NDArray[np.float64], weights: NDArray[np.float64] | None = None
) -> NDArray[np.float64]:
    r"""Merge points step by step, each time the two clusters whose rows are least apart on average.

    Parameters
    ----------
    gaps : ndarray of shape (n_points, n_points), symmetric
    weights : ndarray of shape (n_points,), positive, default ones
        How many rows each point stands for.

    Returns
    -------
    ndarray of shape (n_points - 1, 3)
        Merges in order of their height: two points, one from each of the clusters that merge, and
        the mean gap between them. ``maths.dendrogram.cut_linkage`` cuts it.

    Raises
    ------
    MathsError
        If shapes differ or a weight is not positive.

    Notes
    -----
    The mean over pairs of rows, :math:`d(a \cup b, c) = (w_a d_{ac} + w_b d_{bc}) / (w_a + w_b)`.
    It is reducible, so that chains of nearest neighbours find all merges. O(n^2) time.

    References
    ----------
    Sokal, R. R. and Michener, C. D. (1958). A statistical method for evaluating systematic
    relationships. University of Kansas Science Bulletin 38, 1409-1438. Murtagh, F. (1983). A survey
    of recent advances in hierarchical clustering algorithms. The Computer Journal 26, 354-359.

    Examples
    --------
    >>> line = np.array([0.0, 1.0, 10.0])
    >>> average_linkage(np.abs(line[:, None] - line))
    array([[0. , 1. , 1. ],
           [0. , 2. , 9.5]])
    """
    n = len(gaps)
    sizes = np.ones(n) if weights is None else np.asarray(weights, dtype=np.float64).copy()
    if gaps.shape != (n, n) or sizes.shape != (n,) or (sizes <= 0).any():
        msg = f"gaps of shape {gaps.shape} need as many positive weights"
        raise MathsError(msg)
    heights = gaps.astype(np.float64)
    np.fill_diagonal(heights, np.inf)
    alive = np.ones(n, dtype=bool)
    merges = np.empty((max(n - 1, 0), 3))
    chain: list[int] = []
    for step in range(n - 1):
        if not chain:
            chain.append(int(alive.argmax()))
        a, b = _mutual(heights, chain)
        merges[step] = a, b, heights[a, b]
        merged = (sizes[a] * heights[a] + sizes[b] * heights[b]) / (sizes[a] + sizes[b])
        merged[a] = merged[b] = np.inf
        heights[a], heights[:, a] = merged, merged
        heights[b], heights[:, b] = np.inf, np.inf
        sizes[a] += sizes[b]
        alive[b] = False
    return merges[np.argsort(merges[:, 2], kind="stable")]


def _mutual(heights: NDArray[np.float64], chain: list[int]) -> tuple[int, int]:
    """Follow nearest neighbours to two that are each other's, and take them off the chain."""
    while True:
        row = heights[chain[-1]]
        near = int(row.argmin())
        # Of equally near ones the one before in the chain, or chains could run for ever.
        if len(chain) > 1 and row[chain[-2]] <= row[near]:
            a, b = sorted((chain.pop(), chain.pop()))
            return a, b
        chain.append(near)
