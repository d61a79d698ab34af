"""How well values tell two answers apart: the area under the ROC curve and its interval."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from segmentry.errors import MathsError
from segmentry.maths.intervals import LEVEL, normal_quantile, wilson_interval
from segmentry.maths.ranks import average_ranks


def roc_area(values: NDArray[np.float64], happened: NDArray[np.bool_]) -> float:
    """Measure how well values tell two outcomes apart: the area under the ROC curve.

    Parameters
    ----------
    values : ndarray of shape (n,), finite
    happened : ndarray of bool, shape (n,)
        Both answers occur.

    Returns
    -------
    float, in [0, 1]
        The chance that a row where it happened has the larger value; ties count half.

    References
    ----------
    Hanley, J. A. and McNeil, B. J. (1982). The meaning and use of the area under a receiver
    operating characteristic (ROC) curve. Radiology 143, 29-36.

    Examples
    --------
    >>> roc_area(np.array([1.0, 2.0, 3.0, 3.0]), np.array([False, False, True, False]))
    0.8333333333333334
    """
    n_yes = int(happened.sum())
    n_no = len(happened) - n_yes
    above = float(average_ranks(values)[happened].sum()) - n_yes * (n_yes + 1) / 2
    return above / (n_yes * n_no)


def roc_area_interval(
    values: NDArray[np.float64], happened: NDArray[np.bool_], *, level: float = LEVEL
) -> tuple[float, float]:
    r"""Bound the area under the ROC curve.

    Parameters
    ----------
    values : ndarray of shape (n,), finite
    happened : ndarray of bool, shape (n,)
        At least two rows of either answer.
    level : float, default=0.95

    Returns
    -------
    tuple of float
        In [0, 1].

    Raises
    ------
    MathsError
        If an answer occurs less than twice.

    Notes
    -----
    DeLong's variance: that of the placements of each answer's rows among the other's, each over
    its number of rows. The interval is symmetric in the logit of the area, so that it stays
    inside [0, 1]. Where nothing overlaps no variance is seen; Wilson's interval of a share of all
    rows of the rarer answer stands in.

    References
    ----------
    DeLong, E. R., DeLong, D. M. and Clarke-Pearson, D. L. (1988). Comparing the areas under two
    or more correlated receiver operating characteristic curves. Biometrics 44, 837-845.
    """
    n_yes = int(happened.sum())
    n_no = len(happened) - n_yes
    fewest = min(n_yes, n_no)
    if fewest < 2:
        msg = f"{n_yes} rows of one answer and {n_no} of the other give no interval"
        raise MathsError(msg)
    area, ranks = roc_area(values, happened), average_ranks(values)
    above = (ranks[happened] - average_ranks(values[happened])) / n_no
    below = (ranks[~happened] - average_ranks(values[~happened])) / n_yes
    variance = float(above.var(ddof=1) / n_yes + below.var(ddof=1) / n_no)
    if not 0.0 < area < 1.0 or variance <= 0.0:
        low, high = wilson_interval(round(area * fewest), fewest, level=level)
        return min(low, area), max(high, area)
    half = normal_quantile(level) * variance**0.5 / (area * (1.0 - area))
    logit = np.log(area / (1.0 - area))
    low, high = 1.0 / (1.0 + np.exp(half - logit)), 1.0 / (1.0 + np.exp(-half - logit))
    return float(low), float(high)
