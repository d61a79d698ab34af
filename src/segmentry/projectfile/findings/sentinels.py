"""Values that stand for nothing: -1, 999 and 9999 at the edge of a column, words such as *unknown*.

A number is a stand-in only where it stands alone: many rows have exactly this value, it is the
lowest or highest of the column, and a gap separates it from all others.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from segmentry.engines.expressions import literal
from segmentry.projectfile.findings.edit import Edit
from segmentry.projectfile.findings.finding import Finding, rows_do
from segmentry.projectfile.findings.look import Look
from segmentry.projectfile.findings.rows import Ask
from segmentry.projectfile.findings.vocabulary import UNKNOWN
from segmentry.projectfile.sql import quote
from segmentry.projectfile.survey import Column

STAND_INS = frozenset(sign * n for n in (99, 999, 9999, 99999, 999999) for sign in (1, -1)) | {
    -1,
    -9,
}
"""What programs write into a number column that has no empty cell."""

FEWEST = 3
"""Rows that must have the value: one alone may be a real extreme."""

SCALE = 12
"""With so few values above it, a -1 may be the lowest grade of a scale."""

MOST_TOLD = 20


def sentinels(look: Look) -> Iterator[Finding]:
    """Find numbers that stand for nothing at an edge of a column."""
    suspects = []
    for column in look.survey.columns:
        if column.kind == "number" and column.n_distinct > 5:
            suspects += [(column, value) for value in _at_edges(column)]
    suspects = suspects[:MOST_TOLD]
    asks = [Ask(f"{look.rows.number(c.name)} = {v:g}", quote(c.name)) for c, v in suspects]
    for (column, value), ask, answer in zip(suspects, asks, look.rows.measure(asks), strict=True):
        if answer.count < FEWEST:
            continue
        yield Finding(
            "sentinels",
            "warning",
            f"{rows_do(answer.count, look.n_rows, 'have')} a {column.name!r} of {value:g}, far from"
            " every other value: it seems to stand for nothing",
            (column.name,),
            answer.count,
            look.n_rows,
            (f"{value:g}",),
            rows=ask.condition,
            edit=_edit(column, value, look),
            advice=f"write {value:g} in {column.name!r} as an empty cell in the source",
        )


def _edit(column: Column, value: float, look: Look) -> Edit | None:
    """Offer to read the number as nothing, where the column is mapped to a field."""
    field = _mapped(column, look)
    return Edit("field", f"nullif({quote(column.name)}, {value:g})", field) if field else None


def _mapped(column: Column, look: Look) -> str | None:
    fields = ("amount", "quantity")
    return next((f for f in fields if look.source.columns.get(f) == column.name), None)


def _at_edges(column: Column) -> list[float]:
    values = column.present
    if len(values) == 0:
        return []
    low, high = float(values.min()), float(values.max())
    found = []
    if low in STAND_INS and low < 0 and _stands_below(values, low):
        found.append(low)
    if high in STAND_INS and high > 0 and _stands_above(values, high):
        found.append(high)
    return found


def _stands_below(values: NDArray[np.float64], low: float) -> bool:
    """Tell whether a negative number is the only one below zero, and not the start of a scale."""
    rest = values[values > low]
    # -1 before 0, 1, 2 in even numbers is a scale such as -1..5, not a hole.
    return bool(len(rest) and rest.min() >= 0 and len(np.unique(rest[:5000])) > SCALE)


def _stands_above(values: NDArray[np.float64], high: float) -> bool:
    rest = values[values < high]
    return bool(len(rest) and rest.max() <= high / 2)


def unknown_words(look: Look) -> Iterator[Finding]:
    """Find levels of categories that say that nothing is known."""
    suspects = []
    for column in look.survey.columns:
        is_entity = column.name == look.source.columns.get("entity")
        if column.kind != "text" or is_entity or not look.is_used(column):
            continue
        words = [t for t in column.distinct_texts if t.strip().lower() in UNKNOWN]
        if words and len(words) < column.n_distinct and not column.distinct_share > 0.9:
            suspects.append((column, sorted(words)))
    suspects = suspects[:MOST_TOLD]
    conditions = [
        f"{quote(c.name)} IN ({', '.join(literal(w) for w in words)})" for c, words in suspects
    ]
    counts = look.rows.count(conditions)
    for (column, words), condition, count in zip(suspects, conditions, counts, strict=True):
        yield Finding(
            "unknown_words",
            "info",
            f"{rows_do(count, look.n_rows, 'have')} {' or '.join(map(repr, words[:3]))} as"
            f" {'its' if count == 1 else 'their'} {column.name!r}: a level of its own, not a"
            " missing value",
            (column.name,),
            count,
            look.n_rows,
            tuple(words[:3]),
            rows=condition,
            advice=f"if it means that nothing is known, write it as an empty cell in"
            f" {column.name!r}",
        )
