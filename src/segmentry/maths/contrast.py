"""How far segments lie from each other, pair by pair: in numbers and in categories.

What lives here: effect sizes of two segments against each other. What does not: those of a segment
against everyone (``maths.effect``).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from segmentry.errors import MathsError


def mean_gaps(
    values: NDArray[np.float64], segment: NDArray[np.int64], n_segments: int
) -> NDArray[np.float64]:
    r"""Measure how far the means of any two segments lie apart, in everyone's standard deviations.

    The deviation is everyone's and not that within segments: whatever is cut out of a cloud is
    narrow where it was cut, so that any cut at all would be large against the latter.

    Parameters
    ----------
    values : ndarray of shape (n,)
        NaN is left out.
    segment : ndarray of int, shape (n,)
        0 .. n_segments - 1.
    n_segments : int

    Returns
    -------
    ndarray of shape (n_segments, n_segments)
        Symmetric, 0 or more; NaN where a segment holds no known value, 0 where nothing varies.

    Raises
    ------
    MathsError
        If the lengths differ.

    Notes
    -----
    .. math:: d_{st} = |\bar x_s - \bar x_t| / \sigma

    References
    ----------
    Cohen, J. (1988). Statistical power analysis for the behavioral sciences, 2nd ed., section 2.2:
    0.2 is small, 0.5 medium, 0.8 large.

    Examples
    --------
    >>> mean_gaps(np.array([0.0, 0.0, 2.0, 2.0]), np.array([0, 0, 1, 1]), 2)
    array([[0., 2.],
           [2., 0.]])
    """
    _check(values, segment)
    known = ~np.isnan(values)
    own, groups = values[known], segment[known]
    sizes = np.bincount(groups, minlength=n_segments)
    # A shift changes no gap; without it, large values would cancel.
    own = own - (own.mean() if len(own) else 0.0)
    sums = np.bincount(groups, weights=own, minlength=n_segments)
    means = np.where(sizes > 0, sums / np.maximum(sizes, 1), np.nan)
    gaps: NDArray[np.float64] = np.abs(means[:, None] - means[None, :])
    deviation = float(own.std()) if len(own) else 0.0
    largest = float(np.abs(values[known]).max(initial=0.0))
    if deviation <= 1e-12 * max(largest, 1e-300):
        return 0.0 * gaps
    result: NDArray[np.float64] = gaps / deviation
    return result


def associations(
    codes: NDArray[np.int64], segment: NDArray[np.int64], n_segments: int
) -> NDArray[np.float64]:
    r"""Measure how far any two segments differ in a category (Cramer's V).

    Parameters
    ----------
    codes : ndarray of int, shape (n,)
        Level of each row; negative ones are not known and left out.
    segment : ndarray of int, shape (n,)
        0 .. n_segments - 1.
    n_segments : int

    Returns
    -------
    ndarray of shape (n_segments, n_segments)
        In [0, 1], symmetric; NaN where a segment holds no known level.

    Raises
    ------
    MathsError
        If the lengths differ.

    Notes
    -----
    Of the table of two segments by levels, :math:`V = \sqrt{\chi^2 / n}`: one of its sides has two
    cells, so that nothing else is divided by. Sizes matter: it shrinks where one segment is far
    smaller than the other.

    References
    ----------
    Cramer, H. (1946). Mathematical methods of statistics, section 21.9.

    Examples
    --------
    >>> associations(np.array([0, 0, 1, 1]), np.array([0, 0, 1, 1]), 2)
    array([[0., 1.],
           [1., 0.]])
    """
    _check(codes, segment)
    known = codes >= 0
    n_levels = int(codes.max(initial=0)) + 1
    cells = np.bincount(
        segment[known] * n_levels + codes[known], minlength=n_segments * n_levels
    ).reshape(n_segments, n_levels)
    found = np.zeros((n_segments, n_segments))
    for s in range(n_segments):
        for t in range(s):
            found[s, t] = found[t, s] = _association(cells[[s, t]].astype(np.float64))
    empty = cells.sum(axis=1) == 0
    found[empty], found[:, empty] = np.nan, np.nan
    return found


def _association(cells: NDArray[np.float64]) -> float:
    sizes, levels = cells.sum(axis=1), cells.sum(axis=0)
    if (sizes == 0).any():
        return float("nan")
    n = float(cells.sum())
    expected = np.outer(sizes, levels[levels > 0]) / n
    chi = float(((cells[:, levels > 0] - expected) ** 2 / expected).sum())
    return min(1.0, float(np.sqrt(chi / n)))


def _check(values: NDArray[np.float64] | NDArray[np.int64], segment: NDArray[np.int64]) -> None:
    if values.shape != segment.shape:
        msg = f"values have shape {values.shape} but segments {segment.shape}"
        raise MathsError(msg)
