"""The best one-to-one matching of rows and columns."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from segmentry.errors import MathsError


def best_matching(worth: NDArray[np.float64]) -> NDArray[np.int64]:
    """Give every row a column of its own so that the worth of all pairs together is largest.

    Parameters
    ----------
    worth : ndarray of shape (n_rows, n_columns), finite
        At least as many columns as rows.

    Returns
    -------
    ndarray of int, shape (n_rows,)
        The column of each row.

    Raises
    ------
    MathsError
        If there are more rows than columns.

    Notes
    -----
    Shortest augmenting paths; cost O(n_rows^2 n_columns). Among matchings of equal worth the
    outcome is always the same one, but which is not promised.

    References
    ----------
    Crouse, D. F. (2016). On implementing 2D rectangular assignment algorithms. IEEE Transactions
    on Aerospace and Electronic Systems 52, 1679-1696.

    Examples
    --------
    >>> best_matching(np.array([[5.0, 4.0, 0.0], [5.0, 1.0, 0.0]]))
    array([1, 0])
    """
    n_rows, n_columns = worth.shape
    if n_rows > n_columns:
        msg = f"{n_rows} rows cannot each have one of {n_columns} columns"
        raise MathsError(msg)
    costs = worth.max(initial=0.0) - worth
    by_row, by_column = np.zeros(n_rows), np.zeros(n_columns)
    owner = np.full(n_columns, -1)
    column_of = np.full(n_rows, -1)
    for start in range(n_rows):
        reach = np.full(n_columns, np.inf)
        came_from = np.full(n_columns, -1)
        left, seen = np.ones(n_columns, dtype=bool), [start]
        row, length = start, 0.0
        while True:
            through = length + costs[row] - by_row[row] - by_column
            nearer = left & (through < reach)
            reach[nearer], came_from[nearer] = through[nearer], row
            column = _nearest(reach, left, owner)
            length = float(reach[column])
            left[column] = False
            if owner[column] < 0:
                break
            row = int(owner[column])
            seen.append(row)
        by_row[start] += length
        for other in seen[1:]:
            by_row[other] += length - reach[column_of[other]]
        done = ~left
        by_column[done] -= length - reach[done]
        while True:
            row = int(came_from[column])
            owner[column] = row
            column_of[row], column = column, column_of[row]
            if row == start:
                break
    return column_of


def _nearest(reach: NDArray[np.float64], left: NDArray[np.bool_], owner: NDArray[np.int64]) -> int:
    """Choose the nearest column that is left: the first without an owner, else the last."""
    nearest = np.flatnonzero(left & (reach == reach[left].min()))
    free = nearest[owner[nearest] < 0]
    return int(free[0] if len(free) else nearest[-1])
