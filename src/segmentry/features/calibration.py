"""Whether forecasts of purchases came true: the history is split in time, and the rest is judged.

What lives here: a fit at an earlier cut, its forecast of what followed until the later one, and the
verdict on it. What does not: the forecast itself (``value``).
"""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, log

import numpy as np
from numpy.typing import NDArray

from segmentry.domain.evidence import Check, Verdict
from segmentry.errors import MathsError
from segmentry.features.value import Histories, ValueModel, fit_value
from segmentry.maths.intervals import mean_interval, normal_quantile
from segmentry.maths.repeat_buying import (
    RepeatBuying,
    expected_purchases,
    log_gradient,
    probability_active,
    probability_purchase,
)

Array = NDArray[np.float64]

FARTHEST = 1.25
"""A total that is wrong by this factor, up or down, is no forecast."""

LEAST_SLOPE = 0.5
"""Of two entities, the one said to buy one purchase more must buy at least so many more."""

FARTHEST_CLASS, LEAST_OF_TOTAL = 2.0, 0.05
"""The same for a class of entities, where it holds at least this share of the purchases."""

FARTHEST_SHARE = 0.1
"""Tenths of ``p_active`` may miss the share that bought by so much on average."""

TENTHS = 10

CLASSES = 8
"""Classes of past repeat purchases: 0, 1, ... and all from the last one on together."""

LEAST_BUYERS = 30
"""With fewer purchases in the time that is judged, nothing is."""


@dataclass(frozen=True, slots=True)
class FrequencyClass:
    """Forecast and actual mean purchases of entities with so many repeat purchases before."""

    label: str
    n: int
    forecast: float
    actual: float
    low: float
    high: float
    """``low`` and ``high`` bound the actual mean."""


@dataclass(frozen=True, slots=True)
class Calibration:
    """How a forecast from an earlier cut did; without checks where there was nothing to judge.

    ``forecast`` and ``actual`` are total purchases. The checks are of the factor by which the total
    is off, whichever way, of the same for the class that is off the most, and of the slope of
    actual over forecast purchases of entities. ``active`` checks ``p_active`` by itself, as
    forecasts can be good where it is not; it is None without repeat purchases to judge by.
    """

    model: ValueModel
    forecast: float
    actual: float
    ratio: float
    low: float
    high: float
    checks: tuple[Check, ...]
    classes: tuple[FrequencyClass, ...]
    sentence: str
    active: Check | None = None

    @property
    def verdict(self) -> Verdict:
        """Give the worst verdict on purchases; one that only informs where there is none."""
        found = {check.verdict for check in self.checks}
        order = (Verdict.FAIL, Verdict.WARN, Verdict.PASS)
        return next((v for v in order if v in found), Verdict.INFO)


def calibrate(histories: Histories, bought: Array, *, horizon_days: float) -> Calibration:
    """Fit at an earlier cut, and judge the forecast by what followed.

    Parameters
    ----------
    histories : Histories
        At the earlier cut, of the entities that had bought before it.
    bought : ndarray of shape (n,)
        Days with a purchase in the ``horizon_days`` after that cut.
    horizon_days : float

    Returns
    -------
    Calibration

    Raises
    ------
    MathsError
        If there is not one count of 0 or more for each history.

    Notes
    -----
    The interval of forecast over actual total adds two errors in logarithms: that of the parameters
    (delta method), and that of the actual total, from how entities missed their forecasts.
    """
    bought = np.asarray(bought, dtype=np.float64)
    if bought.shape != histories.n_repeats.shape or not (bought >= 0).all():
        msg = "each history needs the number of purchases that followed, 0 or more"
        raise MathsError(msg)
    model = fit_value(histories, horizon_days=horizon_days)
    known = histories.is_known
    rows, bought = histories.rows(known), bought[known]
    if model.purchases is None:
        return _nothing(model, bought, model.why_no_purchases)
    if bought.sum() < LEAST_BUYERS:
        why = f"only {bought.sum():,.0f} purchases followed, too few to judge by"
        return _nothing(model, bought, why)
    past = (rows.n_repeats, rows.last_days, rows.age_days, horizon_days)
    forecast = expected_purchases(model.purchases, *past)
    total = forecast @ log_gradient(model.purchases, *past) / forecast.sum()
    by_parameters = float(total @ np.array(model.purchases.covariance) @ total)
    missed = bought - forecast
    by_chance = len(missed) * float(missed.var()) / float(bought.sum()) ** 2
    half = normal_quantile() * (by_parameters + by_chance) ** 0.5
    ratio = float(forecast.sum() / bought.sum())
    low, high = ratio * exp(-half), ratio * exp(half)
    classes = _classes(rows.n_repeats, forecast, bought)
    checks = (
        _total_check(ratio, half),
        *_class_check(classes, float(bought.sum())),
        _slope_check(forecast, bought),
    )
    return Calibration(
        model,
        float(forecast.sum()),
        float(bought.sum()),
        ratio,
        low,
        high,
        checks,
        classes,
        f"forecast {forecast.sum():,.0f} purchases, {bought.sum():,.0f} followed: "
        f"{ratio:.2f} times as many ({low:.2f} to {high:.2f})",
        _active_check(model.purchases, rows, bought, horizon_days),
    )


def _nothing(model: ValueModel, bought: Array, why: str) -> Calibration:
    nan = float("nan")
    return Calibration(model, nan, float(bought.sum()), nan, nan, nan, (), (), why)


def _total_check(ratio: float, half: float) -> Check:
    """Check by which factor the total is off: 1 is right, and above is wrong either way."""
    off = abs(log(ratio))
    return Check(
        "purchases_total",
        exp(off),
        exp(max(off - half, 0.0)),
        exp(off + half),
        FARTHEST,
        larger_is_better=False,
        sentence=f"the total is off by a factor of {exp(off):.2f}; {FARTHEST} is the most",
    )


def _class_check(classes: tuple[FrequencyClass, ...], actual: float) -> tuple[Check, ...]:
    """Check the class that is off the most, among those with enough purchases to be told."""
    told = [c for c in classes if c.n * c.actual >= LEAST_OF_TOTAL * actual and c.low > 0]
    if not told:
        return ()
    worst = max(told, key=lambda c: abs(log(c.forecast / c.actual)))
    ends = sorted(abs(log(worst.forecast / end)) for end in (worst.low, worst.high))
    is_inside = worst.low <= worst.forecast <= worst.high
    off = exp(abs(log(worst.forecast / worst.actual)))
    check = Check(
        "purchases_class",
        off,
        1.0 if is_inside else exp(ends[0]),
        exp(ends[1]),
        FARTHEST_CLASS,
        larger_is_better=False,
        sentence=f"entities with a number of repeat purchases of {worst.label} were said to make "
        f"{worst.forecast:.2f} more each, and made {worst.actual:.2f}",
    )
    return (check,)


def _slope_check(forecast: Array, bought: Array) -> Check:
    """Check how much more those bought who were said to buy more; its error assumes no spread."""
    centred = forecast - forecast.mean()
    square = float(centred @ centred)
    if square <= 0.0:
        return Check("purchases_slope", 0.0, sentence="all entities have the same forecast")
    slope = float(centred @ bought) / square
    left = bought - bought.mean() - slope * centred
    half = normal_quantile() * float(((centred * left) ** 2).sum()) ** 0.5 / square
    return Check(
        "purchases_slope",
        slope,
        slope - half,
        slope + half,
        LEAST_SLOPE,
        sentence=f"one purchase more in the forecast goes with {slope:.2f} more; 1 is right",
    )


def _active_check(
    model: RepeatBuying, rows: Histories, bought: Array, horizon: float
) -> Check | None:
    """Check by tenths of ``p_active`` how many were said to buy at all, and how many did.

    Nobody sees who is active, only who buys; the model turns the one into the other. Even a true
    probability misses by chance, so what chance alone would miss is taken off.
    """
    repeats = rows.n_repeats > 0
    if repeats.sum() < LEAST_BUYERS:
        return None
    x, t_x, T = (v[repeats] for v in (rows.n_repeats, rows.last_days, rows.age_days))
    said = probability_purchase(model, x, t_x, T, horizon)
    did = (bought[repeats] > 0).astype(np.float64)
    active = probability_active(model, x, t_x, T)
    tenth = np.minimum((active * TENTHS).astype(np.int64), TENTHS - 1)
    n = np.bincount(tenth, minlength=TENTHS)
    gaps = np.abs(np.bincount(tenth, weights=said - did, minlength=TENTHS))
    spread = np.bincount(tenth, weights=said * (1.0 - said), minlength=TENTHS) ** 0.5
    # The mean of |z| of a normal curve is sqrt(2 / pi).
    missed = float(np.maximum(gaps - spread * (2.0 / np.pi) ** 0.5, 0.0).sum() / n.sum())
    half = normal_quantile() * float((spread**2).sum()) ** 0.5 / float(n.sum())
    return Check(
        "p_active",
        missed,
        max(missed - half, 0.0),
        missed + half,
        FARTHEST_SHARE,
        larger_is_better=False,
        sentence=f"tenths of p_active miss the share that bought by {missed:.3f} on average",
    )


def _classes(x: Array, forecast: Array, bought: Array) -> tuple[FrequencyClass, ...]:
    found = []
    for k in range(CLASSES):
        is_last = k == CLASSES - 1
        members = x >= k if is_last else x == k
        if members.any():
            low, high = mean_interval(bought[members])
            found.append(
                FrequencyClass(
                    f"{k}+" if is_last else str(k),
                    int(members.sum()),
                    float(forecast[members].mean()),
                    float(bought[members].mean()),
                    max(low, 0.0),
                    high,
                )
            )
    return tuple(found)
