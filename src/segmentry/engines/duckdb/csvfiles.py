"""Delimited texts as one table of texts.

What lives here: reading the rows of each file, whatever the order of its columns, and telling how
it was read. What does not: telling how files are written (``delimited``), taking out what is no
row or no column (``tidying``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from segmentry.domain.audit import Audit, Finding
from segmentry.engines.delimited import Layout, layout_of
from segmentry.engines.duckdb.cleaning import spellings
from segmentry.engines.duckdb.connection import Connection
from segmentry.engines.duckdb.raw import (
    LONGEST_LINE,
    N_EXAMPLES,
    Raw,
    path_literal,
    shown,
)
from segmentry.engines.duckdb.texttables import TextTable
from segmentry.engines.duckdb.tidying import is_footer_line
from segmentry.engines.expressions import literal, quoted
from segmentry.engines.files import Files
from segmentry.engines.header import told_repeated
from segmentry.engines.numerals import Decimal
from segmentry.engines.transcript import transcribed
from segmentry.errors import EngineError

CODE_PAGES = {"cp1252": "Windows-1252", "latin-1": "ISO 8859-1 (latin-1)", "utf-16": "UTF-16"}


@dataclass(frozen=True, slots=True)
class _Rejected:
    """Lines that could not be split into columns: how many, an example, the kind of mistake."""

    n_lines: int
    text: str
    said: str
    kind: str

    @property
    def is_footer(self) -> bool:
        """Say whether it is a line about the table, not a row cut short."""
        return self.kind == "MISSING COLUMNS" and is_footer_line(self.text)


def load_csv(connection: Connection, files: Files, table: str, audit: Audit) -> Raw:
    """Load delimited texts."""
    layouts = _named_alike({path: layout_of(path) for path in files.paths})
    texts = TextTable(connection, table, files.name, [x.columns for x in layouts.values()])
    n_rejected, examples = 0, []
    for path, layout in layouts.items():
        _tell_layout(path, layout, audit)
        texts.begin_file()
        rejected = _insert(texts, path, layout, audit)
        bad = [r for r in rejected if not r.is_footer]
        texts.n_footers += len(rejected) - len(bad)
        n_rejected += sum(r.n_lines for r in bad)
        examples += [f"{path.name} {r.said}" for r in bad]
    raw = texts.finished(audit)
    decimal = _decimal([x.decimal for x in layouts.values()])
    shown_ = tuple(examples[:N_EXAMPLES])
    return replace(raw, n_rejected=n_rejected, rejected=shown_, decimal=decimal)


def _decimal(signs: Sequence[Decimal]) -> Decimal:
    told = {s for s in signs if s}
    return told.pop() if len(told) == 1 else ""


def _named_alike(layouts: dict[Path, Layout]) -> dict[Path, Layout]:
    """Spell the columns of several files alike; where some have no header, lend them one."""
    lender = next((x for x in layouts.values() if x.has_header), None)
    spelled: dict[str, str] = {}
    result = {}
    for path, layout in layouts.items():
        names = layout.columns
        if not layout.has_header and lender and len(names) == len(lender.columns):
            names = lender.columns
        names = tuple(spelled.setdefault(n.lower(), n) for n in names)
        is_lent = names != layout.columns and not layout.has_header
        result[path] = replace(layout, columns=names, has_header=layout.has_header or is_lent)
    return result


def _tell_layout(path: Path, layout: Layout, audit: Audit) -> None:
    """Tell what is unusual in how a file is written."""
    if not layout.has_header:
        audit.add(
            Finding(
                "no_header",
                f"{path.name} has no header; its columns are called column1, column2 and so on",
                severity="warning",
                source=path.name,
            )
        )
    if layout.repeated:
        said = told_repeated(path.name, layout.repeated)
        audit.add(Finding("repeated_name", said, severity="warning", source=path.name))
    told = []
    if layout.n_titles:
        lines = "1 line" if layout.n_titles == 1 else f"{layout.n_titles} lines"
        told.append(f"{lines} above the table left out")
    if layout.has_comments:
        told.append("lines that begin with # left out as comments")
    if layout.is_padded:
        told.append("short rows filled up with empty cells")
    if layout.blanks is not None:
        told.append(f"columns told apart by {layout.blanks.name}")
    if told:
        severity = "warning" if layout.is_padded else "info"
        said = f"{path.name}: {'; '.join(told)}"
        audit.add(Finding("layout", said, severity=severity, source=path.name))


def _insert(texts: TextTable, path: Path, layout: Layout, audit: Audit) -> list[_Rejected]:
    """Read one file into the table; give the lines that were rejected."""
    connection, table = texts.connection, texts.table
    rejected = _read_any(connection, path, layout, table)
    if any(r.kind == "INVALID ENCODING" for r in rejected):
        # Read again as a whole: an encoding is a matter of the file, not of single rows.
        connection.run(f"DELETE FROM {quoted(table)} WHERE rowid >= {texts.starts[-1]}")
        layout = replace(layout, encoding="cp1252")
        rejected = _read_any(connection, path, layout, table)
    if layout.encoding != "utf-8":
        name = CODE_PAGES.get(layout.encoding, layout.encoding.upper())
        audit.add(
            Finding(
                "encoding",
                f"{path.name} is not written in UTF-8; it was read as {name}",
                source=path.name,
            )
        )
    return rejected


def _read_any(connection: Connection, path: Path, layout: Layout, table: str) -> list[_Rejected]:
    if layout.is_direct:
        return _read_lenient(connection, path, layout, table)
    copy, plain = transcribed(path, layout, connection.folder / "transcribed")
    rejected = _read_lenient(connection, copy, plain, table)
    copy.unlink()
    return rejected


def _read_lenient(
    connection: Connection, path: Path, layout: Layout, table: str
) -> list[_Rejected]:
    try:
        return _read(connection, path, layout, table)
    except EngineError as error:
        if "state machine" not in error.what:
            raise
        # Line ends of both kinds in one file, as a line appended on another system makes them.
        return _read(connection, path, layout, table, strict=False)


def _read(
    connection: Connection, path: Path, layout: Layout, table: str, *, strict: bool = True
) -> list[_Rejected]:
    """Append a file's rows to the table; give what was rejected."""
    errors, scans = quoted(f"{table}_errors"), quoted(f"{table}_scans")
    fields = ", ".join(f"{literal(n)}: 'VARCHAR'" for n in layout.columns)
    # What holds a sign of the layout is refused here, and found when the texts are cleaned.
    signs = {layout.delimiter, layout.quote, layout.escape} - {""}
    words = ", ".join(literal(w) for w in spellings() if not signs & set(w))
    connection.run(f"DROP TABLE IF EXISTS {errors}")
    connection.run(f"DROP TABLE IF EXISTS {scans}")
    connection.run(
        f"INSERT INTO {quoted(table)} BY NAME SELECT * FROM read_csv({path_literal(path)}, "
        f"auto_detect = false, header = false, skip = {layout.n_skip}, "
        f"delim = {literal(layout.delimiter)}, quote = {literal(layout.quote)}, "
        f"escape = {literal(layout.escape)}, null_padding = {str(layout.is_padded).lower()}, "
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
        _Rejected(
            max(1, len(text.strip().splitlines())),
            text.strip(),
            f"line {line}: {shown(text.strip())}: {said}",
            kind,
        )
        for line, text, kind, said in found
    ]
