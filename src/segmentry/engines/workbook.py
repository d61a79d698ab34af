"""Workbooks: which sheet holds the table, where it begins, and its rows as texts.

What lives here: reading ``.xlsx``, ``.xls`` and ``.ods`` by calamine, row by row into Parquet.
What does not: what the texts mean (each engine's room), as for any other text.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

from segmentry.engines.header import Frame, frame_of
from segmentry.engines.packing import free_name
from segmentry.engines.scratch import writing_scratch
from segmentry.errors import DataError, nearest

BATCH_ROWS = 5_000
_HEAD_ROWS = 100
_EXACT = 2**53


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet, and a Parquet file of its rows as texts."""

    path: Path
    """The workbook."""
    name: str
    others: tuple[str, ...]
    """Sheets that hold something too, and were not asked for."""
    columns: tuple[str, ...]
    has_header: bool
    n_titles: int
    rows: Path
    repeated: tuple[str, ...] = ()
    """Names that several columns bear."""


def written_sheet(path: Path, folder: Path, *, sheet: str | None = None) -> Sheet:
    """Write the rows of a sheet into a Parquet file of texts.

    Parameters
    ----------
    path : Path
        The workbook.
    folder : Path
        Takes the file.
    sheet : str or None
        The sheet; None is the visible one with most cells that hold something.

    Returns
    -------
    Sheet

    Raises
    ------
    DataError
        E2002 if the workbook cannot be read or has no such sheet, E2003 if nothing is in it.
    """
    book, known = _opened(path)
    name, others, rows = _chosen(book, known, path, sheet)
    frame = _framed(rows)
    target = free_name(folder, f"{path.stem}.parquet")
    width = len(frame.names)
    with writing_scratch(folder, f"hold the rows of {path.name!r}"):
        _write(islice(_texts(rows, width), frame.n_skip, None), frame.names, target)
    return Sheet(
        path, name, others, frame.names, frame.has_header, frame.n_titles, target, frame.repeated
    )


def _opened(path: Path) -> tuple[Any, list[str]]:
    """Open a workbook and name its visible sheets."""
    import python_calamine as calamine

    try:
        book = calamine.CalamineWorkbook.from_path(str(path))
        visible = [
            s.name
            for s in book.sheets_metadata
            if s.typ == calamine.SheetTypeEnum.WorkSheet
            and s.visible == calamine.SheetVisibleEnum.Visible
        ]
    except (calamine.CalamineError, OSError, ValueError) as error:
        raise _damaged(path, error) from error
    return book, visible or list(book.sheet_names)


def _damaged(path: Path, error: Exception) -> DataError:
    return DataError(
        f"{path.name!r} is no whole workbook: {error}",
        code="E2002",
        where=str(path),
        hint="open it in a spreadsheet program and save it again; a protected one cannot be read",
    )


def _chosen(
    book: Any, known: Sequence[str], path: Path, sheet: str | None
) -> tuple[str, tuple[str, ...], Any]:
    """Give the name of the sheet, the others that hold something, and its cells."""
    if sheet is not None:
        names = list(book.sheet_names)
        if sheet not in names:
            listed = ", ".join(repr(n) for n in names)
            raise DataError(
                f"{path.name!r} has no sheet {sheet!r}; it has {listed}",
                code="E2002",
                where=str(path),
                hint=nearest(sheet, names),
            )
        return sheet, (), _cells(book, sheet, path)
    best: tuple[str, Any] | None = None
    sizes: dict[str, int] = {}
    for name in known:
        rows = _cells(book, name, path)
        sizes[name] = _size(rows)
        if sizes[name] and (best is None or sizes[name] > sizes[best[0]]):
            best = (name, rows)
    if best is None:
        raise DataError(
            f"{path.name!r} holds nothing in any sheet",
            code="E2003",
            where=str(path),
            hint="a header and at least one row are needed",
        )
    return best[0], tuple(n for n in known if n != best[0] and sizes[n]), best[1]


def _cells(book: Any, name: str, path: Path) -> Any:
    import python_calamine as calamine

    try:
        return book.get_sheet_by_name(name)
    except (calamine.CalamineError, OSError, ValueError) as error:
        raise _damaged(path, error) from error


def _size(sheet: Any) -> int:
    """Count the cells that hold something, among many rows by their area."""
    if sheet.height * sheet.width > 1 << 20:
        return int(sheet.height * sheet.width)
    return sum(cell not in {"", None} for row in sheet.iter_rows() for cell in row)


def _framed(rows: Any) -> Frame:
    records = [list(r) for r in islice(_texts(rows, None), _HEAD_ROWS)]
    return frame_of([[c or "" for c in r] if any(r) else [] for r in records])


def _texts(sheet: Any, width: int | None) -> Iterator[list[str | None]]:
    """Give the rows of a sheet as texts."""
    for row in sheet.iter_rows():
        cells = [_text(cell) for cell in row]
        yield cells if width is None else cells[:width]


def _text(cell: Any) -> str | None:
    """Write a cell as a text from which its value can be told again."""
    if cell is None or cell == "":
        return None
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < _EXACT:
        # A spreadsheet knows only one kind of number; whole ones are shown without a point.
        return str(int(cell))
    if isinstance(cell, timedelta):
        return _clock(cell)
    return cell.isoformat() if isinstance(cell, date | time) else str(cell)


def _clock(length: timedelta) -> str:
    """Write a length of time, which is how some programs keep a time of day."""
    seconds = round(length.total_seconds())
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"


def _write(rows: Iterator[list[str | None]], names: Sequence[str], target: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    schema = pa.schema([(n, pa.string()) for n in names])
    with pq.ParquetWriter(target, schema) as sink:
        while batch := list(islice(rows, BATCH_ROWS)):
            said = [row for row in batch if any(row)]
            columns = zip(*said, strict=True) if said else ()
            arrays = [pa.array(column, pa.string()) for column in columns]
            if arrays:
                sink.write_table(pa.table(arrays, schema=schema))
