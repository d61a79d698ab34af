"""Finding when a row happened: dates, epoch numbers, days as numbers, year and month columns.

What lives here: candidates for the time of events, each as a column or an expression. What does
not: whether the rows are events at all (``entity``).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from segmentry.projectfile.names import known, weights
from segmentry.projectfile.sql import quote
from segmentry.projectfile.survey import Column, Survey

_EPOCHS = (
    ("seconds", 1.0, "make_timestamp(CAST({} AS BIGINT) * 1000000)"),
    ("milliseconds", 1e3, "make_timestamp(CAST({} AS BIGINT) * 1000)"),
    ("microseconds", 1e6, "make_timestamp(CAST({} AS BIGINT))"),
)
_FROM_SECONDS, _TO_SECONDS = 3.1e8, 4.1e9
"""1979 to 2099 in seconds since 1970: what an epoch in a log may be."""


@dataclass(frozen=True, slots=True)
class Time:
    """A candidate for the time of a row: how to write it, how good it is, and why."""

    sql: str
    columns: tuple[str, ...]
    score: float
    reason: str

    @property
    def is_good(self) -> bool:
        """Whether it is likely to be when the row happened, not a fact about the entity."""
        return self.score >= 30


def times(survey: Survey) -> list[Time]:
    """List all candidates, the best first; columns earlier in the file win ties."""
    found = [t for c in survey.columns for t in [_of_column(c)] if t is not None]
    parts = _of_parts(survey)
    if parts is not None:
        found.append(parts)
    return sorted(found, key=lambda t: -t.score)


def _of_column(column: Column) -> Time | None:
    if column.n == 0:
        return None
    found = _as_time(column) or _as_number(column)
    if found is None:
        return None
    sql, why = found
    return Time(sql, (column.name,), _score(column), why)


def _score(column: Column) -> float:
    named = max((weights("times").get(w, 0) for w in column.words), default=0)
    good = 20 if known("time_good") & set(column.words) else 0
    bad = 60 if known("time_bad") & set(column.words) else 0
    still = 40 if column.is_constant else 0
    return 20 + named + good - bad - still - 60 * column.missing_share


def _as_time(column: Column) -> tuple[str, str] | None:
    return (column.name, "it holds dates") if column.kind == "time" else None


def _as_number(column: Column) -> tuple[str, str] | None:
    if not column.is_whole or not set(column.words) & {*known("times"), "created", "epoch", "unix"}:
        return None
    low, high = np.min(column.present), np.max(column.present)
    for unit, per_second, sql in _EPOCHS:
        if low >= _FROM_SECONDS * per_second and high <= _TO_SECONDS * per_second:
            return sql.format(quote(column.name)), f"its numbers are {unit} since 1970"
    if _are_days(column):
        text = f"CAST({quote(column.name)} AS VARCHAR)"
        return f"strptime({text}, '%Y%m%d')", "its numbers are dates written YYYYMMDD"
    return None


def _are_days(column: Column) -> bool:
    """Tell whether whole numbers are days written YYYYMMDD."""
    numbers = column.present.astype(np.int64)
    year, month, day = numbers // 10_000, numbers // 100 % 100, numbers % 100
    return bool(np.all((year >= 1900) & (year <= 2100) & (month >= 1) & (month <= 12)
                       & (day >= 1) & (day <= 31)))  # fmt: skip


def _of_parts(survey: Survey) -> Time | None:
    """Make a date of year and month columns, and of day and hour where there are some."""
    parts = {p: _part(survey, p, low, high) for p, low, high in
             (("year", 1970, 2100), ("month", 1, 12), ("day", 1, 31))}  # fmt: skip
    year, month, day = parts["year"], parts["month"], parts["day"]
    if year is None or month is None:
        return None
    sql = f"make_date({quote(year)}, {quote(month)}, {quote(day) if day else '1'})"
    columns = tuple(c for c in (year, month, day) if c)
    return Time(sql, columns, 45.0 if day else 38.0, "year and month columns make a date")


def _part(survey: Survey, word: str, low: int, high: int) -> str | None:
    for column in survey.columns:
        if column.words == (word,) and column.is_whole:
            inside = np.all((column.present >= low) & (column.present <= high))
            if inside:
                return column.name
    return None
