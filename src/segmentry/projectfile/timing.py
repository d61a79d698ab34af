"""Finding when a row happened: dates, epoch numbers, days as numbers, several columns together.

What lives here: candidates for the time of events, each as a column or an expression. What does
not: putting a time together from several columns (``timeparts``), and whether the rows are events
at all (``entity``).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from segmentry.engines.dates import likely_formats
from segmentry.projectfile.idlike import is_unnamed
from segmentry.projectfile.names import known, weights
from segmentry.projectfile.sql import quote
from segmentry.projectfile.survey import Column, Survey
from segmentry.projectfile.timeparts import READABLE_SHARE, SAMPLE, Parts, parts_of

_EPOCHS = (
    ("seconds", 1.0, "CAST({} AS BIGINT) * 1000000", "CAST(round({} * 1000000) AS BIGINT)"),
    ("milliseconds", 1e3, "CAST({} AS BIGINT) * 1000", "CAST(round({} * 1000) AS BIGINT)"),
    ("microseconds", 1e6, "CAST({} AS BIGINT)", "CAST(round({}) AS BIGINT)"),
    ("nanoseconds", 1e9, "CAST(round({} / 1000) AS BIGINT)", "CAST(round({} / 1000) AS BIGINT)"),
)
"""Units since 1970, and how to write whole and broken numbers of them as microseconds."""

_DIGITS = (("YYYYMMDDHHMMSS", 1e6, 235_959, "%Y%m%d%H%M%S"), ("YYYYMMDDHHMM", 1e4, 2_359,
           "%Y%m%d%H%M"))  # fmt: skip
"""Times written without separators: what cuts the day off, the last time of day, the format."""

_FROM_SECONDS, _TO_SECONDS = 3.1e8, 4.1e9
"""1979 to 2099 in seconds since 1970: what an epoch in a log may be."""

_SPREADSHEET_DAYS = 29_000, 62_000
"""1979 to 2069 in the days of a spreadsheet."""

_DAY_OF_1970 = 25_569
"""The first of January 1970, as spreadsheets count days."""

MANY_DAYS = 15
"""Different days that a column without a name must hold for its numbers to be believed dates."""


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
    for parts in parts_of(survey):
        base = [t for t in found if t.columns == parts.columns[:1]]
        # Together they say more than the day alone, which is no rival then.
        found = [t for t in found if t not in base]
        found.append(_of_parts(parts, base[0] if base else None))
    return sorted(found, key=lambda t: -t.score)


def _of_parts(parts: Parts, base: Time | None) -> Time:
    score = parts.score if base is None else base.score + 5
    return Time(parts.sql, parts.columns, score, parts.reason)


def _of_column(column: Column) -> Time | None:
    if column.n == 0:
        return None
    found = _as_time(column) or _as_number(column) or _as_text(column)
    if found is None:
        return None
    sql, why = found
    return Time(sql, (column.name,), _score(column), why)


def _score(column: Column) -> float:
    named = max((weights("times").get(w, 0) for w in column.words), default=0)
    good = 20 if known("time_good") & set(column.words) or _is_unnamed_log(column) else 0
    bad = 60 if known("time_bad") & set(column.words) else 0
    still = 40 if column.is_constant else 0
    return 20 + named + good - bad - still - 60 * column.missing_share


def _is_unnamed_log(column: Column) -> bool:
    """Tell whether a column without a name holds many different times."""
    return is_unnamed(column) and column.n_distinct >= MANY_DAYS


def _as_time(column: Column) -> tuple[str, str] | None:
    return (column.name, "it holds dates") if column.kind == "time" else None


def _as_number(column: Column) -> tuple[str, str] | None:
    if column.kind != "number" or not len(column.present):
        return None
    is_named = bool(set(column.words) & {*known("times"), "created", "epoch", "unix"})
    if not is_named and not _is_unnamed_log(column):
        return None
    return _as_epoch(column) or _as_digits(column) or (_as_serial(column) if is_named else None)


def _as_epoch(column: Column) -> tuple[str, str] | None:
    low, high = np.min(column.present), np.max(column.present)
    for unit, per_second, whole, broken in _EPOCHS:
        if low >= _FROM_SECONDS * per_second and high <= _TO_SECONDS * per_second:
            micros = (whole if column.is_whole else broken).format(quote(column.name))
            return f"make_timestamp({micros})", f"its numbers are {unit} since 1970"
    return None


def _as_digits(column: Column) -> tuple[str, str] | None:
    """Read whole numbers whose digits are a date."""
    if not column.is_whole:
        return None
    if _are_days(column.present):
        text = f"CAST({quote(column.name)} AS VARCHAR)"
        return f"strptime({text}, '%Y%m%d')", "its numbers are dates written YYYYMMDD"
    digits = f"CAST(CAST({quote(column.name)} AS BIGINT) AS VARCHAR)"
    for name, cut, last, pattern in _DIGITS:
        if _are_days(column.present // cut) and bool(np.all(column.present % cut <= last)):
            return f"try_strptime({digits}, '{pattern}')", f"its numbers are times written {name}"
    if _are_days(column.present * 100 + 1) and not is_unnamed(column):
        return f"try_strptime({digits}, '%Y%m')", "its numbers are months written YYYYMM"
    return None


def _as_serial(column: Column) -> tuple[str, str] | None:
    """Read days since 1900, as spreadsheets count them, where they are written as numbers."""
    low, high = _SPREADSHEET_DAYS
    if column.n_distinct > 1 and np.min(column.present) >= low and np.max(column.present) <= high:
        millis = f"CAST(round(({quote(column.name)} - {_DAY_OF_1970}) * 86400000) AS BIGINT)"
        why = "its numbers are days since 1900, as spreadsheets count them"
        return f"make_timestamp({millis} * 1000)", why
    return None


def _as_text(column: Column) -> tuple[str, str] | None:
    """Read texts that are only dates where a date is looked for: months, weeks, bare digits."""
    if column.kind != "text" or not set(column.words) & set(known("times")):
        return None
    texts = column.texts[:SAMPLE]
    formats = likely_formats(texts, compact=True)
    n_read = sum(any(f.shape.match(t) for f in formats) for t in texts)
    if len(formats) != 1 or formats[0].pattern is None or n_read < READABLE_SHARE * len(texts):
        return None
    sql = f"try_strptime({quote(column.name)}, '{formats[0].pattern}')"
    return sql, f"it holds dates written {formats[0].name}"


def _are_days(numbers: NDArray[np.float64]) -> bool:
    """Tell whether whole numbers are days written YYYYMMDD."""
    whole = numbers.astype(np.int64)
    year, month, day = whole // 10_000, whole // 100 % 100, whole % 100
    return bool(np.all((year >= 1900) & (year <= 2100) & (month >= 1) & (month <= 12)
                       & (day >= 1) & (day <= 31)))  # fmt: skip
