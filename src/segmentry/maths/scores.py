"""Scores from 1 up: classes as equal as ties allow, and none of them empty.

What lives here: the choice of class borders. What does not: which features are scored
(``features.derived.rfm``).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

MOST_VALUES = 2_000
"""Distinct values that are looked at one by one; more are first put into as many bins."""


def even_borders(values: NDArray[np.float64], n_classes: int) -> NDArray[np.float64]:
    r"""Cut values into classes whose sizes are as equal as ties allow.

    Quantiles of a column full of ties (half of all customers bought once) repeat each other, and
    the classes between them vanish: one score swallows others. Borders between *distinct* values
    chosen for the least sum of squared sizes leave no class empty.

    Parameters
    ----------
    values : ndarray of shape (n,)
        NaN is left out.
    n_classes : int
        At least 1.

    Returns
    -------
    ndarray of shape (m,), m <= n_classes - 1
        Ascending; a value's class is the number of borders at or below it. Fewer classes where
        there are fewer distinct values.

    Notes
    -----
    Optimal by dynamic programming over the distinct values, as for natural breaks. Cost
    O(n log n) plus O(n_classes m^2) for m distinct values, at most ``MOST_VALUES``.

    References
    ----------
    Fisher, W. D. (1958). On grouping for maximum homogeneity. JASA 53, 789-798.

    Examples
    --------
    >>> even_borders(np.array([1.0] * 50 + [2.0] * 20 + [3.0] * 10 + [4.0] * 10 + [5.0] * 10), 3)
    array([1.5, 2.5])
    >>> even_borders(np.array([1.0, 1.0, 2.0]), 5)
    array([1.5])
    """
    found, sizes = np.unique(values[~np.isnan(values)], return_counts=True)
    if len(found) > MOST_VALUES:
        ends = np.searchsorted(np.cumsum(sizes), np.linspace(0, sizes.sum(), MOST_VALUES + 1)[1:-1])
        starts = np.unique(np.concatenate([[0], ends]))
        sizes, found = np.add.reduceat(sizes, starts), found[starts]
    k = min(n_classes, len(found))
    if k < 2:
        return np.empty(0)
    upto = np.concatenate([[0.0], np.cumsum(sizes, dtype=np.float64)])
    m = len(found)
    cost = upto[1:] ** 2
    came_from = np.zeros((k, m), dtype=np.int64)
    for j in range(1, k):
        # Class j ends at value i and begins after value s: all s at once, for each i.
        best = np.full(m, np.inf)
        for i in range(j, m):
            total = cost[j - 1 : i] + (upto[i + 1] - upto[j : i + 1]) ** 2
            s = int(np.argmin(total))
            best[i], came_from[j, i] = total[s], s + j
        cost = best
    borders, i = [], m - 1
    for j in range(k - 1, 0, -1):
        start = int(came_from[j, i])
        # Half-way between neighbours, so that a last digit decides nothing.
        middle = (found[start - 1] + found[start]) / 2.0
        borders.append(middle if middle > found[start - 1] else found[start])
        i = start - 1
    return np.array(borders[::-1])


def scored(values: NDArray[np.float64], borders: NDArray[np.float64]) -> NDArray[np.float64]:
    """Give each value its score from 1 up, NaN where the value is NaN.

    Parameters
    ----------
    values : ndarray of shape (n,)
    borders : ndarray of shape (m,)
        Ascending.

    Returns
    -------
    ndarray of shape (n,)
        From 1 to m + 1.
    """
    result = 1.0 + np.searchsorted(borders, values, side="right")
    result[np.isnan(values)] = np.nan
    return np.asarray(result, dtype=np.float64)
