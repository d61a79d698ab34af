"""Assignments written into a table of the user's database, whole or not at all.

What lives here: the only statements that write more than temporary tables. What does not: reading
(``connection``, ``tables``).

All of it is one transaction: whoever reads sees the rows of before until the last of the new ones
is there, and a writer that is killed leaves them as they were. Rows are deleted and not truncated,
since a reader in a transaction of its own would find a truncated table empty.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from segmentry.engines.expressions import quoted
from segmentry.engines.postgres.connection import Connection
from segmentry.engines.postgres.tables import as_read, found_table, split_name
from segmentry.errors import EngineError, UsageError

if TYPE_CHECKING:
    import pyarrow as pa

MARK = "Segmentry assignments"
"""Begins the comment of every table that may be written over."""

_TYPES: Mapping[str, str] = {
    "int64": "bigint",
    "string": "text",
    "double": "double precision",
    "bool": "boolean",
    "timestamp[us, tz=UTC]": "timestamp with time zone",
}
_TOLD = """
SELECT c.relkind = 'r', coalesce(obj_description(c.oid, 'pg_class'), ''),
       ARRAY(SELECT a.attname || ' ' || format_type(a.atttypid, a.atttypmod)
             FROM pg_catalog.pg_attribute a
             WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum)
FROM pg_catalog.pg_class c WHERE c.oid = %s
"""


def check_target(connection: Connection, table: str) -> None:
    """Refuse a table that is not ours, before any work is done.

    Raises
    ------
    UsageError
        E1101 for what is no table, or one whose comment does not say that it is ours.
    """
    found = found_table(connection, table)
    if found is None:
        return
    is_table, comment, _ = connection.rows(_TOLD, (found[0],))[0]
    if not is_table or not str(comment).startswith(MARK):
        raise UsageError(
            f"--write-to would write over {table!r}, which holds no assignments of ours",
            where=connection.failures.where,
            hint="name a table that is not there yet; if it is meant for assignments:"
            f" COMMENT ON TABLE {table} IS '{MARK}'",
        )


def replace_rows(connection: Connection, data: pa.Table, table: str) -> None:
    """Put rows in place of those of a table, which is made where it is not there.

    Parameters
    ----------
    connection : Connection
    data : pyarrow.Table
        The first column is the key.
    table : str
        With its schema where needed, as in ``shop.segments``.

    Raises
    ------
    UsageError
        E1101 if the table is not ours, or has other columns.
    EngineError
        E3006 if the role may not write there; nothing was changed.
    """
    try:
        with connection.writing():
            check_target(connection, table)
            found = found_table(connection, table)
            written = _made(connection, data, table) if found is None else found[1]
            # Readers go on; of two writers one waits, so that rows are never there twice.
            connection.run(f"LOCK TABLE {written} IN SHARE ROW EXCLUSIVE MODE")
            if found is not None:
                _check_columns(connection, data, table, found[0])
                connection.run(f"DELETE FROM {written}")
            connection.copy_in(data, written)
    except EngineError as error:
        if error.code != "E3006":
            raise
        hint = "the role needs USAGE and CREATE on the schema, or SELECT, INSERT and DELETE on a"
        hint += f" table that is there, with the comment '{MARK}'"
        raise EngineError(
            error.what, code="E3006", where=error.where, hint=hint, sql=error.sql
        ) from None


def _columns(data: pa.Table) -> list[tuple[str, str]]:
    return [(field.name, _TYPES[str(field.type)]) for field in data.schema]


def _made(connection: Connection, data: pa.Table, table: str) -> str:
    """Make an empty table, and give its name as statements write it."""
    schema, name = split_name(as_read(table))
    written = f"{quoted(schema)}.{quoted(name)}" if schema else quoted(name)
    (key, type_), *others = _columns(data)
    columns = [f"{quoted(key)} {type_} PRIMARY KEY", *(f"{quoted(n)} {t}" for n, t in others)]
    connection.run(f"CREATE TABLE {written} ({', '.join(columns)})")
    connection.run(f"COMMENT ON TABLE {written} IS '{MARK}'")
    return written


def _check_columns(connection: Connection, data: pa.Table, table: str, oid: int) -> None:
    held = list(connection.rows(_TOLD, (oid,))[0][2])
    wanted = [f"{name} {type_}" for name, type_ in _columns(data)]
    if held != wanted:
        raise UsageError(
            f"table {table!r} has the columns {', '.join(held)}, and assignments have"
            f" {', '.join(wanted)}",
            where=connection.failures.where,
            hint="drop the table, or name another one",
        )
