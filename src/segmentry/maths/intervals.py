"""Intervals of means and shares: how far off an estimate may be.

What lives here: 95 % intervals (or any level) of one share, one mean, and a share against the
whole. What does not: effect sizes (``maths/effect.py``).
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from segmentry.errors import MathsError
from segmentry.maths.effect import cohens_h

LEVEL = 0.95
"""Level of every interval that the house reports."""

BOOTSTRAP_DRAWS = 999


def normal_quantile(level: float = LEVEL) -> float:
    """Give the half-width, in standard errors, of a central interval of the normal curve."""
    from scipy.special import ndtri

    return float(ndtri(0.5 + level / 2.0))


def student_quantile(degrees: NDArray[np.float64], level: float = LEVEL) -> NDArray[np.float64]:
    """Give the same for Student's t, for each number of degrees of freedom."""
    from scipy.special import stdtrit

    return np.asarray(stdtrit(np.maximum(degrees, 1.0), 0.5 + level / 2.0), dtype=np.float64)


def wilson_interval(successes: int, n: int, *, level: float = LEVEL) -> tuple[float, float]:
    r"""Bound a share by Wilson's score interval.

    It keeps its level for few rows and for shares near 0 and 1, where the textbook interval
    breaks down.

    Parameters
    ----------
    successes : int
        Rows that have the property, 0 .. n.
    n : int
        Rows; 0 gives the interval [0, 1].
    level : float, default=0.95

    Returns
    -------
    tuple of float
        Lower and upper bound, in [0, 1].

    Raises
    ------
    MathsError
        If ``successes`` lies outside 0 .. n.

    Notes
    -----
    .. math:: \frac{p + z^2/2n \pm z\sqrt{p(1-p)/n + z^2/4n^2}}{1 + z^2/n}

    References
    ----------
    Wilson, E. B. (1927). Probable inference, the law of succession, and statistical inference.
    JASA 22, 209-212.

    Examples
    --------
    >>> low, high = wilson_interval(81, 263)
    >>> round(low, 4), round(high, 4)
    (0.2553, 0.3662)
    """
    if not 0 <= successes <= n:
        msg = f"successes must lie in 0 .. {n}, not {successes}"
        raise MathsError(msg)
    if n == 0:
        return 0.0, 1.0
    z, p = normal_quantile(level), successes / n
    middle = p + z * z / (2 * n)
    half = z * np.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    scale = 1 + z * z / n
    low = 0.0 if successes == 0 else float((middle - half) / scale)
    high = 1.0 if successes == n else float((middle + half) / scale)
    return low, high


def newcombe_interval(
    successes: int, n: int, other_successes: int, other_n: int, *, level: float = LEVEL
) -> tuple[float, float]:
    """Bound the difference of two independent shares by squaring and adding Wilson's limits.

    Parameters
    ----------
    successes, n : int
        The first sample.
    other_successes, other_n : int
        The second sample.
    level : float, default=0.95

    Returns
    -------
    tuple of float
        Bounds of the first share minus the second, in [-1, 1].

    References
    ----------
    Newcombe, R. G. (1998). Interval estimation for the difference between independent
    proportions. Statistics in Medicine 17, 873-890, method 10.

    Examples
    --------
    >>> low, high = newcombe_interval(56, 70, 48, 80)
    >>> round(low, 4), round(high, 4)
    (0.0524, 0.3339)
    """
    low, high = wilson_interval(successes, n, level=level)
    other_low, other_high = wilson_interval(other_successes, other_n, level=level)
    p, q = successes / max(n, 1), other_successes / max(other_n, 1)
    down = np.hypot(p - low, other_high - q)
    up = np.hypot(high - p, q - other_low)
    return float(p - q - down), float(p - q + up)


def paired_difference_interval(
    gained: int, lost: int, n: int, *, level: float = LEVEL
) -> tuple[float, float]:
    r"""Bound the change of a share among the same rows, of which some gained it and some lost it.

    Parameters
    ----------
    gained, lost : int
        Rows that have it after and not before, and the other way round.
    n : int
        Rows, those without a change included.
    level : float, default=0.95

    Returns
    -------
    tuple of float
        Bounds of the share after minus that before, in [-1, 1].

    Raises
    ------
    MathsError
        If more changed than there are.

    Notes
    -----
    Wald's interval with half a row added to each of the four cells:

    .. math:: \frac{b - c}{n + 2} \pm \frac{z}{n + 2} \sqrt{(b^* + c^*) - (b - c)^2 / (n + 2)}

    with :math:`b^* = b + 1/2`.

    References
    ----------
    Agresti, A. and Min, Y. (2005). Simple improved confidence intervals for comparing matched
    proportions. Statistics in Medicine 24, 729-740.

    Examples
    --------
    >>> low, high = paired_difference_interval(16, 11, 200)
    >>> round(low, 4), round(high, 4)
    (-0.0265, 0.076)
    """
    if min(gained, lost) < 0 or gained + lost > n:
        msg = f"of {n} rows {gained} cannot have gained and {lost} lost it"
        raise MathsError(msg)
    rows, change = n + 2.0, gained - lost
    spread = (gained + lost + 1.0 - change * change / rows) ** 0.5
    middle, half = change / rows, normal_quantile(level) * spread / rows
    return max(middle - half, -1.0), min(middle + half, 1.0)


def share_against_all_interval(
    successes: int, n: int, all_successes: int, all_n: int, *, level: float = LEVEL
) -> tuple[float, float]:
    """Bound Cohen's h of a part's share against the share in the whole that contains it.

    The whole is the part and the rest, which are independent; the limits of Wilson's intervals
    of these two are carried to the arcsine scale one at a time, and squared and added.

    Parameters
    ----------
    successes, n : int
        The part.
    all_successes, all_n : int
        The whole, part included.
    level : float, default=0.95

    Returns
    -------
    tuple of float
        Bounds of h on the arcsine scale; both 0 where the part is the whole.

    References
    ----------
    Newcombe (1998), as in `newcombe_interval`; Zou, G. Y. and Donner, A. (2008). Construction of
    confidence limits about effect measures. Statistics in Medicine 27, 1693-1702.

    Examples
    --------
    >>> low, high = share_against_all_interval(80, 100, 300, 1000)
    >>> 0.8 < low < cohens_h(0.8, 0.3) < high < 1.3
    True
    """
    rest, rest_successes = all_n - n, all_successes - successes
    if rest <= 0:
        return 0.0, 0.0
    weight = n / all_n
    p, q = successes / max(n, 1), rest_successes / rest

    def against_all(part: float, remainder: float) -> float:
        return cohens_h(part, min(1.0, weight * part + (1.0 - weight) * remainder))

    h = against_all(p, q)
    low, high = wilson_interval(successes, n, level=level)
    rest_low, rest_high = wilson_interval(rest_successes, rest, level=level)
    down = np.hypot(h - against_all(low, q), h - against_all(p, rest_high))
    up = np.hypot(against_all(high, q) - h, against_all(p, rest_low) - h)
    return float(h - down), float(h + up)


def mean_interval(values: NDArray[np.float64], *, level: float = LEVEL) -> tuple[float, float]:
    """Bound a mean by Student's interval.

    Parameters
    ----------
    values : ndarray of shape (n,), finite
        Two rows or more; one row has no interval and gives its value twice.
    level : float, default=0.95

    Returns
    -------
    tuple of float

    Raises
    ------
    MathsError
        If there is no value.

    Examples
    --------
    >>> low, high = mean_interval(np.array([1.0, 2.0, 3.0]))
    >>> round(low, 3), round(high, 3)
    (-0.484, 4.484)
    """
    n = len(values)
    if n == 0:
        msg = "an empty sample has no mean"
        raise MathsError(msg)
    centre = float(values.mean())
    if n == 1:
        return centre, centre
    quantile = float(student_quantile(np.array([n - 1.0]), level)[0])
    half = quantile * float(values.std(ddof=1)) / float(n) ** 0.5
    return centre - half, centre + half


def bootstrap_mean_interval(
    values: NDArray[np.float64], rng: np.random.Generator, *, level: float = LEVEL
) -> tuple[float, float]:
    """Bound the mean of a skewed sample by the studentised bootstrap.

    Student's interval is symmetric and too short on the side of a long tail; resampling the
    t statistic itself bends the interval to the skew.

    Parameters
    ----------
    values : ndarray of shape (n,), finite
    rng : numpy.random.Generator
    level : float, default=0.95

    Returns
    -------
    tuple of float
        Student's interval where there are fewer than 10 rows or no spread.

    References
    ----------
    Efron, B. and Tibshirani, R. (1993). An introduction to the bootstrap, section 12.5.
    """
    n = len(values)
    deviation = float(values.std(ddof=1)) if n > 1 else 0.0
    if n < 10 or deviation == 0.0:
        return mean_interval(values, level=level)
    return studentised_interval(lambda rows: _mean(values[rows]), n, rng, level=level)


def _mean(values: NDArray[np.float64]) -> tuple[float, float]:
    """Give a mean and its standard error."""
    return float(values.mean()), float(values.std(ddof=1)) / float(len(values)) ** 0.5


def studentised_interval(
    estimate: Callable[[NDArray[np.int64]], tuple[float, float] | None],
    n: int,
    rng: np.random.Generator,
    *,
    level: float = LEVEL,
) -> tuple[float, float]:
    """Bound any estimate that has a standard error by the studentised bootstrap over rows.

    Parameters
    ----------
    estimate : callable
        Of places of rows, gives the estimate of these rows and its standard error, or None where
        they give none; such draws are left out.
    n : int
        Rows that are drawn from. All of them have an estimate with an error above 0.
    rng : numpy.random.Generator
    level : float, default=0.95

    Returns
    -------
    tuple of float

    Raises
    ------
    MathsError
        If the rows themselves have no estimate.

    References
    ----------
    Efron, B. and Tibshirani, R. (1993). An introduction to the bootstrap, section 12.5.
    """
    whole = estimate(np.arange(n))
    if whole is None:
        msg = "what has no estimate has no interval"
        raise MathsError(msg)
    centre, error = whole
    draws = (estimate(rng.integers(0, n, n)) for _ in range(BOOTSTRAP_DRAWS))
    # A draw without spread says nothing of its own error; the sample's stands in.
    studentised = [(d[0] - centre) / (d[1] or error) for d in draws if d is not None]
    tail = 0.5 - level / 2.0
    low, high = np.quantile(studentised, [tail, 1.0 - tail])
    return centre - float(high) * error, centre - float(low) * error
