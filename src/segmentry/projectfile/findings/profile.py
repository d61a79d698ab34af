"""What each column holds, and how events cover entities and time: the figures of a data check.

What lives here: plain figures, from the sample where they are about shape and from all rows where
they are counts. What does not: judging them (the searches) and drawing them (``render``).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from segmentry.domain.arrays import floats_of
from segmentry.domain.project import ROW_NUMBER
from segmentry.domain.role import Role
from segmentry.projectfile.findings.crowd import AT, crowd_of
from segmentry.projectfile.findings.dates import look_days, stray_range
from segmentry.projectfile.findings.look import Look
from segmentry.projectfile.findings.shape import skewness
from segmentry.projectfile.survey import Column

MOST_COLUMNS = 300
"""Columns that are profiled; of wider files the rest is only counted."""

BINS = 24
TAIL = 0.005
"""Share of the values at each end that a histogram gathers in its outermost bin."""

NAMES = frozenset({"entity", "order", "session", "item", "id"})
"""Uses of columns whose values name something."""

UNUSED = "not used"

MOST_LEVELS = 5
MOST_PERIODS = 60


def columns_of(look: Look) -> list[dict[str, Any]]:
    """Profile each column: kind, use, gaps, distinct values, and the shape of what it holds."""
    columns = look.survey.columns[:MOST_COLUMNS]
    filled = look.filled(columns)
    return [
        {
            "name": column.name,
            "kind": column.kind,
            "use": ", ".join(uses := _uses(column, look)),
            "missing": look.n_rows - n,
            "missing_share": round((look.n_rows - n) / max(look.n_rows, 1), 6),
            "distinct": column.n_distinct,
            "distinct_is_exact": look.is_whole,
            **_content(column, is_name=not NAMES.isdisjoint(uses)),
        }
        for column, n in zip(columns, filled, strict=True)
    ]


def _uses(column: Column, look: Look) -> tuple[str, ...]:
    """Say what a column is used for: fields of events, a measure, a role, the choice of rows."""
    named = look.source.columns.items()
    fields = [f for f, sql in named if column.name == sql != ROW_NUMBER]
    found = fields or [f for f, sql in named if column.name in look.columns_in(sql)]
    if column.name in look.project.features.measures and look.is_events:
        found.append("measure")
    if not found and (role := _role(column, look)):
        found.append(role)
    if look.source.where and column.name in look.columns_in(look.source.where):
        found.append("where")
    return tuple(found) or (UNUSED,)


def _role(column: Column, look: Look) -> str:
    """Give the role of a column; empty where nothing is made of it."""
    if look.is_events:
        return str(look.roles.get(column.name, ""))
    role, choice = look.role(column.name), look.project.features
    if role is not Role.CLUSTER:
        return str(role)
    is_wanted = choice.include == "auto" or column.name in choice.include
    # A run leaves out what says the same of everybody, whatever its role.
    is_kept = is_wanted and column.name not in choice.exclude and column.n_distinct > 1
    return str(role) if is_kept else ""


def _content(column: Column, *, is_name: bool) -> dict[str, Any]:
    if column.n == 0:
        return {}
    if column.kind == "number" and is_name:
        # The shape of numbers that name something says nothing.
        return {"levels": [{"level": t, "share": 0.0} for t in column.texts[:MOST_LEVELS]]}
    if column.kind == "number":
        return _numbers(column.present)
    if column.kind == "time":
        return _times(column.values)
    counts = np.bincount(column.codes[column.codes >= 0], minlength=column.n_distinct)
    top = np.argsort(-counts, kind="stable")[:MOST_LEVELS]
    texts = column.distinct_texts
    return {
        "levels": [{"level": _cut(texts[i]), "share": round(counts[i] / column.n, 6)} for i in top]
    }


def _cut(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:59]}…"


def _numbers(values: NDArray[np.float64]) -> dict[str, Any]:
    if not len(values):
        return {}
    low, q05, q25, median, q75, q95, high = np.quantile(
        values, [0, 0.05, 0.25, 0.5, 0.75, 0.95, 1]
    ).tolist()
    return {
        "min": low,
        "q05": q05,
        "q25": q25,
        "median": median,
        "q75": q75,
        "q95": q95,
        "max": high,
        "mean": float(values.mean()),
        "zero_share": round(float(np.mean(values == 0)), 6),
        "skewness": round(skewness(values), 3),
        "histogram": _histogram(values),
    }


def _times(values: pa.Array) -> dict[str, Any]:
    micros = values.cast(pa.timestamp("us")).drop_null().cast(pa.int64())
    numbers = floats_of(micros)
    ends = [np.datetime64(int(v), "us") for v in (numbers.min(), numbers.max())]
    return {
        "first": str(ends[0].astype("datetime64[s]")),
        "last": str(ends[1].astype("datetime64[s]")),
        "histogram": _histogram(numbers),
    }


def _histogram(values: NDArray[np.float64]) -> list[int]:
    """Count values in bins of equal width; the outermost ones gather the longest tails."""
    low, high = np.quantile(values, [TAIL, 1 - TAIL])
    if low == high:
        low, high = values.min(), values.max()
    if low == high:
        return [len(values)]
    counts, _ = np.histogram(np.clip(values, low, high), bins=BINS, range=(low, high))
    return [int(n) for n in counts]


def coverage_of(look: Look) -> dict[str, Any]:
    """Tell how rows cover entities and time, among the rows that the project keeps."""
    told = dict(_of_entities(look))
    days = look_days(look, look.kept)
    if days is None:
        return told
    inside = days.between(*stray_range(days))
    first, last = int(inside.at[0]), int(inside.at[-1])
    width = -(-(last - first + 1) // MOST_PERIODS)
    # Whole weeks where days are too many, so that weekends do not beat against the bins.
    width = width if width == 1 else -(-width // 7) * 7
    counts = np.bincount((inside.at - first) // width, weights=inside.counts)
    return {
        **told,
        "first": str(np.datetime64(first, "D")),
        "last": str(np.datetime64(last, "D")),
        "n_days": last - first + 1,
        "active_days": len(inside.at),
        "period_days": width,
        "periods": [int(n) for n in counts],
        "stray": int(days.counts.sum() - inside.counts.sum()),
    }


def _of_entities(look: Look) -> Iterator[tuple[str, Any]]:
    yield "rows_kept", look.rows.count([look.kept])[0]
    crowd = crowd_of(look)
    if crowd is None:
        return
    yield "n_entities", crowd.n_entities
    yield "one_event", crowd.n_single
    if look.is_events:
        yield (
            "rows_per_entity",
            [{"at": at, "rows": rows} for at, rows in zip(AT, crowd.quantiles, strict=True)],
        )
