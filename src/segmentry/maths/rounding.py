"""Rounding to significant digits, so that equal inputs stay equal whatever summed them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def round_significant(values: NDArray[np.float64], *, digits: int = 12) -> NDArray[np.float64]:
    """Round each value to a number of significant digits.

    Sums of floats differ in their last bits with the order of summation; features are rounded
    before anything learns from them, so that a fingerprint does not depend on thread counts.

    Parameters
    ----------
    values : ndarray of float
        Any shape. NaN and infinities stay as they are.
    digits : int, default=12
        Significant digits to keep, 1 to 15.

    Returns
    -------
    ndarray of float
        Same shape.

    Examples
    --------
    >>> round_significant(np.array([1234.56789, 0.0, np.nan]), digits=3)
    array([1230.,    0.,   nan])
    """
    values = np.ascontiguousarray(values, dtype=np.float64)
    safe = np.where(np.isfinite(values) & (values != 0), np.abs(values), 1.0)
    # Dividing by a power of ten, which is exact up to 1e22, is nearer than multiplying by 0.1 ** n.
    shift = (digits - 1 - np.floor(np.log10(safe))).clip(-300, 300)
    up, down = 10.0 ** np.maximum(shift, 0), 10.0 ** np.maximum(-shift, 0)
    rounded = np.rint(values * up / down) * down / up
    return np.where(np.isfinite(rounded), rounded, values)
