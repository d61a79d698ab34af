"""A column of texts that is about to be read as something else: how many values, and a sample.

What lives here: counting what a cast fails on. What does not: the casts themselves (``amounts``,
``times``) and which of them is right for a column (``columns``).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

from segmentry.engines.duckdb.connection import Connection
from segmentry.engines.duckdb.raw import Raw, RawColumn
from segmentry.engines.duckdb.readings import is_mark
from segmentry.engines.duckdb.typed import Typed
from segmentry.engines.expressions import quoted


@dataclass(frozen=True, slots=True)
class Counts:
    """Values of a column, and how many of them can be read as what."""

    n: int
    n_numbers: int
    n_whole: int
    n_canonical: int
    n_codes: int
    n_marks: int
    """Values such as ``?`` or ``-`` that stand for nothing among numbers and dates."""

    @property
    def n_said(self) -> int:
        """Count the values that say something."""
        return self.n - self.n_marks


@dataclass(frozen=True)
class TextColumn:
    """A column of texts, its counts and some of its distinct values."""

    connection: Connection
    raw: Raw
    column: RawColumn
    counts: Counts
    look: Callable[[], Sequence[str]]
    """Gives some of its distinct values; only asked where the counts leave something open."""

    @cached_property
    def sample(self) -> Sequence[str]:
        """Give some distinct values."""
        return self.look()

    @property
    def sql(self) -> str:
        """Write the text, NULL where there is none."""
        return self.column.sql

    def number_of(self, *conditions: str) -> tuple[int, ...]:
        """Count the rows that meet each condition."""
        counts = ", ".join(f"count(*) FILTER ({c})" for c in conditions)
        row = self.connection.rows(f"SELECT {counts} FROM {quoted(self.raw.table)}")[0]
        return tuple(int(n) for n in row)

    def reading(self, sql: str, kind: str, n_read: int | None = None) -> Typed:
        """Give a reading with its failures, counted unless their number is known."""
        if n_read is None:
            (n_read,) = self.number_of(f"({sql}) IS NOT NULL")
        bad = f"({self.sql}) IS NOT NULL AND ({sql}) IS NULL"
        if self.counts.n_marks:
            bad += f" AND NOT {is_mark(self.sql)}"
        return Typed(sql, kind, self.counts.n_said - n_read, bad, note=self._marks())

    def _marks(self) -> str:
        n = self.counts.n_marks
        if not n:
            return ""
        values, count = ("1 value", "counts") if n == 1 else (f"{n} values", "count")
        return f"{values} such as '?' or '-' {count} as missing"


def joined(*notes: str) -> str:
    """Join what there is to say of a reading."""
    return "; ".join(n for n in notes if n)
