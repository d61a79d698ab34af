"""All rows of some files, asked by SQL: counts that are exact, in one pass where possible.

What lives here: carrying out questions over the typed relation that a survey was drawn from. What
does not: what is asked (the other modules of this room).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from segmentry.projectfile.sql import quote

if TYPE_CHECKING:
    import ibis.expr.types as ir

AT_ONCE = 50
"""Questions in one statement: very long ones are slow to plan."""


@dataclass(frozen=True, slots=True)
class Ask:
    """Which rows are meant, and the value of theirs that serves as an example."""

    condition: str
    value: str


@dataclass(frozen=True, slots=True)
class Answer:
    """How many rows there are, and the lowest and highest value among them."""

    count: int
    examples: tuple[str, ...]


class Rows:
    """The rows of a relation, to be asked.

    Parameters
    ----------
    table : ibis table
        A relation of an engine that speaks DuckDB's SQL.
    """

    def __init__(self, table: ir.Table) -> None:
        self._types = {n: str(t) for n, t in table.schema().items()}
        self._backend = table.get_backend()
        self._sql = str(self._backend.compile(table))

    @cached_property
    def n_rows(self) -> int:
        """How many rows there are."""
        return int(self.ask("count(*)")[0][0])

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the columns."""
        return tuple(self._types)

    def is_text(self, name: str) -> bool:
        """Tell whether a column is text in the relation itself."""
        return self._types[name].startswith(("string", "!string"))

    def number(self, name: str) -> str:
        """Write a column as a number; a text that is none counts as empty."""
        return f"try_cast({quote(name)} AS DOUBLE)" if self.is_text(name) else quote(name)

    def text(self, name: str) -> str:
        """Write a column as text."""
        return quote(name) if self.is_text(name) else f"CAST({quote(name)} AS VARCHAR)"

    def ask(self, select: str, tail: str = "", *, table: str = "t") -> list[tuple[Any, ...]]:
        """Give the rows of ``SELECT select FROM table tail``, where ``t`` are all rows."""
        from segmentry.engines.duckdb.connection import translated

        statement = f"WITH t AS ({self._sql}) SELECT {select} FROM {table} {tail}"
        with translated(statement):
            return list(self._backend.con.execute(statement).fetchall())

    def count(self, conditions: Sequence[str]) -> list[int]:
        """Count the rows that meet each condition."""
        asked = (f"count(*) FILTER (WHERE {c})" for c in conditions)
        return [int(n) for n in self._in_one_pass(asked)]

    def count_values(self, names: Sequence[str]) -> list[int]:
        """Count the rows that hold a value, for each column."""
        return [int(n) for n in self._in_one_pass(f"count({quote(n)})" for n in names)]

    def measure(self, asks: Sequence[Ask]) -> list[Answer]:
        """Count the rows of each question, and show the ends of their values."""
        parts = []
        for ask in asks:
            where = f"FILTER (WHERE {ask.condition})"
            value = f"CAST({{}}({ask.value}) {where} AS VARCHAR)"
            parts += [f"count(*) {where}", value.format("min"), value.format("max")]
        told = self._in_one_pass(parts)
        return [
            Answer(int(n), tuple(dict.fromkeys(_shown(v) for v in (low, high) if v is not None)))
            for n, low, high in zip(told[::3], told[1::3], told[2::3], strict=True)
        ]

    def most_frequent(self, value: str, condition: str, n: int = 3) -> tuple[str, ...]:
        """Show the values that most of some rows have."""
        found = self.ask(
            f"CAST({value} AS VARCHAR), count(*)",
            f"WHERE {condition} GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT {n}",
        )
        return tuple(_shown(v) for v, _ in found if v is not None)

    def _in_one_pass(self, expressions: Iterable[str]) -> list[Any]:
        wanted, found = list(expressions), []
        for start in range(0, len(wanted), 3 * AT_ONCE):
            part = wanted[start : start + 3 * AT_ONCE]
            found += list(self.ask(", ".join(part))[0])
        return found


def _shown(value: Any) -> str:
    text = str(value).removesuffix(" 00:00:00")
    return text if len(text) <= 60 else f"{text[:59]}…"
