"""The lowest point of a function of one number between two bounds."""

from __future__ import annotations

from collections.abc import Callable
from math import sqrt

GOLDEN = (3.0 - sqrt(5.0)) / 2.0
MOST_STEPS = 100


def lowest_between(
    function: Callable[[float], float], low: float, high: float, *, tolerance: float = 1e-5
) -> float:
    """Find where a function that falls and then rises is lowest.

    Parameters
    ----------
    function : callable
        May give infinity, but not NaN.
    low, high : float
        Bounds; low below high.
    tolerance : float, default=1e-5
        How near the place has to be found.

    Returns
    -------
    float
        The place. Where the function has several valleys, the bottom of one of them.

    References
    ----------
    Brent, R. P. (1973). Algorithms for Minimization without Derivatives, chapter 5.

    Examples
    --------
    >>> round(lowest_between(lambda x: (x - 2.0) ** 2, 0.0, 5.0), 4)
    2.0
    """
    best = second = third = low + GOLDEN * (high - low)
    at_best = at_second = at_third = function(best)
    step = before = 0.0
    for _ in range(MOST_STEPS):
        middle, near = (low + high) / 2, tolerance / 2 + 1e-9 * abs(best)
        if abs(best - middle) <= 2 * near - (high - low) / 2:
            break
        bend = _parabola(best, second, third, at_best, at_second, at_third)
        fits = bend is not None and abs(bend) < abs(before) / 2
        if fits and bend is not None and low < best + bend < high:
            before, step = step, bend
            if min(best + step - low, high - best - step) < 2 * near:
                step = near if best < middle else -near
        else:
            before = (high if best < middle else low) - best
            step = GOLDEN * before
        place = best + (step if abs(step) >= near else near if step > 0 else -near)
        value = function(place)
        if value <= at_best:
            low, high = (best, high) if place >= best else (low, best)
            third, second, best = second, best, place
            at_third, at_second, at_best = at_second, at_best, value
            continue
        low, high = (place, high) if place < best else (low, place)
        if value <= at_second or second == best:
            third, second, at_third, at_second = second, place, at_second, value
        elif value <= at_third or third in {best, second}:
            third, at_third = place, value
    return best


def _parabola(
    best: float, second: float, third: float, at_best: float, at_second: float, at_third: float
) -> float | None:
    """Give the way from the best place to the bottom of the parabola through all three."""
    r = (best - second) * (at_best - at_third)
    q = (best - third) * (at_best - at_second)
    below = 2.0 * (q - r)
    above = (best - third) * q - (best - second) * r
    if below == 0.0 or not abs(above) < float("inf") or not abs(below) < float("inf"):
        return None
    return -above / below
