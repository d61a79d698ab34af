"""Principal components: the few directions that keep the most variance."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

WIDE = 200
"""From this many columns on, only the leading components are computed."""


def leading_components(
    centred: NDArray[np.float64], count: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Find the directions in which rows vary most.

    Parameters
    ----------
    centred : ndarray of shape (n_rows, n_columns)
        Rows minus their mean.
    count : int
        Components wanted; fewer come back where there are fewer columns.

    Returns
    -------
    variances : ndarray of shape (n_components,)
        Largest first, 0 or more.
    directions : ndarray of shape (n_columns, n_components)
        Orthonormal columns; their signs are arbitrary.

    References
    ----------
    Pearson, K. (1901). On lines and planes of closest fit to systems of points in space.
    Philosophical Magazine 2, 559-572.
    """
    covariance = centred.T @ centred / max(len(centred) - 1, 1)
    n_columns = len(covariance)
    if n_columns >= WIDE:
        from scipy.sparse.linalg import eigsh

        # A fixed start makes the iteration deterministic.
        start = np.ones(n_columns) / np.sqrt(n_columns)
        variances, directions = eigsh(covariance, k=min(count, n_columns - 1), v0=start)
    else:
        variances, directions = np.linalg.eigh(covariance)
    order = np.argsort(-variances, kind="stable")[:count]
    return np.maximum(variances[order], 0.0), directions[:, order]
