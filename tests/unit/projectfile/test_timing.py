"""When a row happened."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from segmentry.projectfile.timing import times
from surveys import look

DAYS = [date(2024, 1, i) for i in (1, 2, 3)]


@pytest.mark.parametrize(
    ("name", "values", "sql"),
    [
        ("at", DAYS, "at"),
        ("whatever", [datetime(2024, 1, i) for i in (1, 2, 3)], "whatever"),  # noqa: DTZ001
        ("ts", [1_700_000_000, 1_700_000_100], "make_timestamp(CAST(ts AS BIGINT) * 1000000)"),
        ("ts", [1_700_000_000_000, 1_700_000_100_000], "make_timestamp(CAST(ts AS BIGINT) * 1000)"),
        ("ts", [1_700_000_000_000_000] * 2, "make_timestamp(CAST(ts AS BIGINT))"),
        ("date_key", [20_240_131, 20_240_201], "strptime(CAST(date_key AS VARCHAR), '%Y%m%d')"),
    ],
)
def test_dates_and_numbers_that_are_dates_are_found(name: str, values: list, sql: str) -> None:
    assert times(look({name: values}))[0].sql == sql


@pytest.mark.parametrize(
    ("name", "values"),
    [("amount", [1_700_000_000]), ("ts", [5, 6]), ("date", [20_241_399]), ("at", ["noon", "dawn"])],
)
def test_other_numbers_and_texts_are_no_times(name: str, values: list) -> None:
    assert times(look({name: values})) == []


def test_year_and_month_columns_make_a_date() -> None:
    parts = {"year": [2023, 2024], "Month": [1, 12]}
    assert times(look(parts))[0].sql == 'make_date("year", "Month", 1)'
    assert times(look({**parts, "day": [1, 31]}))[0].sql == 'make_date("year", "Month", "day")'


@pytest.mark.parametrize("month", [[0, 13], ["May", "June"]])
def test_months_that_are_none_make_no_date(month: list) -> None:
    assert times(look({"year": [2023, 2024], "month": month})) == []


def test_the_time_of_the_event_comes_before_facts_about_the_entity() -> None:
    found = times(look({"birth_date": DAYS, "signup_date": DAYS, "order_date": DAYS}))
    assert found[0].sql == "order_date"
    assert [t.is_good for t in found] == [True, False, False]


def test_a_time_that_is_mostly_missing_is_not_good() -> None:
    assert not times(look({"closed_at": [None, None, None, DAYS[0]]}))[0].is_good


def test_an_empty_column_is_no_time() -> None:
    assert times(look({"at": [None, None]})) == []
