"""Numbers of single events that are averaged, and what nothing takes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest

from segmentry.projectfile.measures import MOST, find_measures, unused
from surveys import fields

N = 240
USERS = [i // 6 for i in range(N)]
FINE = [0.5 * (37 * i % 101) for i in range(N)]
WHOLE = [37 * i % 101 for i in range(N)]
FEW = [1 + i % 5 for i in range(N)]


def measured(name: str, values: Sequence[Any]) -> bool:
    found = fields({"user_id": USERS, name: values})
    return [c.name for c in find_measures(found)] == [name]


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("minutes", FINE),
        ("error_count", FEW),
        ("rating", FEW),
        ("likes", FEW),
        ("is_beta_feature", [True, False, False] * (N // 3)),
        ("escalated", [0, 0, 1] * (N // 3)),
        ("funny", [i % 7 for i in range(N)]),
        ("bytes", WHOLE),
    ],
)
def test_how_much_of_something_is_a_measure(name: str, values: Sequence[Any]) -> None:
    assert measured(name, values)


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("color", FEW),
        ("price2", [1, 2, 2] * (N // 3)),
        ("order", WHOLE),
        ("visitor", WHOLE),
        ("created_at", [1_504_210_000 + 7919 * i for i in range(N)]),
        ("facility", FEW),
        ("station_id", WHOLE),
        ("browser", FEW),
        ("latitude", FINE),
        ("churn_flag", [0, 1, 1] * (N // 3)),
        ("tax", FINE),
        ("balance", FINE),
        ("level", [3] * N),
        ("seats", USERS),
        ("title", ["a", "b", "c"] * (N // 3)),
    ],
)
def test_codes_places_outcomes_and_attributes_are_none(name: str, values: Sequence[Any]) -> None:
    assert not measured(name, values)


def test_money_beside_the_amount_is_no_measure_and_is_told() -> None:
    found = fields({"user_id": USERS, "amount": FINE, "revenue": FINE, "coins_spent": WHOLE})
    found.put("amount", "amount", ("amount",), "given")
    assert [c.name for c in find_measures(found)] == ["coins_spent"]
    assert unused(found, ["coins_spent"]) == ["not used: 'revenue' (other money)"]


def test_no_more_measures_are_taken_than_segments_can_bear() -> None:
    columns = {f"minutes_{i}": FINE for i in range(MOST + 5)}
    assert len(find_measures(fields({"user_id": USERS, **columns}))) == MOST


def test_everything_that_nothing_takes_is_told_by_what_it_is() -> None:
    columns = {
        "user_id": USERS,
        "kept": FEW,
        "row_id": list(range(N)),
        "shipped": [date(2024, 1, 1 + i % 28) for i in range(N)],
        "fee": FINE,
        "ship_mode": ["a", "b", "c"] * (N // 3),
        "facility": FEW,
        "currency": ["EUR"] * N,
        "nothing": [None] * N,
    }
    told = unused(fields(columns), ["kept"])
    assert len(told) == 7
    assert any(note == "not used: 'nothing' (empty)" for note in told)
    assert any("'shipped' (other times)" in note for note in told)
    assert not any("kept" in note or "user_id" in note for note in told)
