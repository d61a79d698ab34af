"""Values told by other columns: ridge regression and nearest neighbours, row by row.

Sums run column by column, never through a matrix product, so that one row and a million agree to
the bit.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

ROWS_AT_ONCE = 4_096


def ridge(
    X: NDArray[np.float64], y: NDArray[np.float64], *, penalty: float
) -> tuple[NDArray[np.float64], float]:
    """Fit a linear model whose coefficients are held small.

    Parameters
    ----------
    X : ndarray of shape (n_rows, n_columns), finite
    y : ndarray of shape (n_rows,), finite
    penalty : float
        Above 0; what each squared coefficient costs. The intercept costs nothing.

    Returns
    -------
    coefficients : ndarray of shape (n_columns,)
    intercept : float

    References
    ----------
    Hoerl, A. E. and Kennard, R. W. (1970). Ridge regression: biased estimation for nonorthogonal
    problems. Technometrics 12, 55-67.
    """
    means, middle = X.mean(axis=0), float(y.mean())
    centred = X - means
    inner = centred.T @ centred + penalty * np.eye(X.shape[1])
    coefficients: NDArray[np.float64] = np.linalg.solve(inner, centred.T @ (y - middle))
    return coefficients, middle - float(means @ coefficients)


def linear(
    X: NDArray[np.float64], coefficients: NDArray[np.float64], intercept: float
) -> NDArray[np.float64]:
    """Apply a linear model, column by column.

    Parameters
    ----------
    X : ndarray of shape (n_rows, n_columns)
    coefficients : ndarray of shape (n_columns,)
    intercept : float

    Returns
    -------
    ndarray of shape (n_rows,)
    """
    found = np.full(len(X), float(intercept))
    for j, weight in enumerate(coefficients):
        found += X[:, j] * float(weight)
    return found


def nearest_means(
    X: NDArray[np.float64],
    donors: NDArray[np.float64],
    values: NDArray[np.float64],
    *,
    n_neighbours: int,
) -> NDArray[np.float64]:
    """Give each row the mean value of the donors nearest to it; of equals, the first.

    Parameters
    ----------
    X : ndarray of shape (n_rows, n_columns)
    donors : ndarray of shape (n_donors, n_columns)
    values : ndarray of shape (n_donors,)
    n_neighbours : int
        1 to n_donors.

    Returns
    -------
    ndarray of shape (n_rows,)

    References
    ----------
    Troyanskaya, O. et al. (2001). Missing value estimation methods for DNA microarrays.
    Bioinformatics 17, 520-525.
    """
    found = np.empty(len(X))
    for start in range(0, len(X), ROWS_AT_ONCE):
        rows = X[start : start + ROWS_AT_ONCE]
        squares = np.zeros((len(rows), len(donors)))
        for j in range(donors.shape[1]):
            squares += (rows[:, j, None] - donors[None, :, j]) ** 2
        nearest = np.argsort(squares, axis=1, kind="stable")[:, :n_neighbours]
        total = np.zeros(len(rows))
        for place in range(n_neighbours):
            total += values[nearest[:, place]]
        found[start : start + ROWS_AT_ONCE] = total / n_neighbours
    return found
