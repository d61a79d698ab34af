"""How far apart two distributions lie at most, and how often chance puts them so far apart."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def kolmogorov_distance(
    one: NDArray[np.float64], other: NDArray[np.float64]
) -> tuple[float, float]:
    """Compare two samples by the largest gap of their cumulative shares.

    Parameters
    ----------
    one, other : ndarray of shape (n,) and (m,), finite
        Ties make the p-value larger than it is.

    Returns
    -------
    statistic : float
        In [0, 1]; 0 where either is empty.
    p_value : float
        Of the limit for large samples.

    References
    ----------
    Smirnov, N. (1948). Table for estimating the goodness of fit of empirical distributions. Annals
    of Mathematical Statistics 19, 279-281.

    Examples
    --------
    >>> kolmogorov_distance(np.array([1.0, 2.0]), np.array([1.0, 2.0]))
    (0.0, 1.0)
    """
    if not len(one) or not len(other):
        return 0.0, 1.0
    from scipy.special import kolmogorov

    places = np.concatenate([one, other])
    below_one = np.searchsorted(np.sort(one), places, side="right") / len(one)
    below_other = np.searchsorted(np.sort(other), places, side="right") / len(other)
    statistic = float(np.abs(below_one - below_other).max())
    rows = len(one) * len(other) / (len(one) + len(other))
    return statistic, float(kolmogorov(np.sqrt(rows) * statistic))
