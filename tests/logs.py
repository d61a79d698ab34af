"""Small logs written by hand, and features computed from them on DuckDB."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import ibis
import pyarrow as pa

from segmentry.domain.formula import LABELS
from segmentry.domain.project import MEANINGS, NUMBER_FIELDS, FeatureChoice, Windows
from segmentry.domain.window import Window
from segmentry.features.choose import possible_features
from segmentry.features.compile import compile_features

CUT = datetime(2024, 7, 1, tzinfo=UTC)
KINDS = {meaning: (meaning,) for meaning in MEANINGS}
"""Every meaning has a kind of its own name."""

_TYPES = {
    "entity_id": pa.int64(),
    "micros": pa.int64(),
    **dict.fromkeys(("order_id", "session_id", "user", *LABELS), pa.string()),
    **dict.fromkeys(NUMBER_FIELDS, pa.decimal128(20, 4)),
}


def micros(at: str) -> int:
    """Give a time in UTC, such as ``2024-06-01 10:00``, as microseconds since 1970."""
    return round(datetime.fromisoformat(at).replace(tzinfo=UTC).timestamp() * 1_000_000)


def computed(
    log: Sequence[dict[str, Any]],
    *names: str,
    zone: str = "UTC",
    window: dict[str, Any] | None = None,
    also: Sequence[str] = (),
    **choice: Any,
) -> Any:
    """Compute features of one entity out of rows with ``at`` and canonical fields.

    One value where one feature is asked for, else a list. ``also`` are fields that no row fills.
    """
    rows = [{"entity_id": 1, "micros": micros(r["at"]), **r} for r in log]
    used = {f for r in log for f in r} | set(also)
    types = {n: t for n, t in _TYPES.items() if n in used or n in {"entity_id", "micros"}}
    table = pa.Table.from_pylist(
        [{n: r.get(n) for n in types} for r in rows], schema=pa.schema(list(types.items()))
    )
    asked = FeatureChoice(kinds=choice.pop("kinds", KINDS), **choice)
    back = window or {}
    windows = Windows(back.get("lookback_days"), also_days=choice.get("also_days", ()))
    specs = possible_features(used, asked, windows)
    events = ibis.memtable(table)
    found = compile_features([specs[n] for n in names], events, Window(CUT, **back), time_zone=zone)
    (row,) = ibis.duckdb.connect().to_pyarrow(found).to_pylist()
    values = [row[n] for n in names]
    return values[0] if len(values) == 1 else values
