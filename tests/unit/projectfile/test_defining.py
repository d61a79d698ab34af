"""The keys under ``features.define``: what they may be, and both directions."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from segmentry.domain.feature import FeatureSpec
from segmentry.domain.formulatext import read_formula
from segmentry.domain.role import Facet
from segmentry.errors import ProjectFileError
from segmentry.projectfile.defining import UNTOLD, defined_data
from segmentry.projectfile.emit import emit
from segmentry.projectfile.guessed import Guess
from segmentry.projectfile.load import load, read
from segmentry.projectfile.schema import as_data, from_data

SOURCE = {"path": "orders.csv", "columns": {"entity": "c", "time": "t", "amount": "a"}}
LATE = {
    "name": "late_share",
    "facet": "rhythm",
    "unit": "share",
    "sentence": "share of events before five",
    "formula": "count(events where hour below 5) / count(events)",
    "null_means": "no events",
    "null_is": -1,
    "objectives": ["retention", "revenue"],
}
FILE = """\
sources:
  - path: orders.csv
    columns: {entity: c, time: t, amount: a}
features:
  define:
    - name: late_share
      facet: rhythm
      sentence: share of events before five
      formula: "FORMULA"
"""


def project_with(*features: dict[str, Any]) -> Any:
    data = {"sources": [SOURCE], "features": {"define": list(features)}}
    return from_data(data, folder=Path())


def refusals(**changed: Any) -> list[str]:
    given = {k: v for k, v in (LATE | changed).items() if v is not ...}
    with pytest.raises(ProjectFileError, match=r".") as refused:
        project_with(given)
    return [f"{e.key} {e.what}" for e in refused.value.problems or (refused.value,)]


def test_a_feature_is_read_with_all_that_is_said_of_it() -> None:
    (found,) = project_with(LATE).features.define
    assert found == FeatureSpec(
        "late_share",
        read_formula("count(events where hour < 5) / count(events)"),
        Facet.RHYTHM,
        "share",
        "share of events before five",
        "no events",
        -1.0,
        ("retention", "revenue"),
        is_own=True,
    )
    assert found.needs == ("at",)


def test_what_is_left_out_has_a_default() -> None:
    few = {k: LATE[k] for k in ("name", "facet", "sentence", "formula")}
    (found,) = project_with(few).features.define
    assert (found.unit, found.null_means, found.null_is, found.objectives) == ("", UNTOLD, None, ())
    assert defined_data(found) == few | {"formula": "count(events where hour < 5) / count(events)"}


def test_the_time_within_a_session_needs_an_instant() -> None:
    timed = LATE | {"formula": "median(seconds over sessions)"}
    (found,) = project_with(timed).features.define
    assert found.needs == ("session_id", "at")


def test_a_feature_survives_plain_data_and_a_written_file(tmp_path: Path) -> None:
    words = "'log in' if count(events where kind in 'it''s') > 1; else other"
    few = {"name": "b", "facet": "value", "sentence": "yes", "formula": words}
    project = project_with(LATE, few)
    assert from_data(as_data(project), folder=Path()) == project
    file = tmp_path / "segmentry.yaml"
    file.write_text(emit(Guess(project, (), {})), encoding="utf-8")
    assert load(file).project.features == project.features


def test_a_project_without_own_features_says_nothing_of_them() -> None:
    assert "define" not in as_data(project_with())["features"]


def test_a_bad_formula_is_told_with_line_key_and_character() -> None:
    with pytest.raises(ProjectFileError, match="no field of events is called 'huor'") as refused:
        read(FILE.replace("FORMULA", "count(events where huor < 5)"), file="p.yaml", folder=Path())
    assert str(refused.value) == (
        "p.yaml:9 [features.define[0].formula]: no field of events is called 'huor', at character "
        "20: huor < 5) (E1010)\n  try: did you mean 'hour'?"
    )


def test_all_problems_of_a_feature_are_told_at_once() -> None:
    found = refusals(name="Late Share", facet="rythm", formula="sum(kind)", objectives=["churn"])
    assert [f.split()[0] for f in found] == [
        *("features.define[0].name", "features.define[0].facet"),
        *("features.define[0].formula", "features.define[0].objectives[0]"),
    ]


@pytest.mark.parametrize(
    ("changed", "what"),
    [
        ({"name": "n" * 61}, "at most 60 characters"),
        ({"name": "9_lives"}, "begins with a letter"),
        ({"name": ...}, "'name' is missing"),
        ({"formula": ...}, "made by a formula, or else by Python code"),
        ({"python": "own.py:f"}, "made by a formula, or else by Python code"),
        ({"sha256": "0" * 64}, "'sha256' belongs to 'python'"),
        ({"formula": ..., "python": "../own.py:f"}, "lies outside the project's folder"),
        ({"formula": ..., "python": "/own.py:f"}, "lies outside the project's folder"),
        ({"formula": ..., "python": "own.sh:f"}, "this must be a file in the project's folder"),
        ({"formula": ..., "python": "none_such.py:f"}, "there is no file 'none_such.py'"),
        ({"formula": ..., "python": "own.py:f", "sha256": "7"}, "64 hexadecimal digits"),
        ({"formula": 7}, "this must be a formula"),
        ({"formula": ""}, "this must be a formula"),
        ({"formula": "count(events"}, "')' is expected, at character 13"),
        ({"null_is": "none"}, "this must be a number"),
        ({"null_is": float("inf")}, "this must be a number"),
        ({"sentence": ...}, "'sentence' is missing"),
        ({"formla": "count(events)"}, "unknown key 'formla'"),
        ({"name": "n_events"}, "the catalogue has a feature 'n_events' already"),
    ],
)
def test_what_a_feature_cannot_be_is_refused(changed: dict[str, Any], what: str) -> None:
    (found,) = refusals(**changed)
    assert what in found
