"""One connection: settings, scratch files, and the place where DuckDB's errors end."""

from __future__ import annotations

import sys
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from importlib import import_module
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Any

from segmentry.engines.expressions import quoted
from segmentry.engines.machine import memory_bytes
from segmentry.engines.scratch import Scratch, is_full, no_scratch
from segmentry.errors import DataError, EngineError, SegmentryError

if TYPE_CHECKING:
    import ibis.expr.types as ir
    import pyarrow as pa
    from ibis.backends.duckdb import Backend

MEMORY_SHARE = 0.6
"""Share of the machine's memory that DuckDB may hold before it spills."""


class Connection:
    """A private DuckDB in memory, with a scratch folder into which big inputs spill.

    Not in a file: what is kept lives as long as the process, and DuckDB would compress it, write
    it, and write it once more on closing, which took longer than all features together.
    """

    def __init__(self, *, threads: int | None, scratch: Path | None) -> None:
        import duckdb

        place = Scratch(scratch)
        self.folder = place.folder
        # Also where nobody closes: an error on the way, or the end of the process.
        self._removal = weakref.finalize(self, place.remove)
        settings: dict[str, Any] = {
            "memory_limit": f"{int(memory_bytes() * MEMORY_SHARE)}B",
            "temp_directory": str(self.folder / "spill"),
            # Nothing is ever fetched: what the wheel holds is all that is used.
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
        }
        if threads is not None:
            settings["threads"] = threads
        with translated():
            self._con = duckdb.connect(":memory:", config=settings)
        self.run("SET TimeZone = 'UTC'")
        # SQLGlot loads its dialects under a lock of its own: two threads that load one at once may
        # wait for each other for ever, so it is there before the second thread begins.
        import_module("sqlglot.dialects.duckdb")
        # Ibis takes as long to load as a file takes to be looked through, for which DuckDB is
        # enough; so both go side by side.
        self._loading = Thread(target=_load_ibis)
        self._loading.start()

    @cached_property
    def ibis(self) -> Backend:
        """Give what compiles and looks up expressions, over the same connection."""
        self._loading.join()
        with translated():
            return _load_ibis().from_connection(self._con)

    def run(self, sql: str) -> None:
        """Carry out a statement."""
        with translated(sql):
            self._con.execute(sql)

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """Fetch the rows of a small result."""
        with translated(sql):
            return self._con.execute(sql).fetchall()  # type: ignore[no-any-return]

    def types(self, sql: str) -> list[tuple[str, Any]]:
        """Name the columns of a query, with DuckDB's own descriptions of their types."""
        with translated(sql):
            found = self._con.sql(sql)
        return list(zip(found.columns, found.types, strict=True))

    def table(self, name: str) -> ir.Table:
        """Give a table or view as an expression."""
        with translated():
            return self.ibis.table(name)

    def to_arrow(self, expression: ir.Table) -> pa.Table:
        """Compute an expression."""
        with translated():
            sql = self.ibis.compile(expression)
        with translated(sql):
            return self._con.sql(sql).to_arrow_table()

    def keep(self, expression: ir.Table, name: str) -> ir.Table:
        """Compute an expression into a table of the scratch file."""
        with translated():
            sql = self.ibis.compile(expression)
        self.run(f"CREATE TABLE {quoted(name)} AS {sql}")
        return self.table(name)

    def take_in(self, data: pa.Table, name: str) -> ir.Table:
        """Put rows of ours into a table of the scratch file."""
        view = f"{name}_in_memory"
        with translated():
            self._con.register(view, data)
        try:
            self.run(f"CREATE TABLE {quoted(name)} AS SELECT * FROM {quoted(view)}")
        finally:
            self._con.unregister(view)
        return self.table(name)

    def close(self) -> None:
        """Close and remove the scratch files."""
        self._con.close()
        self._removal()


def asked(sql: str, threads: int | None = None, **tables: pa.Table) -> pa.Table:
    """Carry out one query over rows of ours: nothing is kept, and nothing else is loaded for it.

    Parameters
    ----------
    sql : str
    threads : int or None
    **tables : pyarrow.Table
        By the names that the query uses.

    Returns
    -------
    pyarrow.Table

    Raises
    ------
    EngineError
        E3001 if the query fails.
    """
    import duckdb

    config: dict[str, Any] = {} if threads is None else {"threads": threads}
    with translated(sql), duckdb.connect(":memory:", config=config) as con:
        for name, rows in tables.items():
            con.register(name, rows)
        return con.sql(sql).to_arrow_table()


def compiled(expression: ir.Table) -> str:
    """Write an expression as one statement.

    Raises
    ------
    EngineError
        E3001 for what Ibis cannot write for DuckDB.
    """
    from ibis.backends.sql.compilers.duckdb import DuckDBCompiler

    compiler = DuckDBCompiler()
    with translated():
        return str(compiler.to_sqlglot(expression.unbind()).sql(compiler.dialect))


def _load_ibis() -> type[Backend]:
    from ibis.backends import duckdb

    found: type[Backend] = duckdb.Backend
    return found


@contextmanager
def translated(sql: str | None = None) -> Iterator[None]:
    """Turn what DuckDB and Ibis raise into errors of the house, the statement attached."""
    import duckdb

    try:
        yield
    except duckdb.Error as error:
        raise _translation(error, sql) from error
    except Exception as error:
        # Only looked up where it is loaded: a connection works before it is.
        known = sys.modules.get("ibis.common.exceptions")
        if known is not None and isinstance(error, known.IbisError):
            raise _translation(error, sql) from error
        raise


def _translation(error: Exception, sql: str | None) -> SegmentryError:
    import duckdb

    said = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
    lower = said.lower()
    if is_full(str(error)):
        return no_scratch(None, "hold what does not fit into memory", said)
    if isinstance(error, duckdb.IOException) and "parquet" in lower:
        return DataError(f"a Parquet file is damaged: {said}", code="E2002")
    overflow = "overflow" in lower or "out of range" in lower or "cast value" in lower
    if isinstance(error, duckdb.OutOfRangeException) or (
        overflow and isinstance(error, duckdb.ConversionException)
    ):
        return EngineError(
            f"a number is too large to be summed exactly: {said}",
            code="E3003",
            hint="leave such rows out with 'where', or divide the amount in its expression",
            sql=sql,
        )
    if isinstance(error, duckdb.OutOfMemoryException):
        hint = "use fewer threads (--threads 1), or a machine with more memory or disk"
        return EngineError(
            f"memory or scratch space ran out: {said}", code="E3001", hint=hint, sql=sql
        )
    return EngineError(f"a statement failed: {said}", code="E3001", sql=sql)
