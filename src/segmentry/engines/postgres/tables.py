"""Tables of a database: found by name, their columns read from the catalogue, types made plain.

What lives here: which types are read and as what. What does not: what a source makes of its
columns (``typed.opening``).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from segmentry.domain.project import Shape
from segmentry.engines.expressions import quoted
from segmentry.engines.postgres.connection import Connection
from segmentry.engines.typed.opening import Raw
from segmentry.errors import EngineError, nearest

if TYPE_CHECKING:
    from ibis.expr.schema import Schema

_PARTS = re.compile(r'\s*(?:("(?:[^"]|"")+"|[^".]+)\.)?("(?:[^"]|"")+"|[^"]+)\s*')
_QUOTED_OR_NOT = re.compile(r'"(?:[^"]|"")*"|[^"]+')
_NUMERIC = re.compile(r"numeric\((\d+),(-?\d+)\)")
_WHOLE = frozenset({"smallint", "integer", "bigint"})
_FLOATING = frozenset({"real", "double precision"})
_TEXTS = frozenset({"text", "uuid", "citext", "name", "inet", "cidr", "macaddr", '"char"'})
_TIMES = {
    "date": "date",
    "timestamp without time zone": "timestamp",
    "timestamp with time zone": "timestamp('UTC')",
}
MONEY = (38, 9)
"""Digits, and those after the point, of decimals whose column does not say how many it has."""

_COLUMNS = """
SELECT a.attname,
       format_type(CASE t.typtype WHEN 'd' THEN t.typbasetype ELSE a.atttypid END,
                   CASE t.typtype WHEN 'd' THEN t.typtypmod ELSE a.atttypmod END),
       t.typtype = 'e'
FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
WHERE a.attrelid = %s AND a.attnum > 0 AND NOT a.attisdropped
ORDER BY a.attnum
"""
_FIND = """
SELECT c.oid FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'v', 'm', 'p', 'f') AND c.relname = %s
  AND CASE WHEN %s::text IS NULL THEN pg_catalog.pg_table_is_visible(c.oid) ELSE n.nspname = %s END
"""
_ALL = """
SELECT CASE WHEN pg_catalog.pg_table_is_visible(c.oid) THEN c.relname
            ELSE n.nspname || '.' || c.relname END
FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'v', 'm', 'p', 'f')
  AND n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname NOT LIKE 'pg_%%'
ORDER BY 1 LIMIT 1000
"""


@dataclass(frozen=True)
class Column:
    """A column that is read: its type for Ibis, and how it is written."""

    name: str
    type: str
    sql: str


def split_name(table: str) -> tuple[str | None, str]:
    """Split ``schema.table``; a part in double quotes is taken as it stands.

    Examples
    --------
    >>> split_name("shop.orders")
    ('shop', 'orders')
    >>> split_name('"my shop"."Order.Lines"')
    ('my shop', 'Order.Lines')
    """
    found = _PARTS.fullmatch(table)
    if found is None:
        return None, table
    schema, name = (None if p is None else _bare(p) for p in found.groups())
    return schema, name or table


def as_read(table: str) -> str:
    """Write a name as PostgreSQL reads it: in small letters, but for what is in double quotes.

    Examples
    --------
    >>> as_read('Shop."My Orders"')
    'shop."My Orders"'
    """
    return _QUOTED_OR_NOT.sub(lambda m: m[0] if m[0].startswith('"') else m[0].lower(), table)


def _bare(part: str) -> str:
    if part.startswith('"') and part.endswith('"'):
        return part[1:-1].replace('""', '"')
    return part.strip()


def raw_table(connection: Connection, table: str, shape: Shape, name: str) -> Raw:
    """Find a table and give its columns plain types.

    Raises
    ------
    EngineError
        E3005 if there is no such table, E3006 if it may not be seen.
    """
    import ibis

    oid, written = _known(connection, table)
    columns: list[Column] = []
    unread: dict[str, str] = {}
    for column, type_, is_enum in connection.rows(_COLUMNS, (oid,)):
        read = read_column(str(column), "text" if is_enum else str(type_), shape)
        if read is None:
            unread[str(column)] = str(type_)
        else:
            columns.append(read)
    if not columns:
        raise EngineError(
            f"table {table!r} has no column of a type that is read",
            code="E3005",
            where=connection.failures.where,
            hint="read a view that gives its columns plain types",
        )
    schema: Schema = ibis.schema({c.name: c.type for c in columns})
    values = ", ".join(f"{c.sql} AS {quoted(c.name)}" for c in columns)
    return Raw(connection.view(name, schema, f"SELECT {values} FROM {written}"), unread)


def found_table(connection: Connection, table: str) -> tuple[int, str] | None:
    """Find a table: its number in the catalogue, and its name as statements write it."""
    for s, n in dict.fromkeys([split_name(table), split_name(as_read(table))]):
        rows = connection.rows(_FIND, (n, s, s))
        if rows:
            return int(rows[0][0]), f"{quoted(s)}.{quoted(n)}" if s else quoted(n)
    return None


def _known(connection: Connection, table: str) -> tuple[int, str]:
    found = found_table(connection, table)
    if found is not None:
        return found
    known = [str(r[0]) for r in connection.rows(_ALL)]
    raise EngineError(
        f"there is no table {table!r}",
        code="E3005",
        where=connection.failures.where,
        hint=nearest(table, known) if known else "the database has no table that the role sees",
    )


def read_column(name: str, type_: str, shape: Shape) -> Column | None:  # noqa: PLR0911 - one for each kind
    """Say how a column of a type is read; None where it is not.

    What no other engine has is unknown: NaN among decimals, times without end.
    """
    sql = quoted(name)
    if type_ in _WHOLE:
        return Column(name, "int64", f"CAST({sql} AS bigint)")
    if type_ in _FLOATING:
        return Column(name, "float64", f"CAST({sql} AS double precision)")
    if type_ == "boolean":
        return Column(name, "boolean", sql)
    if type_ in _TEXTS or type_.startswith(("character", "bpchar")):
        return Column(name, "string", f"CAST({sql} AS text)")
    bare = re.sub(r"\(\d\)", "", type_)
    if bare in _TIMES:
        return Column(name, _TIMES[bare], f"CASE WHEN isfinite({sql}) THEN {sql} END")
    if type_.startswith("numeric"):
        return _decimal(name, sql, type_, shape)
    return None


def _decimal(name: str, sql: str, type_: str, shape: Shape) -> Column:
    known = f"NULLIF(NULLIF(NULLIF({sql}, 'NaN'), 'Infinity'), '-Infinity')"
    told = _NUMERIC.fullmatch(type_)
    if told and 0 <= int(told[2]) <= int(told[1]) <= MONEY[0]:
        return Column(name, f"decimal({told[1]}, {told[2]})", f"NULLIF({sql}, 'NaN')")
    if shape is Shape.TABLE:
        return Column(name, "float64", f"CAST({known} AS double precision)")
    digits, scale = MONEY
    return Column(
        name, f"decimal({digits}, {scale})", f"CAST({known} AS numeric({digits}, {scale}))"
    )
