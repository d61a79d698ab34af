"""How many of each group to act on, so that what it brings is most within what there is."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from segmentry.errors import MathsError

SLACK = 1e-9
"""Part of a capacity by which rounding may pass it."""


def best_counts(
    gains: NDArray[np.float64],
    most: NDArray[np.int64],
    needs: NDArray[np.float64],
    capacities: NDArray[np.float64],
) -> NDArray[np.int64]:
    r"""Choose whole numbers that bring most and need no more than there is.

    Parameters
    ----------
    gains : ndarray of shape (n_groups,), finite
        What one member brings; where it is not above 0, nobody is taken.
    most : ndarray of int, shape (n_groups,)
        Members that there are.
    needs : ndarray of shape (n_capacities, n_groups), 0 or more
        What one member needs of each capacity.
    capacities : ndarray of shape (n_capacities,), 0 or more

    Returns
    -------
    ndarray of int, shape (n_groups,)

    Raises
    ------
    MathsError
        If shapes differ, or a need or a capacity lies below 0.

    Notes
    -----
    The integer programme

    .. math:: \max_x \sum_s g_s x_s, \quad A x \le c, \quad 0 \le x_s \le n_s, \quad x_s \in
              \mathbb{Z},

    solved by HiGHS to optimality, by branching and cutting.

    References
    ----------
    Huangfu, Q. and Hall, J. A. J. (2018). Parallelizing the dual revised simplex method.
    Mathematical Programming Computation 10, 119-142.

    Examples
    --------
    >>> best_counts(np.array([5.0, 3.0]), np.array([10, 10]), np.array([[2.0, 1.0]]),
    ...             np.array([14.0])).tolist()
    [2, 10]
    """
    _check(gains, most, needs, capacities)
    from scipy.optimize import Bounds, LinearConstraint, milp

    upper = np.where(gains > 0, most, 0)
    if not upper.any():
        return upper
    found = milp(
        -np.maximum(gains, 0.0),
        integrality=np.ones(len(gains)),
        bounds=Bounds(0, upper),
        constraints=LinearConstraint(needs, ub=capacities),
        options={"mip_rel_gap": 0.0},
    )
    if found.x is None:  # pragma: no cover - nobody at all is always possible
        msg = f"no counts were found: {found.message}"
        raise MathsError(msg)
    counts: NDArray[np.int64] = np.rint(found.x).astype(np.int64)
    # The solver's own tolerance may pass a capacity by a millionth of a member.
    while (needs @ counts > capacities * (1.0 + SLACK) + SLACK).any():
        passed = (needs[needs @ counts > capacities] > 0).any(axis=0) & (counts > 0)
        counts[int(np.argmin(np.where(passed, gains, np.inf)))] -= 1
    return counts


def shadow_prices(
    gains: NDArray[np.float64],
    most: NDArray[np.int64],
    needs: NDArray[np.float64],
    capacities: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Give what one more unit of each capacity brings, members counted in parts.

    Parameters
    ----------
    gains, most, needs, capacities
        As for ``best_counts``.

    Returns
    -------
    ndarray of shape (n_capacities,), 0 or more

    Notes
    -----
    The linear programme is solved again with one unit more. At a corner, where its dual values are
    not unique, that is the price of more, never that of less.

    Examples
    --------
    >>> shadow_prices(np.array([5.0, 3.0]), np.array([10, 10]), np.array([[2.0, 1.0]]),
    ...               np.array([14.0])).tolist()
    [2.5]
    """
    _check(gains, most, needs, capacities)
    now = _worth(gains, most, needs, capacities)
    more = (_worth(gains, most, needs, capacities + unit) - now for unit in np.eye(len(capacities)))
    return np.array([max(0.0, round(price, 9)) for price in more])


def _worth(
    gains: NDArray[np.float64],
    most: NDArray[np.int64],
    needs: NDArray[np.float64],
    capacities: NDArray[np.float64],
) -> float:
    from scipy.optimize import linprog

    upper = np.where(gains > 0, most, 0)
    bounds = np.column_stack([np.zeros(len(gains)), upper])
    found = linprog(-gains, A_ub=needs, b_ub=capacities, bounds=bounds, method="highs")
    return -float(found.fun)


def _check(
    gains: NDArray[np.float64],
    most: NDArray[np.int64],
    needs: NDArray[np.float64],
    capacities: NDArray[np.float64],
) -> None:
    if gains.shape != most.shape or needs.shape != (len(capacities), len(gains)):
        msg = (
            f"gains of shape {gains.shape}, counts of shape {most.shape} and needs of shape "
            f"{needs.shape} do not match"
        )
        raise MathsError(msg)
    if (needs < 0).any() or (capacities < 0).any() or (most < 0).any():
        msg = "needs, capacities and counts are 0 or more"
        raise MathsError(msg)


def sum_interval(
    values: NDArray[np.float64], lows: NDArray[np.float64], highs: NDArray[np.float64]
) -> tuple[float, float]:
    r"""Bound a sum of figures that were measured independently, each with its interval.

    Parameters
    ----------
    values, lows, highs : ndarray of shape (n,)
        Each figure inside its interval; the intervals are of one level.

    Returns
    -------
    tuple of float
        Of the same level.

    Notes
    -----
    .. math:: L = \sum_i v_i - \sqrt{\sum_i (v_i - l_i)^2}, \quad
              U = \sum_i v_i + \sqrt{\sum_i (u_i - v_i)^2}.

    For symmetric intervals the usual sum of variances; others keep their skew.

    References
    ----------
    Zou, G. Y. and Donner, A. (2008). Construction of confidence limits about effect measures: a
    general approach. Statistics in Medicine 27, 1693-1702.

    Examples
    --------
    >>> low, high = sum_interval(np.array([5.0, 5.0]), np.array([2.0, 1.0]), np.array([8.0, 9.0]))
    >>> low, high
    (5.0, 15.0)
    """
    whole = float(values.sum())
    down, up = np.hypot.reduce(values - lows), np.hypot.reduce(highs - values)
    return whole - float(down), whole + float(up)
