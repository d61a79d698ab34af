"""How far off a ratio of two sums over the same rows may be, such as value after over value before.

What lives here: the ratio and its interval. What does not: means and shares (``intervals``).
"""

from __future__ import annotations

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from segmentry.errors import MathsError
from segmentry.maths.intervals import LEVEL, student_quantile, studentised_interval

BOOTSTRAP_ROWS = 2_000
"""Rows beyond which the linearised interval serves."""


def ratio_interval(
    top: NDArray[np.float64], bottom: NDArray[np.float64], rng: Generator, *, level: float = LEVEL
) -> tuple[float, float, float]:
    r"""Give the ratio of two sums, and bound it by the studentised bootstrap over rows.

    Parameters
    ----------
    top, bottom : ndarray of shape (n,), finite
        Of the same rows; ``bottom`` is 0 or more and adds up to more than 0.
    rng : numpy.random.Generator
    level : float, default=0.95

    Returns
    -------
    tuple of float
        Ratio, lower and upper bound. One row bounds nothing, and gives its ratio three times.

    Raises
    ------
    MathsError
        If there is nothing to divide by.

    Notes
    -----
    The standard error is that of the linearised ratio,

    .. math:: \frac{1}{\bar x \sqrt n} \, \mathrm{sd}(y_i - R x_i), \quad R = \sum y / \sum x.

    Draws without anything to divide by are left out. Where many rows are there, or nothing
    scatters, Student's quantile stands for the bootstrap's. Where all of ``top`` is 0 or more, so
    is the interval.

    References
    ----------
    Cochran, W. G. (1977). Sampling techniques, 3rd ed., section 6.4.
    Efron, B. and Tibshirani, R. (1993). An introduction to the bootstrap, section 12.5.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> ratio, low, high = ratio_interval(np.array([1.0, 3.0, 2.0]), np.array([2.0, 2.0, 4.0]), rng)
    >>> ratio, low < ratio < high
    (0.75, True)
    """
    if len(bottom) == 0 or not bottom.sum() > 0.0:
        msg = "a ratio needs something to divide by"
        raise MathsError(msg)
    n = len(top)
    ratio, error = _ratio(top, bottom)
    if n == 1:
        return ratio, ratio, ratio
    if 10 <= n <= BOOTSTRAP_ROWS and error > 0.0:

        def of_rows(rows: NDArray[np.int64]) -> tuple[float, float] | None:
            drawn = bottom[rows]
            return _ratio(top[rows], drawn) if drawn.sum() > 0.0 else None

        low, high = studentised_interval(of_rows, n, rng, level=level)
    else:
        half = error * float(student_quantile(np.array([n - 1.0]), level)[0])
        low, high = ratio - half, ratio + half
    return ratio, max(low, 0.0) if (top >= 0.0).all() else low, high


def _ratio(top: NDArray[np.float64], bottom: NDArray[np.float64]) -> tuple[float, float]:
    """Give the ratio of sums and its standard error."""
    n = len(top)
    ratio = float(top.sum() / bottom.sum())
    if n < 2:
        return ratio, 0.0
    left = top - ratio * bottom
    return ratio, float(left.std(ddof=1) / (bottom.mean() * np.sqrt(n)))
