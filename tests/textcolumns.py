"""Columns of texts in a DuckDB of their own, for tests of how texts are read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from segmentry.engines.duckdb.columns import Columns
from segmentry.engines.duckdb.connection import Connection
from segmentry.engines.duckdb.raw import Raw, loose
from segmentry.engines.duckdb.texts import TextColumn
from segmentry.engines.duckdb.typed import Typed
from segmentry.engines.expressions import literal
from segmentry.engines.numerals import Decimal


@contextmanager
def text_column(
    folder: Path, texts: Sequence[str | None], *, decimal: Decimal = ""
) -> Iterator[TextColumn]:
    """Give a column ``x`` of these texts, counted and sampled."""
    connection = Connection(threads=1, scratch=folder)
    values = ", ".join(f"({'NULL' if t is None else literal(t)})" for t in texts)
    connection.run(f"CREATE TABLE raw AS SELECT * FROM (VALUES {values}) AS t(x)")
    connection.run("ALTER TABLE raw ALTER x TYPE VARCHAR")
    raw = Raw("raw", loose(["x"]), len(texts), decimal=decimal)
    try:
        yield Columns(connection, raw).texts("x")
    finally:
        connection.close()


def values_of(text: TextColumn, reading: Typed) -> list[Any]:
    """Compute a reading for every row."""
    rows = text.connection.rows(f"SELECT {reading.sql} FROM raw ORDER BY rowid")
    return [row[0] for row in rows]
