"""JSON as a table of texts: an object in each line, an array of objects, or one around an array.

What lives here: finding the objects, and a column for each value inside them, however deep.
What does not: what the values mean (``columns``).
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path

from segmentry.domain.audit import Audit, Finding
from segmentry.engines.duckdb.cleaning import clean
from segmentry.engines.duckdb.connection import Connection
from segmentry.engines.duckdb.raw import (
    LONGEST_LINE,
    N_EXAMPLES,
    Raw,
    count_rows,
    loose,
    path_literal,
    shown,
)
from segmentry.engines.expressions import literal, quoted
from segmentry.engines.files import Files
from segmentry.engines.header import repeated, told_repeated, unique_names
from segmentry.engines.packing import head
from segmentry.errors import DataError, EngineError

DEEPEST = 5
"""Levels of objects inside objects that become columns; what lies deeper stays JSON."""

MOST_KEYS = 500
"""Keys of an object inside others; with more it is a dictionary of things, not a row's part."""

_HEAD = 1 << 18
_LINES = 20
_WHOLE = "json IS NOT NULL AND json_type(json) = 'OBJECT'"


@dataclass
class _Leaves:
    """Values found inside objects: their names, and how they are taken out."""

    names: list[str] = field(default_factory=list)
    values: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    """Lists and dictionaries that stay JSON."""


def load_json(connection: Connection, files: Files, table: str, audit: Audit) -> Raw:
    """Load JSON.

    Raises
    ------
    DataError
        E2002 if a file is no whole JSON.
    """
    lines = f"{table} lines"
    connection.run(f"CREATE TABLE {quoted(lines)} (json JSON)")
    for path in files.paths:
        _insert(connection, path, lines, audit)
    n_bad, examples = _bad_lines(connection, lines)
    leaves = _Leaves()
    _find_leaves(connection, lines, (), leaves)
    if not leaves.names:
        return Raw(table, {}, 0, n_bad, examples)
    names = unique_names(leaves.names)
    if same := repeated(leaves.names):
        said = told_repeated(files.name, same)
        audit.add(Finding("repeated_name", said, severity="warning", source=files.name))
    values = ",\n".join(f"{v} AS {quoted(n)}" for n, v in zip(names, leaves.values, strict=True))
    connection.run(
        f"CREATE TABLE {quoted(table)} AS SELECT {values} FROM {quoted(lines)} WHERE {_WHOLE}"
    )
    connection.run(f"DROP TABLE {quoted(lines)}")
    _tell_kept(leaves, files, audit)
    clean(connection, table, names)
    return Raw(table, loose(names), count_rows(connection, table), n_bad, examples)


def _tell_kept(leaves: _Leaves, files: Files, audit: Audit) -> None:
    for name in leaves.kept:
        said = f"{name} holds lists or dictionaries, which are kept as text"
        audit.add(Finding("nested_values", said, source=files.name, column=name))


def _insert(connection: Connection, path: Path, lines: str, audit: Audit) -> None:
    """Append the objects of a file, as they are written."""
    first = head(path, _HEAD).decode("utf-8", errors="ignore").removeprefix("\ufeff").lstrip()
    start = [line for line in first.splitlines()[: _LINES + 1] if line.strip()]
    n_objects = sum(_is_object(line) for line in start[:_LINES])
    if first[:1] not in {"[", "{"} or n_objects > 1 or (n_objects and len(start) > 1):
        source = f"read_ndjson_objects({path_literal(path)}, ignore_errors = true"
    else:
        form = "array" if first[:1] == "[" else "unstructured"
        source = f"read_json_objects({path_literal(path)}, format = '{form}'"
    longest = max(LONGEST_LINE, _size(path, first))
    try:
        connection.run(
            f"INSERT INTO {quoted(lines)} SELECT json FROM {source}, "
            f"maximum_object_size = {longest})"
        )
    except (EngineError, DataError) as error:
        raise DataError(
            f"{path.name!r} is no whole JSON: {error.what}",
            code="E2002",
            where=str(path),
            hint="fetch or write the file again",
        ) from error
    # One line of JSON Lines is one row, whatever it holds.
    is_lines = {".jsonl", ".ndjson"} & {s.lower() for s in path.suffixes}
    if first[:1] == "{" and n_objects <= 1 and not is_lines:
        _open_up(connection, path, lines, audit)


def _size(path: Path, first: str) -> int:
    """Give the bytes that one object may take: the whole file, where it is one object."""
    return path.stat().st_size * (1 if path.suffix == ".json" else 20) if first[:1] == "{" else 0


def _is_object(line: str) -> bool:
    try:
        return isinstance(json.loads(line), dict)
    except (ValueError, RecursionError):
        return False


def _open_up(connection: Connection, path: Path, lines: str, audit: Audit) -> None:
    """Take the rows out of a file that is one object around them."""
    rows = connection.rows(f"SELECT json FROM {quoted(lines)} WHERE {_WHOLE} LIMIT 2")
    if len(rows) != 1:
        return
    try:
        whole = json.loads(rows[0][0])
        arrays = sorted(_arrays(whole), key=lambda found: -found[1])
    except RecursionError as error:
        raise DataError(
            f"{path.name!r} holds objects or lists inside one another, too deep to be rows",
            code="E2002",
            where=str(path),
            hint="write one flat object for each row",
        ) from error
    if arrays:
        at = arrays[0][0]
        inner = f"SELECT unnest({_inside(at, '[*]')}) AS json"
        _replace(connection, lines, f"{inner} FROM {quoted(lines)}")
        others = [_shown(p) for p, _ in arrays[1:]]
        more = f"; it also holds {', '.join(others[:5])}, which are left out" if others else ""
        said = f"{path.name}: the rows are the list at {_shown(at)}{more}"
        severity = "warning" if others else "info"
        audit.add(Finding("layout", said, severity=severity, source=path.name))
    elif _is_columns(whole):
        listed = ", ".join(
            f"unnest({_inside((key,), _all(whole[key]))}) AS {quoted(name)}"
            for name, key in zip(unique_names(whole), whole, strict=True)
        )
        _replace(
            connection, lines, f"SELECT to_json(c) AS json FROM (SELECT {listed} FROM "
            f"{quoted(lines)}) AS c",
        )  # fmt: skip


def _replace(connection: Connection, lines: str, query: str) -> None:
    other = quoted(f"{lines} inside")
    connection.run(f"CREATE TABLE {other} AS {query}")
    connection.run(f"DROP TABLE {quoted(lines)}")
    connection.run(f"ALTER TABLE {other} RENAME TO {quoted(lines)}")


def _arrays(
    whole: object, at: tuple[str, ...] = (), depth: int = 0
) -> list[tuple[tuple[str, ...], int]]:
    """Find the lists of objects inside an object, by the keys to them, and how long they are."""
    if not isinstance(whole, dict) or depth > DEEPEST:
        return []
    found = []
    for key, value in whole.items():
        if isinstance(value, list) and value and all(isinstance(v, dict) for v in value):
            found.append(((*at, key), len(value)))
        found += _arrays(value, (*at, key), depth + 1)
    return found


def _shown(at: tuple[str, ...]) -> str:
    """Write the way to a value as people do."""
    return "$" + "".join(f".{key}" if key.isidentifier() else f'."{key}"' for key in at)


def _inside(at: tuple[str, ...], every: str) -> str:
    """Write all values of the list or dictionary at some keys, whatever signs are in them."""
    return f"json_extract(json_extract(json, {literal(_pointer(at))}), '${every}')"


def _is_columns(whole: object) -> bool:
    """Say whether an object holds columns, each a list or a dictionary of as many values."""
    if not isinstance(whole, dict) or len(whole) < 2:
        return False
    sizes = {len(v) if isinstance(v, list | dict) else 0 for v in whole.values()}
    kinds = {type(v) for v in whole.values()}
    return len(sizes) == 1 and sizes.pop() > 1 and len(kinds) == 1


def _all(values: object) -> str:
    return "[*]" if isinstance(values, list) else ".*"


def _find_leaves(
    connection: Connection, lines: str, path: tuple[str, ...], leaves: _Leaves
) -> None:
    """Find the values inside the objects at a path, and inside objects in them."""
    pointer = _pointer(path)
    inside = f"json_keys(json, {literal(pointer)})" if path else "json_keys(json)"
    kind = f"json_type(json, {literal(pointer)} || '/' || {_ESCAPED_KEY})"
    keys = connection.rows(
        f"SELECT key, count(*) FILTER (kind = 'OBJECT'), count(*) FILTER (kind = 'ARRAY'), "
        f"count(*) FILTER (kind NOT IN ('OBJECT', 'NULL')) FROM (SELECT key, line, {kind} AS kind "
        f"FROM (SELECT json, unnest({inside}) AS key, rowid AS line FROM {quoted(lines)} "
        f"WHERE {_WHOLE})) GROUP BY key ORDER BY min(line), key"
    )
    if path and len(keys) > MOST_KEYS:
        leaves.names.append(".".join(path))
        leaves.values.append(f"json_extract_string(json, {literal(pointer)})")
        leaves.kept.append(".".join(path))
        return
    for key, n_objects, n_lists, n_others in keys:
        at = (*path, str(key))
        is_opened = n_objects and len(at) <= DEEPEST
        if not is_opened or n_others:
            _add(leaves, at, is_opened=bool(is_opened))
            if n_lists or (n_objects and not is_opened):
                leaves.kept.append(leaves.names[-1])
        if is_opened:
            _find_leaves(connection, lines, at, leaves)


def _add(leaves: _Leaves, path: tuple[str, ...], *, is_opened: bool) -> None:
    pointer = literal(_pointer(path))
    value = f"json_extract_string(json, {pointer})"
    if is_opened:
        value = f"CASE WHEN json_type(json, {pointer}) <> 'OBJECT' THEN {value} END"
    leaves.names.append(".".join(path))
    leaves.values.append(value)


_ESCAPED_KEY = "replace(replace(key, '~', '~0'), '/', '~1')"


def _pointer(path: tuple[str, ...]) -> str:
    return "".join(f"/{_escaped(k)}" for k in path)


def _escaped(key: str) -> str:
    return key.replace("~", "~0").replace("/", "~1")


def _bad_lines(connection: Connection, lines: str) -> tuple[int, tuple[str, ...]]:
    """Count and show the lines that hold no object."""
    numbered = f"SELECT row_number() OVER () AS line, json FROM {quoted(lines)}"
    bad = f"FROM ({numbered}) WHERE NOT coalesce({_WHOLE}, false)"
    n_bad = int(connection.rows(f"SELECT count(*) {bad}")[0][0])
    examples = connection.rows(f"SELECT line, json {bad} ORDER BY line LIMIT {N_EXAMPLES}")
    return n_bad, tuple(f"line {line}: {shown(text)}" for line, text in examples)
