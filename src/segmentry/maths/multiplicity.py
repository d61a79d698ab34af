"""Many tests at once: p-values corrected for how many there are."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from segmentry.errors import MathsError


def benjamini_hochberg(p_values: NDArray[np.float64]) -> NDArray[np.float64]:
    r"""Turn p-values into false discovery rates.

    Calling a discovery what has a rate of at most 0.05 makes one in twenty discoveries false, on
    average, however many tests there were.

    Parameters
    ----------
    p_values : ndarray of shape (n,), in [0, 1]
        Independent, or going up and down together.

    Returns
    -------
    ndarray of shape (n,), in [0, 1]
        The least rate at which each test is still a discovery; in the order of the p-values.

    Raises
    ------
    MathsError
        If a p-value lies outside [0, 1].

    Notes
    -----
    .. math:: q_{(i)} = \min_{j \ge i} \frac{n}{j} p_{(j)}

    References
    ----------
    Benjamini, Y. and Hochberg, Y. (1995). Controlling the false discovery rate. Journal of the
    Royal Statistical Society B 57, 289-300. Benjamini, Y. and Yekutieli, D. (2001). The control
    of the false discovery rate in multiple testing under dependency. Annals of Statistics 29,
    1165-1188.

    Examples
    --------
    >>> benjamini_hochberg(np.array([0.01, 0.5, 0.02, 0.04])).round(4)
    array([0.04  , 0.5   , 0.04  , 0.0533])
    """
    p = np.asarray(p_values, dtype=np.float64)
    if p.ndim != 1 or not ((p >= 0.0) & (p <= 1.0)).all():
        msg = f"p-values lie in [0, 1] in one row, and these have shape {p.shape}"
        raise MathsError(msg)
    order = np.argsort(-p, kind="stable")
    places = np.arange(len(p), 0, -1)
    rates = np.empty_like(p)
    rates[order] = np.minimum.accumulate(np.minimum(p[order] * (len(p) / places), 1.0))
    return rates
