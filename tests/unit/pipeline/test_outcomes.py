"""Outcomes on rows that segments were not learned from."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from builders import feature_table, with_roles
from segmentry.domain.audit import Audit
from segmentry.domain.judging import Followed, Judging
from segmentry.domain.preparation import Split
from segmentry.domain.project import Outcome, Project
from segmentry.domain.role import Role
from segmentry.domain.window import Window
from segmentry.pipeline import outcomes as outcomes_module
from segmentry.pipeline.outcomes import outcomes_beside, outcomes_of
from segmentry.pipeline.prepared import prepare_table
from segmentry.pipeline.ready import Ready

N = 300
RNG = np.random.default_rng(0)
SPEND = RNG.gamma(3.0, 10.0, N)
LEFT = (RNG.random(N) < 0.3).astype(float)
TABLE = with_roles(
    feature_table(
        {
            "spend": list(SPEND),
            "visits": list(RNG.poisson(5, N).astype(float)),
            "left": [None if i == 7 else v for i, v in enumerate(LEFT)],
            "grade": [("a", "b", "c")[i % 3] for i in range(N)],
        }
    ),
    {"left": Role.OUTCOME, "grade": Role.OUTCOME},
)


def ready(project: Project, judging: Judging | None = None) -> Ready:
    return Ready(TABLE, None, judging, prepare_table(project, TABLE, Audit(), judging))


def found(project: Project, searched: np.ndarray, judging: Judging | None = None):
    return {o.name: o for o in outcomes_of(ready(project, judging), project, searched)}


PLAIN = Project("people", ())


def test_columns_are_measured_on_entities_outside_the_search():
    told = found(PLAIN, np.arange(200))
    assert told["left"].basis == "100 entities outside the searched sample"
    np.testing.assert_array_equal(told["left"].values[:, 0], LEFT[200:])
    assert told["left"].X.shape[0] == 100
    assert told["left"].is_share


def test_where_all_were_searched_it_is_said_that_none_are_held_out():
    told = found(PLAIN, np.arange(N))
    assert told["left"].basis == ("299 entities (none are held out; the outcome shaped no segment)")


def test_a_split_holds_entities_out():
    project = Project("people", (), split=Split(0.7))
    told = found(project, np.arange(150))
    assert told["left"].basis.endswith("entities that the split holds out")
    assert 60 < len(told["left"].values) < 120


def test_an_outcome_of_several_levels_has_a_column_for_each():
    assert found(PLAIN, np.arange(200))["grade"].values.shape == (100, 3)


def test_what_the_project_names_comes_first_by_its_own_name():
    project = Project("people", (), outcomes=(Outcome("mark", column="grade"),))
    assert list(found(project, np.arange(200))) == ["mark", "left"]


def test_a_column_may_be_an_outcome_by_several_names():
    outcomes = (Outcome("mark", column="grade"), Outcome("class", column="grade"))
    project = Project("people", (), outcomes=outcomes)
    assert list(found(project, np.arange(200))) == ["mark", "class", "left"]


@pytest.mark.parametrize("split", [None, Split(0.7)])
def test_of_very_many_entities_outside_the_search_some_are_drawn_evenly(monkeypatch, split):
    monkeypatch.setattr(outcomes_module, "MOST_ROWS", 40)
    project = Project("people", (), split=split)
    told = found(project, np.arange(100))["left"]
    everyone = prepare_table(project, TABLE, Audit(), None).matrix.X
    rows = [int(np.flatnonzero((everyone == row).all(axis=1))[0]) for row in told.X]
    assert 39 <= len(rows) <= 40
    assert max(rows) > 250
    again = found(project, np.arange(100))["left"]
    np.testing.assert_array_equal(again.X, told.X)
    other = found(replace(project, seed=project.seed + 1), np.arange(100))["left"]
    assert split is not None or not np.array_equal(other.X, told.X)


@pytest.mark.parametrize(("n", "expected"), [(N, ["bought", "value_after"]), (20, [])])
def test_what_followed_is_measured_by_features_of_the_judging_cut(n, expected):
    window = Window(datetime(2024, 5, 1, tzinfo=UTC), outcome_days=30.0)
    values = np.arange(n, dtype=float)
    followed = (
        Followed("value_after", "", "money", is_share=False, values=values),
        Followed("bought", "", "share", is_share=True, values=values % 2),
        Followed("active_after", "", "share", is_share=True, values=np.ones(n)),
    )
    judging = Judging(
        TABLE.take(np.arange(n)), window, window.as_of + timedelta(days=30), followed, False
    )
    told = found(PLAIN, np.arange(N), judging)
    assert [name for name in told if name not in ("left", "grade")] == expected
    if expected:
        assert "as they were at an earlier cut" in told["bought"].basis
        assert "in the 30 days after it" in told["bought"].basis
        assert len(told["bought"].X) == n


def test_outcomes_beside_rows_are_measured_on_rows_outside_the_search():
    X = np.arange(2.0 * N).reshape(N, 2)
    left, grade = outcomes_beside(TABLE, X, np.arange(200), 0)
    assert (left.name, grade.name) == ("left", "grade")
    assert left.basis == "100 entities outside the searched sample"
    np.testing.assert_array_equal(left.X, X[200:])
    np.testing.assert_array_equal(left.values[:, 0], LEFT[200:])
