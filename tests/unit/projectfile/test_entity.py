"""Who is segmented, and whether rows are events."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import pytest

from segmentry.domain.project import ROW_NUMBER, Shape
from segmentry.errors import DataError
from segmentry.projectfile.entity import Subject, choose_subject, subject_given
from segmentry.projectfile.timing import times
from surveys import look

DAYS = [date(2024, 1, 1 + i % 28) for i in range(60)]
UNIQUE = list(range(60))
REPEATED = [i // 3 for i in range(60)]


def chosen(columns: Mapping[str, Sequence[Any]]) -> Subject:
    seen = look(columns)
    return choose_subject(seen, times(seen))


def test_a_unique_entity_makes_a_table() -> None:
    found = chosen({"customer_id": UNIQUE, "signup_date": DAYS})
    assert (found.shape, found.entity) == (Shape.TABLE, "customer_id")


def test_an_entity_that_repeats_in_time_makes_events() -> None:
    found = chosen({"customer_id": REPEATED, "order_date": DAYS})
    assert (found.shape, found.entity) == (Shape.EVENTS, "customer_id")
    assert found.time is not None


def test_the_number_of_a_row_is_not_the_entity_of_events() -> None:
    assert chosen({"id": UNIQUE, "device_id": REPEATED, "ts": DAYS}).entity == "device_id"


def test_a_category_that_sounds_like_a_person_is_none() -> None:
    columns = {"contact": ["phone", "mail"] * 30, "visits": UNIQUE}
    assert chosen(columns).entity == ROW_NUMBER


def test_another_person_in_the_data_is_told() -> None:
    found = chosen({"user_id": REPEATED, "account_id": REPEATED, "ts": DAYS})
    assert found.entity == "user_id"
    assert any("'account_id'" in note for note in found.notes)


def test_an_entity_that_is_no_person_is_told() -> None:
    found = chosen({"session_id": REPEATED, "ts": DAYS})
    assert any("no column names a person" in note for note in found.notes)


def test_two_times_alike_are_told() -> None:
    found = chosen({"user_id": REPEATED, "order_date": DAYS, "payment_date": DAYS})
    assert any("'payment_date'" in note for note in found.notes)


def test_repeats_by_mistake_keep_a_table_and_are_told() -> None:
    found = chosen({"customer_id": [*UNIQUE, 5], "spend": [*UNIQUE, 5]})
    assert found.shape is Shape.TABLE
    assert any(note.startswith("1 row repeats") for note in found.notes)


def test_people_who_repeat_without_a_time_are_refused() -> None:
    with pytest.raises(DataError, match="no column tells when"):
        chosen({"customer_id": REPEATED, "spend": UNIQUE})


def test_a_key_of_any_name_is_used_before_numbering() -> None:
    found = chosen({"Loan_ID": [f"LP{i}" for i in UNIQUE], "amount": UNIQUE})
    assert (found.shape, found.entity) == (Shape.TABLE, "Loan_ID")


def test_rows_without_a_key_are_numbered_and_told() -> None:
    found = chosen({"visits": REPEATED, "spend": UNIQUE})
    assert (found.shape, found.entity) == (Shape.TABLE, ROW_NUMBER)
    assert any("no column names who" in note for note in found.notes)


def test_an_entity_that_is_given_is_believed() -> None:
    seen = look({"store": REPEATED, "ts": DAYS, "code": UNIQUE})
    assert subject_given(seen, "store", times(seen)).shape is Shape.EVENTS
    assert subject_given(seen, "code", times(seen)).shape is Shape.TABLE
    assert subject_given(seen, ROW_NUMBER, times(seen)).entity == ROW_NUMBER
    with pytest.raises(DataError, match="no column tells when"):
        subject_given(seen, "store", [])


ITEMS = [f"item {i % 9}" for i in range(60)]


def test_who_did_what_without_a_time_makes_events_and_is_told() -> None:
    found = chosen({"user_id": REPEATED, "item_id": [i % 9 for i in range(60)]})
    assert (found.shape, found.entity, found.time) == (Shape.EVENTS, "user_id", None)
    assert any("no column tells when" in note for note in found.notes)


def test_kinds_of_event_without_a_time_are_enough() -> None:
    found = chosen({"user_id": REPEATED, "event": ["open", "share", "close"] * 20})
    assert (found.shape, found.time) == (Shape.EVENTS, None)


def test_a_basket_stands_for_who_filled_it() -> None:
    found = chosen({"order_id": REPEATED, "product_id": [i % 9 for i in range(60)]})
    assert (found.shape, found.entity) == (Shape.EVENTS, "order_id")
    assert any("no column names a person" in note for note in found.notes)


def test_rows_that_seldom_repeat_are_things_of_their_own() -> None:
    stays = {"patient_id": [*range(50), *range(10)], "days": UNIQUE, "tests": UNIQUE}
    found = chosen(stays)
    assert (found.shape, found.entity, found.ids) == (Shape.TABLE, ROW_NUMBER, ("patient_id",))
    assert any("'patient_id' repeats for a few" in note for note in found.notes)
    keyed = chosen({"stay_id": UNIQUE, **stays})
    assert keyed.entity == "stay_id"


def test_two_columns_that_only_together_are_a_key_are_told() -> None:
    columns = {
        "store_id": [f"S{i // 30}" for i in range(60)],
        "customer_no": [i % 30 for i in range(60)],
        "spend": [1.5 * i for i in range(60)],
    }
    found = chosen(columns)
    assert (found.entity, set(found.ids)) == (ROW_NUMBER, {"store_id", "customer_no"})
    assert any("together" in note for note in found.notes)


def test_an_id_is_preferred_to_a_name_where_both_are_keys() -> None:
    names = [f"ada{i}" for i in range(60)]
    assert chosen({"id": UNIQUE, "username": names, "posts": REPEATED}).entity == "id"
    assert chosen({"username": names, "posts": REPEATED}).entity == "username"


def test_an_entity_that_is_given_without_a_time_needs_something_that_was_done() -> None:
    seen = look({"user": REPEATED, "item": ITEMS})
    assert subject_given(seen, "user", []).time is None
    with pytest.raises(DataError, match="no column tells when"):
        subject_given(look({"user": REPEATED, "spend": UNIQUE}), "user", [])
