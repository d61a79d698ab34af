"""Files as DuckDB tables, values untouched: text formats as text, Parquet as it is.

What lives here: what a loaded table is. What does not: loading it (``loading`` and the module of
each format), what the values mean (``columns``) and which columns are used (``engine``).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from segmentry.engines.duckdb.cleaning import cleaned
from segmentry.engines.duckdb.connection import Connection
from segmentry.engines.expressions import literal, quoted
from segmentry.engines.numerals import Decimal

LONGEST_LINE = 64 << 20
"""Bytes."""

N_EXAMPLES = 3


@dataclass(frozen=True, slots=True)
class RawColumn:
    """A column as it lies: its DuckDB type, or text that may mean anything."""

    name: str
    type: str
    is_loose: bool = False
    """Whether it comes from a text format, so that its type is only known from its content."""
    is_clean: bool = False
    """Whether its texts were looked through, and none needs trimming or stands for nothing."""

    @property
    def is_text(self) -> bool:
        """Say whether its values are texts."""
        return self.type == "VARCHAR" or self.type.startswith("ENUM")

    @property
    def sql(self) -> str:
        """Give the value with nothing taken for missing that is not, and text trimmed."""
        name = quoted(self.name)
        if self.is_loose or self.is_clean:
            return name
        if self.type in {"FLOAT", "DOUBLE"}:
            # Not isnan: files whose float statistics leave NaN out make it always false.
            return f"CASE WHEN isfinite({name}) THEN {name} END"
        if self.is_text:
            return cleaned(name if self.type == "VARCHAR" else f"CAST({name} AS VARCHAR)")
        return name


@dataclass(frozen=True)
class Raw:
    """The rows of a source's files."""

    table: str
    columns: dict[str, RawColumn]
    n_rows: int
    n_rejected: int = 0
    rejected: tuple[str, ...] = ()
    """Examples of rows that could not be split into columns."""
    decimal: Decimal = ""
    """The sign before decimals, where the file's texts tell it."""


def path_literal(path: Path) -> str:
    """Quote a path; its signs mean themselves, not a pattern."""
    return literal(re.sub(r"([*?\[])", r"[\1]", str(path)))


def count_rows(connection: Connection, table: str) -> int:
    """Count the rows of a table."""
    return int(connection.rows(f"SELECT count(*) FROM {quoted(table)}")[0][0])


def described(connection: Connection, table: str) -> dict[str, str]:
    """Name the columns of a table and their types."""
    rows = connection.rows(f"DESCRIBE SELECT * FROM {quoted(table)}")
    return {str(r[0]): str(r[1]) for r in rows}


def shown(text: str | None) -> str:
    """Shorten a text of a file for a message."""
    if text is None:
        return "not JSON"
    flat = " ".join(str(text).split())
    return repr(flat if len(flat) <= 80 else f"{flat[:77]}...")


def loose(names: list[str] | tuple[str, ...]) -> dict[str, RawColumn]:
    """Give text columns whose types are only known from their content."""
    return {n: RawColumn(n, "VARCHAR", is_loose=True) for n in names}
