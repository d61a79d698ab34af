"""Times in several columns."""

from __future__ import annotations

from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import pytest

from reading import opened, wall
from segmentry.domain.project import Shape, Source, frozen_mapping
from segmentry.projectfile.timeparts import parts_of
from surveys import look, write_csv

DAYS = [date(2023, 1, 13), date(2023, 2, 5)]
NOON = [wall("2023-01-13 14:05:00"), wall("2023-02-05 09:30:00")]
HOURS = [t.replace(minute=0) for t in NOON]
DATES = [t.replace(hour=0, minute=0) for t in NOON]
FIRSTS = [t.replace(day=1) for t in DATES]

CASES: dict[str, tuple[dict[str, list[Any]], list[datetime]]] = {
    "year, month": ({"year": [2023, 2023], "month": [1, 2]}, FIRSTS),
    "year, month, day": ({"year": [2023, 2023], "month": [1, 2], "day": [13, 5]}, DATES),
    "year, month, day, hour": (
        {"Year": [2023, 2023], "Month": [1, 2], "Day": [13, 5], "Hour": [14, 9]}, HOURS,
    ),
    "down to the minute": (
        {"year": [2023] * 2, "month": [1, 2], "day": [13, 5], "hour": [14, 9], "minute": [5, 30]},
        NOON,
    ),
    "month names": (
        {"visit_date_year": [2023, 2023], "visit_date_month": ["January", "February"],
         "visit_date_day_of_month": [13, 5]}, DATES,
    ),
    "short month names": ({"year": [2023, 2023], "month": ["Jan", "Feb"]}, FIRSTS),
    "year and week": (
        {"year": [2023, 2023], "week": [2, 5]}, [wall("2023-01-09"), wall("2023-01-30")],
    ),
    "day and clock": ({"date": DAYS, "time": ["14:05", "09:30"]}, NOON),
    "day and clock with seconds": ({"date": DAYS, "time": ["14:05:00", "09:30:00"]}, NOON),
    "day and half days": ({"date": DAYS, "time": ["2:05 PM", "9:30 AM"]}, NOON),
    "day and hour": ({"date": DAYS, "hour": [14, 9]}, HOURS),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_columns_are_put_together_and_the_engine_agrees(tmp_path: Path, name: str) -> None:
    columns, wanted = CASES[name]
    (parts,) = parts_of(look(columns))
    assert set(parts.columns) == set(columns)
    path = write_csv(tmp_path / "a.csv", {"id": [7, 8], **columns})
    mapped = frozen_mapping({"entity": "id", "time": parts.sql})
    found = opened(Source("log", str(path), Shape.EVENTS, mapped))
    assert [v.replace(tzinfo=None) if hasattr(v, "hour") else v for v in found.values("time")] in (
        wanted, [w.date() for w in wanted],
    )  # fmt: skip


def test_a_time_of_day_of_a_file_that_knows_types_is_one_as_well() -> None:
    (parts,) = parts_of(look({"date": DAYS, "time": [time(14, 5), time(9, 30)]}))
    assert parts.columns == ("date", "time")


@pytest.mark.parametrize(
    "columns",
    [
        {"year": [2023, 2024]},
        {"month": [1, 2]},
        {"year": [2023, 2024], "month": [0, 13]},
        {"birth_year": [1970, 1980], "birth_month": [1, 2]},
        {"date": NOON, "time": ["14:05", "09:30"]},
        {"date": DAYS, "time": ["noon", "dawn"]},
        {"date": DAYS, "delivery_time": ["14:05", "09:30"]},
        {"order_date": DAYS, "ship_date": DAYS, "hour": [14, 9]},
    ],
)
def test_what_makes_no_time_is_left_alone(columns: dict[str, list[Any]]) -> None:
    assert list(parts_of(look(columns))) == []
