"""When a row happened."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pytest

from reading import opened, wall
from segmentry.domain.project import Shape, Source, frozen_mapping
from segmentry.projectfile.timing import times
from surveys import look, write_csv

DAYS = [date(2024, 1, i) for i in (1, 2, 3)]


@pytest.mark.parametrize(
    ("name", "values", "sql"),
    [
        ("at", DAYS, "at"),
        ("whatever", [datetime(2024, 1, i) for i in (1, 2, 3)], "whatever"),  # noqa: DTZ001
        ("ts", [1_700_000_000, 1_700_000_100], "make_timestamp(CAST(ts AS BIGINT) * 1000000)"),
        ("ts", [1_700_000_000_000, 1_700_000_100_000], "make_timestamp(CAST(ts AS BIGINT) * 1000)"),
        ("ts", [1_700_000_000_000_000] * 2, "make_timestamp(CAST(ts AS BIGINT))"),
        (
            "ts",
            [1_700_000_000.5, 1_700_000_100],
            "make_timestamp(CAST(round(ts * 1000000) AS BIGINT))",
        ),
        ("ts", [1_700_000_000_000_000_000] * 2, "make_timestamp(CAST(round(ts / 1000) AS BIGINT))"),
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


@pytest.mark.parametrize("month", [[0, 13], ["May", "late"]])
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


@pytest.mark.parametrize(
    ("name", "values", "first"),
    [
        ("ts", [1_700_000_000.5, 1_700_000_100.25], "2023-11-14 22:13:20.500"),
        ("ts", [1_700_000_000_000_000_000] * 2, "2023-11-14 22:13:20"),
        ("ts", [20_230_113_140_500, 20_230_114_000_000], "2023-01-13 14:05:00"),
        ("time", [202_301_131_405, 202_301_140_000], "2023-01-13 14:05:00"),
        ("month", [202_301, 202_312], "2023-01-01 00:00:00"),
        ("date", [44_939.586805555555, 44_962.0], "2023-01-13 14:05:00"),
        ("month", ["2023-01", "2023-02"], "2023-01-01 00:00:00"),
        ("period", ["Jan 2023", "Feb 2023"], "2023-01-01 00:00:00"),
        ("week", ["2023-W02", "2023-W05"], "2023-01-09 00:00:00"),
    ],
)
def test_the_engine_reads_what_is_written_for_it(
    tmp_path: Path, name: str, values: list, first: str
) -> None:
    time = times(look({name: values}))[0]
    path = write_csv(tmp_path / "a.csv", {"id": [7, 8], name: values})
    mapped = frozen_mapping({"entity": "id", "time": time.sql})
    found = opened(Source("log", str(path), Shape.EVENTS, mapped))
    assert found.values("time")[0] == wall(first)


def test_many_days_in_a_column_without_a_name_are_believed() -> None:
    days = [20_230_100 + d for d in range(1, 29)]
    assert times(look({"column2": days}))[0].sql == "strptime(CAST(column2 AS VARCHAR), '%Y%m%d')"
    assert times(look({"column2": days[:9]})) == []


def test_a_day_and_a_time_of_day_leave_no_rival() -> None:
    found = times(look({"date": DAYS, "time": ["14:05", "09:30", "10:00"]}))
    assert [t.columns for t in found] == [("date", "time")]
    assert found[0].is_good
