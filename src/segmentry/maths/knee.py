"""The knee of a curve: from where on more clusters buy little."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from segmentry.errors import MathsError


def knee(
    numbers: Sequence[int], scatters: Sequence[float], *, sensitivity: float = 1.0
) -> int | None:
    r"""Find the number of clusters at which a falling curve of scatter bends.

    A bend is no evidence of clusters: curves of rows without any bend as well. Use it to draw a
    mark, never to decide.

    Parameters
    ----------
    numbers : sequence of int
        Ascending, at least three.
    scatters : sequence of float, finite
        Scatter within clusters (WCSS) of each.
    sensitivity : float, default=1.0
        How many mean steps the curve must fall back towards the straight line after a bend.

    Returns
    -------
    int or None
        The first bend; None on a curve without one.

    Raises
    ------
    MathsError
        If lengths differ, there are fewer than three numbers, or they do not ascend.

    Notes
    -----
    Kneedle without its smoothing, which a handful of points does not bear: both axes are scaled to
    0 .. 1, and :math:`d = 1 - y - x` says how far the curve lies under its chord. A local maximum
    of d is a knee if d falls below it by the sensitivity times the mean step of x before the next
    local maximum.

    References
    ----------
    Satopaa, V., Albrecht, J., Irwin, D. and Raghavan, B. (2011). Finding a "kneedle" in a haystack:
    detecting knee points in system behavior. ICDCS Workshops, 166-171.

    Examples
    --------
    >>> knee([1, 2, 3, 4, 5, 6], [100.0, 50.0, 10.0, 8.0, 6.0, 4.0])
    3
    >>> knee([1, 2, 3], [30.0, 20.0, 10.0]) is None
    True
    """
    x, y = np.asarray(numbers, dtype=np.float64), np.asarray(scatters, dtype=np.float64)
    if x.shape != y.shape or len(x) < 3 or (np.diff(x) <= 0).any():
        msg = f"a knee needs three or more ascending numbers with a scatter each: {numbers}"
        raise MathsError(msg)
    if np.ptp(y) == 0 or y[-1] >= y[0]:
        return None
    x = (x - x[0]) / (x[-1] - x[0])
    gaps = 1.0 - (y - y.min()) / np.ptp(y) - x
    step = float(np.diff(x).mean())
    middle = gaps[1:-1]
    # What rounding makes of a straight line is no bend.
    bends = (middle > gaps[:-2] + 1e-12) & (middle >= gaps[2:]) & (middle > 1e-9)
    tops = np.flatnonzero(bends) + 1
    for top, following in zip(tops, [*tops, len(gaps)][1:], strict=True):
        if gaps[top + 1 : following].min() < gaps[top] - sensitivity * step:
            return int(numbers[int(top)])
    return None
