"""Rounding to significant digits, so that equal inputs stay equal whatever summed them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

POWERS = 10.0 ** np.arange(301)

_BLOCK = 8_192


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
    flat = values.reshape(-1)
    result = np.empty_like(flat)
    # A block at a time, so that what is made on the way stays in a processor's own cache.
    for start in range(0, len(flat), _BLOCK):
        block = flat[start : start + _BLOCK]
        is_round = (np.abs(block) < 10.0**digits) & (np.rint(block) == block)
        result[start : start + _BLOCK] = block if is_round.all() else _rounded(block, digits)
    return result.reshape(values.shape)


def _rounded(values: NDArray[np.float64], digits: int) -> NDArray[np.float64]:
    magnitudes = np.abs(values)
    magnitudes[~(np.isfinite(values) & (values != 0))] = 1.0
    shift = (digits - 1 - np.floor(np.log10(magnitudes))).clip(-300, 300).astype(np.int64)
    power = POWERS[np.abs(shift)]
    # Dividing by a power of ten, which is exact up to 1e22, is nearer than multiplying by 0.1 ** n.
    large = shift < 0
    down = power[large]
    power[large] = 1.0
    result: NDArray[np.float64] = np.rint(values * power) / power
    result[large] = np.rint(values[large] / down) * down
    overflown = ~np.isfinite(result)
    result[overflown] = values[overflown]
    return result


def rounded(value: float) -> float:
    """Round one value to 12 significant digits.

    Examples
    --------
    >>> rounded(1 / 3)
    0.333333333333
    """
    return float(round_significant(np.array([value]))[0])
