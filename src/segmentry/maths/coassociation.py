"""Evidence accumulation: how often partitions put rows together.

What lives here: the share of partitions that agree on two points. What does not: which partitions
(``cluster.consensus``), and the linkage over these shares (``lance_williams``). Read on in
``docs/methods/consensus.md``.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from segmentry.errors import MathsError


def coassociation(
    partitions: Sequence[NDArray[np.int64]],
    points: NDArray[np.int64],
    weights: NDArray[np.float64] | None = None,
) -> NDArray[np.float64]:
    r"""Measure the share of partitions in which two points are in one cluster.

    Parameters
    ----------
    partitions : sequence of ndarray of int, shape (n_rows,)
        Labels from 0 on, at least one partition.
    points : ndarray of int, shape (n_rows,)
        The point that each row belongs to, 0 .. n_points - 1, each occurring.
    weights : ndarray of shape (n_rows,), positive, default ones
        How much each row counts in its point.

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
    sizes = np.bincount(points, weights, minlength=n).astype(np.float64)
    result = np.zeros((n, n))
    for labels in partitions:
        k = int(labels.max(initial=-1)) + 1
        counts = np.bincount(points * k + labels, weights, minlength=n * k).reshape(n, k)
        shares = counts / sizes[:, None]
        result += shares @ shares.T
    result /= len(partitions)
    np.fill_diagonal(result, 1.0)
    return result
