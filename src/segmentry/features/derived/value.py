"""Purchases and value to expect: the family whose model is BG/NBD with gamma-gamma.

What lives here: its inputs and names. What does not: the model (``features.value``).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from segmentry.domain.feature import INSTANT, FeatureSpec
from segmentry.domain.formula import Aggregate, Computed, Learned, Measure
from segmentry.domain.role import Facet
from segmentry.features.derived.family import Known, Unfit, Values
from segmentry.features.terms import above, distinct, total
from segmentry.features.value import Histories, ValueModel, fit_value

NAME = "value"
_FADER = (
    "Fader, P. S., Hardie, B. G. S. and Lee, K. L. (2005). Counting your customers the easy way. "
    "Marketing Science 24, 275-284"
)
_GAMMA = "Fader, P. S. and Hardie, B. G. S. (2013). The gamma-gamma model of monetary value"
_AHEAD = "within the horizon"
_NOT = "purchases cannot be forecast for this entity"
_SAID = {
    "expected_purchases": (
        *(Facet.VALUE, "purchases", f"days with a purchase to expect {_AHEAD}", _NOT, _FADER),
    ),
    "expected_value": (
        *(Facet.VALUE, "money per purchase", "average value of a purchase to expect"),
        *(_NOT, _GAMMA),
    ),
    "clv": (
        *(Facet.VALUE, "money", f"value to expect {_AHEAD}: purchases times their value"),
        *(_NOT, _GAMMA),
    ),
    "clv_low": (
        *(Facet.VALUE, "money", "lower end of the 95 % interval of the value to expect"),
        *(_NOT, _GAMMA),
    ),
    "clv_high": (
        *(Facet.VALUE, "money", "upper end of the 95 % interval of the value to expect"),
        *(_NOT, _GAMMA),
    ),
    "p_active": (
        *(Facet.LOYALTY, "probability", "probability that the entity has not stopped buying"),
        *("no purchase after the first, so nothing can be said", _FADER),
    ),
}


def _input(name: str, formula: Any) -> FeatureSpec:
    return FeatureSpec(name, formula, Facet.VALUE, "", f"input of '{NAME}'", "never missing")


_AGE = Computed.DAY_AGE
_FIRST = Aggregate(Measure.MOST, _AGE, "history")
_LAST = Aggregate(Measure.LEAST, _AGE, "history")
_REPEATS = distinct(_AGE, span="history") - 1.0
_INPUTS = (
    _input("purchase days after the first", _REPEATS),
    _input("days from first to last purchase", _FIRST - _LAST),
    _input("days since the first purchase", _FIRST + 0.0),
)
_MEAN = _input(
    "mean value of a later purchase day",
    total("amount", above(Computed.IS_LATER_DAY), span="history") / _REPEATS,
)


class Value:
    """Purchases and value to expect over a horizon after the cut."""

    name = NAME
    meaning = "purchase"
    features = tuple(
        FeatureSpec(
            name,
            Learned(NAME),
            facet,
            unit,
            sentence,
            null,
            objectives=("revenue", "retention"),
            aspect="value to expect",
            refines=name not in {"expected_purchases", "p_active"},
            is_core=False,
            source=source,
            also_needs=(INSTANT, *(("amount",) if "value" in name or "clv" in name else ())),
        )
        for name, (facet, unit, sentence, null, source) in _SAID.items()
    )

    def inputs(self, known: Known) -> tuple[FeatureSpec, ...]:
        """Give the purchase history, with its value where events have an amount."""
        return (*_INPUTS, _MEAN) if "amount" in known.fields else _INPUTS

    def fit(self, values: Values, known: Known) -> Mapping[str, Any]:
        """Learn both models, as far as they apply."""
        model = fit_value(_histories(values), horizon_days=known.horizon_days)
        if model.purchases is None:
            raise Unfit(model.why_no_purchases)
        return {"has_value": _MEAN.name in values, "model": model.to_dict()}

    def inputs_of(self, model: Mapping[str, Any]) -> tuple[FeatureSpec, ...]:
        """Give the inputs that the model was learned from."""
        _checked(model)
        return (*_INPUTS, _MEAN) if model["has_value"] else _INPUTS

    def apply(self, model: Mapping[str, Any], values: Values) -> dict[str, NDArray[np.float64]]:
        """Forecast; what the model says nothing of is left out."""
        found = _checked(model)
        answers = found.apply(_histories(values))
        told = set(answers) if found.spend is not None else {"expected_purchases", "p_active"}
        return {name: answers[name] for name in answers if name in told}

    def sentences(self, model: Mapping[str, Any]) -> Mapping[str, str]:
        """Say how far the forecasts reach."""
        days = f"in the {_checked(model).horizon_days:g} days after the cut"
        return {n: said[2].replace(_AHEAD, days) for n, said in _SAID.items() if _AHEAD in said[2]}


def _checked(model: Mapping[str, Any]) -> ValueModel:
    if set(model) != {"has_value", "model"} or type(model["has_value"]) is not bool:
        msg = f"a model of value has no {sorted(model)}"
        raise ValueError(msg)
    return ValueModel.from_dict(model["model"])


def _histories(values: Values) -> Histories:
    x, t_x, age = (values[s.name] for s in _INPUTS)
    mean = values.get(_MEAN.name)
    if mean is None:
        mean = np.full(len(x), np.nan)
    return Histories(x, t_x, age, np.where(x > 0, mean, np.nan))
