"""Files that know types: Parquet and Arrow as a view, with a column for each value inside structs.

What lives here: the view. What does not: what the values mean (``columns``, ``native``).
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from segmentry.domain.audit import Audit, Finding
from segmentry.engines.duckdb.connection import Connection
from segmentry.engines.duckdb.raw import Raw, RawColumn, count_rows, described, path_literal
from segmentry.engines.expressions import quoted
from segmentry.engines.files import Files
from segmentry.engines.header import unique_names
from segmentry.engines.packing import free_name
from segmentry.engines.scratch import writing_scratch
from segmentry.errors import DataError, EngineError

INDEX = "__index_level_0__"
"""Where pandas puts the index of a frame; where it numbers rows, it is no column."""


def load_parquet(connection: Connection, files: Files, table: str, audit: Audit) -> Raw:
    """View Parquet files as one table.

    Raises
    ------
    DataError
        E2002 if a file is damaged, or files do not fit together.
    """
    try:
        _view(connection, files.paths, table)
    except (EngineError, DataError) as error:
        raise _damaged(connection, files, table, error) from error
    columns = described(connection, table)
    if INDEX in columns and len(columns) > 1 and columns[INDEX].endswith("INT"):
        del columns[INDEX]
        said = f"the column {INDEX!r} is left out: it only numbers the rows"
        audit.add(Finding("dropped_column", said, source=files.name, column=INDEX))
    known = {n: RawColumn(n, t) for n, t in columns.items()}
    return Raw(table, known, count_rows(connection, table))


def load_arrow(connection: Connection, files: Files, table: str, audit: Audit) -> Raw:
    """Write Arrow files as Parquet, batch by batch, and view these.

    Raises
    ------
    DataError
        E2002 if a file is damaged.
    """
    folder = connection.folder / "arrow"
    copies = tuple(_as_parquet(p, free_name(folder, f"{p.stem}.parquet")) for p in files.paths)
    return load_parquet(connection, replace(files, paths=copies), table, audit)


def _as_parquet(path: Path, target: Path) -> Path:
    import pyarrow as pa
    import pyarrow.dataset as ds
    import pyarrow.parquet as pq

    try:
        found = ds.dataset(str(path), format="ipc")
        with (
            writing_scratch(target.parent, f"hold the rows of {path.name!r}"),
            pq.ParquetWriter(target, found.schema) as sink,
        ):
            for batch in found.to_batches():
                sink.write_batch(batch)
    except (pa.ArrowInvalid, OSError) as error:
        raise DataError(
            f"{path.name!r} is no whole Arrow file: {error}",
            code="E2002",
            where=str(path),
            hint="fetch or write the file again",
        ) from error
    return target


def _view(connection: Connection, paths: tuple[Path, ...], table: str) -> None:
    listed = ", ".join(map(path_literal, paths))
    read = f"SELECT * FROM read_parquet([{listed}], union_by_name = true)"
    connection.run(f"CREATE OR REPLACE VIEW {quoted(table)} AS {read}")
    types = described(connection, table)
    if not any(_is_opened(t) for t in types.values()):
        return
    found = connection.types(read)
    parts = [part for name, type_ in found for part in _parts((name,), quoted(name), type_)]
    names = unique_names(n for n, _ in parts)
    values = ", ".join(f"{sql} AS {quoted(n)}" for n, (_, sql) in zip(names, parts, strict=True))
    connection.run(f"CREATE OR REPLACE VIEW {quoted(table)} AS SELECT {values} FROM ({read})")


def _is_opened(type_: str) -> bool:
    return type_ == "BLOB" or (type_.startswith("STRUCT") and not type_.endswith("]"))


def _parts(path: tuple[str, ...], sql: str, type_: Any) -> list[tuple[str, str]]:
    """Give the values inside a struct, and bytes as the text that they are most of the time."""
    if type_.id == "struct":
        return [
            part
            for name, inner in type_.children
            for part in _parts((*path, name), f"struct_extract({sql}, {_text(name)})", inner)
        ]
    return [(".".join(path), f"TRY(decode({sql}))" if type_.id == "blob" else sql)]


def _text(name: str) -> str:
    return "'" + name.replace("'", "''") + "'"


def _damaged(connection: Connection, files: Files, table: str, error: Exception) -> DataError:
    """Find which of the files cannot be read."""
    for path in files.paths:
        try:
            _view(connection, (path,), table)
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
