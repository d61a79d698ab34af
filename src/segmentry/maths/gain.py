"""How much more of some columns one grouping of rows explains than another, with its interval."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from segmentry.errors import MathsError
from segmentry.maths.intervals import LEVEL, normal_quantile


@dataclass(frozen=True, slots=True)
class ExplainedGain:
    """Shares of variance between groups, and the first less the second beyond chance."""

    first: float
    second: float
    gain: float
    low: float
    high: float


def explained_gain(
    X: NDArray[np.float64],
    first: NDArray[np.int64],
    second: NDArray[np.int64],
    *,
    level: float = LEVEL,
) -> ExplainedGain:
    r"""Compare what two groupings of the same rows explain of their variance.

    Parameters
    ----------
    X : ndarray of shape (n_rows, n_columns), finite
    first, second : ndarray of int, shape (n_rows,)
        Any integers; each distinct one is a group.
    level : float, default=0.95

    Returns
    -------
    ExplainedGain
        Zeros where nothing varies.

    Raises
    ------
    MathsError
        If the shapes differ, or there is no row.

    Notes
    -----
    With :math:`R` the share of the variance between :math:`k` groups, the gain is the difference
    of the two

    .. math:: \epsilon^2 = 1 - (1 - R)\frac{n - 1}{n - k},

    so that a grouping that means nothing gains nothing by having many groups. Its interval is that
    of a ratio of means (the delta method): row i adds :math:`(d_i - c_i) / t` to the difference of
    the shares, of its squared distances to its two group means, over the mean squared distance to
    the mean of all. That group means are estimated from the same rows changes this in second order
    only, so that the interval holds for many rows per group; it speaks of these two groupings, not
    of others that other rows would have given.

    References
    ----------
    Kelley, T. L. (1935). An unbiased correlation ratio measure. PNAS 21, 554-559. Cochran, W. G.
    (1977). Sampling Techniques, 3rd ed., section 2.11 (ratio estimates).

    Examples
    --------
    >>> X = np.array([[0.0], [0.1], [4.0], [4.1]] * 5)
    >>> found = explained_gain(X, np.array([0, 0, 1, 1] * 5), np.array([0, 1, 0, 1] * 5))
    >>> round(found.first, 3), round(found.second, 3), found.low > 0
    (0.999, 0.001, True)
    """
    n = len(X)
    if X.ndim != 2 or first.shape != (n,) or second.shape != (n,) or n == 0:
        msg = f"X of shape {X.shape} and groups of {first.shape} and {second.shape} do not match"
        raise MathsError(msg)
    total = _squares(X, np.zeros(n, dtype=np.int64))[0]
    whole = float(total.mean())
    if whole <= 0.0:
        return ExplainedGain(0.0, 0.0, 0.0, 0.0, 0.0)
    (own, k), (other, m) = _squares(X, first), _squares(X, second)
    inside, beside = float(own.mean()) / whole, float(other.mean()) / whole
    gain = beside * _corrected(n, m) - inside * _corrected(n, k)
    moves = (other - own - (beside - inside) * total) / whole
    half = normal_quantile(level) * float(moves.std()) / math.sqrt(n)
    return ExplainedGain(1.0 - inside, 1.0 - beside, gain, gain - half, gain + half)


def explained_share(X: NDArray[np.float64], labels: NDArray[np.int64]) -> float:
    """Give the share of the variance of a matrix that lies between groups.

    Parameters
    ----------
    X : ndarray of shape (n_rows, n_columns)
    labels : ndarray of int, shape (n_rows,), 0 or more

    Returns
    -------
    float
        In [0, 1]; 0 where nothing varies.
    """
    counts = np.maximum(np.bincount(labels), 1)
    between = total = 0.0
    for column in X.T:
        centred = column - column.mean()
        total += float(centred @ centred)
        between += float((np.bincount(labels, weights=centred) ** 2 / counts).sum())
    return between / total if total > 0 else 0.0


def _squares(X: NDArray[np.float64], groups: NDArray[np.int64]) -> tuple[NDArray[np.float64], int]:
    """Give each row's squared distance to its group's mean, and the number of groups."""
    _, codes, counts = np.unique(groups, return_inverse=True, return_counts=True)
    squares = np.zeros(len(X))
    for column in X.T:
        centred = column - column.mean()
        means = np.bincount(codes, weights=centred) / counts
        squares += (centred - means[codes]) ** 2
    return squares, len(counts)


def _corrected(n_rows: int, n_groups: int) -> float:
    return (n_rows - 1) / max(n_rows - n_groups, 1)
