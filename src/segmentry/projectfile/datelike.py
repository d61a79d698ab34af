"""Telling dates and parts of dates by their values: ``Dec-2011``, ``20240131``, ``Monday``."""

from __future__ import annotations

import re

import numpy as np

from segmentry.projectfile.names import plain
from segmentry.projectfile.survey import Column

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
FROM_SECONDS, TO_SECONDS = 3.1e8, 4.1e9
"""1979 to 2099 in seconds since 1970."""

_OF_TIMES = frozenset(["timestamp", "time", "date", "at", "epoch", "created", "unix"])

_FULL_MONTHS = (
    "january february march april june july august september sept october november december"
)
_MONTHS = {*MONTHS, *_FULL_MONTHS.split(" ")}
_SHORT_DAYS = "mon tue tues wed weds thu thur thurs fri sat sun"
_FULL_DAYS = "monday tuesday wednesday thursday friday saturday sunday"
WEEKDAYS = {*_SHORT_DAYS.split(" "), *_FULL_DAYS.split(" ")}
_MONTH = rf"({'|'.join(MONTHS)})[a-z]*"
_DATE = re.compile(
    rf"({_MONTH}[-/ .]*'?\d{{2,4}}"
    rf"|\d{{1,2}}[-/ .]*{_MONTH}[-/ .,]*\d{{2,4}}.*"
    r"|\d{4}[-/.]\d{1,2}([-/.]\d{1,2}.*)?"
    r"|\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}.*"
    r"|\d{4}[- ]?q[1-4]|q[1-4][- ]?\d{4})"
)


def is_date(column: Column) -> bool:
    """Tell whether a column holds dates, however they are written."""
    if column.kind == "time":
        return True
    if column.kind == "text":
        some = [t.strip().lower() for t in column.texts[:300] if t.strip()]
        return bool(some) and bool(np.mean([bool(_DATE.fullmatch(t)) for t in some]) >= 0.95)
    return _are_days(column)


def _are_days(column: Column) -> bool:
    """Tell whether whole numbers are many days written YYYYMMDD."""
    if not column.is_whole or column.n_distinct < 15:
        return False
    numbers = column.present
    if numbers.min() < 19_000_101 or numbers.max() > 21_001_231:
        return False
    month, day = numbers // 100 % 100, numbers % 100
    return bool(np.all((month >= 1) & (month <= 12) & (day >= 1) & (day <= 31)))


def names_days_or_months(column: Column) -> bool:
    """Tell whether all texts are names of weekdays, or all are names of months."""
    if column.kind != "text" or not 2 <= column.n_distinct <= 24:
        return False
    said = {plain(v).strip(" .") for v in column.levels}
    return said <= _MONTHS or said <= WEEKDAYS


def is_time_number(column: Column) -> bool:
    """Tell whether whole numbers are dates, or seconds, milliseconds or microseconds since 1970."""
    if not column.is_whole or not set(column.words) & _OF_TIMES:
        return _are_days(column)
    low, high = float(np.min(column.present)), float(np.max(column.present))
    return _are_days(column) or any(
        low >= FROM_SECONDS * unit and high <= TO_SECONDS * unit for unit in (1.0, 1e3, 1e6)
    )
