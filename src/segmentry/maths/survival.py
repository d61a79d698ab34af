"""How long something lasts, where some of it is still going on: the product-limit estimate."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from segmentry.errors import MathsError
from segmentry.maths.intervals import LEVEL, normal_quantile


@dataclass(frozen=True, eq=False)
class Lasting:
    """Shares that last longer than each whole duration 1, 2, ..., with their intervals.

    All arrays have shape (n_durations,). ``at_risk`` lasted up to that duration, and were watched
    so long; ``ended`` of them ended there.
    """

    at_risk: NDArray[np.int64]
    ended: NDArray[np.int64]
    share: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]


def kaplan_meier(
    durations: NDArray[np.int64], ended: NDArray[np.bool_], *, level: float = LEVEL
) -> Lasting:
    r"""Estimate the share that lasts longer than 1, 2, ... where the end of some is not known.

    What was watched only for a while counts among those at risk as long as it was watched, and
    not as ended.

    Parameters
    ----------
    durations : ndarray of int, shape (n,), 0 or more
        Until the end, or until it was no longer watched.
    ended : ndarray of bool, shape (n,)
        Whether the end was seen.
    level : float, default=0.95

    Returns
    -------
    Lasting
        Up to the longest duration; none where all are 0. As long as nothing ended, the bounds
        are those of a share of all at risk (Clopper and Pearson); where nothing is left, the
        upper one is that of the duration before.

    Raises
    ------
    MathsError
        If shapes differ, a duration is negative, or something ended at 0.

    Notes
    -----
    .. math:: S(t) = \prod_{s \le t} (1 - d_s / n_s), \quad
              \operatorname{var} \ln S(t) = \sum_{s \le t} \frac{d_s}{n_s (n_s - d_s)}

    Greenwood's variance, carried to the scale of :math:`\ln(-\ln S)`, where bounds stay within 0
    and 1. Cost O(n).

    References
    ----------
    Kaplan, E. L. and Meier, P. (1958). Nonparametric estimation from incomplete observations.
    JASA 53, 457-481. Kalbfleisch, J. D. and Prentice, R. L. (2002). The Statistical Analysis of
    Failure Time Data, section 1.4.

    Examples
    --------
    >>> found = kaplan_meier(np.array([1, 2, 2, 3]), np.array([True, True, False, False]))
    >>> found.at_risk, found.share
    (array([4, 3, 1]), array([0.75, 0.5 , 0.5 ]))
    """
    if durations.shape != ended.shape or durations.ndim != 1:
        msg = f"durations have shape {durations.shape} and ends {ended.shape}: one row of each"
        raise MathsError(msg)
    if (len(durations) and durations.min() < 0) or bool((ended & (durations < 1)).any()):
        msg = "durations are 0 or more, and nothing ends before 1"
        raise MathsError(msg)
    longest = int(durations.max()) if len(durations) else 0
    all_of = np.bincount(durations, minlength=longest + 1)
    at_risk = all_of[::-1].cumsum()[::-1][1:]
    deaths = np.bincount(durations[ended], minlength=longest + 1)[1:]
    share = np.cumprod(1.0 - deaths / at_risk)
    left = at_risk - deaths
    terms = np.divide(deaths, at_risk * left, out=np.full(longest, np.inf), where=left > 0)
    low, high = _log_log(share, np.cumsum(terms), at_risk, level)
    return Lasting(at_risk, deaths, share, low, high)


def _log_log(
    share: NDArray[np.float64],
    variance: NDArray[np.float64],
    at_risk: NDArray[np.int64],
    level: float,
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    low, high = (0.5 - level / 2.0) ** (1.0 / at_risk), np.ones(len(share))
    inner, nothing = (share > 0.0) & (share < 1.0), share == 0.0
    s = share[inner]
    half = normal_quantile(level) * np.sqrt(variance[inner]) / np.abs(np.log(s))
    low[inner], high[inner] = s ** np.exp(half), s ** np.exp(-half)
    low[nothing] = 0.0
    high[nothing] = high[~nothing][-1] if not nothing.all() else 1.0
    return low, high
