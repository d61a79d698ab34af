"""Mistakes that tell from what features are about."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from mistaken import BEFORE, clean, columns_of, only_people, project_of, purchases
from segmentry.domain.audit import Audit
from segmentry.domain.mistake import Mistake, State
from segmentry.domain.progress import Silent
from segmentry.domain.project import Project, Source, Windows, frozen_mapping
from segmentry.domain.role import Role
from segmentry.pipeline.mistakes.meaning import of_meaning
from segmentry.pipeline.ready import make_ready

EVENTS = {"entity": "customer_id", "time": "at", "amount": "amount"}


def looked(project: Project) -> dict[str, Mistake]:
    ready = make_ready(project, audit=Audit(), steps=Silent())
    return {m.code: m for m in of_meaning(project, ready)}


def log(folder, **changes: object) -> Project:
    path = purchases(folder)
    source = Source("orders", path.name, columns=frozen_mapping(EVENTS))
    return replace(Project("shop", (source,), folder=folder), **changes)


def with_roles(project: Project, **roles: Role) -> Project:
    every = frozen_mapping({**project.features.roles, **roles})
    return replace(project, features=replace(project.features, roles=every))


def test_a_clean_project_makes_none(tmp_path):
    assert [m.code for m in looked(clean(tmp_path)).values() if m.is_found] == []


def test_one_state_of_everybody_is_told_as_a_note(tmp_path):
    mistake = looked(BEFORE["M07"](tmp_path, 400, 0))["M07"]
    assert mistake.is_found
    assert mistake.severity == "info"


def test_a_column_that_tells_a_change_is_a_view_over_time(tmp_path):
    told = looked(clean(tmp_path))["M07"].sentence
    assert told == "'spend_change' tells a change over time"


def test_events_bring_a_trend_and_an_outcome_by_themselves(tmp_path):
    told = looked(log(tmp_path))
    assert "'trend'" in told["M07"].sentence
    assert told["M13"].state is State.ABSENT
    assert "'active_after'" in told["M13"].sentence


def test_events_whose_trend_was_left_out_are_told(tmp_path):
    project = log(tmp_path)
    without = replace(project, features=replace(project.features, exclude=("trend",)))
    mistake = looked(without)["M07"]
    assert mistake.is_found
    assert mistake.severity == "warning"


def test_a_trend_that_was_left_out_is_told_with_its_reason(tmp_path):
    # Nobody did anything in the ten days before the cut, so that all have the same trend.
    project = log(tmp_path, windows=Windows(recent_days=0.0001, outcome_days=10.0))
    mistake = looked(project)["M07"]
    assert mistake.is_found
    assert "('trend' " in mistake.sentence
    assert mistake.fix == "windows: {recent: 7d}, where the history is short"


def test_columns_about_people_that_nobody_asked_for_are_told(tmp_path):
    mistake = looked(BEFORE["M09"](tmp_path, 400, 0))["M09"]
    assert mistake.about == ("age", "region")
    assert mistake.figures["share"] == pytest.approx(2 / 8)
    assert 'roles: {"age": overlay}' in mistake.fix


def test_columns_about_people_that_describe_only_are_no_mistake(tmp_path):
    project = BEFORE["M09"](tmp_path, 400, 0)
    mended = with_roles(project, age=Role.OVERLAY, region=Role.OVERLAY)
    assert looked(mended)["M09"].state is State.ABSENT


def test_columns_about_people_that_the_project_asks_for_are_settled(tmp_path):
    project = BEFORE["M09"](tmp_path, 400, 0)
    asked = with_roles(project, age=Role.CLUSTER, region=Role.CLUSTER)
    assert looked(asked)["M09"].state is State.SETTLED
    half = with_roles(project, age=Role.CLUSTER)
    assert looked(half)["M09"].is_found


def test_nothing_but_who_people_are_is_told_however_it_was_asked_for(tmp_path):
    project = only_people(tmp_path, n=400)
    names = ("age", "income", "household_size", "education_level")
    for told in (project, with_roles(project, **dict.fromkeys(names, Role.CLUSTER))):
        mistake = looked(told)["M09"]
        assert mistake.is_found
        assert mistake.sentence.startswith("all 4 features say who or where")


def test_who_companies_are_counts_as_who_people_are(tmp_path):
    rng, columns = np.random.default_rng(0), columns_of(400, 0)
    industry = np.array(["retail", "health", "public"])[rng.integers(0, 3, 400)]
    project = project_of(
        tmp_path, {**columns, "industry": industry, "employees": rng.integers(1, 900, 400)}
    )
    assert looked(project)["M09"].about == ("employees", "industry")


def test_names_that_were_only_counted_up_are_told(tmp_path):
    mistake = looked(BEFORE["M11"](tmp_path, 400, 0))["M11"]
    assert mistake.about == ("V1", "V2", "V3", "V4", "V5")
    assert mistake.figures["share"] == pytest.approx(5 / 6)


def test_no_outcome_at_all_is_a_note(tmp_path):
    mistake = looked(BEFORE["M13"](tmp_path, 400, 0))["M13"]
    assert (mistake.state, mistake.severity) == (State.FOUND, "info")


def test_a_horizon_too_long_for_the_history_leaves_nothing_to_judge_by(tmp_path):
    mistake = looked(log(tmp_path, windows=Windows(outcome_days=200.0)))["M13"]
    assert mistake.is_found
    assert mistake.fix == "windows: {outcome: auto}, or a longer history"
