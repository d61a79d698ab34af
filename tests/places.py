"""Places where the same rows lie for each engine, for tests that compare engines."""

from __future__ import annotations

import io
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import Any

import ibis
import pyarrow as pa
import pyarrow.parquet as pq
from pyarrow import csv

from segmentry.domain.audit import Audit
from segmentry.domain.judging import Judging
from segmentry.domain.progress import Silent
from segmentry.domain.project import Project, Shape, Source, frozen_mapping
from segmentry.domain.table import FeatureTable
from segmentry.domain.window import Window
from segmentry.engines.base import Engine, Relation
from segmentry.engines.catalogue import open_engine, url_of
from segmentry.engines.postgres.compiler import type_name
from segmentry.pipeline.sources import build_table

_NUMBERS = count(1)
Built = tuple[FeatureTable, Window | None, Judging | None]


@dataclass(frozen=True)
class Place:
    """An engine, and how rows get to where it reads them."""

    name: str
    url: str
    folder: Path

    def source(self, rows: pa.Table, **given: Any) -> Source:
        """Lay rows where the engine finds them."""
        name = f"rows_{next(_NUMBERS)}"
        source = Source("rows", "", **_frozen(given))
        if self.name == "postgres":
            to_postgres(self.url, name, rows)
            return replace(source, table=name, connection=self.url)
        parquet(rows, self.folder / f"{name}.parquet")
        on_spark = replace(source, path=f"{name}.parquet")
        return on_spark if self.name == "duckdb" else replace(on_spark, connection=self.url)

    @property
    def beside(self) -> Place:
        """Give DuckDB over the same folder: what others are compared with."""
        return Place("duckdb", "duckdb://", self.folder)

    def opened(self, source: Source, **more: Any) -> tuple[Engine, Relation]:
        """Open a source; the engine has to be closed."""
        engine = open_engine(self.url)
        given: dict[str, Any] = {"folder": str(self.folder), "audit": Audit()} | more
        try:
            return engine, engine.open(source, **given)
        except BaseException:
            engine.close()
            raise

    def rows(self, source: Source, **more: Any) -> pa.Table:
        """Read a source's relation."""
        engine, relation = self.opened(source, **more)
        try:
            return engine.to_arrow(relation.table)
        finally:
            engine.close()

    def built(self, project: Project, as_of: datetime | None = None) -> tuple[Built, Audit]:
        """Build a project's features."""
        audit = Audit()
        engine = open_engine(url_of(project.sources))
        try:
            table = build_table(
                replace(project, folder=self.folder),
                engine,
                as_of=as_of,
                audit=audit,
                allow_bad_rows=False,
                progress=Silent(),
            )
            return table, audit
        finally:
            engine.close()


def _frozen(given: dict[str, Any]) -> dict[str, Any]:
    return {k: frozen_mapping(v) if isinstance(v, dict) else v for k, v in given.items()}


def events_of(place: Place, rows: pa.Table, columns: dict[str, str], **more: Any) -> Source:
    """Lay an event log."""
    return place.source(rows, shape=Shape.EVENTS, columns=columns, **more)


def parquet(rows: pa.Table, path: Path) -> None:
    """Write rows as Parquet."""
    pq.write_table(rows, path, row_group_size=20_000)


def to_postgres(url: str, name: str, rows: pa.Table) -> None:
    """Copy rows into a new table of a database."""
    import psycopg

    with psycopg.connect(url, autocommit=True) as con:
        columns = ", ".join(f'"{field.name}" {sql_type(field.type)}' for field in rows.schema)
        con.execute(f'CREATE TABLE "{name}" ({columns})')
        buffer = io.BytesIO()
        csv.write_csv(rows, buffer, csv.WriteOptions(include_header=False))
        with con.cursor().copy(f'COPY "{name}" FROM STDIN (FORMAT csv)') as copy:
            copy.write(buffer.getvalue())


def sql_type(type_: pa.DataType) -> str:
    """Name the type of PostgreSQL for a type of Arrow."""
    if pa.types.is_decimal(type_):
        return f"numeric({type_.precision}, {type_.scale})"
    read = ibis.Schema.from_pyarrow(pa.schema([("a", type_)]))["a"]
    return type_name(read).removesuffix(' COLLATE "C"')
