"""All mistakes together: none in clean projects, each where it was planted, in any order."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml

from builders import Listener
from mistaken import BEFORE, clean, columns_of, project_of, unrelated_outcome
from segmentry.domain.feature import Coded, FeatureSpec
from segmentry.domain.mistake import MISTAKES, State
from segmentry.domain.progress import Silent
from segmentry.domain.project import Project
from segmentry.domain.role import Facet
from segmentry.pipeline.mistakes.look import OF_FEATURES, before_run
from segmentry.pipeline.run import run_project
from segmentry.projectfile.emit import emit
from segmentry.projectfile.guess import guess
from segmentry.projectfile.guessed import Flags
from segmentry.projectfile.load import load, read
from segmentry.projectfile.schema import as_data
from simulated import SCENARIOS, log


def found(project: Project) -> list[str]:
    return [m.code for m in before_run(project, progress=Silent()) if m.is_found]


def found_by_run(project: Project) -> list[tuple[str, str]]:
    told = run_project(project).documents["evidence"]["mistakes"]
    return [(m["code"], m["of"]) for m in told if m["state"] == "found"]


def simulated(folder: Path, scenario: str, seed: int) -> Project:
    """Set a simulated business up as somebody would who means it."""
    told = log(folder / "data", scenario, 700, seed=seed)
    text = emit(guess([told.events], Flags(), folder=folder))
    text = text.replace('owner: ""', "owner: marketing").replace(
        'decision: ""', "decision: whom to win back"
    )
    (folder / "segmentry.yaml").write_text(text)
    return load(folder / "segmentry.yaml").project


@pytest.mark.parametrize("seed", [0, 1])
def test_a_clean_table_makes_no_mistake_before_or_after_a_run(tmp_path, seed):
    project = clean(tmp_path, seed=seed)
    assert found(project) == []
    assert found_by_run(project) == []
    assert found(project) == []  # with a run that may have aged


@pytest.mark.parametrize(("scenario", "seed"), [*zip(SCENARIOS, (4, 5, 6), strict=True)])
def test_a_simulated_business_that_is_set_up_makes_no_mistake(tmp_path, scenario, seed):
    project = simulated(tmp_path, scenario, seed)
    assert found(project) == []
    assert found_by_run(project) == []


@pytest.mark.parametrize("planted", BEFORE)
def test_what_was_planted_is_found_and_nothing_else(tmp_path, planted):
    assert found(BEFORE[planted](tmp_path, 700, 0)) == [planted.split()[0]]


@pytest.mark.parametrize("planted", ["M01", "M02", "M03", "M06", "M09", "M10", "M10 many"])
def test_what_is_told_as_a_fix_is_an_edit_that_mends_it(tmp_path, planted):
    project = BEFORE[planted](tmp_path, 500, 0)
    code = planted.split()[0]
    fix = next(m.fix for m in before_run(project, progress=Silent()) if m.code == code)
    data = as_data(project)
    for edit in fix.split("; "):
        data = merged(data, yaml.safe_load(edit))
    mended = read(yaml.safe_dump(data), file="segmentry.yaml", folder=tmp_path).project
    assert found(mended) == []


def merged(data: dict[str, Any], edit: dict[str, Any]) -> dict[str, Any]:
    """Write an edit into the data of a project file, key by key."""
    result = dict(data)
    for key, value in edit.items():
        old = result.get(key)
        both = isinstance(old, dict) and isinstance(value, dict)
        result[key] = merged(old, value) if both else value
    return result


@pytest.mark.parametrize("planted", ["M01", "M02", "M03", "M06", "M09"])
def test_a_run_tells_in_its_evidence_what_a_check_would_have_told(tmp_path, planted):
    assert (planted, "project") in found_by_run(BEFORE[planted](tmp_path, 500, 0))


def test_too_few_segments_are_told_of_the_project_and_of_its_run(tmp_path):
    told = found_by_run(BEFORE["M10"](tmp_path, 500, 0))
    assert told == [("M10", "segments"), ("M10", "project")]


def test_an_outcome_that_tells_nothing_is_told_by_the_run_and_then_by_a_check(tmp_path):
    project = unrelated_outcome(tmp_path)
    assert found(project) == []
    assert found_by_run(project) == [("M13", "segments")]
    assert found(project) == ["M13"]


def test_every_mistake_is_told_of_whatever_came_of_it(tmp_path):
    project = clean(tmp_path, n=300)
    assert {m.code for m in before_run(project, progress=Silent())} == set(MISTAKES)
    done = run_project(project)
    assert {m["code"] for m in done.documents["evidence"]["mistakes"]} == set(MISTAKES)


@pytest.mark.parametrize("planted", ["M01", "M02", "M06", "M09", "M11"])
def test_the_order_of_rows_and_columns_does_not_matter(tmp_path, planted):
    import pyarrow.parquet as pq

    project = BEFORE[planted](tmp_path, 500, 0)
    before = before_run(project, progress=Silent())
    rng, path = np.random.default_rng(1), tmp_path / "people.parquet"
    table = pq.read_table(path)
    names = list(rng.permutation(table.column_names))
    pq.write_table(table.take(rng.permutation(table.num_rows)).select(names), path)
    after = before_run(project, progress=Silent())
    assert [(m.code, m.state, set(m.about)) for m in before] == [
        (m.code, m.state, set(m.about)) for m in after
    ]
    for one, other in zip(before, after, strict=True):
        assert dict(one.figures) == pytest.approx(dict(other.figures), rel=1e-6)


def test_sources_that_cannot_be_read_leave_features_unknown_and_say_why(tmp_path):
    project = project_of(tmp_path, columns_of(300, 0))
    (tmp_path / "people.parquet").unlink()
    told = {m.code: m for m in before_run(project, progress=Silent())}
    assert {told[c].state for c in (*OF_FEATURES, "M04")} == {State.UNKNOWN}
    assert told["M01"].sentence.startswith("the features could not be built: ")
    assert told["M03"].state is State.ABSENT


def test_code_of_a_project_is_not_executed_by_looking(tmp_path):
    spec = FeatureSpec("risky", Coded("own.py", "risky"), Facet.VALUE, "", "", "", is_own=True)
    project = clean(tmp_path, n=300)
    own = replace(project, features=replace(project.features, define=(spec,)))
    listener = Listener()
    told = {m.code: m for m in before_run(own, progress=listener)}
    assert {told[c].state for c in OF_FEATURES} == {State.UNKNOWN}
    assert "which only a run executes" in told["M12"].sentence
    assert listener.phases == []
