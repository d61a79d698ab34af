"""The Spark engine: the order of the work."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from segmentry.domain.audit import Audit
from segmentry.domain.project import Source
from segmentry.domain.role import Role
from segmentry.engines.base import Relation
from segmentry.engines.spark.compiler import (
    CAPABILITIES,
    NAME,
    compiled,
    dialect,
    read_type,
    table_of,
)
from segmentry.engines.spark.session import Session, quiet
from segmentry.engines.typed.opening import Opening, Raw
from segmentry.errors import DataError

if TYPE_CHECKING:
    import ibis.expr.types as ir
    import pyarrow as pa
    from ibis.expr.schema import Schema


WRITTEN = "written"
"""Begins the folder of each writing, so that readers find when it was as a column."""


class SparkEngine:
    """Computes expressions on Spark."""

    name = NAME
    capabilities = CAPABILITIES
    is_embedded = False

    def __init__(
        self,
        url: str = "spark",
        *,
        threads: int | None = None,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        self._session = Session(url, threads=threads, environment=environment)
        self._n_named = 0
        self._kept: list[str] = []

    def open(
        self,
        source: Source,
        *,
        folder: str,
        audit: Audit,
        allow_bad_rows: bool = False,  # noqa: ARG002 - typed columns hold no bad values
        roles: Mapping[str, Role] | None = None,
        kinds: Mapping[str, str] | None = None,
        key: str = "sources[0]",
    ) -> Relation:
        """Open a source (see ``Engine.open``)."""
        raw = self._raw(source, folder)
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
                f"{source.place!r} has no rows", code="E2003", where=source.name, hint="check it"
            )
        n_left_out = n_rows - self._count(relation) if source.where else 0
        return Relation(
            source,
            relation,
            n_rows=n_rows,
            n_bad_rows=0,
            n_left_out=n_left_out,
            entity=opening.entity,
            columns=raw.columns,
        )

    def _raw(self, source: Source, folder: str) -> Raw:
        """Find a table or Parquet files, and name the columns that are read."""
        import ibis

        spark = self._session.spark
        with self._session.failures.translated(), quiet():
            if source.table is not None:
                found = spark.table(source.table)
            else:
                path = place_of(source.path, folder)
                found = spark.read.option("mergeSchema", "true").parquet(path)
            types = {f.name: f.dataType.simpleString() for f in found.schema.fields}
        read = {n: t for n, type_ in types.items() if (t := read_type(type_)) is not None}
        unread = {n: t for n, t in types.items() if n not in read}
        if not read:
            raise DataError(
                f"{source.place!r} has no column of a type that is read",
                code="E2003",
                where=source.name,
                hint="read a view that gives its columns plain types",
            )
        name = self._new_name("source")
        with self._session.failures.translated(), quiet():
            found.createOrReplaceTempView(name)
        schema: Schema = ibis.schema(read)
        return Raw(self._table(name, schema), unread)

    def to_arrow(self, expression: ir.Table) -> pa.Table:
        """Compute an expression."""
        found = self._computed(expression)
        with self._session.failures.translated(), quiet():
            table = found.toArrow()
        return table.cast(expression.schema().to_pyarrow())

    def keep(self, expression: ir.Table) -> ir.Table:
        """Compute an expression where Spark can read it again and again."""
        name, sql = self._new_name("kept"), compiled(expression)
        with self._session.failures.translated(sql), quiet():
            self._session.spark.sql(f"CACHE TABLE {name} AS {sql}")
        self._kept.append(name)
        return self._table(name, expression.schema())

    def take_in(self, data: pa.Table) -> ir.Table:
        """Put rows of ours beside those of Spark."""
        import ibis

        name = self._new_name("taken")
        with self._session.failures.translated(), quiet():
            self._session.spark.createDataFrame(data).createOrReplaceTempView(name)
        return self._table(name, ibis.Schema.from_pyarrow(data.schema))

    def check_place(self, place: str) -> None:
        """Refuse nothing: each writing has a folder of its own (see ``Receiving.check_place``)."""

    def put(self, rows: pa.Table, place: str, *, folder: str, name: str) -> str:
        """Write rows as one file in a folder of their own (see ``Receiving.put``).

        A lake of files cannot put one folder in place of another in one step, so nothing is
        replaced. One file becomes visible in one step: Spark writes it aside and renames it.
        """
        path = f"{place_of(place, folder).rstrip('/')}/{WRITTEN}={name}"
        self.write_parquet(rows, path, n_files=1)
        return path

    def write_parquet(
        self, rows: ir.Table | pa.Table, path: str, *, n_files: int | None = None
    ) -> None:
        """Write rows as a folder of Parquet files, where there is nothing yet.

        Parameters
        ----------
        rows : ibis or Arrow table
            Computed and written by Spark's workers, or handed to them.
        path : str
            A folder that Spark's workers reach, such as ``/lake/segments`` or ``s3a://...``.
        n_files : int or None
            At most so many files; None leaves it to Spark.

        Raises
        ------
        EngineError
            E3001 if there is something at the path already, or it cannot be written.
        """
        import pyarrow as pa

        with self._session.failures.translated(), quiet():
            if isinstance(rows, pa.Table):
                found = self._session.spark.createDataFrame(rows)
            else:
                found = self._computed(rows)
            found = found if n_files is None else found.coalesce(n_files)
            # Spark Connect knows no other name of it.
            found.write.mode("error").parquet(path)

    def close(self) -> None:
        """Give back what is kept, and end the session if it was started here."""
        with self._session.failures.translated(), quiet():
            for name in self._kept:
                self._session.spark.sql(f"UNCACHE TABLE IF EXISTS {name}")
        self._kept.clear()
        self._session.close()

    def _computed(self, expression: ir.Table) -> Any:
        sql = compiled(expression)
        with self._session.failures.translated(sql), quiet():
            return self._session.spark.sql(sql)

    def _table(self, name: str, schema: Schema) -> ir.Table:
        return table_of(name, schema, f"spark {id(self)}")

    def _new_name(self, what: str) -> str:
        self._n_named += 1
        return f"segmentry_{what}_{self._n_named}"

    def _count(self, table: ir.Table) -> int:
        counted = self.to_arrow(table.aggregate(n=table.count()))
        return int(counted["n"][0].as_py())


def place_of(path: str, folder: str) -> str:
    """Give where files lie: an address of their own, or a path from the project's folder.

    Examples
    --------
    >>> place_of("s3a://lake/orders", "/home/ada")
    's3a://lake/orders'
    >>> place_of("orders/*.parquet", "/home/ada")
    '/home/ada/orders/*.parquet'
    """
    return path if "://" in path else str(Path(folder).absolute() / path)
