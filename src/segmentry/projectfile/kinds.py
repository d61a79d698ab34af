"""Files of several kinds, given together: which of them are parts of one table, and which differ.

What lives here: telling by their columns, and opening each kind once. What does not: how the kinds
relate (``relatives``), and files of one kind (``opening``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from segmentry.domain.audit import Audit
from segmentry.domain.project import Shape, Source
from segmentry.engines.base import Engine
from segmentry.engines.catalogue import open_engine
from segmentry.engines.files import listed
from segmentry.errors import SegmentryError
from segmentry.projectfile.checks import name_of_path
from segmentry.projectfile.names import snake
from segmentry.projectfile.opening import path_from
from segmentry.projectfile.relatives import FileKind
from segmentry.projectfile.survey import survey

if TYPE_CHECKING:
    import ibis.expr.types as ir

MOST_FILES = 40
"""More files in a folder are parts of something, and are not opened one by one."""

SAME = 0.5
"""Share of all their columns that two files have in common from which on they are of one kind."""


@contextmanager
def several_kinds(
    paths: Sequence[Path], home: Path
) -> Iterator[tuple[tuple[FileKind, ...], tuple[str, ...]] | None]:
    """Open files that are of several kinds.

    Parameters
    ----------
    paths : sequence of Path
        One folder or glob, or several files.
    home : Path
        Where the project file will lie.

    Yields
    ------
    tuple or None
        The kinds, in order of name, and notes on files that could not be read; None where all
        files are of one kind, whose parts are no matter of joining.
    """
    files = _files(paths)
    if not 2 <= len(files) <= MOST_FILES or _are_parts(files):
        yield None
        return
    engine = open_engine()
    try:
        yield _opened(engine, files, home)
    finally:
        engine.close()


def _files(paths: Sequence[Path]) -> list[Path]:
    """List the files that may differ: those of one folder or glob, or those given one by one."""
    if len(paths) == 1:
        return [] if paths[0].is_file() else listed(paths[0])
    return list(paths) if all(p.is_file() for p in paths) else []


def _are_parts(files: Sequence[Path]) -> bool:
    """Tell parts of one table by their names, which differ by a number or a date alone."""
    return len({re.sub(r"[\d\W_]+", "", name_of_path(str(f))).lower() for f in files}) == 1


def _opened(
    engine: Engine, files: Sequence[Path], home: Path
) -> tuple[tuple[FileKind, ...], tuple[str, ...]] | None:
    groups: list[tuple[frozenset[str], list[tuple[Path, Source]]]] = []
    tables = {}
    notes = []
    for file in sorted(files, key=lambda f: f.name):
        source = Source(name_of_path(str(file)), path_from(file, home), Shape.TABLE)
        try:
            opened = engine.open(source, folder=str(home), audit=Audit(), allow_bad_rows=True)
        except SegmentryError as error:
            notes.append(f"left out: {file.name!r} ({error.what})")
            continue
        tables[file] = opened.table
        columns = frozenset(snake(c) for c in opened.columns)
        for known, members in groups:
            if len(known & columns) >= SAME * len(known | columns):
                members.append((file, source))
                break
        else:
            groups.append((columns, [(file, source)]))
    if len(groups) < 2:
        return None
    kinds = []
    for _, members in groups:
        parts = [tables[file] for file, _ in members]
        table = parts[0] if len(parts) == 1 else _united(parts)
        n_rows = int(engine.to_arrow(table.aggregate(n=table.count()))["n"][0].as_py())
        paths = tuple(source.path for _, source in members)
        kinds.append(FileKind(members[0][1].name, paths, table, survey(table, n_rows)))
    return tuple(kinds), tuple(notes)


def _united(parts: Sequence[ir.Table]) -> ir.Table:
    """Put parts below each other by the columns that all of them have, as the widest of them."""
    shared = [n for n in parts[0].columns if all(n in p.columns for p in parts)]
    types = {}
    for name in shared:
        found = {p.schema()[name] for p in parts}
        if len(found) > 1:
            types[name] = "float64" if all(t.is_numeric() for t in found) else "string"
    whole = [p.select(*shared).cast(types) if types else p.select(*shared) for p in parts]
    return whole[0].union(*whole[1:])
