"""The dialects that a statement is written in: names, texts, types, tables.

Statements use only constructs that are equal in all of them; what differs is how a name and a text
are quoted and what a double is called, which SQLGlot knows.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import Any

from segmentry.errors import AssignmentError, UsageError, nearest

ENGINE_BYTES = 1_000_000
"""Length of a statement that BigQuery and Snowflake take at most."""

MOST_PARTS = 3
PART = re.compile(r"[^\W\d][\w$-]*")
"""A part of a table's name that needs no quotes; BigQuery's projects may hold a dash."""


class Dialect(StrEnum):
    """A dialect of SQL."""

    DUCKDB = "duckdb"
    POSTGRES = "postgres"
    SPARK = "spark"
    BIGQUERY = "bigquery"
    SNOWFLAKE = "snowflake"

    def column(self, name: str) -> str:
        """Quote the name of a column.

        Examples
        --------
        >>> Dialect.POSTGRES.column("Spend"), Dialect.SPARK.column("Spend")
        ('"Spend"', '`Spend`')
        """
        from sqlglot import exp

        return self._written(exp.to_identifier(name, quoted=True))

    def text(self, text: str) -> str:
        r"""Quote a text.

        Examples
        --------
        >>> print(Dialect.DUCKDB.text("it's"), Dialect.BIGQUERY.text("it's"))
        'it''s' 'it\'s'
        """
        from sqlglot import exp

        return self._written(exp.Literal.string(text))

    @property
    def double(self) -> str:
        """Name the type of 64-bit floats."""
        from sqlglot import exp

        return self._written(exp.DataType.build("double")).lower()

    def table(self, name: str) -> str:
        """Give the name of a table, in parts or plain, as it stands in a statement.

        Raises
        ------
        UsageError
            If it is none, so that nothing else gets into the statement.

        Examples
        --------
        >>> Dialect.DUCKDB.table("shop.features"), Dialect.SPARK.table("odd name")
        ('shop.features', '`odd name`')
        """
        parts = name.split(".")
        if not all(parts) or len(parts) > MOST_PARTS or not name.isprintable():
            raise UsageError(
                f"{name!r} is no name of a table",
                hint="write TABLE, SCHEMA.TABLE or DATABASE.SCHEMA.TABLE",
            )
        # A plain name stays as it was typed: some engines fold its case, which quotes would hinder.
        return ".".join(p if self._is_plain(p) else self.column(p) for p in parts)

    @property
    def fence(self) -> str:
        """Give what ends a stage whose columns must be computed once each, though used often.

        PostgreSQL would put each expression wherever its column is used, stage upon stage, and
        plan for minutes; a stage with an offset stays what it is.
        """
        return "\noffset 0" if self is Dialect.POSTGRES else ""

    def rows(self, names: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
        """Write a list of rows as a table: the first column is whole numbers, all others doubles.

        Examples
        --------
        >>> print(Dialect.SPARK.rows(["n", "x"], [["1", "0.5e0"]]))
        (values
          (1, 0.5e0)
        ) as listed (n, x)
        >>> print(Dialect.BIGQUERY.rows(["n", "x"], [["1", "0.5e0"]]))
        unnest(array<struct<n int64, x float64>>[
          (1, 0.5e0)
        ])
        """
        listed = ",\n".join(f"  ({', '.join(row)})" for row in rows)
        if self is Dialect.BIGQUERY:
            first, *others = names
            types = ", ".join([f"{first} int64", *(f"{n} {self.double}" for n in others)])
            return f"unnest(array<struct<{types}>>[\n{listed}\n])"
        return f"(values\n{listed}\n) as listed ({', '.join(names)})"

    def _is_plain(self, part: str) -> bool:
        return bool(PART.fullmatch(part)) and ("-" not in part or self is Dialect.BIGQUERY)

    def check_length(self, statement: str) -> None:
        """Refuse a statement that is longer than the engine reads.

        Raises
        ------
        AssignmentError
            E6004.
        """
        size = len(statement.encode())
        if self in {Dialect.BIGQUERY, Dialect.SNOWFLAKE} and size > ENGINE_BYTES:
            raise not_as_sql(
                f"it would have {size:,} bytes, and {self} reads {ENGINE_BYTES:,} at most",
                hint="write it for duckdb, postgres or spark; a k-means run has the fewest "
                "prototypes; or use the script of `segmentry export code`",
            )

    def _written(self, part: Any) -> str:
        return str(part.sql(dialect=self.value))


def dialect_of(name: str) -> Dialect:
    """Find a dialect by its name.

    Raises
    ------
    UsageError
        If there is none.
    """
    if name not in list(Dialect):
        raise UsageError(f"there is no dialect {name!r}", hint=nearest(name, list(Dialect)))
    return Dialect(name)


def not_as_sql(why: str, *, hint: str) -> AssignmentError:
    """Refuse what cannot be written as a statement."""
    return AssignmentError(f"the segments cannot be written as SQL: {why}", code="E6004", hint=hint)


def number(value: float) -> str:
    """Write a number so that every engine reads the same double.

    Without an exponent some engines would read a decimal, whose arithmetic is another.

    Examples
    --------
    >>> number(0.5), number(-3.0), number(1e-12)
    ('0.5e0', '-3.0e0', '1e-12')
    """
    text = repr(float(value))
    return text if "e" in text else f"{text}e0"


def less(term: str, value: float) -> str:
    """Subtract a number from a term, without two signs in a row.

    Examples
    --------
    >>> less("x1", 2.0), less("x1", -2.0), less("x1", 0.0)
    ('x1 - 2.0e0', 'x1 + 2.0e0', 'x1')
    """
    if value == 0:
        return term
    return f"{term} {'-' if value > 0 else '+'} {number(abs(value))}"
