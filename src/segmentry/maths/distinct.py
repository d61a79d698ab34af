"""Rows that repeat each other: which are distinct, and which one each row repeats."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def distinct_rows(X: NDArray[np.float64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Find the distinct rows of a matrix.

    Parameters
    ----------
    X : ndarray of shape (n_rows, n_columns), finite

    Returns
    -------
    firsts : ndarray of shape (n_distinct,)
        The first row of each kind, in the order of their values.
    owners : ndarray of shape (n_rows,)
        The kind of each row, as a place in ``firsts``.

    Examples
    --------
    >>> distinct_rows(np.array([[2.0], [1.0], [2.0]]))
    (array([1, 0]), array([1, 0, 1]))
    """
    if X.size:
        order = np.argsort(X[:, 0], kind="stable")
        if (np.diff(X[order, 0]) > 0).all():  # the first column tells all rows apart
            places = np.empty_like(order)
            places[order] = np.arange(len(order))
            return order, places
    _, firsts, owners = np.unique(X, axis=0, return_index=True, return_inverse=True)
    return firsts.astype(np.int64), owners.reshape(-1).astype(np.int64)
