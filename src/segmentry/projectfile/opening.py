"""Opening the files that a guess looks at, each as a source of the project to be."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import takewhile
from pathlib import Path

from segmentry.domain.audit import Audit
from segmentry.domain.project import Shape, Source
from segmentry.engines.base import Relation
from segmentry.engines.catalogue import open_engine
from segmentry.errors import UsageError
from segmentry.projectfile.checks import name_of_path
from segmentry.projectfile.survey import Survey, survey


@dataclass(frozen=True)
class Opened:
    """The sources to be, a look at all their rows, and what was doubtful in reading them."""

    sources: tuple[Source, ...]
    survey: Survey
    notes: tuple[str, ...]


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
        relations = [
            # Nothing is mapped yet, so every column is read by its content and kept.
            engine.open(
                replace(source, shape=Shape.TABLE),
                folder=str(home),
                audit=audit,
                allow_bad_rows=True,
                key=f"sources[{i}]",
            )
            for i, source in enumerate(sources)
        ]
        _check_alike(relations)
        tables = [r.table for r in relations]
        table = tables[0] if len(tables) == 1 else tables[0].union(*tables[1:])
        yield Opened(sources, survey(table, sum(r.n_rows for r in relations)), audit.warnings)
    finally:
        engine.close()


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
                hint="run init for one file, or for files with the same columns",
            )
        for name in mine.names:
            if mine[name] != theirs[name]:
                raise UsageError(
                    f"{name!r} is {mine[name]} in {first.source.path!r} and {theirs[name]} in"
                    f" {other.source.path!r}",
                    hint="write both files with the same types",
                )


def _distinct(names: list[str]) -> list[str]:
    taken: list[str] = []
    for name in names:
        new, i = name, 2
        while new in taken:
            new, i = f"{name}-{i}", i + 1
        taken.append(new)
    return taken
