"""How long the features of 1,000 entities take out of a lake of millions of events.

It makes a log by chance, writes it into a lake batch by batch, and tells the medians of reading, of
computing, and of both; the first call, which reads the footers of the lake's files, stands apart.
Writes its section of ``docs/benchmarks.md``. Run with ``make bench``.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from measure import median
from page import write_section

from segmentry import clock
from segmentry.domain.project import FeatureChoice, Project
from segmentry.domain.window import Window
from segmentry.engines.catalogue import open_engine
from segmentry.features.choose import choose
from segmentry.pipeline.behaviour import feature_columns
from segmentry.pipeline.microbatch import Prepared
from segmentry.seeds import stream
from segmentry.stores.lake import Lake
from segmentry.stores.lakewriting import append, compact, create_lake

SCHEMA = pa.schema(
    [
        ("entity_id", pa.int64()),
        ("micros", pa.int64()),
        ("amount", pa.decimal128(38, 9)),
        ("category", pa.string()),
        ("item", pa.string()),
        ("order_id", pa.string()),
        ("quantity", pa.int64()),
    ]
)
FIELDS = ("at", "amount", "category", "item", "order_id", "quantity")
CUT = datetime(2024, 7, 1, tzinfo=UTC)
MOST = 0.2
"""Seconds that we hold ourselves to."""

PIECE, PER_ENTITY, ROUNDS, ASKED = 1_000_000, 20, 7, 1_000


def pieces(n_events: int) -> Iterator[pa.Table]:
    """Draw a log in pieces, in no order."""
    rng = stream(0, "benchmark")
    last = int(CUT.timestamp() * 1_000_000)
    for start in range(0, n_events, PIECE):
        n = min(PIECE, n_events - start)
        words = {f: rng.integers(0, size, n) for f, size in (("c", 12), ("p", 3_000))}
        cents = pa.array(rng.integers(1, 10_000, n).astype(np.int32))
        yield pa.table(
            [
                rng.integers(0, max(n_events // PER_ENTITY, 1), n),
                last - rng.integers(1, 365 * 86_400 * 1_000_000, n),
                cents.cast(pa.decimal128(38, 9)),
                *(pa.array(values).cast(pa.string()) for values in words.values()),
                pa.array(np.arange(start, start + n) // 3).cast(pa.string()),
                rng.integers(1, 9, n),
            ],
            schema=SCHEMA,
        )


def seconds_of(work: Callable[[], Any]) -> float:
    """Time a piece of work."""
    began = clock.seconds()
    work()
    return clock.seconds() - began


def main() -> None:
    """Make the lake, ask for entities, write the section."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=20_000_000)
    parser.add_argument("--print", action="store_true", help="print, and leave the page alone")
    told = parser.parse_args()
    specs = choose(FIELDS, FeatureChoice())
    engine = open_engine(threads=2)
    columns = feature_columns(specs, Project("benchmark", ()))
    ready = Prepared(specs, columns, Window(CUT), "UTC", SCHEMA, engine)
    with tempfile.TemporaryDirectory() as place:
        lines = measured_lines(Path(place) / "lake", ready, told.events)
    engine.close()
    lines.insert(0, f"{len(specs)} features of {ASKED:,} entities, taken by chance.")
    if told.print:
        print("\n".join(lines))
    else:
        write_section("microbatch", "A thousand entities out of a lake", lines)


def measured_lines(folder: Path, ready: Prepared, n_events: int) -> list[str]:
    """Make the lake, ask for entities, and tell seconds."""
    create_lake(folder, SCHEMA)
    took = seconds_of(lambda: append(folder, pieces(n_events), batch="all"))
    took += seconds_of(lambda: compact(folder))
    lake = Lake.opened(folder)
    rng = stream(1, "benchmark")
    asked = [
        rng.choice(n_events // PER_ENTITY, ASKED, replace=False).tolist() for _ in range(ROUNDS)
    ]
    first = seconds_of(lambda: ready.of_lake(lake, asked[0], CUT))
    taken, there = lake.groups_read(asked[0])
    rows = lake.read(asked[0], ready.fields)
    medians = [
        median([seconds_of(lambda w=work, i=ids: w(i)) for ids in asked])
        for work in (
            lambda ids: lake.read(ids, ready.fields),
            lambda _: ready.of_rows(rows, CUT),
            lambda ids: ready.of_lake(lake, ids, CUT),
        )
    ]
    read, compute, both = medians
    return [
        "",
        f"- {n_events:,} events written in {took:.1f} s, compacted into {there:,} row groups.",
        f"- The first call, footers included: {first:.2f} s.",
        f"- Medians of {ROUNDS}: reading {taken:,} row groups {read:.3f} s, computing"
        f" {compute:.3f} s, both {both:.3f} s (held to {MOST}: "
        f"{'met' if both <= MOST else 'missed'}).",
    ]


if __name__ == "__main__":
    main()
