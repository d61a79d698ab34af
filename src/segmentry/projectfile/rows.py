"""Finding rows that are to be left out: cancellations, undone orders, rows of nobody."""

from __future__ import annotations

import re

import numpy as np
from numpy.typing import NDArray

from segmentry.engines.expressions import literal
from segmentry.projectfile.fields import Fields
from segmentry.projectfile.sql import quote
from segmentry.projectfile.survey import Column
from segmentry.projectfile.undone import undone_by


def conditions(fields: Fields) -> tuple[tuple[str, str], ...]:
    """List SQL conditions of rows to keep, each with its reason."""
    order = fields.column("order")
    cancelled = _cancelled(order, fields) if order is not None else []
    undone = [(undone_by(c), c.name) for c in fields.free()]
    told = [
        (found.kept, f"rows that {name!r} says {found.verb} {found.what} are left out")
        for found, name in undone
        if found is not None
    ]
    return (*cancelled, *told)


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
