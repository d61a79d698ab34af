"""Reading small inputs: a file from its text, its source opened, its feature table built."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from segmentry.domain.audit import Audit, Finding
from segmentry.domain.judging import Judging
from segmentry.domain.progress import Silent
from segmentry.domain.project import Project, Shape, Source, frozen_mapping
from segmentry.domain.table import FeatureTable
from segmentry.domain.window import Window
from segmentry.engines.base import Engine, Relation
from segmentry.engines.catalogue import open_engine
from segmentry.engines.duckdb.connection import Connection
from segmentry.engines.duckdb.raw import Raw
from segmentry.engines.files import find_files
from segmentry.pipeline.sources import build_table


def write(path: Path, text: str | bytes) -> Path:
    """Write a file."""
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


Load = Callable[[Connection, Sequence[Path], str, Audit], Raw]


def read_through(
    load: Load, connection: Connection, path: Path | str, audit: Audit | None = None
) -> tuple[Raw, list[tuple[Any, ...]]]:
    """Load files in one way, and give what was loaded with its rows."""
    raw = load(connection, find_files(str(path), ""), "raw", audit or Audit())
    values = ", ".join(c.sql for c in raw.columns.values())
    return raw, connection.rows(f"SELECT {values} FROM raw")


def wall(text: str) -> datetime:
    """Give a time without zone."""
    return datetime.fromisoformat(text)


def log(n_rows: int = 300, *, separator: str = ",") -> str:
    """Write an event log of seven entities: one row an hour, amounts with a half."""
    start = wall("2011-01-01 00:00:00")
    lines = [f"{i % 7},{start + timedelta(hours=i)},{i}.5" for i in range(n_rows)]
    return "\n".join(["id,at,amount", *lines]).replace(",", separator) + "\n"


def events(path: str | Path, **changes: Any) -> Source:
    """Say that a file is a log of ``id``, ``at`` and what else is mapped."""
    facts = {name: changes.pop(name) for name in ("where", "event", "types") if name in changes}
    columns = {"entity": "id", "time": "at", **changes}
    if "types" in facts:
        facts["types"] = frozen_mapping(facts["types"])
    return Source("log", str(path), Shape.EVENTS, frozen_mapping(columns), **facts)


def without_time(path: str | Path, **columns: str) -> Source:
    """Say that a file is a log that tells who did what, and not when."""
    mapped = frozen_mapping({"entity": "id", **columns})
    return Source("log", str(path), Shape.EVENTS, mapped)


def table(path: str | Path, entity: str = "id", **facts: Any) -> Source:
    """Say that a file has one row per entity."""
    return Source("table", str(path), Shape.TABLE, frozen_mapping({"entity": entity}), **facts)


@contextmanager
def an_engine(**arguments: Any) -> Iterator[Engine]:
    """Open an engine for as long as it is needed."""
    engine = open_engine(**{"threads": 1, **arguments})
    try:
        yield engine
    finally:
        engine.close()


@dataclass(frozen=True)
class Opened:
    """An open source: the relation, its rows, what was found."""

    relation: Relation
    rows: list[dict[str, Any]]
    audit: Audit

    @property
    def types(self) -> dict[str, str]:
        """Name the type of each column."""
        return {n: str(t).lower().split("(")[0] for n, t in self.relation.table.schema().items()}

    def values(self, name: str) -> list[Any]:
        """Give a column."""
        return [row[name] for row in self.rows]

    def findings(self, code: str) -> list[Finding]:
        """Give the findings of a code."""
        return [f for f in self.audit.findings if f.code == code]


def opened(source: Source, *, folder: Path = Path(), **arguments: Any) -> Opened:
    """Open a source and read all of it."""
    audit = Audit()
    with an_engine() as engine:
        relation = engine.open(source, folder=str(folder), audit=audit, **arguments)
        rows = engine.to_arrow(relation.table).to_pylist()
    return Opened(relation, rows, audit)


@dataclass(frozen=True)
class Built:
    """A feature table, its window and what was found."""

    table: FeatureTable
    window: Window | None
    audit: Audit
    judging: Judging | None = None

    def findings(self, code: str) -> list[Finding]:
        """Give the findings of a code."""
        return [f for f in self.audit.findings if f.code == code]

    def of(self, entity: Any) -> Mapping[str, Any]:
        """Give the row of an entity."""
        return next(r for r in self.table.data.to_pylist() if r["entity_id"] == entity)


def built(
    *sources: Source,
    folder: Path = Path(),
    as_of: datetime | None = None,
    allow_bad_rows: bool = False,
    threads: int = 1,
    window: Window | None = None,
    like: Sequence[Any] | None = None,
    **facts: Any,
) -> Built:
    """Build the feature table of a project with these sources."""
    audit = Audit()
    project = Project("test", sources, folder=folder, **facts)
    with an_engine(threads=threads) as engine:
        found, cut, judging = build_table(
            project,
            engine,
            as_of=as_of,
            audit=audit,
            allow_bad_rows=allow_bad_rows,
            progress=Silent(),
            window=window,
            like=like,
        )
    return Built(found, cut, audit, judging)
