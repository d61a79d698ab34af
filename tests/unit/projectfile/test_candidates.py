"""Columns that may name the entity."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import pytest

from segmentry.projectfile.candidates import Candidates, candidates, entity_score
from segmentry.projectfile.timing import times
from surveys import column, look

N = 120
DAYS = [date(2024, 1, 1 + i % 28) for i in range(N)]
UNIQUE = list(range(N))
REPEATED = [i // 4 for i in range(N)]


def found_in(columns: Mapping[str, Sequence[Any]]) -> Candidates:
    seen = look(columns)
    return candidates(seen, times(seen))


def names_in(columns: Mapping[str, Sequence[Any]]) -> list[str]:
    return [c.name for c in found_in(columns).found]


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        ("customer_id", "session_id"),
        ("user_id", "device_id"),
        ("customer_id", "customer_name"),
        ("account_id", "store_id"),
        ("member_no", "id"),
        ("customer_id", "customer"),
    ],
)
def test_names_are_rated_by_how_personal_they_are(better: str, worse: str) -> None:
    assert entity_score(column(better, [1, 2])) > entity_score(column(worse, [1, 2])) > 0


@pytest.mark.parametrize(
    "name",
    ["customer_type", "user_country", "customer_since_date", "NumStorePurchases", "amount", "💶"],
)
def test_names_of_other_things_are_not_rated(name: str) -> None:
    assert entity_score(column(name, [1, 2])) == 0


def test_a_number_with_decimals_names_nobody_unless_its_name_says_so() -> None:
    assert entity_score(column("customer", [1.5, 2.5])) == 0
    assert entity_score(column("customer_id", [1.5, 2.5])) > 0


@pytest.mark.parametrize(
    ("name", "is_one"),
    [
        ("Kundennummer", True),
        ("N° client", True),
        ("codice_cliente", True),
        ("num_cliente", True),
        ("actor.id", True),
        ("OwnerUserId", True),
        ("number_of_customers", False),
        ("Customers", False),
        ("socialNbUsers", False),
        ("company_id", True),
        ("company", False),
        ("NumberOfDeviceRegistered", False),
    ],
)
def test_names_of_persons_are_told_from_counts_of_them(name: str, is_one: bool) -> None:
    assert (entity_score(column(name, [1, 2])) > 60) == is_one


def test_few_values_of_a_code_are_not_somebody() -> None:
    columns = {"account_code": [1, 2] * (N // 2), "spend": UNIQUE, "date": DAYS}
    assert names_in(columns) == []
    assert names_in({"account_id": [1, 2] * (N // 2), "date": DAYS}) == ["account_id"]


def test_the_most_personal_comes_first() -> None:
    columns = {"session_id": REPEATED, "user_id": REPEATED, "ts": DAYS}
    assert names_in(columns) == ["user_id", "session_id"]


def test_an_id_of_nobody_knows_what_is_found_by_its_values() -> None:
    hashes = [f"{7919 * i:032x}" for i in REPEATED]
    assert names_in({"msno": hashes, "date": DAYS}) == ["msno"]
    codes = [f"MAC{i:06d}" for i in REPEATED]
    assert names_in({"LCLid": codes, "date": DAYS}) == ["LCLid"]
    assert names_in({"fan_id": REPEATED, "date": DAYS}) == ["fan_id"]


@pytest.mark.parametrize("name", ["category_key", "zip_key", "channel_id", "temperature"])
def test_ids_of_known_things_are_not_taken_for_somebody(name: str) -> None:
    assert names_in({name: REPEATED, "date": DAYS}) == []


def test_an_order_with_several_lines_is_a_candidate_and_one_with_a_row_is_not() -> None:
    assert names_in({"receipt_no": REPEATED, "price": UNIQUE}) == ["receipt_no"]
    assert names_in({"receipt_no": UNIQUE, "price": UNIQUE}) == []


def test_a_user_that_is_seldom_known_gives_way_and_is_told() -> None:
    known = [f"U{i}" if i % 5 == 0 else None for i in REPEATED]
    visitors = [f"{7919 * i:032x}" for i in REPEATED]
    found = found_in({"user_id": known, "anonymous_id": visitors, "ts": DAYS})
    assert [c.name for c in found.found] == ["anonymous_id"]
    assert "missing in 80 %" in found.notes[0]


def test_a_customer_that_is_seldom_known_stays_where_nobody_else_is() -> None:
    known = [i if i % 5 == 0 else None for i in range(N * 10)]
    days = DAYS * 10
    customers = [k and k // 20 for k in known]
    assert names_in({"customer_id": customers, "date": days}) == ["customer_id"]


def test_a_company_that_finer_ids_belong_to_says_where_they_belong() -> None:
    companies = [f"Cab Company {i % 25}" for i in range(50) for _ in range(8)]
    taxis = [f"taxi {i}" for i in range(50) for _ in range(8)]
    days = [date(2024, 1, 1 + i % 28) for i in range(400)]
    assert names_in({"Company": companies, "Taxi ID": taxis, "date": days}) == ["Taxi ID"]
    shared = [f"taxi {i % 60}" for i in range(400)]
    assert names_in({"Company": companies, "Taxi ID": shared, "date": days})[0] == "Company"
