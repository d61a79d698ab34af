"""How far groups tell an outcome apart: explained variance, a test, and intervals by group."""

from __future__ import annotations

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from segmentry.errors import MathsError
from segmentry.maths.intervals import (
    LEVEL,
    bootstrap_mean_interval,
    mean_interval,
    wilson_interval,
)
from segmentry.maths.ranks import average_ranks

BOOTSTRAP_ROWS = 2_000
"""Rows beyond which Student's interval serves: the mean of so many is as good as normal."""

HALVINGS = 40
"""Steps of the search for an interval's end, each of which halves what is left."""


def eta_squared(values: NDArray[np.float64], groups: NDArray[np.int64]) -> float:
    r"""Give the share of the variance of an outcome that lies between groups.

    Parameters
    ----------
    values : ndarray of shape (n_rows,), finite
    groups : ndarray of int, shape (n_rows,), 0 or more

    Returns
    -------
    float
        In [0, 1]; 0 where nothing varies.

    Raises
    ------
    MathsError
        If the shapes differ, or there is no row.

    Notes
    -----
    .. math:: \eta^2 = \frac{\sum_g n_g(\bar y_g - \bar y)^2}{\sum_i (y_i - \bar y)^2}

    Groups without any meaning reach :math:`(G - 1) / (n - 1)` on average.

    References
    ----------
    Cohen, J. (1988). Statistical power analysis for the behavioral sciences, 2nd ed., section 8.2.

    Examples
    --------
    >>> eta_squared(np.array([0.0, 0.0, 4.0, 4.0]), np.array([0, 0, 1, 1]))
    1.0
    """
    if values.shape != groups.shape or not len(values):
        msg = f"values of shape {values.shape} and groups of shape {groups.shape} do not match"
        raise MathsError(msg)
    centred = values - values.mean()
    total = float(centred @ centred)
    if total <= 0.0:
        return 0.0
    counts = np.bincount(groups)
    between = np.bincount(groups, weights=centred) ** 2 / np.maximum(counts, 1)
    return float(min(between.sum() / total, 1.0))


def epsilon_squared(values: NDArray[np.float64], groups: NDArray[np.int64]) -> float:
    r"""Give the same share less what so many groups explain by chance, to compare groupings by.

    Parameters
    ----------
    values : ndarray of shape (n_rows,), finite
    groups : ndarray of int, shape (n_rows,), 0 or more
        Those that have rows count.

    Returns
    -------
    float
        At most 1, and about 0 on average for groups without any meaning, however many: it may lie
        below. 0 where nothing varies, or there are no more rows than groups.

    Raises
    ------
    MathsError
        If the shapes differ, or there is no row.

    Notes
    -----
    .. math:: \epsilon^2 = 1 - (1 - \eta^2) \frac{n - 1}{n - G}

    References
    ----------
    Kelley, T. L. (1935). An unbiased correlation ratio measure. PNAS 21, 554-559.

    Examples
    --------
    >>> round(epsilon_squared(np.array([0.0, 0.0, 4.0, 4.0, 4.0]), np.array([0, 0, 0, 1, 1])), 3)
    0.259
    """
    explained, n, n_groups = eta_squared(values, groups), len(values), len(np.unique(groups))
    if n <= n_groups or np.ptp(values) == 0.0:
        return 0.0
    return 1.0 - (1.0 - explained) * (n - 1) / (n - n_groups)


def eta_squared_interval(
    explained: float, n_rows: int, n_groups: int, *, level: float = LEVEL
) -> tuple[float, float]:
    r"""Bound the share of variance that lies between groups, in the population.

    Parameters
    ----------
    explained : float
        From ``eta_squared``, in [0, 1].
    n_rows, n_groups : int
        Rows, and groups that have rows.
    level : float, default=0.95

    Returns
    -------
    tuple of float
        In [0, 1]; from 0 to 1 where there are no more rows than groups, and 0 twice for a single
        group.

    Raises
    ------
    MathsError
        If ``explained`` lies outside [0, 1].

    Notes
    -----
    The noncentral F distributions of which the observed F is the upper and the lower quantile,
    and :math:`\eta^2 = \lambda / (\lambda + n)` for their noncentralities. The sample's own share
    is on average :math:`(G - 1) / (n - 1)` too large, so that it may lie near the upper end. Rows
    are taken to scatter normally and alike within groups; ranks do so nearly enough.

    References
    ----------
    Steiger, J. H. (2004). Beyond the F test: effect size confidence intervals and tests of close
    fit in the analysis of variance and contrast analysis. Psychological Methods 9, 164-182.

    Examples
    --------
    >>> low, high = eta_squared_interval(0.2, 1_000, 5)
    >>> round(low, 3), round(high, 3)
    (0.156, 0.24)
    """
    if not 0.0 <= explained <= 1.0:
        msg = f"a share of variance lies in [0, 1], not at {explained}"
        raise MathsError(msg)
    if n_groups < 2:
        return 0.0, 0.0
    if n_rows <= n_groups:
        return 0.0, 1.0
    tail = 0.5 - level / 2.0
    low = _share_with_tail(explained, n_rows, n_groups, 1.0 - tail)
    return low, _share_with_tail(explained, n_rows, n_groups, tail)


def _share_with_tail(explained: float, n_rows: int, n_groups: int, tail: float) -> float:
    """Find the population's share for which smaller samples' shares have that probability."""
    from scipy.special import ncfdtr

    if explained >= 1.0:
        return 1.0
    above, below = n_groups - 1, n_rows - n_groups
    statistic = explained / (1.0 - explained) * below / above
    low, high = 0.0, 1.0
    for _ in range(HALVINGS):
        share = (low + high) / 2.0
        chance = ncfdtr(above, below, n_rows * share / (1.0 - share), statistic)
        low, high = (share, high) if chance > tail else (low, share)
    return low


def difference_p_value(
    values: NDArray[np.float64], groups: NDArray[np.int64], *, is_share: bool
) -> float:
    """Test whether groups differ in an outcome.

    Pearson's chi-square for shares; for numbers the ranks of Kruskal and Wallis, which ask for no
    normal curve: what people spend has none.

    Parameters
    ----------
    values : ndarray of shape (n_rows,), finite
        0 or 1 for a share.
    groups : ndarray of int, shape (n_rows,)
    is_share : bool

    Returns
    -------
    float
        1 where there is one group only, or nothing varies.

    References
    ----------
    Kruskal, W. H. and Wallis, W. A. (1952). Use of ranks in one-criterion variance analysis.
    JASA 47, 583-621.
    """
    from scipy.special import chdtrc

    present = np.unique(groups)
    if len(present) < 2 or np.ptp(values) == 0.0:
        return 1.0
    codes = np.searchsorted(present, groups)
    sizes = np.bincount(codes)
    if is_share:
        hits = np.bincount(codes, weights=values)
        expected = sizes * values.mean()
        # Hits and misses miss their expectation by the same number.
        statistic = float(((hits - expected) ** 2 * (1 / expected + 1 / (sizes - expected))).sum())
    else:
        statistic = _kruskal(values, codes, sizes)
    return float(chdtrc(len(present) - 1, statistic))


def _kruskal(
    values: NDArray[np.float64], codes: NDArray[np.intp], sizes: NDArray[np.intp]
) -> float:
    n, ranks = len(values), average_ranks(values)
    sums = np.bincount(codes, weights=ranks)
    spread = float(((ranks - (n + 1) / 2) ** 2).sum()) / (n - 1)
    return float((sizes * (sums / sizes - (n + 1) / 2) ** 2).sum()) / spread


def outcome_interval(
    values: NDArray[np.float64], *, is_share: bool, rng: Generator
) -> tuple[float, float]:
    """Bound the mean of an outcome by its 95 % interval.

    Parameters
    ----------
    values : ndarray of shape (n_rows,), finite, at least one row
    is_share : bool
        Wilson's interval for a share; for a number the studentised bootstrap where rows are few,
        Student's where they are many.
    rng : numpy.random.Generator

    Returns
    -------
    tuple of float
    """
    if is_share:
        return wilson_interval(int(values.sum()), len(values))
    if len(values) > BOOTSTRAP_ROWS:
        return mean_interval(values)
    low, high = bootstrap_mean_interval(values, rng)
    # What cannot be negative has a mean that cannot be either.
    return (max(low, 0.0), high) if values.min() >= 0.0 else (low, high)
