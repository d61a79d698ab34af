"""Files as DuckDB tables, values untouched: text formats as text, Parquet as it is.

What lives here: loading and the rows that could not be split into columns. What does not: what
the values mean (``columns``) and which columns are used (``engine``).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import Path

from segmentry.domain.audit import Audit, Finding
from segmentry.engines.delimited import Layout, layout_of, unique_names
from segmentry.engines.duckdb.cleaning import clean, cleaned, spellings
from segmentry.engines.duckdb.connection import Connection
from segmentry.engines.expressions import literal, quoted
from segmentry.engines.files import Files, Format, check_whole
from segmentry.errors import DataError, EngineError

LONGEST_LINE = 64 << 20
"""Bytes."""

N_EXAMPLES = 3


@dataclass(frozen=True, slots=True)
class RawColumn:
    """A column as it lies: its DuckDB type, or text that may mean anything."""

    name: str
    type: str
    is_loose: bool = False
    """Whether it comes from a text format, so that its type is only known from its content."""

    @property
    def is_text(self) -> bool:
        """Say whether its values are texts."""
        return self.type == "VARCHAR" or self.type.startswith("ENUM")

    @property
    def sql(self) -> str:
        """Give the value with nothing taken for missing that is not, and text trimmed."""
        name = quoted(self.name)
        if self.is_loose:
            return name
        if self.type in {"FLOAT", "DOUBLE"}:
            # Not isnan: files whose float statistics leave NaN out make it always false.
            return f"CASE WHEN isfinite({name}) THEN {name} END"
        if self.is_text:
            return cleaned(name if self.type == "VARCHAR" else f"CAST({name} AS VARCHAR)")
        return name


@dataclass(frozen=True)
class Raw:
    """The rows of a source's files."""

    table: str
    columns: dict[str, RawColumn]
    n_rows: int
    n_rejected: int = 0
    rejected: tuple[str, ...] = ()
    """Examples of rows that could not be split into columns."""


def load(connection: Connection, files: Files, table: str, audit: Audit) -> Raw:
    """Load or view files as a table.

    Raises
    ------
    DataError
        E2002 if a file is damaged, E2003 if there is no row.
    """
    for path in files.paths:
        check_whole(path)
    if files.format is Format.PARQUET:
        raw = _parquet(connection, files, table)
    elif files.format is Format.JSON:
        raw = _json(connection, files, table)
    else:
        raw = _csv(connection, files, table, audit)
    if raw.n_rows == 0:
        raise _no_rows(files, raw)
    return raw


def _no_rows(files: Files, raw: Raw) -> DataError:
    hint = "a header and at least one row are needed"
    if files.format is Format.JSON:
        hint = 'JSON Lines has one object in each line, such as {"id": 1}'
    found = f"no whole row ({raw.n_rejected} damaged)" if raw.n_rejected else "no row"
    return DataError(
        f"{files.name!r} holds {found}", code="E2003", where=str(files.paths[0]), hint=hint
    )


def _path(path: Path) -> str:
    """Quote a path; its signs mean themselves, not a pattern."""
    return literal(re.sub(r"([*?\[])", r"[\1]", str(path)))


def _count(connection: Connection, table: str) -> int:
    return int(connection.rows(f"SELECT count(*) FROM {quoted(table)}")[0][0])


def _described(connection: Connection, table: str) -> dict[str, str]:
    rows = connection.rows(f"DESCRIBE SELECT * FROM {quoted(table)}")
    return {str(r[0]): str(r[1]) for r in rows}


def _parquet(connection: Connection, files: Files, table: str) -> Raw:
    try:
        _view_parquet(connection, files.paths, table)
    except (EngineError, DataError) as error:
        raise _damaged_parquet(connection, files, table, error) from error
    columns = {n: RawColumn(n, t) for n, t in _described(connection, table).items()}
    return Raw(table, columns, _count(connection, table))


def _view_parquet(connection: Connection, paths: tuple[Path, ...], table: str) -> None:
    listed = ", ".join(map(_path, paths))
    connection.run(
        f"CREATE OR REPLACE VIEW {quoted(table)} AS "
        f"SELECT * FROM read_parquet([{listed}], union_by_name = true)"
    )


def _damaged_parquet(
    connection: Connection, files: Files, table: str, error: Exception
) -> DataError:
    """Find which of the files cannot be read."""
    for path in files.paths:
        try:
            _view_parquet(connection, (path,), table)
        except (EngineError, DataError) as found:
            return DataError(
                f"{path.name!r} is no whole Parquet file: {found.what}",
                code="E2002",
                where=str(path),
                hint="fetch or write the file again",
            )
    return DataError(
        f"the Parquet files do not fit together: {error}", code="E2002", where=files.name
    )


def _json(connection: Connection, files: Files, table: str) -> Raw:
    listed = ", ".join(map(_path, files.paths))
    lines = f"{table} lines"
    connection.run(
        f"CREATE TABLE {quoted(lines)} AS SELECT json FROM read_ndjson_objects([{listed}], "
        f"ignore_errors = true, maximum_object_size = {LONGEST_LINE})"
    )
    whole = "json IS NOT NULL AND json_type(json) = 'OBJECT'"
    keys = connection.rows(
        f"SELECT key FROM (SELECT unnest(json_keys(json)) AS key, rowid AS line "
        f"FROM {quoted(lines)} WHERE {whole}) GROUP BY key ORDER BY min(line), key"
    )
    found = [str(k[0]) for k in keys]
    names = unique_names(found)
    n_bad, examples = _bad_lines(connection, lines, whole)
    if not names:
        return Raw(table, {}, 0, n_bad, examples)
    values = ",\n".join(
        f"{_json_value(k)} AS {quoted(n)}" for k, n in zip(found, names, strict=True)
    )
    connection.run(
        f"CREATE TABLE {quoted(table)} AS SELECT {values} FROM {quoted(lines)} WHERE {whole}"
    )
    connection.run(f"DROP TABLE {quoted(lines)}")
    clean(connection, table, names)
    columns = {n: RawColumn(n, "VARCHAR", is_loose=True) for n in names}
    return Raw(table, columns, _count(connection, table), n_bad, examples)


def _bad_lines(connection: Connection, lines: str, whole: str) -> tuple[int, tuple[str, ...]]:
    """Count and show the lines that hold no object."""
    numbered = f"SELECT row_number() OVER () AS line, json FROM {quoted(lines)}"
    bad = f"FROM ({numbered}) WHERE NOT coalesce({whole}, false)"
    n_bad = int(connection.rows(f"SELECT count(*) {bad}")[0][0])
    shown = connection.rows(f"SELECT line, json {bad} ORDER BY line LIMIT {N_EXAMPLES}")
    return n_bad, tuple(f"line {line}: {_shown(text)}" for line, text in shown)


def _json_value(name: str) -> str:
    pointer = "/" + name.replace("~", "~0").replace("/", "~1")
    return f"json_extract_string(json, {literal(pointer)})"


def _shown(text: str | None) -> str:
    if text is None:
        return "not JSON"
    flat = " ".join(str(text).split())
    return repr(flat if len(flat) <= 80 else f"{flat[:77]}...")


def _csv(connection: Connection, files: Files, table: str, audit: Audit) -> Raw:
    layouts = {path: layout_of(path) for path in files.paths}
    names = list(dict.fromkeys(n for layout in layouts.values() for n in layout.columns))
    fields = ", ".join(f"{quoted(n)} VARCHAR" for n in names)
    connection.run(f"CREATE TABLE {quoted(table)} ({fields})")
    n_rejected, examples = 0, []
    for path, layout in layouts.items():
        rejected = _insert(connection, path, layout, table, audit)
        n_rejected += sum(n for n, _ in rejected)
        examples += [f"{path.name} {text}" for _, text in rejected]
    clean(connection, table, names)
    columns = {n: RawColumn(n, "VARCHAR", is_loose=True) for n in names}
    n_rows = _count(connection, table)
    return Raw(table, columns, n_rows, n_rejected, tuple(examples[:N_EXAMPLES]))


def _insert(
    connection: Connection, path: Path, layout: Layout, table: str, audit: Audit
) -> list[tuple[int, str]]:
    """Read one file into the table; give the rows that were rejected, counted and shown."""
    if not layout.has_header:
        audit.add(
            Finding(
                "no_header",
                f"{path.name} has no header; its columns are called column0, column1 and so on",
                severity="warning",
                source=path.name,
            )
        )
    n_before = _count(connection, table)
    try:
        rejected = _read(connection, path, layout, table)
    except EngineError as error:
        if "state machine" not in error.what:
            raise
        # Line ends of both kinds in one file, as a line appended on another system makes them.
        rejected = _read(connection, path, layout, table, strict=False)
    if any(kind == "INVALID ENCODING" for _, _, kind in rejected):
        # Read again as a whole: an encoding is a matter of the file, not of single rows.
        connection.run(f"DELETE FROM {quoted(table)} WHERE rowid >= {n_before}")
        layout = replace(layout, encoding="latin-1")
        rejected = _read(connection, path, layout, table)
    if layout.encoding != "utf-8":
        audit.add(
            Finding(
                "encoding",
                f"{path.name} is not written in UTF-8; it was read as {layout.encoding}",
                source=path.name,
            )
        )
    return [(n, text) for n, text, _ in rejected]


def _read(
    connection: Connection, path: Path, layout: Layout, table: str, *, strict: bool = True
) -> list[tuple[int, str, str]]:
    """Append a file's rows to the table; give what was rejected: lines lost, example, kind."""
    errors, scans = quoted(f"{table}_errors"), quoted(f"{table}_scans")
    fields = ", ".join(f"{literal(n)}: 'VARCHAR'" for n in layout.columns)
    words = ", ".join(literal(w) for w in spellings())
    connection.run(f"DROP TABLE IF EXISTS {errors}")
    connection.run(f"DROP TABLE IF EXISTS {scans}")
    connection.run(
        f"INSERT INTO {quoted(table)} BY NAME SELECT * FROM read_csv({_path(path)}, "
        f"auto_detect = false, header = {str(layout.has_header).lower()}, "
        f"delim = {literal(layout.delimiter)}, quote = '\"', escape = '\"', "
        f"encoding = {literal(layout.encoding)}, columns = {{{fields}}}, "
        f"nullstr = [{words}], max_line_size = {LONGEST_LINE}, "
        f"strict_mode = {str(strict).lower()}, store_rejects = true, rejects_limit = 0, "
        f"rejects_table = {literal(table + '_errors')}, rejects_scan = {literal(table + '_scans')})"
    )
    found = connection.rows(
        f"SELECT line, any_value(csv_line), min(error_type), min(error_message) FROM {errors} "
        "GROUP BY line ORDER BY line"
    )
    return [
        (
            max(1, len(text.strip().splitlines())),
            f"line {line}: {_shown(text.strip())}: {said}",
            kind,
        )
        for line, text, kind, said in found
    ]
