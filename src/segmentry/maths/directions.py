"""Rows as directions from where amounts begin: the mix of each, however much of it.

Read on in ``docs/methods/spherical_k_means.md``.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

LEAST = 1e-9
"""Share of a value below which the difference to its beginning is rounding."""


def directions(X: NDArray[np.float64], origin: NDArray[np.float64]) -> NDArray[np.float64]:
    r"""Bring what rows have above an origin to length one.

    A row's numbers are the very same in any company: columns are added up one after the other.

    Parameters
    ----------
    X : ndarray of shape (n_rows, n_columns), finite
    origin : ndarray of shape (n_columns,), finite
        Where amounts begin. What lies below it counts as nothing.

    Returns
    -------
    ndarray of shape (n_rows, n_columns + 1)
        Rows of length one. A row with nothing has no direction among the columns, and gets one of
        its own: the last column is 1 for it and 0 for all others. So rows with nothing are alike,
        and nothing like any other.

    Notes
    -----
    Of rows of length one the squared distance is :math:`2 - 2 \cos`, at most 2 here.

    Examples
    --------
    >>> directions(np.array([[4.0, 5.0], [1.0, 1.0]]), np.array([1.0, 1.0]))
    array([[0.6, 0.8, 0. ],
           [0. , 0. , 1. ]])
    """
    result = np.zeros((len(X), X.shape[1] + 1))
    amounts = result[:, :-1]
    np.subtract(X, origin, out=amounts)
    amounts[amounts <= LEAST * np.maximum(np.abs(X), np.abs(origin))] = 0.0
    # Measured by the largest value, no square is too large or too small.
    largest = amounts.max(axis=1, initial=0.0)
    has_none = largest == 0.0
    amounts /= np.where(has_none, 1.0, largest)[:, None]
    squares = np.zeros(len(X))
    for column in amounts.T:
        squares += column * column
    amounts /= np.sqrt(np.where(has_none, 1.0, squares))[:, None]
    result[:, -1] = has_none
    return result


def seen_from(X: NDArray[np.float64], origin: NDArray[np.float64] | None) -> NDArray[np.float64]:
    """Give rows as points are compared with them: as they are, or by direction from an origin."""
    return X if origin is None else directions(X, origin)
