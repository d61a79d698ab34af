"""The family of purchases and value to expect."""

from __future__ import annotations

import json

import numpy as np
import pytest

from repeaters import drawn_buyers, drawn_means
from segmentry.features.derived.family import Known, Unfit
from segmentry.features.derived.value import Value

KNOWN = Known(frozenset({"at", "amount"}), horizon_days=60.0)


def histories(n: int = 1_500) -> dict[str, np.ndarray]:
    rng = np.random.default_rng(1)
    drawn = drawn_buyers(rng, np.full(n, 39.0))
    mean = np.full(n, np.nan)
    mean[drawn.x > 0] = drawn_means(rng, drawn.x[drawn.x > 0])[0]
    names = [s.name for s in Value().inputs(KNOWN)]
    return dict(zip(names, (drawn.x, drawn.t_x, drawn.T, mean), strict=True))


def test_the_model_survives_being_written_as_text() -> None:
    values = histories()
    model = Value().fit(values, KNOWN)
    again = json.loads(json.dumps(model))
    whole, same = Value().apply(model, values), Value().apply(again, values)
    assert set(whole) == {s.name for s in Value().features}
    for name, column in whole.items():
        np.testing.assert_array_equal(column, same[name])
    assert [s.name for s in Value().inputs_of(again)] == list(values)
    assert "in the 60 days after the cut" in Value().sentences(again)["clv"]


def test_without_amounts_only_purchases_are_forecast() -> None:
    values = histories()
    values.popitem()
    found = Value().apply(Value().fit(values, Known(frozenset({"at"}))), values)
    assert set(found) == {"expected_purchases", "p_active"}


def test_buyers_who_never_come_back_teach_nothing() -> None:
    values = {n: np.zeros(100) for n in histories()}
    with pytest.raises(Unfit, match="second day"):
        Value().fit(values, KNOWN)


def test_a_damaged_model_is_refused() -> None:
    model = dict(Value().fit(histories(), KNOWN))
    with pytest.raises(ValueError, match="no"):
        Value().inputs_of({**model, "model": {**model["model"], "horizon_days": "soon"}})
    with pytest.raises(ValueError, match="has no"):
        Value().inputs_of({"model": model["model"]})
