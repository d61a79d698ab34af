"""A text model refuses what contradicts itself, and stays as it is."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from segmentry.domain.textmodel import TextFacts, TextModel, Topic

FACTS = TextFacts(
    "message",
    "associations",
    "english",
    ("card", "parcel"),
    ("cards", "parcel"),
    (Topic("cards parcel", ("cards", "parcel")),),
)


def model(**changes: object) -> TextModel:
    axes = changes.pop("axes", np.ones((2, 1)))
    return TextModel(replace(FACTS, **changes), np.ones(2), axes)  # type: ignore[arg-type]


def test_a_model_knows_how_many_topics_it_has() -> None:
    assert model().n_topics == 1


def test_arrays_of_a_model_cannot_be_written_to() -> None:
    with pytest.raises(ValueError, match="read-only"):
        model().axes[0, 0] = 2.0


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"axes": np.ones((2, 3))}, "do not fit"),
        ({"axes": np.array([[np.nan], [0.0]])}, "not finite"),
        ({"terms": ("card", "card")}, "do not repeat"),
        ({"shown": ("card",)}, "how it is written"),
    ],
)
def test_a_model_that_contradicts_itself_is_refused(changes: dict[str, object], told: str) -> None:
    with pytest.raises(ValueError, match=told):
        model(**changes)
