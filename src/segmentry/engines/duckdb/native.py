"""Columns of files that know types: read as they are, but for what a demand asks beyond that."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from segmentry.engines.duckdb.connection import Connection
from segmentry.engines.duckdb.raw import Raw, RawColumn
from segmentry.engines.duckdb.readings import compact_date, is_whole, since_1970
from segmentry.engines.duckdb.typed import Typed
from segmentry.engines.expressions import Demand, quoted

INTEGERS = {"TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER"}
OTHER_NUMBERS = {"UBIGINT", "HUGEINT", "UHUGEINT", "BIGNUM", "FLOAT", "DOUBLE"}
LEAST_DATES_SHARE = 0.95


@dataclass(frozen=True)
class NativeColumn:
    """A column that has a type of its own."""

    connection: Connection
    raw: Raw
    column: RawColumn

    def typed(self, demand: Demand) -> Typed:
        """Read it as what is demanded."""
        if demand is Demand.TEXT or (demand is Demand.HOLDER and self.kind != "integer"):
            return Typed(f"CAST({self.column.sql} AS VARCHAR)", "text")
        if demand is Demand.ENTITY:
            return self._entity()
        if demand is Demand.TIME and self.kind in {"integer", "number"}:
            return self._time_of_number()
        return Typed(self._canonical(), self.kind)

    @cached_property
    def kind(self) -> str:
        """Say what its type makes it."""
        type_ = self.column.type
        if type_ in INTEGERS:
            return "integer"
        if type_ in OTHER_NUMBERS or type_.startswith("DECIMAL"):
            return "number"
        if type_ == "BOOLEAN":
            return "truth"
        if type_ == "TIMESTAMP WITH TIME ZONE":
            return "instant"
        return "time" if type_ == "DATE" or type_.startswith("TIMESTAMP") else "text"

    def _canonical(self) -> str:
        value, type_ = self.column.sql, self.column.type
        wanted = {"integer": "BIGINT", "time": "TIMESTAMP", "text": "VARCHAR"}.get(self.kind)
        if self.kind == "number" and not type_.startswith("DECIMAL"):
            wanted = "DOUBLE"
        return f"CAST({value} AS {wanted})" if wanted and wanted != type_ else value

    def _entity(self) -> Typed:
        value = self.column.sql
        if self.kind == "integer" or (self.kind == "number" and self._all_whole()):
            return Typed(f"CAST({value} AS BIGINT)", "integer")
        return Typed(f"CAST({value} AS VARCHAR)", "text")

    def _all_whole(self) -> bool:
        number = f"CAST({self.column.sql} AS DOUBLE)"
        n, n_whole = self.connection.rows(
            f"SELECT count({number}), count(*) FILTER ({is_whole(number)}) "
            f"FROM {quoted(self.raw.table)}"
        )[0]
        return bool(n == n_whole)

    def _time_of_number(self) -> Typed:
        """Read numbers as YYYYMMDD, or as seconds and the like since 1970."""
        number = f"CAST({self.column.sql} AS DOUBLE)"
        date, table = compact_date(number), self.raw.table
        n, n_dates = self.connection.rows(
            f"SELECT count({number}), count({date}) FROM {quoted(table)}"
        )[0]
        found = since_1970(self.connection, table, number)
        if found and n_dates < LEAST_DATES_SHARE * n:
            kind = "time" if found[1].startswith("days") else "instant"
            return Typed(found[0], kind, note=f"numbers are {found[1]}")
        bad = f"({number}) IS NOT NULL AND ({date}) IS NULL"
        return Typed(date, "time", n - n_dates, bad)
