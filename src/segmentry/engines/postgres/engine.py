"""The PostgreSQL engine: the order of the work.

A source is read once, into a temporary table of the columns that are used, so that all that
follows sees the same rows whatever happens to the table meanwhile.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import TYPE_CHECKING

from segmentry.domain.audit import Audit
from segmentry.domain.project import Source
from segmentry.domain.role import Role
from segmentry.engines.base import Relation
from segmentry.engines.postgres.compiler import CAPABILITIES, NAME, dialect
from segmentry.engines.postgres.connection import Connection
from segmentry.engines.postgres.tables import raw_table
from segmentry.engines.postgres.writing import check_target, replace_rows
from segmentry.engines.typed.opening import Opening
from segmentry.errors import DataError

if TYPE_CHECKING:
    import ibis.expr.types as ir
    import pyarrow as pa


class PostgresEngine:
    """Computes expressions inside a PostgreSQL database."""

    name = NAME
    capabilities = CAPABILITIES
    is_embedded = False

    def __init__(self, url: str, *, environment: Mapping[str, str] | None = None) -> None:
        self._connection = Connection(url, os.environ if environment is None else environment)
        self._n_named = 0

    def open(
        self,
        source: Source,
        *,
        folder: str,  # noqa: ARG002 - tables lie in no folder
        audit: Audit,
        allow_bad_rows: bool = False,  # noqa: ARG002 - typed columns hold no bad values
        roles: Mapping[str, Role] | None = None,
        kinds: Mapping[str, str] | None = None,
        key: str = "sources[0]",
    ) -> Relation:
        """Open a source (see ``Engine.open``)."""
        table = source.table or ""
        raw = raw_table(self._connection, table, source.shape, self._new_name("source"))
        opening = Opening(
            source,
            raw,
            key,
            dialect=dialect(),
            compute=self.to_arrow,
            roles=roles,
            kinds=kinds,
        )
        relation = opening.table
        opening.tell_unread(audit)
        n_rows = self._count(raw.table)
        if n_rows == 0:
            raise DataError(
                f"table {table!r} has no rows",
                code="E2003",
                where=source.name,
                hint="check 'table', and that the role sees its rows",
            )
        kept = self.keep(relation)
        n_left_out = max(n_rows - self._count(kept), 0) if source.where else 0
        return Relation(
            source,
            kept,
            n_rows=n_rows,
            n_bad_rows=0,
            n_left_out=n_left_out,
            entity=opening.entity,
            columns=raw.columns,
        )

    def to_arrow(self, expression: ir.Table) -> pa.Table:
        """Compute an expression."""
        return self._connection.to_arrow(expression)

    def keep(self, expression: ir.Table) -> ir.Table:
        """Compute an expression into a temporary table."""
        return self._connection.keep(expression, self._new_name("kept"))

    def take_in(self, data: pa.Table) -> ir.Table:
        """Copy rows of ours into a temporary table."""
        return self._connection.take_in(data, self._new_name("taken"))

    def check_place(self, place: str) -> None:
        """Refuse a table that is not ours (see ``Receiving.check_place``)."""
        check_target(self._connection, place)

    def put(
        self,
        rows: pa.Table,
        place: str,
        *,
        folder: str,  # noqa: ARG002 - tables lie in no folder
        name: str,  # noqa: ARG002 - a table holds one state, the present one
    ) -> str:
        """Put rows in place of those of a table (see ``Receiving.put``)."""
        replace_rows(self._connection, rows, place)
        return f"table {place}"

    def close(self) -> None:
        """End the session; its temporary tables are gone."""
        self._connection.close()

    def _new_name(self, what: str) -> str:
        self._n_named += 1
        return f"segmentry_{what}_{self._n_named}"

    def _count(self, table: ir.Table) -> int:
        counted = self.to_arrow(table.aggregate(n=table.count()))
        return int(counted["n"][0].as_py())
