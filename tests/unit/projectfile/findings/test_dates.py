"""Dates that cannot be, and those far from all others."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from looks import look_at, moment, only
from segmentry.pipeline.cut import bulk_of
from segmentry.projectfile.findings.dates import (
    impossible_dates,
    look_days,
    stray_dates,
    stray_range,
)

MAPPING = {"entity": "who", "time": "at"}
USUAL = [moment("2024-01-01") + timedelta(hours=7 * i) for i in range(200)]


def log(extra: list[datetime], name: str = "at") -> dict[str, list[object]]:
    times = USUAL + extra
    return {"who": [f"u{i % 9}" for i in range(len(times))], name: times}


def test_dates_after_today_and_before_1990_are_counted() -> None:
    extra = [moment("2099-01-01"), moment("2025-07-01"), moment("1970-01-01"), moment("1900-01-01")]
    look = look_at(log(extra), MAPPING)
    told = {f.kind: f for f in impossible_dates(look)}
    assert {k: f.count for k, f in told.items()} == {"future_dates": 2, "early_dates": 2}
    for found in told.values():
        assert found.edit is not None
        assert look.rows.count([found.edit.value]) == [202]


def test_dates_that_may_lie_ahead_or_back_are_not_told() -> None:
    ahead = {"id": list(range(3)), "expiry_date": [moment("2030-01-01")] * 3}
    birth = {"id": list(range(3)), "birth_date": [moment("1960-01-01")] * 3}
    assert not list(impossible_dates(look_at(ahead, {"entity": "id"})))
    assert not list(impossible_dates(look_at(birth, {"entity": "id"})))


def test_clean_dates_are_not_told() -> None:
    look = look_at(log([]), MAPPING)
    assert not list(impossible_dates(look))
    assert not list(stray_dates(look))


@pytest.mark.parametrize("extra", [[], [moment("2025-05-20")] * 3, [moment("1995-05-05")]])
def test_strays_are_those_that_a_run_leaves_out(extra: list[datetime]) -> None:
    look = look_at(log(extra), MAPPING)
    days = look_days(look, "true")
    assert days is not None
    bulk = bulk_of(days.at, days.counts)
    first, last = stray_range(days)
    assert (days.at[first], days.at[last]) == (bulk.first_day, bulk.last_day)
    found = list(stray_dates(look))
    assert sum(f.count or 0 for f in found) == bulk.n_before + bulk.n_after == len(extra)
    for one in found:
        assert one.edit is not None
        assert look.rows.count([one.edit.value]) == [200]


def test_a_date_made_of_parts_is_asked_as_well() -> None:
    parts = {
        "who": ["a"] * 40,
        "year": [2022] * 39 + [2025],
        "month": [1 + i % 12 for i in range(40)],
        "day": [1 + i % 28 for i in range(40)],
    }
    mapping = {"entity": "who", "time": "make_date(year, month, day)"}
    assert only(stray_dates, look_at(parts, mapping)).count == 1


def test_dates_far_ahead_are_told_however_many_there_are() -> None:
    stand_in = {"who": ["a", "b", "c"] * 9, "at": [moment("9999-12-31")] * 27}
    (found,) = impossible_dates(look_at(stand_in, MAPPING))
    assert (found.kind, found.count, found.severity) == ("future_dates", 27, "warning")
    assert found.edit is None
    assert "9999-12-31" in found.advice


def test_a_plan_for_the_coming_months_is_not_told() -> None:
    look = look_at(log([]), MAPPING)
    planned = [look.today + timedelta(days=i) for i in range(1, 300)]
    coming = {"who": [f"u{i}" for i in range(len(planned))], "at": planned}
    assert not list(impossible_dates(look_at(coming, MAPPING)))
