"""Opening the files that a guess looks at, each as a source of the project to be."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import takewhile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from segmentry.domain.audit import Audit
from segmentry.domain.project import Shape, Source, frozen_mapping
from segmentry.engines.base import Engine, Relation
from segmentry.engines.catalogue import open_engine
from segmentry.errors import UsageError
from segmentry.projectfile.checks import name_of_path
from segmentry.projectfile.survey import Survey, survey

if TYPE_CHECKING:
    import ibis.expr.types as ir


@dataclass(frozen=True)
class Opened:
    """The sources to be, a look at all their rows, and what was doubtful in reading them."""

    sources: tuple[Source, ...]
    survey: Survey
    notes: tuple[str, ...]
    table: ir.Table
    """All rows, as long as the files are open."""


@contextmanager
def opened_files(paths: Sequence[Path], home: Path) -> Iterator[Opened]:
    """Open one file, glob or folder, or several files with the same columns.

    Raises
    ------
    UsageError
        If there is no path, or files do not share their columns.
    DataError
        If a file is missing, unreadable or empty.
    """
    if not paths:
        raise UsageError("no file is given", hint="segmentry init FILE")
    names = _distinct([name_of_path(str(p)) for p in paths])
    sources = tuple(
        Source(name, path_from(path, home)) for name, path in zip(names, paths, strict=True)
    )
    engine, audit = open_engine(), Audit()
    try:
        relations = [_open(engine, s, home, audit, i) for i, s in enumerate(sources)]
        _check_alike(relations)
        words = _told_apart(relations)
        if words:
            types = frozen_mapping(dict.fromkeys(words, "text"))
            sources = tuple(replace(source, types=types) for source in sources)
            kinds = dict.fromkeys(words, "text")
            relations = [_open(engine, s, home, Audit(), i, kinds) for i, s in enumerate(sources)]
        n_rows = sum(r.n_rows for r in relations)
        table = _united([r.table for r in relations])
        notes = (*audit.warnings, *(_told_text(name, relations) for name in words))
        yield Opened(sources, survey(table, n_rows), tuple(dict.fromkeys(notes)), table)
    finally:
        engine.close()


def _open(
    engine: Engine,
    source: Source,
    home: Path,
    audit: Audit,
    place: int,
    kinds: Mapping[str, str] | None = None,
) -> Relation:
    """Open a source of which nothing is mapped yet: every column is read by its content."""
    return engine.open(
        replace(source, shape=Shape.TABLE),
        folder=str(home),
        audit=audit,
        allow_bad_rows=True,
        kinds=kinds,
        key=f"sources[{place}]",
    )


def _told_apart(relations: Sequence[Relation]) -> list[str]:
    """Name the columns that are of one kind in one file and of another in the next."""
    schemas = [r.table.schema() for r in relations]
    names = schemas[0].names
    return [n for n in names if len({_kind(schema[n]) for schema in schemas}) > 1]


def _kind(type_: Any) -> str:
    return "number" if type_.is_numeric() and not type_.is_boolean() else str(type_)


def _told_text(name: str, relations: Sequence[Relation]) -> str:
    paths = " and ".join(repr(r.source.path) for r in relations[:2])
    return f"{name!r} is not of one type in {paths}, so it is read as text"


def _united(tables: Sequence[ir.Table]) -> ir.Table:
    """Put tables of the same columns below each other, numbers as wide as any of them needs."""
    if len(tables) == 1:
        return tables[0]
    first = tables[0].schema()
    mixed = [n for n in first.names if len({t.schema()[n] for t in tables}) > 1]
    wide = [t.cast(dict.fromkeys(mixed, "float64")).select(*first.names) for t in tables]
    return wide[0].union(*wide[1:])


def source_names(sources: Sequence[Source]) -> str:
    """Name several sources together: by what their names begin with, or by the first."""
    first, last = min(s.name for s in sources), max(s.name for s in sources)
    alike = takewhile(lambda pair: pair[0] == pair[1], zip(first, last, strict=False))
    common = "".join(a for a, _ in alike)
    return common if len(sources) == 1 else common.rstrip("-_ 0123456789") or sources[0].name


def path_from(path: Path, home: Path) -> str:
    """Write a path so that it starts at the project file's folder, where both share a folder."""
    whole = path.absolute()
    shared = Path(os.path.commonpath([whole, home]))
    if shared == Path(shared.anchor):
        return str(whole)
    return os.path.relpath(whole, home)


def _check_alike(relations: Sequence[Relation]) -> None:
    """Refuse several files that are not of one kind, with the first difference."""
    first = relations[0]
    for other in relations[1:]:
        mine, theirs = first.table.schema(), other.table.schema()
        alone = sorted(set(mine.names) ^ set(theirs.names))
        if alone:
            raise UsageError(
                f"{first.source.path!r} and {other.source.path!r} do not share their columns:"
                f" {', '.join(repr(a) for a in alone[:5])} in one only",
                hint="run init for one file, or put them into one folder and give the folder:"
                " what a file lacks counts as missing then",
            )


def _distinct(names: list[str]) -> list[str]:
    taken: list[str] = []
    for name in names:
        new, i = name, 2
        while new in taken:
            new, i = f"{name}-{i}", i + 1
        taken.append(new)
    return taken
