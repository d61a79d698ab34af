"""Each step as an expression gives what the recipe gives, number by number."""

from __future__ import annotations

from dataclasses import replace

import duckdb
import numpy as np
import pyarrow as pa
import pytest

from builders import feature_table, number_step
from segmentry.domain.filling import Input, Levels, Neighbours, Ridge
from segmentry.domain.recipe import (
    OTHER,
    CategoryStep,
    GapStep,
    Recipe,
    ScoreStep,
    gap_column,
    number_column,
    score_column,
)
from segmentry.errors import AssignmentError
from segmentry.explain.sqltext import steps
from segmentry.explain.sqltext.dialect import Dialect

VALUES = [0.0, 1.0, -1.0, 2.5, -2.5, 1e-9, -1e-9, 1e12, -1e12, 1e90, -1e90, 1e300, None, 7.0]
WORDS = ["a", "it's", None, "b", "a", OTHER, "new", "b", "c", "a", "b", None, "c", "a"]
TABLE = feature_table({"spend": VALUES, "word": WORDS})
DUCK = Dialect.DUCKDB


def asked(*expressions: str) -> np.ndarray:
    """Compute expressions over the table."""
    columns = ", ".join(f"({e})::double" for e in expressions)
    with duckdb.connect() as con:
        con.register("features", TABLE.data)
        return np.array(con.sql(f"select {columns} from features").fetchall())


def of_number(step) -> np.ndarray:
    x = steps.known(step, DUCK)
    with duckdb.connect() as con:
        con.register("features", TABLE.data)
        inner = f"select {x} as x from features"
        return np.array(con.sql(f"select {steps.prepared(step, 'x')} from ({inner})").fetchall())[
            :, 0
        ]


@pytest.mark.parametrize("exponent", [-3.0, -0.4, 0.0, 0.3, 1.0, 1.7, 2.0, 5.0])
@pytest.mark.parametrize("transform", ["identity", "log1p", "yeo-johnson"])
def test_a_bent_number_is_the_recipes(transform, exponent):
    step = number_step(transform=transform, exponent=exponent, centre=-0.25, scale=0.5, weight=1.5,
                       unit=3.0, impute=4.0)  # fmt: skip
    np.testing.assert_allclose(of_number(step), number_column(TABLE, step), rtol=1e-12, atol=1e-12)


def test_what_only_adds_and_multiplies_agrees_to_the_bit():
    step = number_step(centre=0.1, scale=0.3, weight=0.7, unit=1.1, impute=0.2, limit=1e100)
    np.testing.assert_array_equal(of_number(step), number_column(TABLE, step))


def test_a_step_without_a_limit_pulls_nothing_in():
    step = number_step(limit=float("inf"), centre=1.0)
    assert "least" not in steps.prepared(step, "x")
    np.testing.assert_array_equal(of_number(step), number_column(TABLE, step))


@pytest.mark.parametrize(
    "marks",
    [(-2.5, 0.0, 7.0), (-2.5, -1.0, -1.0, 0.0, 0.0, 0.0, 2.5, 1e12), (0.0, 0.0, 5.0, 7.0, 7.0),
     (1.0, 1.0)],
)  # fmt: skip
def test_shares_below_a_value_are_the_recipes_at_marks_between_and_beyond(marks):
    step = number_step(transform="quantile-uniform", quantiles=marks, centre=0.5, scale=0.29)
    np.testing.assert_allclose(of_number(step), number_column(TABLE, step), rtol=1e-12, atol=1e-12)


def test_gaps_take_the_value_of_their_level():
    by = Levels("word", ("a", "it's"), (3.0, 9.0))
    step = number_step(by=by, impute=-4.0)
    table = feature_table({"spend": [None] * 4, "word": ["a", "it's", "b", None]})
    with duckdb.connect() as con:
        con.register("features", table.data)
        found = con.sql(f"select {steps.known(step, DUCK)} from features").fetchall()
    assert [v for (v,) in found] == [3.0, 9.0, -4.0, -4.0]
    empty = replace(step, by=Levels("word", (), ()))
    assert "case" not in steps.known(empty, DUCK)


@pytest.mark.parametrize("folds", [False, True])
@pytest.mark.parametrize("levels", [("a", "it's", OTHER), (OTHER,)])
def test_indicators_are_the_recipes(levels, folds):
    step = CategoryStep("word", levels, 1.3, 0.5, folds)
    expected = Recipe((), (step,)).prepare(TABLE).X
    np.testing.assert_array_equal(asked(*steps.indicators(step, DUCK)), expected)


def test_scores_are_the_recipes_for_known_unseen_and_missing_levels():
    step = ScoreStep(
        "word", "ordinal", ("a", "b", "it's"), (0.0, 1.0, 2.0), 0.7, 0.9, 0.8, 0.6, 2.0
    )
    np.testing.assert_array_equal(asked(steps.score(step, DUCK))[:, 0], score_column(TABLE, step))


@pytest.mark.parametrize("column", ["spend", "word"])
def test_marks_of_gaps_are_the_recipes(column):
    step = GapStep(column, 0.1, 0.3, 1.0)
    np.testing.assert_array_equal(asked(steps.gap_mark(step, DUCK))[:, 0], gap_column(TABLE, step))


INPUT = Input("age", 40.0, "identity", 1.0, 40.0, 10.0)


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"ridge": Ridge((INPUT,), (1.0,), 0.0, -1.0, 1.0)}, "filled by a model"),
        ({"neighbours": Neighbours((INPUT,), 1, ((0.0,),), (0.0,))}, "filled by a model"),
        ({"transform": "quantile-normal", "quantiles": (0.0, 1.0)}, "bent to a bell"),
        ({"transform": "quantile-uniform", "quantiles": tuple(range(1001))}, "1,001 quantiles"),
    ],
)
def test_what_sql_cannot_say_is_refused_with_column_and_reason(changes, why):
    recipe = Recipe((number_step("age"), number_step("income", **changes)))
    with pytest.raises(AssignmentError, match=f"'income' .*{why}") as refused:
        steps.check_recipe(recipe)
    assert refused.value.code == "E6004"
    assert "segmentry export code" in str(refused.value.hint)


def test_tables_of_other_number_types_are_read_as_doubles():
    step = number_step(centre=0.5, scale=0.1)
    rows = pa.table({"spend": pa.array([1, 2, None], pa.int32())})
    with duckdb.connect() as con:
        con.register("features", rows)
        found = con.sql(f"select {steps.prepared(step, steps.known(step, DUCK))} from features")
        assert [v for (v,) in found.fetchall()] == [5.0, 5.0, -5.0]
