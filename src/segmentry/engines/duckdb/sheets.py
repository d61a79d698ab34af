"""Sheets of workbooks as one table of texts.

What lives here: bringing the rows of each workbook into DuckDB. What does not: finding the table
in a workbook (``workbook``).
"""

from __future__ import annotations

from segmentry.domain.audit import Audit, Finding
from segmentry.engines.duckdb.connection import Connection
from segmentry.engines.duckdb.raw import Raw, path_literal
from segmentry.engines.duckdb.texttables import TextTable
from segmentry.engines.expressions import quoted
from segmentry.engines.files import SHEET, Files
from segmentry.engines.header import told_repeated
from segmentry.engines.workbook import Sheet, written_sheet


def load_sheets(connection: Connection, files: Files, table: str, audit: Audit) -> Raw:
    """Load one sheet of each workbook.

    Raises
    ------
    DataError
        E2002 if a workbook is damaged or has no such sheet, E2003 if no sheet holds a table.
    """
    folder = connection.folder / "sheets"
    sheets = [written_sheet(p, folder, sheet=files.sheet) for p in files.paths]
    texts = TextTable(connection, table, files.name, [s.columns for s in sheets])
    for sheet in sheets:
        _tell(sheet, audit)
        texts.begin_file()
        connection.run(
            f"INSERT INTO {quoted(table)} BY NAME "
            f"SELECT * FROM read_parquet({path_literal(sheet.rows)})"
        )
        sheet.rows.unlink()
    return texts.finished(audit)


def _tell(sheet: Sheet, audit: Audit) -> None:
    if sheet.repeated:
        said = told_repeated(sheet.path.name, sheet.repeated)
        audit.add(Finding("repeated_name", said, severity="warning", source=sheet.path.name))
    told = [f"the sheet {sheet.name!r} was read"]
    if sheet.others:
        others = ", ".join(repr(n) for n in sheet.others)
        told[0] += f" of {len(sheet.others) + 1} (the others: {others}; to read one of them,"
        told[0] += f" write {sheet.path.name}{SHEET}{sheet.others[0]})"
    if sheet.n_titles:
        rows = "1 row" if sheet.n_titles == 1 else f"{sheet.n_titles} rows"
        told.append(f"{rows} above the table left out")
    if not sheet.has_header:
        told.append("it has no header; its columns are called column1, column2 and so on")
    audit.add(
        Finding(
            "layout",
            f"{sheet.path.name}: {'; '.join(told)}",
            severity="info" if sheet.has_header and not sheet.others else "warning",
            source=sheet.path.name,
        )
    )
