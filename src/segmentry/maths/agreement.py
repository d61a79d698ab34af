"""How far two partitions of the same entities agree."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from segmentry.errors import MathsError


def contingency(a: NDArray[np.int64], b: NDArray[np.int64]) -> NDArray[np.int64]:
    """Count entities by both labels.

    Parameters
    ----------
    a, b : ndarray of shape (n,), int
        Any integers; each distinct one is a group.

    Returns
    -------
    ndarray of shape (n_groups_a, n_groups_b)

    Raises
    ------
    MathsError
        If the lengths differ.
    """
    if a.shape != b.shape:
        msg = f"labels have shapes {a.shape} and {b.shape}"
        raise MathsError(msg)
    _, rows = np.unique(a, return_inverse=True)
    _, columns = np.unique(b, return_inverse=True)
    width = int(columns.max(initial=-1)) + 1
    height = int(rows.max(initial=-1)) + 1
    counts = np.bincount(rows * width + columns, minlength=height * width)
    return counts.reshape(height, width)


def adjusted_rand_index(a: NDArray[np.int64], b: NDArray[np.int64]) -> float:
    """Measure agreement of two partitions, corrected for chance.

    Parameters
    ----------
    a, b : ndarray of shape (n,), int

    Returns
    -------
    float
        1 for equal partitions, about 0 for independent ones, can be negative.

    References
    ----------
    Hubert, L. and Arabie, P. (1985). Comparing partitions. Journal of Classification 2, 193-218.

    Examples
    --------
    >>> adjusted_rand_index(np.array([0, 0, 1, 1]), np.array([7, 7, 3, 3]))
    1.0
    """
    table = contingency(a, b).astype(np.float64)
    n = table.sum()
    if n < 2:
        return 1.0
    pairs = _pairs(table).sum()
    pairs_a, pairs_b = _pairs(table.sum(axis=1)).sum(), _pairs(table.sum(axis=0)).sum()
    expected = pairs_a * pairs_b / _pairs(n)
    largest = (pairs_a + pairs_b) / 2.0
    if largest == expected:
        return 1.0
    return float((pairs - expected) / (largest - expected))


def _pairs(counts: NDArray[np.float64]) -> NDArray[np.float64]:
    return counts * (counts - 1.0) / 2.0
