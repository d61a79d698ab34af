"""Columns that say that a row was undone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from segmentry.projectfile.undone import Undone, undone_by
from surveys import column

RARE = [i % 10 == 0 for i in range(100)]
NUMBERS = [int(r) for r in RARE]
WORDS = ["Yes" if r else "No" for r in RARE]


@pytest.mark.parametrize(
    ("name", "values", "kept"),
    [
        ("is_canceled", NUMBERS, "coalesce(is_canceled, 0) = 0"),
        ("isCancelled", [float(n) for n in NUMBERS], "coalesce(isCancelled, 0) = 0"),
        ("refunded", RARE, "not coalesce(refunded, false)"),
        ("Order returned", WORDS, "coalesce(\"Order returned\", '') not in ('Yes')"),
        ("is_test_order", RARE, "not coalesce(is_test_order, false)"),
        ("deleted", RARE, "not coalesce(deleted, false)"),
        ("test", [i % 50 == 0 for i in range(100)], "not coalesce(test, false)"),
        ("order_status", ["done", "Voided"] * 50, "coalesce(order_status, '') not in ('Voided')"),
    ],
)
def test_a_status_or_a_yes_leaves_rows_out(name: str, values: Sequence[Any], kept: str) -> None:
    found = undone_by(column(name, values))
    assert found is not None
    assert found.kept == kept


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("is_cancel", NUMBERS),  # an event of its own: somebody cancels
        ("previously_cancelled", NUMBERS),
        ("customer_returned", NUMBERS),  # came back
        ("test", ["yes", "no"] * 50),  # may be an experiment
        ("is_canceled", [i % 3 for i in range(100)]),
        ("is_canceled", [2 * n for n in NUMBERS]),
        ("is_canceled", [not r for r in RARE]),  # most rows cannot be what was undone
        ("is_canceled", [1] * 100),
        ("refunded", ["full", "none"] * 50),
        ("status", ["refunded"] * 100),
    ],
)
def test_other_columns_undo_nothing(name: str, values: Sequence[Any]) -> None:
    assert undone_by(column(name, values)) is None


def test_the_two_conditions_are_opposites_that_read_a_gap_as_kept() -> None:
    import duckdb

    values = [None, *NUMBERS]
    found = undone_by(column("voided", values))
    assert isinstance(found, Undone)
    asked = f"SELECT {found.rows}, {found.kept} FROM (SELECT unnest(?) AS voided)"
    told = duckdb.execute(asked, [values]).fetchall()
    assert told == [(v == 1, v != 1) for v in values]


def test_tests_are_told_as_tests() -> None:
    found = undone_by(column("is_test", RARE))
    assert found is not None
    assert (found.verb, found.what) == ("are", "tests")
