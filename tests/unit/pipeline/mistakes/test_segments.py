"""Mistakes that tell from the segments of a run."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from builders import answers
from mistaken import clean, columns_of, project_of
from planted import planted, profiles_of
from segmentry.domain.audit import Audit
from segmentry.domain.judging import Heldout, OutcomeAfter
from segmentry.domain.mistake import Mistake, State
from segmentry.domain.profile import Profile
from segmentry.domain.progress import Silent
from segmentry.domain.project import Project
from segmentry.judge.demands import Lever
from segmentry.pipeline.mistakes.segments import alike_pairs, of_segments
from segmentry.pipeline.ready import Ready, make_ready

LEVELS = {"visits": [2, 9, 16, 23, 30], "spend": [50.0, 10.0, 90.0, 30.0, 70.0]}


@pytest.fixture(scope="module")
def ready(tmp_path_factory: pytest.TempPathFactory) -> Ready:
    return made(clean(tmp_path_factory.mktemp("clean"), n=500))


def made(project: Project) -> Ready:
    return make_ready(project, audit=Audit(), steps=Silent())


def groups_of(n: int = 500, seed: int = 0) -> np.ndarray:
    """Draw the groups that ``columns_of`` draws."""
    return np.random.default_rng(seed).integers(0, 5, n)


def profiles(n: int = 5) -> tuple[Profile, ...]:
    """Describe planted segments, each with an action of its own."""
    table, segment = planted({name: levels[:n] for name, levels in LEVELS.items()})
    told = profiles_of(table, segment)
    return tuple(replace(p, action=f"Do thing {p.segment_id}.") for p in told)


def looked(
    ready: Ready,
    segment: np.ndarray,
    told: tuple[Profile, ...],
    heldout: Heldout | None = None,
) -> list[Mistake]:
    found: Any = SimpleNamespace(
        answers=answers(segment), selection=SimpleNamespace(reason="it is the steadiest")
    )
    return list(of_segments(ready, found, told, heldout))


def of_code(code: str, mistakes: list[Mistake]) -> list[Mistake]:
    return [m for m in mistakes if m.code == code]


def after(name: str, p_value: float, *, varies: bool = True) -> OutcomeAfter:
    return OutcomeAfter(name, "", "", 0.5, 0.4, 0.6, p_value, 0.0, (), varies=varies)


def held(*outcomes: OutcomeAfter) -> Heldout:
    at = datetime(2025, 1, 1, tzinfo=UTC)
    return Heldout(at, at, 30.0, 500, outcomes, "")


def test_segments_that_are_there_make_no_mistake(ready):
    told = looked(ready, groups_of(), profiles())
    assert [m for m in told if m.is_found] == []
    assert all(m.is_of_segments for m in told)


@pytest.mark.parametrize(("n", "state"), [(2, "found"), (3, "found"), (4, "absent")])
def test_few_segments_are_told_with_why_they_were_chosen(ready, n, state):
    (mistake,) = of_code("M10", looked(ready, groups_of() % n, profiles(n)))
    assert mistake.state == state
    assert ("it is the steadiest" in mistake.sentence) is mistake.is_found


def test_ten_segments_are_many(ready):
    many = profiles() * 2
    (mistake,) = of_code("M10", looked(ready, np.arange(500) % 10, many))
    assert "more than people can act on" in mistake.sentence
    (fewer,) = of_code("M10", looked(ready, np.arange(500) % 9, many[:9]))
    assert not fewer.is_found


def test_segments_drawn_by_lot_differ_in_nothing(ready):
    lot = np.random.default_rng(3).integers(0, 4, 500)
    pairs = [m for m in of_code("M05", looked(ready, lot, profiles(4))) if m.severity == "warning"]
    (mistake,) = pairs
    assert mistake.figures["n_pairs"] == 6
    assert "so it is with 5 other pairs" in mistake.sentence
    assert set(mistake.about) == {p.name for p in profiles(4)}


def test_one_segment_cut_in_two_is_the_pair_that_is_told(ready):
    cut = np.where(groups_of() == 0, np.where(np.arange(500) % 2, 0, 5), groups_of())
    told = (*profiles(), replace(profiles()[0], naming=replace(profiles()[0].naming, name="Half")))
    pairs = [m for m in of_code("M05", looked(ready, cut, told)) if m.severity == "warning"]
    assert [m.figures["n_pairs"] for m in pairs] == [1]
    assert set(pairs[0].about) == {told[0].name, "Half"}


def test_the_same_action_for_the_same_reason_is_a_note(ready):
    first, *others = profiles()
    twin = replace(first, naming=replace(first.naming, name="Twin"))
    told = of_code("M05", looked(ready, groups_of(), (first, *others[:3], twin)))
    (mistake,) = told
    assert mistake.is_found
    assert mistake.severity == "info"
    assert mistake.about == (first.name, "Twin")
    assert first.action in mistake.sentence


def test_the_same_action_for_another_reason_is_no_mistake(ready):
    first, second, *others = profiles()
    same = replace(second, action=first.action)
    told = of_code("M05", looked(ready, groups_of(), (first, same, *others)))
    assert [m.state for m in told] == [State.ABSENT]


def test_a_segment_that_no_feature_tells_from_everyone_is_told(ready):
    dull = profiles()[0]
    weak = tuple(replace(c, difference=0.3) for c in dull.contrasts)
    told = (replace(dull, contrasts=weak), *profiles()[1:])
    (mistake,) = of_code("M11", looked(ready, groups_of(), told))
    assert mistake.about == (dull.name,)
    assert "by 0.30 standard deviations at most" in mistake.sentence


def test_an_outcome_that_follows_the_groups_is_held_against_them(ready):
    (mistake,) = of_code("M13", looked(ready, groups_of(), profiles()))
    assert mistake.sentence == "segments differ in 'renewed', of 1 outcome"
    assert mistake.figures["p_value"] < 0.001


def test_an_outcome_that_follows_nothing_is_told(ready):
    lot = np.random.default_rng(5).integers(0, 4, 500)
    (mistake,) = of_code("M13", looked(ready, lot, profiles(4)))
    assert mistake.is_found
    assert mistake.severity == "warning"
    assert mistake.figures["p_value"] > 0.05


def test_one_of_many_outcomes_has_to_differ_plainly(tmp_path: Path):
    columns = columns_of(300, 0)
    del columns["renewed"]
    without = made(project_of(tmp_path, columns))
    one = looked(without, groups_of(300), profiles(), held(after("a", 0.03)))
    assert not of_code("M13", one)[0].is_found
    two = held(after("a", 0.03), after("b", 0.4), after("c", 0.001, varies=False))
    (mistake,) = of_code("M13", looked(without, groups_of(300), profiles(), two))
    assert mistake.is_found
    assert mistake.about == ("a", "b")
    assert mistake.figures["p_value"] == pytest.approx(0.06)


def test_without_any_outcome_nothing_is_said_of_one(tmp_path: Path):
    columns = columns_of(300, 0)
    del columns["renewed"]
    without = made(project_of(tmp_path, columns))
    assert of_code("M13", looked(without, groups_of(300), profiles())) == []


def test_pairs_are_measured_in_medium_effects():
    values = np.repeat([0.0, 0.0, 5.0], 50) + np.tile([-1.0, 1.0], 75)
    ((i, j, most, feature),) = alike_pairs(
        np.repeat([0, 1, 2], 50), 3, [Lever("b", values * 0.0 + 1.0), Lever("a", values)]
    )
    assert (i, j, feature) == (0, 1, "a")
    assert most == pytest.approx(0.0)


def test_without_levers_no_pair_is_alike():
    assert alike_pairs(np.zeros(4, dtype=np.int64), 2, []) == []
