"""Nearest prototypes, with answers that do not depend on batch size or thread count."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from segmentry.errors import MathsError

BLOCK_ROWS = 4_096
"""Rows scored together: a block of distances stays in the processor's cache."""


def squared_distances(
    X: NDArray[np.float64], prototypes: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Measure rows against prototypes, adding columns one after the other.

    A matrix product would be faster, but its sums change in their last bits with the number of
    rows and threads; here each row's sum has one fixed order, so that a row scored alone gets
    the very same number as in a batch.

    Parameters
    ----------
    X : ndarray of shape (n_rows, n_columns)
    prototypes : ndarray of shape (n_prototypes, n_columns)

    Returns
    -------
    ndarray of shape (n_rows, n_prototypes)
        Squared Euclidean distances, 0 or more.

    Raises
    ------
    MathsError
        If the column counts differ.

    Examples
    --------
    >>> squared_distances(np.array([[0.0, 0.0]]), np.array([[3.0, 4.0]]))
    array([[25.]])
    """
    if X.ndim != 2 or prototypes.ndim != 2 or X.shape[1] != prototypes.shape[1]:
        msg = f"X has shape {X.shape} but prototypes have {prototypes.shape}"
        raise MathsError(msg)
    result = np.zeros((len(prototypes), len(X)))
    for start in range(0, len(X), BLOCK_ROWS):
        block = np.ascontiguousarray(X[start : start + BLOCK_ROWS].T)
        for p, prototype in enumerate(prototypes):
            total = result[p, start : start + BLOCK_ROWS]
            for j, centre in enumerate(prototype):
                gap = block[j] - centre
                gap *= gap
                total += gap
    return np.ascontiguousarray(result.T)


def two_nearest(
    distances: NDArray[np.float64], groups: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64], NDArray[np.float64]]:
    """Find the nearest and the second nearest group of prototypes for each row.

    Parameters
    ----------
    distances : ndarray of shape (n_rows, n_prototypes)
        Squared distances.
    groups : ndarray of shape (n_prototypes,)
        Group of each prototype, 0 .. n_groups - 1. Ties go to the lowest group.

    Returns
    -------
    first, second : ndarray of shape (n_rows,)
        Groups; ``second`` equals ``first`` where there is only one group.
    nearest, runner_up : ndarray of shape (n_rows,)
        Their distances (square roots).
    """
    n_groups = int(groups.max()) + 1
    by_group = np.full((len(distances), n_groups), np.inf)
    for prototype, group in enumerate(groups):
        np.minimum(by_group[:, group], distances[:, prototype], out=by_group[:, group])
    rows = np.arange(len(distances))
    first = by_group.argmin(axis=1)
    nearest = np.sqrt(by_group[rows, first])
    if n_groups == 1:
        return first, first.copy(), nearest, nearest.copy()
    by_group[rows, first] = np.inf
    second = by_group.argmin(axis=1)
    return first, second, nearest, np.sqrt(by_group[rows, second])
