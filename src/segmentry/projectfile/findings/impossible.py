"""Numbers that cannot be: ages of 200, shares above one, prices below zero.

A column's name says which range it has; a value outside counts only where almost all others lie
inside, because a column whose bulk is outside means something else than its name says.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from segmentry.domain.role import Role
from segmentry.projectfile.findings.edit import Edit
from segmentry.projectfile.findings.finding import Finding, rows_do
from segmentry.projectfile.findings.look import Look, head, says
from segmentry.projectfile.findings.rows import Ask
from segmentry.projectfile.sql import quote
from segmentry.projectfile.survey import Column

MOST_OUTSIDE = 0.05
"""Share of the values outside a range up to which the range is believed."""

MOST_TOLD = 20
"""Columns that are told one by one."""

OLDEST = 120

_COUNTED = ("price", "duration", "tenure", "distance", "count", "visit", "income", "salary",
            "height", "weight", "age", "hour", "minute", "order", "login", "purchase")  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Range:
    """The values that a name allows, in words and as bounds."""

    low: float
    high: float
    words: str


def impossible(look: Look) -> Iterator[Finding]:
    """Find numbers outside the range that their name allows."""
    suspects = []
    for column in look.survey.columns:
        found = _range_of(column, look)
        # The sample decides which columns are worth a count over all rows.
        if found is not None and (_weighs(column, look) or _is_believed(column, found)):
            suspects.append((column, found))
    suspects = suspects[:MOST_TOLD]
    asks = [_ask(column, found, look) for column, found in suspects]
    for (column, found), ask, answer in zip(suspects, asks, look.rows.measure(asks), strict=True):
        if not answer.count:
            continue
        yield Finding(
            "impossible",
            "warning",
            f"{rows_do(answer.count, look.n_rows, 'have')} a {column.name!r} that cannot be:"
            f" {found.words}",
            (column.name,),
            answer.count,
            look.n_rows,
            answer.examples,
            rows=ask.condition,
            edit=_edit(column, found, look),
            advice=f"correct {column.name!r} in the source, or write such values as empty",
        )


def _edit(column: Column, found: _Range, look: Look) -> Edit | None:
    """Offer to leave such events out; of a table that would be people, so there it is no offer."""
    if not look.is_events:
        return None
    return Edit("where", f"coalesce({_inside(quote(column.name), found)}, true)")


def _inside(name: str, found: _Range) -> str:
    if np.isinf(found.high):
        return f"{name} >= {found.low:g}"
    return f"{name} between {found.low:g} and {found.high:g}"


def _ask(column: Column, found: _Range, look: Look) -> Ask:
    value = look.rows.number(column.name)
    condition = f"NOT {_inside(value, found)}" if np.isinf(found.high) else (
        f"({value} < {found.low:g} OR {value} > {found.high:g})"
    )  # fmt: skip
    return Ask(f"({condition})", value)


def _is_believed(column: Column, found: _Range) -> bool:
    values = column.present
    if len(values) == 0 or column.n_distinct <= 2:
        return False
    outside = int(np.sum((values < found.low) | (values > found.high)))
    return outside <= MOST_OUTSIDE * len(values)


def _range_of(column: Column, look: Look) -> _Range | None:
    fields = {look.source.columns.get(f) for f in ("quantity", "amount", "entity")}
    if column.kind != "number" or column.name in fields:
        # A quantity below zero is a refund, which is told as such.
        return None
    if _weighs(column, look):
        return _Range(0, np.inf, "it is below zero, and entities are to count by it")
    for rule in _RULES:
        found = rule(column)
        if found is not None:
            return found
    return None


def _weighs(column: Column, look: Look) -> bool:
    return look.role(column.name) is Role.WEIGHT


def _as_age(column: Column) -> _Range | None:
    people = {"age", "customer", "user", "client", "person", "member", "years", "patient", "year"}
    if head(column) == "age" and set(column.words) <= people:
        return _Range(0, OLDEST, f"no age from 0 to {OLDEST}")
    return None


def _as_birth_year(column: Column) -> _Range | None:
    if {"year", "birth"} <= set(column.words):
        return _Range(1900, 2100, "no year of birth of anybody alive")
    return None


def _as_percent(column: Column) -> _Range | None:
    if says(column, "percent", "percentage", "pct") and _bulk_within(column, 0, 100, above=1):
        return _Range(0, 100, "no percentage from 0 to 100")
    return None


def _as_share(column: Column) -> _Range | None:
    named = says(column, "share", "ratio", "fraction", "frequency", "probability", "proportion")
    if (named or head(column) == "rate") and _bulk_within(column, 0, 1, above=0):
        return _Range(0, 1, "no share from 0 to 1")
    return None


def _bulk_within(column: Column, low: float, high: float, *, above: float) -> bool:
    """Tell whether nearly all values lie in a range, and do not all huddle at its lower end."""
    values = column.present
    if len(values) < 20:
        return False
    inside = np.mean((values >= low) & (values <= high)) >= 1 - MOST_OUTSIDE
    return bool(inside and np.quantile(values, 0.99) > above and np.median(values) < high)


def _as_counted(column: Column) -> _Range | None:
    if head(column) in _COUNTED or says(column, "quantity"):
        return _Range(0, np.inf, "it is below zero")
    return None


_RULES: tuple[Callable[[Column], _Range | None], ...] = (
    _as_age,
    _as_birth_year,
    _as_percent,
    _as_share,
    _as_counted,
)


def zero_prices(look: Look) -> Iterator[Finding]:
    """Find events whose price is zero: gifts, samples, corrections of stock."""
    if not look.is_events:
        return
    for column in look.survey.columns:
        if column.kind != "number" or head(column) != "price" or says(column, "old", "list"):
            continue
        value = look.rows.number(column.name)
        condition = f"{value} = 0"
        answer = look.rows.measure([Ask(condition, look.entity or value)])[0]
        if not answer.count or answer.count > 0.5 * look.n_rows:
            continue
        owned = look.rows.count([f"{condition} AND {look.kept}"])[0]
        yield Finding(
            "zero_prices",
            "info",
            f"{rows_do(answer.count, look.n_rows, 'have')} a {column.name!r} of zero"
            f" ({owned:,} of them in rows that are kept)",
            (column.name,),
            answer.count,
            look.n_rows,
            _described(look, condition),
            rows=condition,
            edit=Edit("where", f"coalesce({quote(column.name)} <> 0, true)"),
        )


def _described(look: Look, condition: str) -> tuple[str, ...]:
    """Show what such rows are about: the text that says most, or the item."""
    texts = [c for c in look.survey.columns if c.kind == "text" and says(c, "description", "name")]
    value = quote(texts[0].name) if texts else look.sql("item")
    return look.rows.most_frequent(value, condition) if value else ()
