"""Small logs for lakes: drawn by chance, in any type of id, with ties and repeats."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from segmentry.seeds import stream

SCHEMA = pa.schema(
    [
        ("entity_id", pa.string()),
        ("micros", pa.int64()),
        ("amount", pa.decimal128(23, 4)),
        ("category", pa.string()),
    ]
)


def lake_events(n: int, *, entities: int = 40, seed: int = 0, as_text: bool = True) -> pa.Table:
    """Draw events; every tenth repeats the one before it, and some have no amount."""
    rng = stream(seed, "lake")
    who = rng.integers(0, entities, n)
    micros = 1_700_000_000_000_000 + rng.integers(0, 86_400 * 90, n) * 1_000_000
    cents = rng.integers(1, 10_000, n)
    category = rng.integers(0, 5, n)
    copies = np.flatnonzero(np.arange(n) % 10 == 9)
    for values in (who, micros, cents, category):
        values[copies] = values[copies - 1]
    ids = pa.array([f"c{i:04d}" for i in who] if as_text else who.tolist())
    unknown = cents % 17 == 0
    amounts = pa.array(np.where(unknown, 0, cents), mask=unknown).cast(pa.decimal128(23, 4))
    schema = SCHEMA if as_text else SCHEMA.set(0, pa.field("entity_id", pa.int64()))
    words = pa.array([f"kind {i}" for i in category])
    return pa.table([ids, micros, amounts, words], schema=schema)


def rows_of(table: pa.Table) -> list[tuple[object, ...]]:
    """Give the rows in an order of their own, to compare two tables as sets with repeats."""
    return sorted(zip(*(c.to_pylist() for c in table.columns), strict=True), key=repr)
