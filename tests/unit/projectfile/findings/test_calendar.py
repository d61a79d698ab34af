"""How events lie in time."""

from __future__ import annotations

from datetime import datetime, timedelta

from looks import look_at, moment
from segmentry.projectfile.findings.calendar import calendar
from segmentry.projectfile.findings.finding import Finding

MAPPING = {"entity": "who", "time": "at"}


def told(times: list[datetime]) -> dict[str, Finding]:
    columns = {"who": [f"u{i % 9}" for i in range(len(times))], "at": times}
    return {f.kind: f for f in calendar(look_at(columns, MAPPING))}


def hourly(n_days: int, start: str = "2024-01-01") -> list[datetime]:
    return [moment(start) + timedelta(hours=3 * i) for i in range(8 * n_days)]


def test_an_even_log_is_not_told() -> None:
    assert told(hourly(60)) == {}


def test_midnights_tell_days() -> None:
    found = told([moment("2024-01-01") + timedelta(days=i % 40) for i in range(80)])
    assert found["day_resolution"].count == 80


def test_a_silence_is_told_in_days() -> None:
    times = hourly(30) + hourly(30, "2024-02-20")
    found = told(times)["silence"]
    assert (found.count, found.examples) == (20, ("2024-01-31 to 2024-02-19",))


def test_a_log_that_begins_slowly_is_not_silent() -> None:
    times = [moment("2023-11-01 09:00"), moment("2023-11-02 09:00"), *hourly(40)]
    assert "silence" not in told(times)


def test_a_day_with_a_fifth_of_all_events_is_a_burst() -> None:
    found = told(hourly(30) + [moment("2024-01-09 05:00")] * 200)["burst"]
    assert found.count == 208
    assert found.examples == ("2024-01-09",)


def test_a_log_that_stops_at_noon_has_half_a_day() -> None:
    times = [t for t in hourly(30) if t < moment("2024-01-30 11:00")]
    found = told(times * 3)["partial_days"]
    assert (found.count, found.examples) == (12, ("2024-01-30",))
    # Of four events a day nobody can say when the day ended.
    assert "partial_days" not in told(times)


def test_stray_dates_do_not_make_a_silence() -> None:
    assert "silence" not in told([*hourly(60), moment("2099-01-01")])


def test_a_table_has_no_calendar() -> None:
    assert list(calendar(look_at({"id": [1, 2, 3]}, {"entity": "id"}))) == []
