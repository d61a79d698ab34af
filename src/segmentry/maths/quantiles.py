"""A column by its quantiles: even between 0 and 1, or bell-shaped, whatever its form was."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

MOST_LANDMARKS = 200
"""Quantiles that are kept of a column: between two of them lies half a hundredth of the rows."""

EDGE = 1e-7
"""Shares nearer to 0 or 1 than this count as this: the bell's ends lie at 5.2 deviations."""


def landmarks(values: NDArray[np.float64], *, most: int = MOST_LANDMARKS) -> NDArray[np.float64]:
    """Give quantiles of a column at evenly spaced shares, from the least to the greatest value.

    Parameters
    ----------
    values : ndarray of shape (n,), finite, n >= 1
    most : int, default=200

    Returns
    -------
    ndarray of shape (min(n, most),), ascending

    Examples
    --------
    >>> landmarks(np.array([4.0, 0.0, 2.0]), most=5)
    array([0., 2., 4.])
    """
    count = max(min(most, len(values)), 2)
    found = np.quantile(values, np.linspace(0.0, 1.0, count))
    # Interpolation may lose the last bit and with it the order.
    return np.maximum.accumulate(found)


def by_quantiles(
    values: NDArray[np.float64], marks: NDArray[np.float64], *, is_normal: bool
) -> NDArray[np.float64]:
    """Give the share of the learned rows below each value, or the bell's value for that share.

    Parameters
    ----------
    values : ndarray of shape (n,), finite
    marks : ndarray of shape (n_marks,), ascending
        As ``landmarks`` gave them; values beyond them count as the nearest one.
    is_normal : bool
        Whether shares become quantiles of the standard normal curve.

    Returns
    -------
    ndarray of shape (n,)
        In [0, 1], or within 5.2 deviations.

    Notes
    -----
    Of a value that many rows share, the middle of its shares counts.

    References
    ----------
    Bolstad, B. M. et al. (2003). A comparison of normalization methods for high density
    oligonucleotide array data. Bioinformatics 19, 185-193; van der Waerden, B. L. (1952). Order
    tests for the two-sample problem. Indagationes Mathematicae 14, 453-458.

    Examples
    --------
    >>> by_quantiles(np.array([-1.0, 1.0, 4.0]), np.array([0.0, 2.0, 4.0]), is_normal=False)
    array([0.  , 0.25, 1.  ])
    """
    shares = np.linspace(0.0, 1.0, len(marks))
    upper = np.interp(values, marks, shares)
    lower = -np.interp(-values, -marks[::-1], -shares[::-1])
    found: NDArray[np.float64] = 0.5 * (upper + lower)
    found[values <= marks[0]] = 0.0
    found[values >= marks[-1]] = 1.0
    if not is_normal:
        return found
    from scipy.special import ndtri

    edge = EDGE - np.spacing(1.0)
    bell: NDArray[np.float64] = np.clip(ndtri(found), ndtri(edge), ndtri(1.0 - edge))
    return bell
