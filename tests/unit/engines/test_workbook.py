from __future__ import annotations

from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow.parquet as pq
import pytest

from reading import wall, write
from segmentry.engines.workbook import Sheet, written_sheet
from segmentry.errors import DataError


def book(path: Path, *rows: list[Any], **sheets: list[list[Any]]) -> Path:
    made = openpyxl.Workbook()
    for name, content in {"Sheet": list(rows), **sheets}.items():
        sheet = made.active if name == "Sheet" else made.create_sheet(name)
        for row in content:
            sheet.append(row)
    made.save(path)
    return path


def rows_of(sheet: Sheet) -> list[tuple[str | None, ...]]:
    table = pq.read_table(sheet.rows)
    return list(zip(*(table[n].to_pylist() for n in table.column_names), strict=True))


def test_cells_become_texts_from_which_their_values_can_be_told(tmp_path: Path) -> None:
    cells = [7, 2.5, 3.0, "00123", True, wall("2023-01-13 14:05:00"), date(2023, 1, 13),
             time(14, 5), timedelta(hours=26, minutes=3), None]  # fmt: skip
    names = [f"column {c}" for c in "abcdefghij"]
    sheet = written_sheet(book(tmp_path / "a.xlsx", names, cells), tmp_path / "out")
    assert sheet.columns == tuple(names)
    assert rows_of(sheet) == [
        ("7", "2.5", "3", "00123", "true", "2023-01-13T14:05:00", "2023-01-13", "14:05:00",
         "26:03:00", None)
    ]  # fmt: skip


def test_rows_above_and_between_are_left_out(tmp_path: Path) -> None:
    rows = [["Sales"], [], ["id", "at", "amount"], [1, wall("2023-01-13"), 2.5], [],
            [2, wall("2023-01-14"), 3.5]]  # fmt: skip
    sheet = written_sheet(book(tmp_path / "a.xlsx", *rows), tmp_path / "out")
    assert (sheet.n_titles, sheet.has_header) == (1, True)
    assert [row[0] for row in rows_of(sheet)] == ["1", "2"]


def test_the_sheet_with_most_cells_is_taken_unless_one_is_named(tmp_path: Path) -> None:
    path = book(tmp_path / "a.xlsx", ["about"], Orders=[["id", "x"], [1, "a"]], Empty=[])
    sheet = written_sheet(path, tmp_path / "out")
    assert (sheet.name, sheet.others) == ("Orders", ("Sheet",))
    named = written_sheet(path, tmp_path / "out", sheet="Sheet")
    assert (named.name, named.others) == ("Sheet", ())


def test_a_hidden_sheet_is_not_taken_by_itself(tmp_path: Path) -> None:
    path = book(tmp_path / "a.xlsx", ["id"], [1], Hidden=[["x"], [1], [2], [3]])
    made = openpyxl.load_workbook(path)
    made["Hidden"].sheet_state = "hidden"
    made.save(path)
    assert written_sheet(path, tmp_path / "out").name == "Sheet"


def test_an_empty_workbook_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="holds nothing in any sheet") as caught:
        written_sheet(book(tmp_path / "a.xlsx"), tmp_path / "out")
    assert caught.value.code == "E2003"


@pytest.mark.parametrize("content", [b"PK\x03\x04 no more", b"\xd0\xcf\x11\xe0 no more"])
def test_a_damaged_workbook_is_refused(tmp_path: Path, content: bytes) -> None:
    path = write(tmp_path / "a.xlsx", content)
    with pytest.raises(DataError, match=r"'a\.xlsx' is no whole workbook") as caught:
        written_sheet(path, tmp_path / "out")
    assert caught.value.code == "E2002"


def test_a_long_sheet_is_written_in_batches(tmp_path: Path) -> None:
    made = openpyxl.Workbook(write_only=True)
    sheet = made.create_sheet()
    sheet.append(["id", "at"])
    start = datetime(2023, 1, 1)  # noqa: DTZ001
    for i in range(6_000):
        sheet.append([i, start + timedelta(hours=i)])
    made.save(tmp_path / "a.xlsx")
    found = written_sheet(tmp_path / "a.xlsx", tmp_path / "out")
    assert pq.ParquetFile(found.rows).metadata.num_row_groups == 2
    assert rows_of(found)[-1][0] == "5999"
