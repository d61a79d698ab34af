"""Principal components: the few directions that keep the most variance."""

from __future__ import annotations

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

WIDE = 200
"""From this many columns on, only the leading components are computed."""

SPARE, ROUNDS = 20, 4
"""Directions beside those wanted, and rounds, of the search for a leading subspace."""


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


def leading_subspace(
    centred: NDArray[np.float64], count: int, rng: Generator
) -> NDArray[np.float64]:
    """Find directions that keep nearly as much variance as so many leading components.

    Parameters
    ----------
    centred : ndarray of shape (n_rows, n_columns)
        Rows minus their mean.
    count : int
        Directions wanted; fewer come back where there are fewer rows or columns.
    rng : Generator
        Begins the iteration.

    Returns
    -------
    ndarray of shape (n_columns, n_directions)
        Orthonormal columns, the one with the most variance first.

    Notes
    -----
    Subspace iteration from random directions; cost O(n_rows n_columns count), where components
    themselves cost O(n_rows n_columns^2).

    References
    ----------
    Halko, N., Martinsson, P.-G. and Tropp, J. A. (2011). Finding structure with randomness.
    SIAM Review 53, 217-288, algorithm 4.4.
    """
    count = min(count, *centred.shape)
    width = min(count + SPARE, *centred.shape)
    found, _ = np.linalg.qr(rng.standard_normal((centred.shape[1], width)))
    for _ in range(ROUNDS):
        found, _ = np.linalg.qr(centred.T @ (centred @ found))
    inside = centred @ found
    _, turned = np.linalg.eigh(inside.T @ inside)
    directions: NDArray[np.float64] = found @ turned[:, ::-1][:, :count]
    return directions
