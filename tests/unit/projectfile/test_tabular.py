"""The roles of all columns together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from segmentry.domain.role import Role
from segmentry.errors import DataError
from segmentry.projectfile.tabular import describe_entities, names_told, table_roles
from segmentry.seeds import stream
from surveys import fields, look

N = 400
RNG = stream(0, "tabular")
NUMBERS = {f"metric_{i}": RNG.gamma(2.0, 9.0, N) for i in range(4)}
YES_NO = (RNG.random(N) < 0.3).astype(int)
LETTERS = ["a", "b", "c", "d", "e"] * (N // 5)


def roles(columns: Mapping[str, Sequence[Any]], **given: Role) -> tuple[dict[str, Role], list[str]]:
    told, notes = table_roles(look({"key": range(N), **columns}), "key", (), given)
    return {n: t.role for n, t in told.items()}, notes


def test_a_last_column_of_yes_or_no_is_an_outcome_where_there_is_none() -> None:
    told, notes = roles({**NUMBERS, "fuzzy": YES_NO})
    assert told["fuzzy"] is Role.OUTCOME
    assert any("--role fuzzy=cluster" in n for n in notes)


@pytest.mark.parametrize(
    "columns",
    [
        {"fuzzy": YES_NO, **NUMBERS},
        {"churn": YES_NO, **NUMBERS, "fuzzy": YES_NO[::-1]},
        {**NUMBERS, "has_app": YES_NO},
        {"also_yes": YES_NO[::-1], **NUMBERS, "fuzzy": YES_NO},
    ],
)
def test_other_columns_of_yes_or_no_are_behaviour(columns: dict[str, Any]) -> None:
    name = "has_app" if "has_app" in columns else "fuzzy"
    assert roles(columns)[0][name] is Role.CLUSTER


def test_a_last_column_of_words_is_asked_about() -> None:
    told, notes = roles({**NUMBERS, "fuzzy": LETTERS})
    assert told["fuzzy"] is Role.CLUSTER
    assert any("--role fuzzy=outcome" in n for n in notes)


def test_what_is_given_stands() -> None:
    told, notes = roles({**NUMBERS, "fuzzy": YES_NO}, fuzzy=Role.CLUSTER)
    assert told["fuzzy"] is Role.CLUSTER
    assert notes == []


def test_columns_without_a_part_to_play_are_told() -> None:
    _, notes = roles({**NUMBERS, "one": [1] * N, "empty": [None] * N, "rare": [1] + [0] * (N - 1)})
    assert any("'one', 'empty' (always the same" in n for n in notes)
    assert any("hardly varies" in n and "'rare'" in n for n in notes)


def test_a_choice_of_two_is_too_little_so_demographics_help() -> None:
    columns = {"age": RNG.integers(18, 90, N), "base": ["x", "y"] * (N // 2)}
    told, notes = roles(columns)
    assert told["age"] is Role.CLUSTER
    assert any("nothing but demographics but 'base'" in n for n in notes)


def test_codes_of_places_never_shape_segments() -> None:
    with pytest.raises(DataError, match="no column shows behaviour"):
        roles({"zip_code": RNG.integers(10_000, 99_999, N)})


def test_ids_that_the_subject_named_stay_ids() -> None:
    seen = look({"customer_no": LETTERS, **NUMBERS})
    told, _ = table_roles(seen, "row_number", ("customer_no",), {})
    assert told["customer_no"].role is Role.ID


def test_what_most_events_lack_does_not_describe_who_has_it() -> None:
    users = [i // 4 for i in range(N)]
    told = describe_entities(
        fields({"user_id": users, "tip": [None if i % 10 else 2.5 + i for i in range(N)]})
    )
    assert told == {}


def test_what_does_not_vary_inside_an_entity_describes_it() -> None:
    users = [i // 4 for i in range(N)]
    columns = {
        "user_id": users,
        "plan": ["ab"[u % 2] for u in users],
        "churned": [u % 2 for u in users],
        "minutes": RNG.random(N),
    }
    told = describe_entities(fields(columns))
    assert {n: t.role for n, t in told.items()} == {"plan": Role.OVERLAY, "churned": Role.OUTCOME}


def test_a_text_of_its_own_for_each_entity_names_it() -> None:
    users = [i // 4 for i in range(N)]
    columns = {
        "user_id": users,
        "who": [f"Ada {u}" for u in users],
        "team": [f"Team {u // 2}" for u in users],
        "few": ["ab"[u % 2] for u in users],
        "points": [1000 + u for u in users],
    }
    told = describe_entities(fields(columns))
    assert [n for n, t in told.items() if t.role is Role.ID] == ["who"]
    assert [n.startswith("'who' has one value for each entity") for n in names_told(told)] == [True]


def test_two_with_one_name_are_still_named() -> None:
    users = [i // 4 for i in range(N)]
    told = describe_entities(fields({"user_id": users, "who": [f"Ada {u % 98}" for u in users]}))
    assert told["who"].role is Role.ID


def test_dates_and_months_of_a_table_are_told() -> None:
    days = [f"2024-01-{1 + i % 28:02d}" for i in range(N)]
    months = {f"visits_2024_{m:02d}": RNG.random(N) for m in range(1, 6)}
    _, notes = roles({**NUMBERS, "LastPurchase": days, **months, "has_app": YES_NO})
    assert any(n.startswith("not used: 'LastPurchase' (a date") for n in notes)
    assert any("5 columns, 'visits_2024_01' to 'visits_2024_05'" in n for n in notes)


def test_what_somebody_agreed_to_shapes_segments_only_where_nothing_else_is_there() -> None:
    told, _ = roles({**NUMBERS, "newsletter": YES_NO, "has_app": YES_NO})
    assert told["newsletter"] is Role.OVERLAY
    told, notes = roles({"newsletter": YES_NO, "age": RNG.integers(18, 90, N)})
    assert told["newsletter"] is Role.CLUSTER
    assert any("nothing but demographics" in n for n in notes)
