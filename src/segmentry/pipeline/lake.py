"""The canonical events of a project as a lake: what has numbers in place of words gets them back.

What lives here: from the relation that an engine holds to rows of the lake, piece by piece. What
does not: the lake's files (``stores.lake``), and features of what it holds (``microbatch``).
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from segmentry.domain.feature import INSTANT
from segmentry.domain.table import ENTITY
from segmentry.engines.base import ROLE_PREFIX, Engine
from segmentry.errors import DataError
from segmentry.pipeline.events import Events
from segmentry.stores.lake import Lake
from segmentry.stores.lakemanifest import MANIFEST, MICROS, Duplicates
from segmentry.stores.lakewriting import PARTITIONS, append, create_lake

if TYPE_CHECKING:
    import ibis.expr.types as ir
    import pyarrow as pa

PIECE_EVENTS = 2_000_000
"""Events that are held in memory at once while they go from the engine to the lake."""


def write_lake(
    events: Events,
    engine: Engine,
    folder: Path,
    *,
    batch: str,
    n_partitions: int = PARTITIONS,
    duplicates: Duplicates = "keep",
) -> Lake:
    """Put the events of a project into a lake, which is made where there is none.

    Parameters
    ----------
    events : Events
        With times, and with the ids that orders and sessions have (``keep_ids``).
    engine : Engine
        Holds them.
    folder : Path
    batch : str
        Names these events; a batch that is in already changes nothing.
    n_partitions, duplicates
        Of a lake that is made here.

    Returns
    -------
    Lake

    Raises
    ------
    DataError
        E2020 if the events have no time, or other fields than the lake.
    StoreError
        If the lake cannot be written.
    ValueError
        For events that gave their ids away: later ones would not meet them.
    """
    if INSTANT not in events.fields:
        raise DataError(
            "events without time cannot lie in a lake, which is sorted by it",
            code="E2020",
            where=str(folder),
            hint="map a column as 'time' in the project file",
        )
    if any(str(t) == "uint64" for t in events.table.schema().types):
        raise ValueError("a lake holds ids as they are written: canonical_events(keep_ids=True)")
    pieces = _pieces(events, engine)
    first = next(pieces)
    if not (folder / MANIFEST).is_file():
        create_lake(folder, first.schema, n_partitions=n_partitions, duplicates=duplicates)
    append(folder, _with_first(first, pieces), batch=batch)
    return Lake.opened(folder)


def _with_first(first: pa.Table, others: Iterator[pa.Table]) -> Iterator[pa.Table]:
    yield first
    yield from others


def _pieces(events: Events, engine: Engine) -> Iterator[pa.Table]:
    """Give the events with their words, for some of the entities after the others."""
    table = _without_roles(events.table)
    n_events = int(engine.to_arrow(table.aggregate(n=table.count()))["n"][0].as_py())
    for rows in events.pieces(table, engine, n_events=n_events, at_once=PIECE_EVENTS):
        yield _with_words(engine.to_arrow(rows), events)


def _without_roles(table: ir.Table) -> ir.Table:
    """Leave out what describes entities: it is no field of events, and features do not need it."""
    kept = [n for n in table.columns if not n.startswith(ROLE_PREFIX) and n not in {ENTITY, MICROS}]
    return table.select(ENTITY, MICROS, *sorted(kept))


def _with_words(data: pa.Table, events: Events) -> pa.Table:
    import pyarrow as pa

    columns = {}
    for name in data.column_names:
        words = events.entities if name == ENTITY else events.words.get(name)
        column = data[name].combine_chunks()
        column = column if words is None else words.take(column)
        # An engine may hold whole microseconds in a type with a fraction.
        columns[name] = column.cast(pa.int64() if name == MICROS else _plain(column.type))
    return pa.table(columns)


def _plain(type_: pa.DataType) -> pa.DataType:
    """Give the type in which the lake holds a column, equal for every engine that it comes from."""
    import pyarrow as pa

    if pa.types.is_integer(type_):
        return pa.int64()
    if pa.types.is_decimal(type_):
        return pa.decimal128(38, 9)
    if pa.types.is_boolean(type_) or pa.types.is_floating(type_):
        return type_
    return pa.string()
