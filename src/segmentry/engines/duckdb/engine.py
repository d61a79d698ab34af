"""The DuckDB engine: the order of the work.

What lives here: opening a source step by step, computing expressions. What does not: loading
files (``loading``), what a source asks of its columns (``opening``), what values mean
(``columns``), what is bad in them (``badness``), the connection and its errors (``connection``).
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from segmentry.domain.audit import Audit
from segmentry.domain.project import Source
from segmentry.domain.role import Role
from segmentry.engines.base import Capabilities, Relation
from segmentry.engines.duckdb.badness import Badness
from segmentry.engines.duckdb.connection import Connection
from segmentry.engines.duckdb.loading import load
from segmentry.engines.duckdb.opening import Opening
from segmentry.engines.duckdb.raw import Raw
from segmentry.engines.expressions import quoted
from segmentry.engines.files import Files, find_files

if TYPE_CHECKING:
    import ibis.expr.types as ir
    import pyarrow as pa


class DuckDBEngine:
    """Reads files and computes expressions in this process."""

    name = "duckdb"
    capabilities = Capabilities()
    is_embedded = True

    def __init__(self, *, threads: int | None = None, scratch: Path | None = None) -> None:
        self._connection = Connection(threads=threads, scratch=scratch)
        self._n_opened = 0
        self._loaded: dict[Files, Raw] = {}
        """What is loaded stays, so that the same files can be opened in another way."""
        self._n_kept = 0

    def open(
        self,
        source: Source,
        *,
        folder: str,
        audit: Audit,
        allow_bad_rows: bool = False,
        roles: Mapping[str, Role] | None = None,
        kinds: Mapping[str, str] | None = None,
        key: str = "sources[0]",
    ) -> Relation:
        """Open a source (see ``Engine.open``)."""
        files = find_files(source.path, folder)
        self._n_opened += 1
        table = f"source_{self._n_opened}"
        if files not in self._loaded:
            self._loaded[files] = load(self._connection, files, table, audit)
        raw = self._loaded[files]
        opening = Opening(
            self._connection, source, raw, key, roles=roles, kinds=kinds, functions=self._functions
        )
        opening.check()
        badness = Badness(self._connection, raw, source.name, opening.used)
        n_bad = badness.tell(audit, allowed=allow_bad_rows)
        audit.facts.setdefault("date_formats", {})[source.name] = opening.ways
        name = f"{table}_typed"
        self._connection.run(f"CREATE VIEW {quoted(name)} AS {opening.statement}")
        return Relation(
            source,
            self._connection.table(name),
            n_rows=raw.n_rows + raw.n_rejected,
            n_bad_rows=n_bad,
            n_left_out=opening.n_left_out,
            entity=opening.entity,
            columns=tuple(raw.columns),
        )

    def to_arrow(self, expression: ir.Table) -> pa.Table:
        """Compute an expression."""
        return self._connection.to_arrow(expression)

    def keep(self, expression: ir.Table) -> ir.Table:
        """Compute an expression into a scratch table."""
        self._n_kept += 1
        return self._connection.keep(expression, f"kept_{self._n_kept}")

    def take_in(self, data: pa.Table) -> ir.Table:
        """Put rows of ours into a scratch table."""
        self._n_kept += 1
        return self._connection.take_in(data, f"taken_in_{self._n_kept}")

    def close(self) -> None:
        """Close the connection and remove its scratch files."""
        self._connection.close()

    @cached_property
    def _functions(self) -> frozenset[str]:
        rows = self._connection.rows(
            "SELECT DISTINCT lower(function_name) FROM duckdb_functions() "
            "WHERE function_type IN ('scalar', 'macro')"
        )
        return frozenset(str(r[0]) for r in rows)
