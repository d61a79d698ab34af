"""What goes wrong on the way into a log: the dirt that real files have, in known amounts.

Every kind is rare enough that a log with all of them stays below one bad row in a hundred, and
every dirty row is counted, so that an audit can be held against the truth.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.random import Generator
from numpy.typing import NDArray

from segmentry.simulate.scenarios.base import Columns

MISSING_ENTITY_SHARE = 0.003
DUPLICATE_SHARE = 0.005
STRAY_DATE_SHARE = 0.0001
CANCELLATION_SHARE = 0.01
TEXT_SHARE = 0.002

STRAY_YEAR = "2099-01-01"
TEXTS = ("n/a", "unknown", "-", "#REF!")


@dataclass(frozen=True, slots=True)
class Dirt:
    """How many rows of each kind of dirt a log holds."""

    n_missing_entity: int = 0
    n_duplicates: int = 0
    n_stray_dates: int = 0
    n_cancellations: int = 0
    n_text_numbers: int = 0

    def __add__(self, other: Dirt) -> Dirt:
        mine, theirs = asdict(self), asdict(other)
        return Dirt(**{name: mine[name] + theirs[name] for name in mine})


def soil(
    table: pa.Table, columns: Columns, *, as_text: bool, rng: Generator
) -> tuple[pa.Table, Dirt]:
    """Add dirt to a clean block of events.

    Parameters
    ----------
    table : pyarrow.Table
        Events of a scenario, clean.
    columns : Columns
        Which columns are which.
    as_text : bool
        Whether number columns may hold text, which only a text format can.
    rng : Generator

    Returns
    -------
    table : pyarrow.Table
        The same columns, more rows; with ``as_text`` the number column is text.
    dirt : Dirt
        What was done.
    """
    n_clean = table.num_rows
    table = _with_stray_dates(table, columns.time, strays := _some(n_clean, STRAY_DATE_SHARE, rng))
    table, n_cancellations = _with_cancellations(table, columns.time, rng)
    missing = _some(table.num_rows, MISSING_ENTITY_SHARE, rng)
    table = _with_holes(table, columns.entity, missing)
    n_texts = 0
    if as_text and columns.number:
        table, n_texts = _with_texts(table, columns.number, rng)
    # Copies come last, so that they repeat a row with all its dirt, as a file read twice does.
    copied = _some(n_clean, DUPLICATE_SHARE, rng)
    dirty = pa.concat_tables([table, table.take(pa.array(copied))])
    counts = Dirt(len(missing), len(copied), len(strays), n_cancellations, n_texts)
    return dirty, counts


def _some(n: int, share: float, rng: Generator) -> NDArray[np.int64]:
    return np.flatnonzero(rng.random(n) < share)


def _marks(n: int, rows: NDArray[np.int64]) -> pa.Array:
    marks = np.zeros(n, dtype=np.bool_)
    marks[rows] = True
    return pa.array(marks)


def _replaced(table: pa.Table, name: str, values: pa.Array | pa.ChunkedArray) -> pa.Table:
    return table.set_column(table.column_names.index(name), name, values)


def _with_stray_dates(table: pa.Table, name: str, rows: NDArray[np.int64]) -> pa.Table:
    stray = pa.scalar(np.datetime64(STRAY_YEAR, "us"))
    marks = _marks(table.num_rows, rows)
    return _replaced(table, name, pc.if_else(marks, stray, table[name]))


def _with_holes(table: pa.Table, name: str, rows: NDArray[np.int64]) -> pa.Table:
    kind = table.schema.field(name).type
    marks = _marks(table.num_rows, rows)
    return _replaced(table, name, pc.if_else(marks, pa.scalar(None, kind), table[name]))


def _with_texts(table: pa.Table, name: str, rng: Generator) -> tuple[pa.Table, int]:
    rows = _some(table.num_rows, TEXT_SHARE, rng)
    words = np.array(TEXTS)[rng.integers(0, len(TEXTS), table.num_rows)]
    marks = _marks(table.num_rows, rows)
    texts = pc.if_else(marks, pa.array(words), table[name].cast(pa.string()))
    return _replaced(table, name, texts), len(rows)


def _with_cancellations(table: pa.Table, time: str, rng: Generator) -> tuple[pa.Table, int]:
    """Take some lines back a few days later: quantity below zero, order number marked by a C."""
    if "quantity" not in table.column_names:
        return table, 0
    rows = _some(table.num_rows, CANCELLATION_SHARE, rng)
    taken = table.take(pa.array(rows))
    taken = _replaced(taken, "quantity", pc.negate(taken["quantity"]))
    taken = _replaced(taken, "order_id", pc.binary_join_element_wise("C", taken["order_id"], ""))
    # Within the hour, so that a cancellation never lies after the end of the log.
    later = pa.array(rng.integers(1, 8, len(rows)).astype("timedelta64[s]"))
    taken = _replaced(taken, time, pc.add(taken[time], later.cast(pa.duration("us"))))
    return pa.concat_tables([table, taken]), len(rows)
