"""Fields of service and use: durations by their unit, answers, escalations, errors.

What lives here: which number columns of events are such a field, by their words. What does not:
fields of sales and visits (``fields``), and plain measures (``measures``).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from segmentry.projectfile.sql import quote
from segmentry.projectfile.survey import Column

SECONDS = {
    **dict.fromkeys(("second", "seconds", "sec", "secs"), 1),
    **dict.fromkeys(("minute", "minutes", "min", "mins"), 60),
    **dict.fromkeys(("hour", "hours", "hr", "hrs"), 3_600),
    **dict.fromkeys(("day", "days"), 86_400),
}

_LASTS = (
    ("response_seconds", {"response"}),
    ("resolution_seconds", {"resolution", "resolve", "solution"}),
    ("duration_seconds", {"duration", "spent"}),
)
_TELLS = (
    ("escalated", {"escalated", "escalation"}),
    ("reopened", {"reopened", "reopen"}),
    ("score", {"satisfaction", "csat"}),
    ("errors", {"error", "errors"}),
)


@dataclass(frozen=True, slots=True)
class Served:
    """A field, the expression that fills it, and why."""

    field: str
    column: str
    sql: str
    reason: str


def served(columns: Iterable[Column], taken: Iterable[str] = ()) -> tuple[Served, ...]:
    """Find fields of service among columns, each field once.

    Parameters
    ----------
    columns : iterable of Column
        Columns that no field took.
    taken : iterable of str
        Fields that are there already.

    Returns
    -------
    tuple of Served
        In the order of the columns.
    """
    known, found = set(taken), []
    for column in columns:
        one = _served(column)
        if one is not None and one.field not in known:
            known.add(one.field)
            found.append(one)
    return tuple(found)


def _served(column: Column) -> Served | None:
    said = set(column.words)
    unit = next((w for w in column.words if w in SECONDS), None)
    if unit is not None:
        factor = SECONDS[unit]
        sql = quote(column.name) if factor == 1 else f"{quote(column.name)} * {factor}"
        for field, words in _LASTS:
            if said & words:
                return Served(field, column.name, sql, f"in {unit}, by its name")
        return None
    for field, words in _TELLS:
        if said & words:
            return Served(field, column.name, quote(column.name), "by its name")
    return None
