"""Finding rows that are to be left out: cancellations, undone orders, rows of nobody."""

from __future__ import annotations

import re

import numpy as np
from numpy.typing import NDArray

from segmentry.projectfile.fields import Fields
from segmentry.projectfile.names import known, words
from segmentry.projectfile.sql import literal, quote
from segmentry.projectfile.survey import Column


def conditions(fields: Fields) -> tuple[tuple[str, str], ...]:
    """List SQL conditions of rows to keep, each with its reason."""
    order = fields.column("order")
    cancelled = _cancelled(order, fields) if order is not None else []
    undone = [c for column in fields.free() for c in _undone(column)]
    return (*cancelled, *undone)


def _cancelled(order: Column, fields: Fields) -> list[tuple[str, str]]:
    """Find a letter that marks cancelled orders: rare, and its rows are negative."""
    sizes = _sizes(fields)
    if order.kind != "text" or sizes is None:
        return []
    found = [re.match(r"([A-Za-z]+)\d", text) for text in order.distinct_texts]
    # The last entry stands for rows without an order, whose code is -1.
    marks = np.array([*(m[1] if m else "" for m in found), ""])[order.codes]
    kept = []
    for mark in sorted(set(marks.tolist()) - {""}):
        rows = marks == mark
        if rows.mean() < 0.5 and np.mean(sizes[rows] < 0) >= 0.9:
            condition = f"not starts_with({quote(order.name)}, {literal(mark)})"
            share = f"{100 * rows.mean():.2g} %"
            kept.append((condition, f"{share} of rows are cancellations ({mark}..., negative)"))
    return kept


def _sizes(fields: Fields) -> NDArray[np.float64] | None:
    for name in ("quantity", "amount"):
        column = fields.column(name)
        if column is not None:
            return column.numbers
    return None


def _undone(column: Column) -> list[tuple[str, str]]:
    if column.words[-1:] != ("status",) or column.kind != "text" or column.n_distinct > 30:
        return []
    undone = [v for v in column.levels if set(words(v)) & known("undone")]
    if not undone or len(undone) == column.n_distinct:
        return []
    listed = ", ".join(literal(v) for v in sorted(undone))
    condition = f"coalesce({quote(column.name)}, '') not in ({listed})"
    return [(condition, f"rows whose {column.name!r} was undone are left out")]
