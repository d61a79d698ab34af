"""A time in several columns: a day and a time of day, a year and a month or week, and so on.

What lives here: finding such columns, and the expression that puts them together. What does not:
how good a candidate it is beside others (``timing``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from segmentry.projectfile.idlike import is_unnamed
from segmentry.projectfile.names import known
from segmentry.projectfile.sql import quote
from segmentry.projectfile.survey import Column, Survey

_RANGES = {
    "year": (1970, 2100),
    "month": (1, 12),
    "day": (1, 31),
    "week": (1, 53),
    "hour": (0, 23),
    "minute": (0, 59),
}
_ENDINGS: dict[tuple[str, ...], str] = {
    ("day", "of", "month"): "day",
    ("week", "number"): "week",
    ("week", "of", "year"): "week",
    ("month", "number"): "month",
    **{(part,): part for part in _RANGES},
}
"""How the name of such a column ends; what stands before is the same for all of them."""

_MONTHS = {
    *("January", "February", "March", "April", "May", "June", "July", "August", "September"),
    *("October", "November", "December"),
}
_CLOCKS = (
    (re.compile(r"\d{1,2}:\d{2}:\d{2}\.\d+$"), "%H:%M:%S.%f"),
    (re.compile(r"\d{1,2}:\d{2}:\d{2}$"), "%H:%M:%S"),
    (re.compile(r"\d{1,2}:\d{2}$"), "%H:%M"),
    (re.compile(r"\d{1,2}:\d{2}:\d{2} [AaPp][Mm]$"), "%I:%M:%S %p"),
    (re.compile(r"\d{1,2}:\d{2} [AaPp][Mm]$"), "%I:%M %p"),
)
SAMPLE, READABLE_SHARE = 500, 0.95
"""Texts that are looked at, and the share of them that must read as what they are taken for."""


@dataclass(frozen=True, slots=True)
class Parts:
    """Columns that make a time together; the first is the day or the year."""

    sql: str
    columns: tuple[str, ...]
    reason: str
    score: float


def parts_of(survey: Survey) -> Iterator[Parts]:
    """List the times that several columns make."""
    groups = _groups(survey)
    for group in groups.values():
        found = _of_group(group)
        if found is not None:
            yield found
    days = [c for c in survey.columns if c.kind == "time" and _is_midnight(c)]
    if len(days) == 1 and not known("time_bad") & set(days[0].words):
        found = _of_day(days[0], survey, groups)
        if found is not None:
            yield found


def _groups(survey: Survey) -> dict[tuple[str, ...], dict[str, Column]]:
    """Gather the columns that are parts of a time, by what their names begin with."""
    groups: dict[tuple[str, ...], dict[str, Column]] = {}
    for column in survey.columns:
        for ending, part in _ENDINGS.items():
            front = column.words[: -len(ending)]
            if column.words[-len(ending) :] == ending and _fits(column, part):
                if not known("time_bad") & set(front):
                    groups.setdefault(front, {}).setdefault(part, column)
                break
    return groups


def _fits(column: Column, part: str) -> bool:
    if part == "month" and _has_month_names(column):
        return True
    low, high = _RANGES[part]
    return column.is_whole and bool(np.all((column.present >= low) & (column.present <= high)))


def _has_month_names(column: Column) -> bool:
    return column.kind == "text" and bool(_month_format(column))


def _month_format(column: Column) -> str:
    """Tell whether texts are names of months, long or short."""
    said = {t.strip().capitalize() for t in column.texts[:SAMPLE]}
    if said and said <= _MONTHS:
        return "%B"
    return "%b" if said and said <= {m[:3] for m in _MONTHS} else ""


def _of_group(group: Mapping[str, Column]) -> Parts | None:
    """Make a time of a year and what says which part of it."""
    year, month, week = group.get("year"), group.get("month"), group.get("week")
    if year is None:
        return None
    if month is None:
        return _of_week(year, week) if week is not None else None
    day, hour = group.get("day"), group.get("hour")
    score = 45.0 if day else 38.0
    used = (year, month, *((day,) if day else ()))
    if month.kind == "text":
        sql = (
            f"try_strptime({_digits(year)} || '-' || {quote(month.name)} || '-' || "
            f"{_digits(day) if day else _ONE}, '%Y-{_month_format(month)}-%d')"
        )
    elif day is not None and hour is not None:
        minute = group.get("minute")
        used = (*used, hour, *((minute,) if minute else ()))
        listed = ", ".join(quote(c.name) for c in used)
        sql = f"make_timestamp({listed}, {'0.0' if minute else '0, 0.0'})"
    else:
        listed = ", ".join(quote(c.name) for c in used)
        sql = f"make_date({listed})" if day else f"make_date({listed}, 1)"
    said = " and ".join(["year", "month", *(["day"] if day else [])])
    return Parts(sql, tuple(c.name for c in used), f"{said} columns make a date", score)


_ONE = "'1'"


def _of_week(year: Column, week: Column) -> Parts:
    sql = f"try_strptime({_digits(year)} || '-' || {_digits(week)} || '-1', '%G-%V-%u')"
    return Parts(sql, (year.name, week.name), "year and week columns make a date", 36.0)


def _digits(column: Column) -> str:
    """Write a whole number as a text without a point."""
    return f"CAST(CAST({quote(column.name)} AS INTEGER) AS VARCHAR)"


def _is_midnight(column: Column) -> bool:
    """Tell whether a column holds days, without a time of day."""
    import pyarrow as pa
    import pyarrow.compute as pc

    some = column.values.drop_null()[:SAMPLE]
    if not len(some):
        return False
    if pa.types.is_date(some.type):
        return True
    return bool(pc.all(pc.equal(some, pc.floor_temporal(some, unit="day"))).as_py())


def _of_day(
    day: Column, survey: Survey, groups: Mapping[tuple[str, ...], Mapping[str, Column]]
) -> Parts | None:
    """Put a time of day, or an hour, beside a day."""
    for column in survey.columns:
        clock = _clock(column)
        if clock:
            return _beside(day, quote(column.name), clock, column)
    hours = [g["hour"] for g in groups.values() if "hour" in g and "year" not in g]
    if len(hours) == 1:
        return _beside(day, _digits(hours[0]), "%H", hours[0])
    return None


def _beside(day: Column, text: str, clock: str, column: Column) -> Parts:
    date = f"CAST(CAST({quote(day.name)} AS DATE) AS VARCHAR)"
    sql = f"try_strptime({date} || ' ' || {text}, '%Y-%m-%d {clock}')"
    reason = f"{day.name!r} tells the day, {column.name!r} the time of day"
    return Parts(sql, (day.name, column.name), reason, 45.0)


def _clock(column: Column) -> str:
    """Tell how the texts of a column are times of day; empty where they are none."""
    named = {"time", "clock", "hour", "at"} & set(column.words) or is_unnamed(column)
    if column.kind != "text" or not named or known("time_bad") & set(column.words):
        return ""
    texts = column.texts[:SAMPLE]
    for shape, pattern in _CLOCKS:
        if texts and sum(shape.match(t) is not None for t in texts) >= READABLE_SHARE * len(texts):
            return pattern
    return ""
