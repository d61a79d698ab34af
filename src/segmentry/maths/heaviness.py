"""Who carries a sum of squares: few rows, or few columns that move together.

What lives here: shares of squared distances. What does not: what counts as too much.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def tail_share(values: NDArray[np.float64], *, share: float = 0.01) -> float:
    r"""Measure how much of a column's variance the rows farthest from its mean carry.

    The expected squared distance of two rows in one column is twice its variance, so this is the
    part of all squared distances that a few rows make.

    Parameters
    ----------
    values : ndarray of shape (n,), finite
    share : float, default=0.01
        Share of rows that count as the farthest; at least one row.

    Returns
    -------
    float
        In [0, 1]; 0 for a column that does not vary.

    Notes
    -----
    Of a normal column the farthest hundredth carries about 8 %. Cost O(n).

    Examples
    --------
    >>> round(tail_share(np.array([0.0] * 99 + [100.0])), 2)
    0.99
    """
    squares = (values - values.mean()) ** 2
    whole = float(squares.sum())
    if whole <= 0:
        return 0.0
    count = max(1, int(np.ceil(share * len(values))))
    return float(np.partition(squares, len(squares) - count)[-count:].sum()) / whole


def companions(
    correlations: NDArray[np.float64], shares: NDArray[np.float64], *, least: float
) -> tuple[int, NDArray[np.int64], float]:
    """Find the column that together with those that move with it carries the most.

    Parameters
    ----------
    correlations : ndarray of shape (n_columns, n_columns), in [-1, 1]
    shares : ndarray of shape (n_columns,)
        Of the whole variance.
    least : float
        Absolute correlation from which on another column moves with it.

    Returns
    -------
    centre : int
        Of several that carry equally much, the one with the larger share, then with the larger
        correlations: what is found does not depend on the order of columns.
    members : ndarray of int
        The column itself among them, in order of position.
    carried : float
        Sum of the members' shares.
    """
    size = np.abs(correlations)
    np.fill_diagonal(size, 1.0)
    moves = size >= least
    carried = np.round(moves @ shares, 9)
    strength = np.round((size * moves).sum(axis=1), 9)
    centre = int(np.lexsort((strength, np.round(shares, 9), carried))[-1])
    members = np.flatnonzero(moves[centre])
    return centre, members, float(shares[members].sum())
