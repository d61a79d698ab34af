"""Two clouds of numbers in one column, a known factor apart: two units, most likely."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FACTORS = (100.0, 1000.0)
NEAR = 0.15
"""How far apart the clouds may be from a factor, in powers of ten."""

FEWEST = 0.01
"""Share of the rows that the smaller cloud must hold."""

ROWS = 5_000


@dataclass(frozen=True, slots=True)
class Clouds:
    """Two clouds of numbers: the border between them, the factor, and which one is rarer."""

    border: float
    factor: float
    is_upper_rarer: bool


def two_clouds(values: NDArray[np.float64], *, factors: Sequence[float] = FACTORS) -> Clouds | None:
    """Find two clouds of positive numbers a factor of 100 or 1,000 apart.

    The border is where the spread inside both sides is least: Otsu's threshold on a logarithmic
    scale. Both clouds must be narrow against their distance, alike in width, and the middle third
    between their centres empty.

    Parameters
    ----------
    values : ndarray, shape (n,)
    factors : sequence of float, default=(100, 1000)
        What the clouds may be apart.

    Returns
    -------
    Clouds or None

    References
    ----------
    Otsu, N. (1979). A threshold selection method from gray-level histograms. IEEE Transactions on
    Systems, Man and Cybernetics 9, 62-66.
    """
    positive = values[values > 0]
    if len(positive) < 100:
        return None
    step = max(len(positive) // ROWS, 1)
    logs = np.sort(np.log10(positive[::step]))
    cut = _otsu(logs)
    low, high = logs[:cut], logs[cut:]
    if min(len(low), len(high)) < max(FEWEST * len(logs), 5):
        return None
    apart = float(np.median(high) - np.median(low))
    factor = next((f for f in factors if abs(apart - np.log10(f)) <= NEAR), None)
    if factor is None:
        return None
    third = apart / 3
    start = float(np.median(low)) + third
    between = np.sum((logs > start) & (logs < start + third))
    widths = sorted((float(np.std(low)), float(np.std(high))))
    if between > 0.002 * len(logs) or widths[1] > apart / 5 or widths[0] < widths[1] / 3:
        return None
    border = 10 ** float((low[-1] + high[0]) / 2)
    return Clouds(border, factor, len(high) < len(low))


def _otsu(values: NDArray[np.float64]) -> int:
    """Give the position that splits sorted values so that both parts spread least."""
    n = len(values)
    sums = np.cumsum(values)
    left = np.arange(1, n)
    means_left, means_right = sums[:-1] / left, (sums[-1] - sums[:-1]) / (n - left)
    between = left * (n - left) * (means_left - means_right) ** 2
    return int(np.argmax(between)) + 1
