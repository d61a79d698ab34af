"""RFM scores."""

from __future__ import annotations

import numpy as np
import pytest

from segmentry.features.derived.family import Known, Unfit
from segmentry.features.derived.rfm import Rfm

KNOWN = Known(frozenset({"at", "amount"}))
VALUES = {
    "recency_days": np.array([1.0, 10, 20, 30, 40, 50]),
    "n_events": np.array([1.0, 1, 1, 1, 2, 9]),
    "value_total": np.array([5.0, 4, 3, 2, 1, np.nan]),
}


def test_the_latest_the_most_frequent_and_the_most_valuable_score_highest() -> None:
    model = Rfm().fit(VALUES, KNOWN)
    found = Rfm().apply(model, VALUES)
    assert found["r_score"].tolist() == sorted(found["r_score"], reverse=True)
    assert found["f_score"].tolist() == [1, 1, 1, 1, 2, 3]
    assert found["m_score"][:5].tolist() == [5, 4, 3, 2, 1]
    assert found["rfm_score"][0] == 5 + 1 + 5
    assert np.isnan(found["rfm_score"][5])


def test_without_amounts_there_is_no_score_of_value() -> None:
    inputs = [s.name for s in Rfm().inputs(Known(frozenset({"at"})))]
    assert inputs == ["recency_days", "n_events"]
    values = {n: VALUES[n] for n in inputs}
    assert set(Rfm().apply(Rfm().fit(values, KNOWN), values)) == {"r_score", "f_score"}


def test_entities_that_are_all_alike_have_no_scores() -> None:
    with pytest.raises(Unfit, match="alike"):
        Rfm().fit({"n_events": np.ones(5)}, KNOWN)


@pytest.mark.parametrize(
    "model",
    [
        {},
        {"x": [1.0]},
        {"r_score": [2.0, 1.0]},
        {"r_score": [1.0] * 9},
        {"f_score": [float("nan")]},
    ],
)
def test_a_damaged_model_is_refused(model: dict[str, list[float]]) -> None:
    with pytest.raises(ValueError, match="border"):
        Rfm().inputs_of(model)
