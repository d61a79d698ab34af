"""Loading a source's files, whatever their kind.

What lives here: which kind is loaded by which module, and what holds for all. What does not: the
kinds (``csvfiles``, ``jsonfiles``, ``typedfiles``, ``sheets``), and what values mean (``columns``).
"""

from __future__ import annotations

from dataclasses import replace

from segmentry.domain.audit import Audit
from segmentry.engines.duckdb.connection import Connection
from segmentry.engines.duckdb.csvfiles import load_csv
from segmentry.engines.duckdb.jsonfiles import load_json
from segmentry.engines.duckdb.raw import Raw
from segmentry.engines.duckdb.sheets import load_sheets
from segmentry.engines.duckdb.typedfiles import load_arrow, load_parquet
from segmentry.engines.files import Files, Format
from segmentry.engines.packing import check_whole, unpacked
from segmentry.errors import DataError


def load(connection: Connection, files: Files, table: str, audit: Audit) -> Raw:
    """Load or view files as a table.

    Raises
    ------
    DataError
        E2002 if a file is damaged, E2003 if there is no row.
    """
    for path in files.paths:
        check_whole(path)
    folder = connection.folder / "unpacked"
    whole = replace(files, paths=tuple(unpacked(p, folder) for p in files.paths))
    if files.format is Format.PARQUET:
        raw = load_parquet(connection, whole, table, audit)
    elif files.format is Format.ARROW:
        raw = load_arrow(connection, whole, table, audit)
    elif files.format is Format.JSON:
        raw = load_json(connection, whole, table, audit)
    elif files.format is Format.WORKBOOK:
        raw = load_sheets(connection, whole, table, audit)
    else:
        raw = load_csv(connection, whole, table, audit)
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
