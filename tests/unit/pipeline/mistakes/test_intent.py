"""Mistakes that the project file alone tells."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from segmentry.domain.mistake import Mistake, State
from segmentry.domain.project import Project, SegmentChoice
from segmentry.pipeline.mistakes.intent import of_intent

SAID = Project("shop", (), decision="whom to call", owner="sales", folder=Path())


def found(project: Project) -> dict[str, Mistake]:
    return {m.code: m for m in of_intent(project) if m.is_found}


def test_a_project_that_says_what_it_is_for_makes_none():
    assert found(SAID) == {}
    told = {m.code: m.sentence for m in of_intent(SAID)}
    assert told["M05"] == "the segments serve a decision: whom to call"
    assert "sales answers" in told["M08"]
    assert "is not known here" in told["M08"]


def test_one_number_alone_is_told_with_the_band_that_would_do():
    mistake = found(replace(SAID, segments=SegmentChoice(6, 6)))["M03"]
    assert "exactly 6 segments" in mistake.sentence
    assert mistake.fix == "segments: {min: 4, max: 8}"
    assert dict(mistake.figures) == {"minimum": 6, "maximum": 6}


@pytest.mark.parametrize(
    ("band", "told"),
    [((2, 3), True), ((2, 4), False), ((4, 8), False), ((9, 12), False), ((10, 12), True)],
)
def test_a_band_that_allows_only_too_few_or_too_many_is_told(band, told):
    assert ("M10" in found(replace(SAID, segments=SegmentChoice(*band)))) is told


def test_no_decision_and_no_owner_are_notes_and_no_more():
    said = found(replace(SAID, decision="  ", owner=""))
    assert set(said) == {"M05", "M08"}
    assert {m.severity for m in said.values()} == {"info"}
    assert all(m.state is State.FOUND for m in said.values())
