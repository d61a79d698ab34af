"""Ranks of values, ties sharing their mean."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def average_ranks(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Rank the values of each column from 1 on; equal values share the mean of their ranks.

    Written here because the library that has it takes longer to load than all ranks of a run.

    Parameters
    ----------
    values : ndarray of shape (n_rows,) or (n_rows, n_columns), finite

    Returns
    -------
    ndarray of the same shape

    Examples
    --------
    >>> average_ranks(np.array([10.0, 30.0, 10.0, 99.0]))
    array([1.5, 3. , 1.5, 4. ])
    """
    if values.ndim == 2:
        result = np.empty(values.shape)
        for j, column in enumerate(values.T):
            result[:, j] = average_ranks(column)
        return result
    order = np.argsort(values)
    ascending = values[order]
    is_first = np.append(True, ascending[1:] != ascending[:-1])[: len(values)]
    starts = np.append(np.flatnonzero(is_first), len(values))
    shared = (starts[:-1] + starts[1:] + 1) / 2
    ranks = np.empty(len(values))
    ranks[order] = np.repeat(shared, np.diff(starts))
    return ranks
