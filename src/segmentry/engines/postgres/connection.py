"""One session: read only but for its own temporary tables, in UTC.

Statements over the user's tables run in transactions that may not write; only the empty temporary
tables are made in others, where nothing of the user's runs, and assignments where a table is named
for them (``writing``).
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from segmentry.engines.connecting import filled, secrets_of, without_secrets
from segmentry.engines.expressions import quoted
from segmentry.engines.postgres.compiler import compiled, table_of, type_name
from segmentry.engines.postgres.failures import Failures
from segmentry.errors import EngineError

if TYPE_CHECKING:
    import ibis.expr.types as ir
    import pyarrow as pa
    from ibis.expr.schema import Schema

SECONDS_TO_CONNECT = 10

SETTINGS = (
    ("default_transaction_read_only", "on"),
    ("TimeZone", "UTC"),
    ("DateStyle", "ISO"),
    ("IntervalStyle", "postgres"),
    ("standard_conforming_strings", "on"),
    # All digits of a floating-point number, so that it is read back as it was.
    ("extra_float_digits", "1"),
    # Wide statements take longer to compile than to run.
    ("jit", "off"),
)


class Connection:
    """A session of the user's database."""

    def __init__(self, url: str, environment: Mapping[str, str]) -> None:
        whole = filled(url, environment)
        self.failures = Failures(without_secrets(url), secrets_of(whole))
        self._con = self._connected(whole)
        for name, value in SETTINGS:
            self.run(f"SET {name} = '{value}'")

    def _connected(self, url: str) -> Any:
        try:
            import psycopg
        except ImportError as error:
            raise EngineError(
                "reading PostgreSQL needs the package psycopg",
                code="E3007",
                where=self.failures.where,
                hint="pip install 'segmentry[postgres]'",
            ) from error
        try:
            return psycopg.connect(
                url,
                autocommit=True,
                connect_timeout=SECONDS_TO_CONNECT,
                application_name="segmentry",
            )
        except psycopg.Error as error:
            # Not "from error": its text may hold the connection's password.
            raise self.failures.not_connected(error) from None

    def run(self, sql: str) -> None:
        """Carry out a statement."""
        with self.failures.translated(sql):
            self._con.execute(sql)

    def rows(self, sql: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Fetch the rows of a small result."""
        with self.failures.translated(sql):
            return self._con.execute(sql, values).fetchall()  # type: ignore[no-any-return]

    def table(self, name: str, schema: Schema) -> ir.Table:
        """Give a table of the session as an expression."""
        return table_of(name, schema, f"postgres {id(self)}")

    def to_arrow(self, expression: ir.Table) -> pa.Table:
        """Compute an expression; its rows travel as one CSV."""
        import pyarrow as pa
        from pyarrow import csv

        schema = expression.schema()
        wanted = schema.to_pyarrow()
        sql = compiled(_plain(expression, schema))
        buffer = io.BytesIO()
        with self.failures.translated(sql):
            statement = f"COPY ({sql}) TO STDOUT (FORMAT csv)"
            with self._con.cursor() as cursor, cursor.copy(statement) as rows:
                for piece in rows:
                    buffer.write(piece)
        if buffer.tell() == 0:
            return wanted.empty_table()
        found = csv.read_csv(
            pa.BufferReader(buffer.getvalue()),
            read_options=csv.ReadOptions(column_names=schema.names),
            parse_options=csv.ParseOptions(newlines_in_values=True),
            convert_options=csv.ConvertOptions(
                column_types={f.name: _without_zone(f.type) for f in wanted},
                null_values=[""],
                true_values=["t"],
                false_values=["f"],
                strings_can_be_null=True,
                quoted_strings_can_be_null=False,
            ),
        )
        return found.cast(wanted)

    def keep(self, expression: ir.Table, name: str) -> ir.Table:
        """Compute an expression into a temporary table."""
        schema = expression.schema()
        self._make(name, schema)
        self.run(f"INSERT INTO {quoted(name)} {compiled(expression)}")
        # Without figures of the new table the planner guesses, and guesses badly.
        self.run(f"ANALYZE {quoted(name)}")
        return self.table(name, schema)

    def take_in(self, data: pa.Table, name: str) -> ir.Table:
        """Copy rows of ours into a temporary table."""
        import ibis

        schema = ibis.Schema.from_pyarrow(data.schema)
        self._make(name, schema)
        self.copy_in(data, quoted(name))
        self.run(f"ANALYZE {quoted(name)}")
        return self.table(name, schema)

    def copy_in(self, data: pa.Table, written: str) -> None:
        """Copy rows of ours into a table, whose name is written as in a statement."""
        from pyarrow import csv

        buffer = io.BytesIO()
        csv.write_csv(data, buffer, csv.WriteOptions(include_header=False))
        statement = f"COPY {written} FROM STDIN (FORMAT csv)"
        with (
            self.failures.translated(statement),
            self._con.cursor() as cursor,
            cursor.copy(statement) as rows,
        ):
            rows.write(buffer.getvalue())

    def _make(self, name: str, schema: Schema) -> None:
        """Make an empty temporary table, the only thing that is written."""
        columns = ", ".join(f"{quoted(n)} {type_name(t)}" for n, t in schema.items())
        self._write(f"CREATE TEMPORARY TABLE {quoted(name)} ({columns})")

    def view(self, name: str, schema: Schema, sql: str) -> ir.Table:
        """Name a query for the length of the session."""
        self._write(f"CREATE TEMPORARY VIEW {quoted(name)} AS {sql}")
        return self.table(name, schema)

    def _write(self, sql: str) -> None:
        with self.writing():
            self.run(sql)

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Open a transaction that may write: all of it is kept, or nothing."""
        with self.failures.translated():
            self._con.execute("BEGIN READ WRITE")
            try:
                yield
                self._con.execute("COMMIT")
            except BaseException:
                self._con.rollback()
                raise

    def close(self) -> None:
        """End the session; its temporary tables are gone."""
        self._con.close()


def _without_zone(type_: pa.DataType) -> pa.DataType:
    import pyarrow as pa

    return pa.timestamp(type_.unit) if pa.types.is_timestamp(type_) else type_


def _plain(expression: ir.Table, schema: Schema) -> ir.Table:
    """Write times with zone as plain ones in UTC, which a CSV says without an offset."""
    zoned = {n: expression[n].cast("timestamp") for n, t in schema.items()
             if t.is_timestamp() and t.timezone is not None}  # fmt: skip
    return expression.mutate(**zoned) if zoned else expression
