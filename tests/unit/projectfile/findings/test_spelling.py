"""Levels that differ by their spelling alone."""

from __future__ import annotations

import pytest

from looks import look_at, only
from segmentry.projectfile.findings.spelling import plain, spellings


def test_the_rarer_spellings_are_counted() -> None:
    levels = ["UK"] * 30 + ["uk"] * 3 + ["U.K."] * 2 + ["France"] * 10
    found = only(spellings, look_at({"country": levels}))
    assert (found.count, found.total) == (5, 45)
    assert found.examples == ("'UK' and 'uk' and 'U.K.'",)


@pytest.mark.parametrize(
    ("one", "other"),
    [("A+", "A-"), ("A", "A-"), ("1.5", "15"), ("<10", ">10"), ("no", "No 1"), ("10-20", "1020")],
)
def test_signs_that_mean_something_are_kept(one: str, other: str) -> None:
    assert plain(one) != plain(other)
    assert not list(spellings(look_at({"grade": [one, other] * 20})))


@pytest.mark.parametrize(
    ("one", "other"),
    [("New York", "new  york"), ("pre-paid", "prepaid"), ("e_mail", "E-Mail"), ("ÉTÉ", "été")],
)
def test_spellings_of_one_thing_are_equal(one: str, other: str) -> None:
    assert plain(one) == plain(other)


def test_a_mapped_category_is_read_in_one_spelling() -> None:
    columns = {
        "who": ["a", "b"] * 20,
        "at": ["2024-01-01"] * 40,
        "channel": ["web"] * 30 + ["Web"] * 5 + ["shop"] * 5,
    }
    look = look_at(columns, {"entity": "who", "time": "at", "channel": "channel"})
    found = only(spellings, look)
    assert found.edit is not None
    assert look.rows.ask(f"count(DISTINCT {found.edit.value})") == [(2,)]


def test_columns_that_are_not_used_are_not_told() -> None:
    columns = {"who": ["a", "b"], "at": ["2024-01-01"] * 2, "note": ["x", "X"]}
    assert not list(spellings(look_at(columns, {"entity": "who", "time": "at"})))


def test_what_an_item_is_called_may_be_written_in_several_ways() -> None:
    columns = {
        "who": ["a", "b"] * 20,
        "at": ["2024-01-01"] * 40,
        "called": ["Red Lamp"] * 30 + ["RED LAMP"] * 10,
    }
    assert list(spellings(look_at(columns)))
    assert not list(
        spellings(look_at(columns, {"entity": "who", "time": "at", "item_name": "called"}))
    )
