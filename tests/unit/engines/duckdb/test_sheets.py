from __future__ import annotations

from pathlib import Path

import pytest

from segmentry.domain.audit import Audit
from segmentry.engines.duckdb.connection import Connection
from segmentry.engines.duckdb.sheets import load_sheets
from segmentry.engines.files import find_files
from segmentry.errors import DataError


def book(path: Path, **sheets: list[list[object]]) -> Path:
    import openpyxl

    made = openpyxl.Workbook()
    made.remove(made.active)
    for name, rows in sheets.items():
        sheet = made.create_sheet(name)
        for row in rows:
            sheet.append(row)
    made.save(path)
    return path


def test_workbooks_of_one_kind_are_put_below_each_other(
    connection: Connection, tmp_path: Path
) -> None:
    book(tmp_path / "a.xlsx", s=[["id", "x"], [1, "a"], [2, "b"]])
    book(tmp_path / "b.xlsx", s=[["x", "id"], ["c", 3]])
    raw = load_sheets(connection, find_files(str(tmp_path), ""), "t", Audit())
    assert connection.rows("SELECT id, x FROM t") == [("1", "a"), ("2", "b"), ("3", "c")]
    assert all(c.is_loose for c in raw.columns.values())


def test_the_choice_of_a_sheet_is_told_and_may_be_made(
    connection: Connection, tmp_path: Path
) -> None:
    path = book(tmp_path / "a.xlsx", few=[["id"], [1]], many=[["id"], [1], [2], [3]])
    audit = Audit()
    assert load_sheets(connection, find_files(str(path), ""), "t", audit).n_rows == 3
    assert "the sheet 'many' was read of 2 (the others: 'few'; to read one" in audit.warnings[0]
    assert load_sheets(connection, find_files(f"{path}#few", ""), "u", Audit()).n_rows == 1


def test_a_sheet_that_is_not_there_is_refused_with_those_that_are(
    connection: Connection, tmp_path: Path
) -> None:
    path = book(tmp_path / "a.xlsx", orders=[["id"], [1]], notes=[["x"], [1]])
    with pytest.raises(DataError, match="has no sheet 'order'; it has 'orders', 'notes'") as caught:
        load_sheets(connection, find_files(f"{path}#order", ""), "t", Audit())
    assert caught.value.hint == "did you mean 'orders'?"


def test_columns_of_one_name_are_told(connection: Connection, tmp_path: Path) -> None:
    audit = Audit()
    path = book(tmp_path / "a.xlsx", s=[["id", "x", "X"], [1, 2, 3], [4, 5, 6]])
    load_sheets(connection, find_files(str(path), ""), "t", audit)
    assert [f.severity for f in audit.findings if f.code == "repeated_name"] == ["warning"]
