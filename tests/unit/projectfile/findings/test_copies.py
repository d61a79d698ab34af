"""Rows that are there more than once."""

from __future__ import annotations

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from looks import look_at, only
from segmentry.projectfile.findings.copies import duplicate_keys, exact_duplicates, n_copies

EVENTS = {"entity": "who", "time": "at"}


@settings(max_examples=12, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from(["a", "b", None]), st.sampled_from([1, 2, None]), st.booleans()),
        min_size=1,
        max_size=30,
    )
)
def test_copies_are_counted_as_pandas_does(rows: list[tuple[object, object, bool]]) -> None:
    columns = {f"c{i}": list(values) for i, values in enumerate(zip(*rows, strict=True))}
    wanted = int(pd.DataFrame(columns).duplicated().sum())
    assert n_copies(look_at(columns)) == wanted


def test_events_that_repeat_in_every_column_are_told() -> None:
    look = look_at(
        {"who": ["a", "a", "b", "a"], "at": ["2024-01-01"] * 4, "k": [1, 1, 1, 2]}, EVENTS
    )
    found = only(exact_duplicates, look)
    assert (found.count, found.total) == (1, 4)
    # A copy and its original cannot be told apart by a condition.
    assert found.edit is None
    assert found.examples == ("2 times a, 2024-01-01, 1",)


def test_a_table_with_its_own_keys_cannot_repeat_a_row() -> None:
    look = look_at({"id": [1, 2, 3], "x": [5, 5, 5]}, {"entity": "id"})
    assert not list(exact_duplicates(look))
    assert not list(duplicate_keys(look))


def test_keys_that_repeat_stop_a_run() -> None:
    found = only(duplicate_keys, look_at({"id": [1, 1, 2, 2], "x": [5, 6, 7, 7]}, {"entity": "id"}))
    assert (found.severity, found.count, found.is_safe) == ("error", 2, False)
    assert found.examples == ("1", "2")


def test_keys_that_repeat_whole_rows_are_deduplicated_safely() -> None:
    found = only(duplicate_keys, look_at({"id": [1, 1, 2], "x": [5, 5, 7]}, {"entity": "id"}))
    assert (found.count, found.is_safe) == (1, True)
    assert str(found.edit) == "deduplicate: last"


def test_hundreds_of_columns_are_compared_whole() -> None:
    columns: dict[str, list[int]] = {f"c{i}": [1, 1, 1] for i in range(120)}
    columns["c119"] = [1, 1, 2]
    assert n_copies(look_at(columns)) == 1
