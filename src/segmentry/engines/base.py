"""What every engine can do, and what a source looks like once it is open."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from segmentry.domain.audit import Audit
from segmentry.domain.project import Source

if TYPE_CHECKING:
    import ibis.expr.types as ir
    import pyarrow as pa


@dataclass(frozen=True)
class Relation:
    """An open source: a lazy table with typed columns, and what was found while opening it."""

    source: Source
    table: ir.Table
    n_rows: int
    n_bad_rows: int


class Engine(Protocol):
    """A place where relations are read and expressions are computed."""

    name: str

    def open(
        self, source: Source, *, folder: str, audit: Audit, allow_bad_rows: bool = False
    ) -> Relation:
        """Open a source: find its files, type its columns, count what is bad in it."""

    def expression(self, relation: Relation, sql: str, *, key: str) -> ir.Value:
        """Turn a project file's SQL expression over a source's columns into a value."""

    def to_arrow(self, expression: ir.Table) -> pa.Table:
        """Compute an expression."""

    def close(self) -> None:
        """Give back what is held."""
