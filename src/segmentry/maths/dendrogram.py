"""What a linkage says once it is there: cuts at every number of clusters, and a tree to draw.

What lives here: reading merges. What does not: finding them (``maths.ward``,
``maths.lance_williams``, ``maths.robust_linkage``). Read on in ``docs/methods/linkages.md``.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from segmentry.errors import MathsError


def cut_linkage(merges: NDArray[np.float64], n_clusters: int) -> NDArray[np.int64]:
    """Give each point its cluster after all but the last merges.

    Parameters
    ----------
    merges : ndarray of shape (n_points - 1, 3)
        In the order in which they happen: two points, one from each of the clusters that merge,
        and the height.
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
    >>> cut_linkage(np.array([[0.0, 1.0, 0.5], [1.0, 2.0, 9.0]]), 2)
    array([0, 0, 1])
    """
    n = len(merges) + 1
    if not 1 <= n_clusters <= n:
        msg = f"{n} points can be cut into 1 to {n} clusters, not {n_clusters}"
        raise MathsError(msg)
    return joined(n, merges[: n - n_clusters, :2].astype(np.int64))


def joined(n_points: int, pairs: NDArray[np.int64]) -> NDArray[np.int64]:
    """Give the clusters that pairs of points hold together, numbered by their first points.

    Parameters
    ----------
    n_points : int
    pairs : ndarray of shape (n_pairs, 2)

    Returns
    -------
    ndarray of shape (n_points,)
    """
    root = np.arange(n_points)
    a, b = pairs.T
    while len(a):
        one, other = root[a], root[b]
        # Each root hangs on the lowest one that it is paired with, so that the first point wins.
        np.minimum.at(root, np.maximum(one, other), np.minimum(one, other))
        while not np.array_equal(root, higher := root[root]):
            root = higher
        apart = root[a] != root[b]
        a, b = a[apart], b[apart]
    _, labels = np.unique(root, return_inverse=True)
    return labels.astype(np.int64)


def clusters_below(merges: NDArray[np.float64], height: float) -> int:
    """Count the clusters that are left where every merge up to a height has happened.

    Parameters
    ----------
    merges : ndarray of shape (n_points - 1, 3)
    height : float

    Returns
    -------
    int
        For ``cut_linkage``. A merge that is lower than one before it counts as high as that one.

    Examples
    --------
    >>> clusters_below(np.array([[0.0, 1.0, 0.5], [1.0, 2.0, 9.0]]), 1.0)
    2
    """
    heights = np.maximum.accumulate(merges[:, 2])
    return len(merges) + 1 - int(np.searchsorted(heights, height, side="right"))


def dendrogram(
    merges: NDArray[np.float64], weights: NDArray[np.float64] | None = None
) -> NDArray[np.float64]:
    """Write merges in the form in which scipy and others draw them.

    Parameters
    ----------
    merges : ndarray of shape (n_points - 1, 3)
        In the order in which they happen.
    weights : ndarray of shape (n_points,), default ones

    Returns
    -------
    ndarray of shape (n_points - 1, 4)
        Two clusters, the height, and the weight of both together. Points are clusters 0 ..
        n_points - 1, and the merge of row i makes cluster n_points + i. Heights never fall: a
        merge that is lower than one before it is drawn as high as that one.

    Examples
    --------
    >>> dendrogram(np.array([[0.0, 1.0, 0.5], [1.0, 2.0, 9.0]]))
    array([[0. , 1. , 0.5, 2. ],
           [2. , 3. , 9. , 3. ]])
    """
    n = len(merges) + 1
    root = list(range(n))
    names = list(range(n))
    sizes = [1.0] * n if weights is None else [float(w) for w in weights]
    rows = np.empty((n - 1, 4))

    def found(i: int) -> int:
        while root[i] != i:
            root[i] = root[root[i]]
            i = root[i]
        return i

    for step, (a, b) in enumerate(merges[:, :2].astype(np.int64).tolist()):
        one, other = found(a), found(b)
        pair = sorted((names[one], names[other]))
        root[other] = one
        sizes[one] += sizes[other]
        rows[step] = *pair, 0.0, sizes[one]
        names[one] = n + step
    rows[:, 2] = np.maximum.accumulate(merges[:, 2])
    return rows
