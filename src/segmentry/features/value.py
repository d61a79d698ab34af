"""What an entity will buy: purchases and value to expect over a horizon, where that can be said.

What lives here: the derived features ``NAMES``, computed from features that an engine gives, the
frozen model behind them, and the reasons for which it gives no numbers. What does not: the formulas
(``maths.repeat_buying``, ``maths.spend``), and whether forecasts came true (``calibration``). Read
on in ``docs/methods/value.md``.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import log1p
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from segmentry.errors import MathsError
from segmentry.maths.intervals import normal_quantile
from segmentry.maths.likelihood import checked_weights
from segmentry.maths.repeat_buying import (
    RepeatBuying,
    checked_histories,
    discounted_purchases,
    distinct_histories,
    expected_purchases,
    log_error,
    log_gradient,
    probability_active,
)
from segmentry.maths.repeat_buying_fit import fit_repeat_buying
from segmentry.maths.rounding import round_significant, rounded
from segmentry.maths.spend import (
    Dependence,
    Spend,
    SpendFit,
    dependence,
    expected_value,
    fit_spend,
)
from segmentry.maths.spend import log_gradient as spend_log_gradient
from segmentry.stores.records import from_plain, to_plain

Array = NDArray[np.float64]

NAMES = ("expected_purchases", "expected_value", "clv", "clv_low", "clv_high", "p_active")
"""The features of the family, in the order in which people read them."""

LEAST_REPEATERS = 50
"""Entities with a repeat purchase without whom there is nothing to learn from."""

LARGEST_CORRELATION = 0.1
"""Value that surely goes along with the number of purchases more than this breaks the model."""

DAYS_OF_YEAR = 365.25

_MOST = 100.0
"""Factor over the value of one who is surely active that no end of an interval exceeds."""


@dataclass(frozen=True, slots=True)
class Histories:
    """Purchase histories, one row per entity; a row with any NaN in the first three is unknown.

    ``n_repeats`` counts the days with a purchase after the first such day; ``last_days`` and
    ``age_days`` are days from the first purchase to the last one and to the cut; ``mean_value`` is
    the mean value of a *repeat* day (the first left out, as in the paper), NaN where none is.
    """

    n_repeats: Array
    last_days: Array
    age_days: Array
    mean_value: Array

    def __post_init__(self) -> None:
        shapes = {np.shape(v) for v in self.columns}
        if len(shapes) != 1 or len(next(iter(shapes))) != 1:
            msg = f"the columns of histories must be as long as each other, not {sorted(shapes)}"
            raise MathsError(msg)

    @property
    def columns(self) -> tuple[Array, Array, Array, Array]:
        """Give the four columns in order."""
        return self.n_repeats, self.last_days, self.age_days, self.mean_value

    @property
    def is_known(self) -> NDArray[np.bool_]:
        """Say for each row whether there is a history at all."""
        result: NDArray[np.bool_] = ~np.isnan(self.n_repeats + self.last_days + self.age_days)
        return result

    def rows(self, kept: NDArray[np.bool_] | NDArray[np.intp]) -> Histories:
        """Give some of the rows."""
        return Histories(*(column[kept] for column in self.columns))


@dataclass(frozen=True, slots=True)
class ValueModel:
    """Purchases and value to expect, as plain numbers: applying it learns nothing.

    ``purchases`` or ``spend`` is None where it does not apply, and ``why_no_purchases`` or
    ``why_no_spend`` says why. ``notes`` are what to know about numbers that are given.
    """

    horizon_days: float
    discount_rate: float
    n_entities: float
    n_repeaters: float
    purchases: RepeatBuying | None = None
    spend: Spend | None = None
    why_no_purchases: str = ""
    why_no_spend: str = ""
    dependence: Dependence | None = None
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        _check_terms(self.horizon_days, self.discount_rate)
        if (self.purchases is None) == (not self.why_no_purchases):
            msg = "a value model has a model of purchases, or says why not"
            raise MathsError(msg)
        if (self.spend is None) == (not self.why_no_spend):
            msg = "a value model has a model of spend, or says why not"
            raise MathsError(msg)
        for model in (self.purchases, self.spend):
            if model is not None and not model.covariance:
                msg = "a model of purchases or of spend needs its covariance"
                raise MathsError(msg)

    def to_dict(self) -> dict[str, Any]:
        """Give the model as JSON knows it."""
        return to_plain(self)

    @classmethod
    def from_dict(cls, data: object) -> Self:
        """Read a model, believing nothing: fields, types and ranges are checked.

        Raises
        ------
        ValueError
            It names what is wrong.
        """
        return from_plain(cls, data)

    @property
    def discount_per_day(self) -> float:
        """Give the continuous rate at which value shrinks."""
        return log1p(self.discount_rate) / DAYS_OF_YEAR

    def apply(self, histories: Histories) -> dict[str, Array]:
        """Compute the features, row by row: a row's answer does not depend on others.

        Parameters
        ----------
        histories : Histories

        Returns
        -------
        dict of str to ndarray of shape (n,)
            One for each of ``NAMES``, at 12 significant digits. NaN where nothing can be said: no
            history; no model (see ``why_no_purchases``, ``why_no_spend``); ``p_active`` without a
            repeat purchase, as the model never lets anyone stop before the first one; values of
            those whose mean value is unknown or below 0 in spite of repeats.

        Raises
        ------
        MathsError
            If a row holds what no purchase history can, such as a last purchase after the cut.
        """
        answers = {name: np.full(len(histories.n_repeats), np.nan) for name in NAMES}
        known = histories.is_known
        if self.purchases is None or not known.any():
            return answers
        found = self._answers(self.purchases, histories.rows(known))
        for name, values in found.items():
            answers[name][known] = round_significant(values)
        return answers

    def _answers(self, model: RepeatBuying, histories: Histories) -> dict[str, Array]:
        x, t_x, T, m = histories.columns
        x, t_x, T = checked_histories(x, t_x, T)
        # Days are whole numbers, so many entities share a history: each is computed once.
        (x_, t_, T_), back = distinct_histories(x, t_x, T)
        past = (x_, t_, T_, self.horizon_days)
        active = probability_active(model, x, t_x, T)
        found = {
            "expected_purchases": expected_purchases(model, *past)[back],
            "p_active": np.where(x > 0, active, np.nan),
        }
        if self.spend is None:
            return found
        value = _expected_value(self.spend, x, m)
        worth = discounted_purchases(model, *past, rate=self.discount_per_day)[back]
        # Errors of the two models are independent: their likelihoods share no parameter.
        error = np.hypot(
            log_error(log_gradient(model, *past), model.covariance)[back],
            log_error(spend_log_gradient(self.spend, x, m), self.spend.covariance),
        )
        # The long silent are worth no more than if they had stayed; far above that, the end of an
        # interval is a number too large and no statement.
        most = _MOST / np.maximum(active, 1e-300)
        ratio = np.exp(np.minimum(normal_quantile() * error, np.log(most)))
        clv = worth * value
        return found | {
            "expected_value": value,
            "clv": clv,
            "clv_low": clv / ratio,
            "clv_high": clv * ratio,
        }


def fit_value(
    histories: Histories,
    *,
    horizon_days: float,
    discount_rate: float = 0.0,
    weights: Array | None = None,
) -> ValueModel:
    """Fit purchases and value, or say why that cannot be done.

    Parameters
    ----------
    histories : Histories
        Those without a history are left out.
    horizon_days : float
        How far to look ahead of the cut; above 0.
    discount_rate : float, default=0.0
        What a purchase loses of its worth for each year that it lies ahead: at 0.1, one in a year
        is worth 1/1.1 of one today.
    weights : ndarray of shape (n,), optional
        How many entities each row stands for.

    Returns
    -------
    ValueModel

    Raises
    ------
    MathsError
        If a row holds what no purchase history can, or the horizon or the rate is out of range.
    """
    _check_terms(horizon_days, discount_rate)
    counts = checked_weights(weights, len(histories.n_repeats)) * histories.is_known
    known = counts > 0
    rows, counts = histories.rows(known), counts[known]
    repeats = rows.n_repeats > 0
    n_repeaters = float(counts[repeats].sum())
    purchases, why = _fit_purchases(rows, counts, n_repeaters)
    spend, why_not, found = _fit_spend(rows, counts)
    if purchases is None:
        spend, why_not = None, "no purchases can be forecast, so neither can their value"
    return ValueModel(
        horizon_days=float(horizon_days),
        discount_rate=float(discount_rate),
        n_entities=float(counts.sum()),
        n_repeaters=n_repeaters,
        purchases=purchases,
        spend=spend,
        why_no_purchases=why,
        why_no_spend=why_not,
        dependence=found,
        notes=_notes(rows, horizon_days, found) if purchases else (),
    )


def _fit_purchases(
    rows: Histories, counts: Array, n_repeaters: float
) -> tuple[RepeatBuying | None, str]:
    if not len(counts):
        return None, "nobody has a purchase"
    if n_repeaters == 0:
        return None, f"none of {counts.sum():,.0f} entities bought on a second day"
    if n_repeaters < LEAST_REPEATERS:
        return None, (
            f"only {n_repeaters:,.0f} of {counts.sum():,.0f} entities bought on a second day; "
            f"{LEAST_REPEATERS} are needed"
        )
    fit = fit_repeat_buying(rows.n_repeats, rows.last_days, rows.age_days, counts)
    if fit.at_bound:
        return None, (
            "purchases do not follow a model of buying at random until one stops: "
            f"{_list(fit.at_bound)} lies on the bound of the search"
        )
    if not fit.is_converged:
        return None, "the model of purchases did not converge: its likelihood has no one maximum"
    return _plain_purchases(fit.model), ""


def _fit_spend(rows: Histories, counts: Array) -> tuple[Spend | None, str, Dependence | None]:
    with np.errstate(invalid="ignore"):
        usable = (rows.n_repeats > 0) & (rows.mean_value > 0) & np.isfinite(rows.mean_value)
    x, m, counts = rows.n_repeats[usable], rows.mean_value[usable], counts[usable]
    if counts.sum() < LEAST_REPEATERS:
        why = (
            f"only {counts.sum():,.0f} entities have repeat purchases with a value above 0; "
            f"{LEAST_REPEATERS} are needed"
        )
        return None, why, None
    found = dependence(x, m, counts)
    found = Dependence(*(rounded(v) for v in _fields(found)))
    fit = fit_spend(x, m, counts)
    why = _why_no_spend(found, fit)
    return None if why else _plain_spend(fit.model), why, found


def _why_no_spend(found: Dependence, fit: SpendFit) -> str:
    if max(found.low, -found.high) > LARGEST_CORRELATION:
        more = "more" if found.correlation > 0 else "less"
        return (
            f"who buys more often spends {more} per purchase: {_told(found)}, and the model of "
            "spend allows none"
        )
    if fit.at_bound:
        return (
            "values do not vary as the model of spend has it: "
            f"{_list(fit.at_bound)} lies on the bound of the search"
        )
    if not fit.is_converged:
        return "the model of spend did not converge: its likelihood has no one maximum"
    if fit.model.q <= 1.0:
        return "values spread so far that they have no mean over entities (q <= 1)"
    return ""


def _told(found: Dependence) -> str:
    return f"correlation {found.correlation:.2f} ({found.low:.2f} to {found.high:.2f})"


def _notes(rows: Histories, horizon_days: float, found: Dependence | None) -> tuple[str, ...]:
    notes = []
    longest = float(rows.age_days.max())
    if horizon_days > longest:
        notes.append(
            f"the horizon of {horizon_days:,.0f} days is longer than anybody has been seen "
            f"({longest:,.0f} days): nothing checks such a forecast"
        )
    if found and found.low * found.high > 0 and max(found.low, -found.high) <= LARGEST_CORRELATION:
        notes.append(
            f"value goes along with the number of purchases a little: {_told(found)}, where the "
            "model of spend allows none"
        )
    return tuple(notes)


def _expected_value(model: Spend, x: Array, m: Array) -> Array:
    with np.errstate(invalid="ignore"):
        told = (x == 0) | ((m >= 0) & np.isfinite(m))
    return np.where(told, expected_value(model, x, np.where(told, m, 0.0)), np.nan)


def _check_terms(horizon_days: float, discount_rate: float) -> None:
    if not (np.isfinite(horizon_days) and horizon_days > 0):
        msg = f"a horizon is a number of days above 0, not {horizon_days}"
        raise MathsError(msg)
    if not 0.0 <= discount_rate <= 1.0:
        msg = f"a yearly discount rate lies from 0 to 1, not {discount_rate}"
        raise MathsError(msg)


def _plain_purchases(model: RepeatBuying) -> RepeatBuying:
    return RepeatBuying.of(round_significant(np.array(model.values)), _plain_rows(model.covariance))


def _plain_spend(model: Spend) -> Spend:
    return Spend.of(round_significant(np.array(model.values)), _plain_rows(model.covariance))


def _plain_rows(rows: tuple[tuple[float, ...], ...]) -> tuple[tuple[float, ...], ...]:
    return tuple(tuple(rounded(v) for v in row) for row in rows)


def _fields(found: Dependence) -> tuple[float, float, float, float]:
    return found.correlation, found.low, found.high, found.pearson


def _list(names: tuple[str, ...]) -> str:
    return " and ".join(names)
