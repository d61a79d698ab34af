"""How often a group has something, against all who are alike in how much they have.

What lives here: indirect standardisation over strata, and its interval. What does not: which
strata there are, and what is told of them (``explain.nextitem``).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from segmentry.errors import MathsError
from segmentry.maths.intervals import LEVEL, normal_quantile

Values = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class StandardisedRatios:
    """Observed counts over those expected; all of shape (n_items,), nan where none is expected."""

    expected: Values
    ratio: Values
    low: Values
    high: Values


def standardised_ratios(
    own: NDArray[np.int64],
    n_own: NDArray[np.int64],
    everyone: NDArray[np.int64],
    n_everyone: NDArray[np.int64],
    *,
    level: float = LEVEL,
) -> StandardisedRatios:
    r"""Hold a group's counts against what everyone of the same strata has.

    Parameters
    ----------
    own, everyone : ndarray of int, shape (n_strata, n_items)
        Rows of each stratum that have an item: of the group, and of all, the group among them.
    n_own, n_everyone : ndarray of int, shape (n_strata,)
        Rows of each stratum.
    level : float, default=0.95

    Returns
    -------
    StandardisedRatios

    Raises
    ------
    MathsError
        If a group has more rows, or more with an item, than everyone.

    Notes
    -----
    With :math:`a_k` of :math:`n_k` in the group and :math:`b_k` of :math:`m_k` in the rest,

    .. math:: R = \frac{\sum a_k}{\sum w_k (a_k + b_k)}, \quad w_k = \frac{n_k}{n_k + m_k}.

    The interval is that of :math:`\log R` by the delta method. Counts of a stratum are binomial, at
    the rate of everyone there, and for the group also at :math:`R` times that, whichever varies
    more: the group's own rate of a stratum in which it has one row would be 0 or 1, and vary not
    at all. A stratum that holds the group alone draws the ratio towards 1.

    References
    ----------
    Breslow, N. E. and Day, N. E. (1987). Statistical methods in cancer research, volume II: the
    design and analysis of cohort studies. IARC, section 2.3.

    Examples
    --------
    >>> one = np.array([[40]]), np.array([100]), np.array([[50]]), np.array([200])
    >>> found = standardised_ratios(*one)
    >>> float(found.ratio[0]), bool(1.0 < found.low[0] < 1.6 < found.high[0])
    (1.6, True)
    """
    rest, n_rest = everyone - own, n_everyone - n_own
    if (rest < 0).any() or (n_rest < 0).any() or (rest > n_rest[:, None]).any():
        msg = "a group has no more rows in a stratum than everyone has"
        raise MathsError(msg)
    weight = (n_own / np.maximum(n_everyone, 1))[:, None]
    observed, expected = own.sum(axis=0).astype(float), (weight * everyone).sum(axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = observed / expected
        usual = everyone / np.maximum(n_everyone, 1)[:, None]
        spread = usual * (1.0 - usual)
        own_rate = np.minimum(np.nan_to_num(ratio) * usual, 1.0)
        own_spread = np.maximum(spread, own_rate * (1.0 - own_rate))
        mine = n_own[:, None] * own_spread * (1.0 / observed - weight / expected) ** 2
        theirs = n_rest[:, None] * spread * (weight / expected) ** 2
        half = normal_quantile(level) * np.sqrt((mine + theirs).sum(axis=0))
        low, high = ratio * np.exp(-half), ratio * np.exp(half)
    return StandardisedRatios(expected, ratio, low, high)
