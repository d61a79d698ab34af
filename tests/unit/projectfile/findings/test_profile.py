"""The figures of a data check."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import numpy as np

from looks import look_at, moment
from segmentry.projectfile.findings.profile import BINS, columns_of, coverage_of
from segmentry.seeds import stream

RNG = stream(0, "profile")
VALUES = RNG.gamma(2, 30, 500)


def test_numbers_are_described_as_numpy_does() -> None:
    told = columns_of(look_at({"x": [*VALUES.tolist(), None]}))[0]
    assert (told["missing"], told["distinct"], told["use"]) == (1, 500, "cluster")
    np.testing.assert_allclose(
        [told[k] for k in ("min", "q25", "median", "q95", "max", "mean")],
        [*np.quantile(VALUES, [0, 0.25, 0.5, 0.95, 1]), VALUES.mean()],
    )
    assert len(told["histogram"]) == BINS
    assert sum(told["histogram"]) == 500


def test_levels_and_days_are_described() -> None:
    columns = {
        "kind": ["a"] * 6 + ["b"] * 3 + [None],
        "when": [moment("2024-01-01") + timedelta(days=i) for i in range(10)],
    }
    kind, when = columns_of(look_at(columns))
    assert [(v["level"], round(v["share"], 3)) for v in kind["levels"]] == [
        ("a", 0.667),
        ("b", 0.333),
    ]
    assert (when["first"], when["last"]) == ("2024-01-01T00:00:00", "2024-01-10T00:00:00")


def test_columns_say_what_they_are_used_for() -> None:
    columns = {
        "who": ["a", "b"],
        "at": ["2024-01-01"] * 2,
        "price": [1.0, 2.0],
        "note": ["x", "y"],
    }
    look = look_at(columns, {"entity": "who", "time": "at", "amount": "2 * price"})
    assert [c["use"] for c in columns_of(look)] == ["entity", "time", "amount", "not used"]


def test_names_that_are_numbers_have_no_shape() -> None:
    told = columns_of(look_at({"id": list(range(9)), "x": list(range(9))}, {"entity": "id"}))
    assert "histogram" not in told[0]
    assert "histogram" in told[1]


def test_an_empty_and_a_constant_column_can_be_described() -> None:
    empty, constant = columns_of(look_at({"e": [None] * 5, "c": [3.0] * 5}))
    assert empty["missing_share"] == 1
    assert constant["histogram"] == [5]


def test_coverage_counts_kept_rows_entities_and_periods() -> None:
    times = [moment("2024-01-01") + timedelta(days=i) for i in range(200)]
    columns = {
        "who": ["a"] * 150 + ["b"] * 49 + [None],
        "at": times,
        "amount": [1.0] * 200,
    }
    look = look_at(columns, {"entity": "who", "time": "at"}, where="amount > 0")
    told = coverage_of(look)
    assert (told["rows_kept"], told["n_entities"], told["one_event"]) == (199, 2, 0)
    assert (told["first"], told["last"], told["n_days"]) == ("2024-01-01", "2024-07-17", 199)
    assert told["period_days"] == 7
    assert sum(told["periods"]) == 199
    assert [q["rows"] for q in told["rows_per_entity"]][-1] == 150


def test_a_table_covers_no_time() -> None:
    told = coverage_of(look_at({"id": [1, 2, 3]}, {"entity": "id"}))
    assert told == {"rows_kept": 3, "n_entities": 3, "one_event": 3}


def test_a_column_is_used_where_it_is_named_not_where_its_letters_stand() -> None:
    columns = {"b": [1.0, 2.0, 3.0], "row": ["x", "y", "z"], "num": [5.0, 6.0, 7.0]}
    look = look_at(columns, {"entity": "row_number"})
    assert [c["use"] for c in columns_of(look)] == ["cluster"] * 3
    events = {"who": ["a", "b"], "a": [1.0, 2.0], "date": [moment("2024-01-01")] * 2}
    look = look_at(events, {"entity": "who", "time": "date_trunc('day', \"date\")"})
    assert [c["use"] for c in columns_of(look)] == ["entity", "not used", "time"]
    assert look.used == {"who", "date"}


def test_measures_and_conditions_are_uses() -> None:
    columns = {
        "who": ["a", "b"],
        "at": [moment("2024-01-01")] * 2,
        "n": [1.0, 2.0],
        "s": ["x", "y"],
    }
    look = look_at(columns, {"entity": "who", "time": "at"})
    features = replace(look.project.features, measures=("n",))
    source = replace(look.source, where="s <> 'x' and n > 0")
    project = replace(look.project, features=features, sources=(source,))
    look = replace(look, project=project, source=source)
    assert [c["use"] for c in columns_of(look)] == ["entity", "time", "measure, where", "where"]


def test_what_a_run_leaves_out_of_a_table_does_not_cluster() -> None:
    columns = {
        "id": [1, 2, 3],
        "c": [3.0] * 3,
        "e": [None] * 3,
        "x": [1.0, 2.0, 5.0],
        "y": [2, 3, 1],
    }
    look = look_at(columns, {"entity": "id"})
    left_out = replace(look.project.features, exclude=("x",))
    look = replace(look, project=replace(look.project, features=left_out))
    uses = [c["use"] for c in columns_of(look)]
    assert uses == ["entity", "not used", "not used", "not used", "cluster"]
