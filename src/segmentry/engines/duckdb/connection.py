"""One connection: settings, scratch files, and the place where DuckDB's errors end."""

from __future__ import annotations

import os
import shutil
import tempfile
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from segmentry.engines.expressions import quoted
from segmentry.errors import DataError, EngineError, SegmentryError

if TYPE_CHECKING:
    import ibis.expr.types as ir
    import pyarrow as pa
    from ibis.backends.duckdb import Backend

MEMORY_SHARE = 0.6
"""Share of the machine's memory that DuckDB may hold before it spills."""


class Connection:
    """A private DuckDB with an on-disk scratch file, so that big inputs spill."""

    def __init__(self, *, threads: int | None, scratch: Path | None) -> None:
        import ibis

        if scratch is not None:
            scratch.mkdir(parents=True, exist_ok=True)
        self._folder = Path(tempfile.mkdtemp(prefix="segmentry-", dir=scratch))
        # Also where nobody closes: an error on the way, or the end of the process.
        self._removal = weakref.finalize(self, shutil.rmtree, self._folder, ignore_errors=True)
        settings: dict[str, Any] = {
            "memory_limit": f"{_memory_bytes()}B",
            "temp_directory": str(self._folder / "spill"),
            # Nothing is ever fetched: what the wheel holds is all that is used.
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
        }
        if threads is not None:
            settings["threads"] = threads
        with translated():
            self.ibis: Backend = ibis.duckdb.connect(str(self._folder / "scratch.db"), **settings)
        self.run("SET TimeZone = 'UTC'")

    def run(self, sql: str) -> None:
        """Carry out a statement."""
        with translated(sql):
            self.ibis.con.execute(sql)

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """Fetch the rows of a small result."""
        with translated(sql):
            return self.ibis.con.execute(sql).fetchall()  # type: ignore[no-any-return]

    def table(self, name: str) -> ir.Table:
        """Give a table or view as an expression."""
        with translated():
            return self.ibis.table(name)

    def to_arrow(self, expression: ir.Table) -> pa.Table:
        """Compute an expression."""
        with translated():
            sql = self.ibis.compile(expression)
        with translated(sql):
            return self.ibis.con.sql(sql).to_arrow_table()

    def keep(self, expression: ir.Table, name: str) -> ir.Table:
        """Compute an expression into a table of the scratch file."""
        with translated():
            sql = self.ibis.compile(expression)
        self.run(f"CREATE TABLE {quoted(name)} AS {sql}")
        return self.table(name)

    def close(self) -> None:
        """Close and remove the scratch files."""
        self.ibis.disconnect()
        self._removal()


def _memory_bytes() -> int:
    whole = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return int(whole * MEMORY_SHARE)


@contextmanager
def translated(sql: str | None = None) -> Iterator[None]:
    """Turn what DuckDB and Ibis raise into errors of the house, the statement attached."""
    import duckdb
    from ibis.common.exceptions import IbisError

    try:
        yield
    except SegmentryError:
        raise
    except (duckdb.Error, IbisError) as error:
        raise _translation(error, sql) from error


def _translation(error: Exception, sql: str | None) -> SegmentryError:
    import duckdb

    said = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
    lower = said.lower()
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
