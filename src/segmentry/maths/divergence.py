"""How far a distribution has moved, from counts in bins alone: PSI, Wasserstein, KS.

What lives here: distances of two rows of counts with their intervals and p-values. What does not:
which bins, and of what (``watch.reference``). Read on in ``docs/methods/drift.md``.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from segmentry.errors import MathsError
from segmentry.maths.intervals import LEVEL, normal_quantile

SMOOTHING = 0.5
"""Added to each count, so that an empty bin is far away and not endlessly far (Jeffreys' prior)."""

Counts = NDArray[np.int64] | NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Divergence:
    """A distance of two distributions, its interval, and how often chance alone gives as much."""

    value: float
    low: float
    high: float
    p_value: float


def population_stability(now: Counts, then: Counts, *, level: float = LEVEL) -> Divergence:
    r"""Measure how far shares have moved: the population stability index, less what chance adds.

    Parameters
    ----------
    now, then : ndarray of shape (n_bins,), counts, 0 or more
        Of the same bins; bins empty in both count for nothing.
    level : float, default=0.95

    Returns
    -------
    Divergence
        In nats, 0 or more. The p-value is that of the G test of equal shares. Nobody on either
        side: 0, from 0 to 0, p = 1.

    Raises
    ------
    MathsError
        If the shapes differ, or a count is negative.

    Notes
    -----
    .. math:: \sum_b (c_b - r_b) \ln \frac{c_b}{r_b} - (B - 1) (1/n + 1/m)

    with shares of counts to each of which a half was added. The last term is what is expected of B
    bins of m and n draws out of one distribution. The variance is the delta method's and that of
    no change, :math:`2 (B - 1) (1/n + 1/m)^2`, together.

    References
    ----------
    Jeffreys, H. (1946). An invariant form for the prior probability in estimation problems. Proc.
    R. Soc. A 186, 453-461. Yurdakul, B. and Naranjo, J. (2020). Statistical properties of the
    population stability index. Journal of Risk Model Validation 14, 89-100.

    Examples
    --------
    >>> round(population_stability(np.array([600, 400]), np.array([500, 500])).value, 3)
    0.038
    >>> population_stability(np.array([50, 50]), np.array([500, 500])).value
    0.0
    """
    c, r = _checked(now, then)
    used = (c + r) > 0
    c, r = c[used], r[used]
    m, n = float(c.sum()), float(r.sum())
    if m == 0 or n == 0:
        return Divergence(0.0, 0.0, 0.0, 1.0)
    p, q = (c + SMOOTHING) / (m + SMOOTHING * len(c)), (r + SMOOTHING) / (n + SMOOTHING * len(r))
    noise = 1.0 / m + 1.0 / n
    plain = float(((p - q) * np.log(p / q)).sum())
    value = plain - (len(c) - 1) * noise
    by_now, by_then = np.log(p / q) + 1.0 - q / p, np.log(q / p) + 1.0 - p / q
    variance = _spread(by_now, p) / m + _spread(by_then, q) / n + 2.0 * (len(c) - 1) * noise**2
    reach = normal_quantile(level) * float(np.sqrt(variance))
    low, high = max(value - reach, 0.0), max(value + reach, 0.0)
    return Divergence(max(value, 0.0), low, high, _equal_shares(c, r))


def wasserstein(
    now: Counts, then: Counts, edges: NDArray[np.float64], *, level: float = LEVEL
) -> Divergence:
    r"""Measure how far values have moved, in standard deviations of those before.

    Values beyond the outermost edges count as these, so that a wrong unit is far and not endlessly
    far. Within a bin values lie evenly.

    Parameters
    ----------
    now, then : ndarray of shape (n_bins,), counts
    edges : ndarray of shape (n_bins + 1,), ascending
        Bins may have no width: a value that many share.
    level : float, default=0.95

    Returns
    -------
    Divergence
        0 or more; 0 where nothing varies. The p-value is that of the largest gap (KS).

    Raises
    ------
    MathsError
        If the shapes do not go together.

    Notes
    -----
    .. math:: \frac{1}{\sigma_r} \int |F_c(x) - F_r(x)| \, dx

    The variance is that of the integral with its signs held, and never less than what no change
    would scatter by.

    References
    ----------
    Vallender, S. S. (1974). Calculation of the Wasserstein distance between probability
    distributions on the line. Theory of Probability and its Applications 18, 784-786.

    Examples
    --------
    >>> edges = np.linspace(0.0, 10.0, 11)
    >>> still = np.full(10, 100)
    >>> wasserstein(still, still, edges).value
    0.0
    """
    c, r = _checked(now, then)
    if len(edges) != len(c) + 1:
        msg = f"{len(c)} bins have {len(c) + 1} edges, not {len(edges)}"
        raise MathsError(msg)
    m, n = float(c.sum()), float(r.sum())
    widths = np.diff(edges)
    middle = edges[:-1] + 0.5 * widths
    if m == 0 or n == 0:
        return Divergence(0.0, 0.0, 0.0, 1.0)
    q, p = r / n, c / m
    within = float((q * widths**2).sum()) / 12.0
    deviation = float(np.sqrt(_spread(middle, q) + within))
    if deviation == 0.0:
        return Divergence(0.0, 0.0, 0.0, kolmogorov(c, r).p_value)
    gaps = np.concatenate([[0.0], np.cumsum(p - q)])
    value = float((_absolute_mean(gaps[:-1], gaps[1:]) * widths).sum()) / deviation
    # With signs held, the distance is a difference of means of this function of a value.
    signs = np.sign(gaps[:-1] + gaps[1:])
    steps = np.concatenate([[0.0], np.cumsum(signs * widths)])
    held = 0.5 * (steps[:-1] + steps[1:]) / deviation
    noise = 1.0 / m + 1.0 / n
    variance = max(_spread(held, p) / m + _spread(held, q) / n, 0.25 * noise)
    reach = normal_quantile(level) * float(np.sqrt(variance))
    return Divergence(value, max(value - reach, 0.0), value + reach, kolmogorov(c, r).p_value)


def kolmogorov(now: Counts, then: Counts, *, level: float = LEVEL) -> Divergence:
    """Measure the largest gap of cumulative shares at the borders of bins.

    Parameters
    ----------
    now, then : ndarray of shape (n_bins,), counts
        In order.
    level : float, default=0.95

    Returns
    -------
    Divergence
        In [0, 1], and no more than that of the values themselves. The interval is that of the gap
        where it is largest; the p-value the limit's for large samples.

    References
    ----------
    Smirnov, N. (1948). Table for estimating the goodness of fit of empirical distributions. Annals
    of Mathematical Statistics 19, 279-281.

    Examples
    --------
    >>> kolmogorov(np.array([10, 0]), np.array([0, 10])).value
    1.0
    """
    from scipy.special import kolmogorov as survival

    c, r = _checked(now, then)
    m, n = float(c.sum()), float(r.sum())
    if m == 0 or n == 0:
        return Divergence(0.0, 0.0, 0.0, 1.0)
    below_now, below_then = np.cumsum(c) / m, np.cumsum(r) / n
    gaps = np.abs(below_now - below_then)
    place = int(gaps.argmax())
    value, f, g = float(gaps[place]), float(below_now[place]), float(below_then[place])
    reach = normal_quantile(level) * float(np.sqrt(f * (1.0 - f) / m + g * (1.0 - g) / n))
    p_value = float(survival(np.sqrt(m * n / (m + n)) * value))
    return Divergence(value, max(value - reach, 0.0), min(value + reach, 1.0), p_value)


def even_starts(counts: Counts, n_bins: int) -> NDArray[np.int64]:
    """Say where to part fine bins, so that coarse ones hold about as many each.

    Parameters
    ----------
    counts : ndarray of shape (n_fine,), 0 or more
    n_bins : int
        Coarse bins, at most.

    Returns
    -------
    ndarray of shape (n_coarse,)
        The first fine bin of each, as ``numpy.add.reduceat`` takes it. A fine bin that holds more
        than its part stays whole.

    Examples
    --------
    >>> even_starts(np.array([1, 1, 1, 1]), 2)
    array([0, 2])
    """
    c = np.asarray(counts, dtype=np.float64)
    middle = (np.cumsum(c) - 0.5 * c) / max(float(c.sum()), 1.0)
    bins = np.minimum((middle * n_bins).astype(np.int64), n_bins - 1)
    starts: NDArray[np.int64] = np.flatnonzero(np.diff(bins, prepend=-1) > 0)
    return starts


def _checked(now: Counts, then: Counts) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    c, r = np.asarray(now, dtype=np.float64), np.asarray(then, dtype=np.float64)
    if c.ndim != 1 or c.shape != r.shape or not len(c):
        msg = f"counts of the same bins are compared, and these have shapes {c.shape} and {r.shape}"
        raise MathsError(msg)
    if (c < 0).any() or (r < 0).any():
        msg = "counts are 0 or more"
        raise MathsError(msg)
    return c, r


def _spread(values: NDArray[np.float64], shares: NDArray[np.float64]) -> float:
    """Give the variance of values that come in shares."""
    mean = float((shares * values).sum())
    return float((shares * (values - mean) ** 2).sum())


def _absolute_mean(a: NDArray[np.float64], b: NDArray[np.float64]) -> NDArray[np.float64]:
    """Give the mean of the size of a line from a to b."""
    size = np.abs(a) + np.abs(b)
    crosses = (a * b < 0) & (size > 0)
    squares = np.divide(a * a + b * b, size, out=np.zeros_like(size), where=crosses)
    return np.where(crosses, 0.5 * squares, 0.5 * size)


def _equal_shares(c: NDArray[np.float64], r: NDArray[np.float64]) -> float:
    """Give the p-value of the G test that two rows of counts come in the same shares."""
    from scipy.special import chdtrc, xlogy

    if len(c) < 2:
        return 1.0
    m, n = c.sum(), r.sum()
    both = c + r
    g = 2.0 * float((xlogy(c, c / (both * m / (m + n))) + xlogy(r, r / (both * n / (m + n)))).sum())
    return float(chdtrc(len(c) - 1, max(g, 0.0)))
