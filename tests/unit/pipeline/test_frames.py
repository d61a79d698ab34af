from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from segmentry import Segmenter
from segmentry.domain.audit import Audit
from segmentry.domain.role import Kind, Role
from segmentry.errors import DataError, UsageError
from segmentry.pipeline.frames import (
    as_arrow,
    holds_more_than_numbers,
    is_frame,
    is_pandas,
    learn_features,
    parted,
    same_features,
    table_of_numbers,
)


class Foreign:
    """A table of some other library: all that is known of it is the PyCapsule interface."""

    def __init__(self, table: pa.Table) -> None:
        self.table = table

    def __arrow_c_stream__(self, requested_schema=None):
        return self.table.__arrow_c_stream__(requested_schema)


PLAIN = pa.table({"a": [1.0, 2.0], "b": ["x", "y"]})


@pytest.mark.parametrize(
    "data", [PLAIN, PLAIN.to_pandas(), pl.from_arrow(PLAIN), PLAIN.to_batches()[0], Foreign(PLAIN)]
)
def test_every_table_that_speaks_arrow_is_read_alike(data) -> None:
    assert is_frame(data)
    assert as_arrow(data).equals(PLAIN)
    assert holds_more_than_numbers(data)


@pytest.mark.parametrize(
    "data", [np.ones((2, 2)), [[1.0]], pd.Series([1.0]), pl.Series([1.0]), 3.0, None]
)
def test_what_is_no_table_is_no_frame(data) -> None:
    assert not is_frame(data)


def test_pandas_is_known_without_being_imported() -> None:
    assert is_pandas(PLAIN.to_pandas())
    assert not is_pandas(pl.from_arrow(PLAIN))


def test_an_arrow_column_alone_is_refused() -> None:
    with pytest.raises(DataError, match="cannot be read as Arrow"):
        as_arrow(PLAIN["a"])


def test_the_index_is_no_column() -> None:
    frame = pd.DataFrame({"a": [1, 2]}, index=pd.Index(["p", "q"], name="who"))
    assert as_arrow(frame).column_names == ["a"]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (pa.array(["x", None], pa.large_string()), ["x", None]),
        (pa.array(["x", "y"], pa.string_view()), ["x", "y"]),
        (pa.array(["x", "y", "x"]).dictionary_encode(), ["x", "y", "x"]),
        (pa.array([3, 4]).dictionary_encode(), ["3", "4"]),
        (pa.array([None, None]), [None, None]),
        (pa.array([timedelta(days=2), timedelta(hours=12)]), [2.0, 0.5]),
        (pa.array([Decimal("1.5")]), [Decimal("1.5")]),
        (pa.array([True, None]), [True, None]),
    ],
)
def test_columns_get_plain_types_and_keep_their_values(values, expected) -> None:
    assert as_arrow(pa.table({"c": values}))["c"].to_pylist() == expected


def test_categories_of_polars_are_text() -> None:
    frame = pl.DataFrame({"c": pl.Series(["x", "y", "x"], dtype=pl.Categorical)})
    assert as_arrow(frame)["c"].to_pylist() == ["x", "y", "x"]


def test_what_is_neither_number_nor_text_is_refused_with_its_type() -> None:
    with pytest.raises(DataError, match=r"'c' holds list"):
        as_arrow(pa.table({"c": [[1], [2]]}))


def test_mixed_types_and_equal_names_are_refused() -> None:
    with pytest.raises(DataError, match="one type"):
        as_arrow(pd.DataFrame({"c": [1, "x"]}, dtype=object))
    twice = pa.Table.from_arrays([pa.array([1]), pa.array([2])], ["c", "c"])
    with pytest.raises(DataError, match="several columns are called 'c'"):
        as_arrow(twice)


def test_columns_become_features_by_the_rules_of_tables() -> None:
    rows = pa.table(
        {
            "spend": [1.0, None, 3.0, 4.0],
            "plan": ["a", "b", "a", "a"],
            "note": ["p", "q", "r", "s"],
            "since": pa.array(np.array(["2024-01-01", "2024-01-03"] * 2, dtype="M8[us]")),
        }
    )
    audit = Audit()
    table, learnt = learn_features(rows, audit)
    kinds = {c.name: c.kind for c in table.columns}
    assert kinds == {
        "spend": Kind.NUMBER,
        "plan": Kind.CATEGORY,
        "since_days_ago": Kind.NUMBER,
    }
    assert table.numbers("since_days_ago").tolist() == [2.0, 0.0, 2.0, 0.0]
    assert table.entity_ids.to_pylist() == [1, 2, 3, 4]
    assert [f.column for f in audit.findings] == ["note"]
    assert learnt.needs_a_frame


def test_one_row_is_read_as_all_rows_were() -> None:
    rows = pa.table(
        {
            "plan": ["a", "b", "a", "b"],
            "since": pa.array(np.array(["2024-01-01", "2024-01-03"] * 2, dtype="M8[us]")),
        }
    )
    table, learnt = learn_features(rows, Audit())
    for i in range(4):
        one = same_features(rows.slice(i, 1), learnt)
        assert one.numbers("since_days_ago")[0] == table.numbers("since_days_ago")[i]
        assert one.data["plan"][0] == table.data["plan"][i]


def test_a_column_that_is_gone_or_changed_its_type_is_told() -> None:
    _, learnt = learn_features(pa.table({"a": [1.0, 2.0], "b": [1.0, 5.0]}), Audit())
    assert not learnt.needs_a_frame
    with pytest.raises(DataError, match="lacks 'b'"):
        same_features(pa.table({"a": [1.0]}), learnt)
    with pytest.raises(DataError, match="another type"):
        same_features(pa.table({"a": [1.0], "b": ["x"]}), learnt)


def test_a_table_without_any_feature_is_refused_with_the_reasons() -> None:
    rows = pa.table({"note": [f"text {i}" for i in range(60)]})
    with pytest.raises(DataError, match="60 different texts"):
        learn_features(rows, Audit())


def test_a_column_called_like_the_key_gives_way() -> None:
    rows = pa.table({"entity_id": [5.0, 6.0], "entity_id_": [7.0, 8.0]})
    table, _ = learn_features(rows, Audit())
    assert table.entity_ids.to_pylist() == [1, 2]
    assert {tuple(table.numbers(c.name)) for c in table.columns} == {(5.0, 6.0), (7.0, 8.0)}


def test_a_plain_array_is_a_table_too() -> None:
    X = np.array([[1.0, np.nan], [3.0, 4.0]])
    table, _ = learn_features(table_of_numbers(X, ("x0", "x1")), Audit())
    np.testing.assert_array_equal(table.numbers("x1"), X[:, 1])


@pytest.mark.parametrize("convert", [lambda t: t, lambda t: t.to_pandas(), pl.from_arrow, Foreign])
def test_an_outcome_is_taken_out_of_any_frame(convert) -> None:
    rest, outcome = parted(convert(PLAIN), "b")
    assert as_arrow(rest).equals(PLAIN.select(["a"]))
    assert outcome is not None
    assert [(c.name, c.role, c.kind) for c in outcome.columns] == [
        ("b", Role.OUTCOME, Kind.CATEGORY)
    ]
    assert outcome.data["b"].to_pylist() == ["x", "y"]


def test_an_outcome_may_say_when() -> None:
    days = pa.table({"left_at": pa.array([0, 2], pa.date32()), "a": [1.0, 2.0]})
    _, outcome = parted(days, "left_at")
    assert outcome is not None
    assert outcome.numbers("left_at_days_ago").tolist() == [2.0, 0.0]


def test_where_no_outcome_is_asked_for_or_needed_everything_stays() -> None:
    assert parted(PLAIN, None) == (PLAIN, None)
    assert parted(PLAIN, "c", is_needed=False) == (PLAIN, None)


def test_an_outcome_that_is_not_there_is_refused() -> None:
    with pytest.raises(UsageError, match=r"(?s)names the column 'c', which X does not have.*'a'"):
        parted(PLAIN, "c")
    with pytest.raises(UsageError, match=r"(?s)which X does not have.*give a data frame"):
        parted(np.ones((2, 2)), "c")


def test_numbers_whose_squares_leave_the_range_are_refused_with_their_column():
    X = np.random.default_rng(0).normal(size=(80, 3))
    X[:, 1] *= 1e19
    with pytest.raises(ValueError, match=r"column 'x1' holds numbers beyond 1e\+15"):
        Segmenter(n_segments=3, methods=("k-means",)).fit(X)
