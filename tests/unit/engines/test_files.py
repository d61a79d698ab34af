from __future__ import annotations

from pathlib import Path

import pytest

from reading import write
from segmentry.engines.files import Format, find_files, format_of, listed
from segmentry.errors import DataError


@pytest.mark.parametrize(
    ("name", "format_"),
    [
        ("a.csv", Format.CSV),
        ("a.TSV", Format.CSV),
        ("a.b.csv.gz", Format.CSV),
        ("a.parquet", Format.PARQUET),
        ("a.jsonl.zst", Format.JSON),
        ("a.xlsx", Format.WORKBOOK),
        ("a.feather", Format.ARROW),
        ("a.tsv.zip", Format.CSV),
        ("a.zip", None),
        ("a.gz", None),
        ("a", None),
    ],
)
def test_the_endings_tell_the_format(name: str, format_: Format | None) -> None:
    assert format_of(Path(name)) is format_


def test_a_relative_path_starts_in_the_folder(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", "x\n1\n")
    assert find_files("a.csv", str(tmp_path)).paths == (path,)


def test_a_glob_gives_its_files_in_order(tmp_path: Path) -> None:
    (tmp_path / "logs").mkdir()
    paths = [write(tmp_path / "logs" / f"{c}.csv", "x\n1\n") for c in "ba"]
    found = find_files("logs/*.csv", str(tmp_path))
    assert found.paths == tuple(sorted(paths))
    assert found.name == "a.csv and 1 more"


def test_a_folder_gives_what_can_be_read_in_it(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", "x\n1\n")
    write(tmp_path / "README.md", "about")
    write(tmp_path / "_SUCCESS", "")
    assert find_files(str(tmp_path), "").paths == (path,)


def test_a_folder_of_folders_is_read_to_the_leaves(tmp_path: Path) -> None:
    (tmp_path / "year=2011").mkdir()
    path = write(tmp_path / "year=2011" / "a.parquet", "x")
    assert find_files(str(tmp_path), "").paths == (path,)


def test_a_missing_file_names_the_nearest(tmp_path: Path) -> None:
    write(tmp_path / "orders.csv", "x\n1\n")
    with pytest.raises(DataError, match=r"there is no file 'oders\.csv'") as caught:
        find_files("oders.csv", str(tmp_path))
    assert caught.value.code == "E2001"
    assert caught.value.hint == "did you mean 'orders.csv'?"


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no file") as caught:
        find_files("nowhere/orders.csv", str(tmp_path))
    assert "there is no folder" in str(caught.value.hint)


def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="holds no file"):
        find_files(str(tmp_path), "")


def test_a_folder_of_several_kinds_is_refused(tmp_path: Path) -> None:
    write(tmp_path / "a.csv", "x\n1\n")
    write(tmp_path / "b.parquet", "x")
    with pytest.raises(DataError, match="mixes CSV and Parquet files") as caught:
        find_files(str(tmp_path), "")
    assert caught.value.code == "E2002"


@pytest.mark.parametrize(
    ("name", "content"),
    [("a.png", b"\x89PNG\x00\x00"), ("a.html", "<p>"), ("a.md", "# about"), ("export", "<html>")],
)
def test_a_kind_that_cannot_be_read_is_refused(
    tmp_path: Path, name: str, content: str | bytes
) -> None:
    write(tmp_path / name, content)
    with pytest.raises(DataError, match="is not a kind of file that can be read") as caught:
        find_files(name, str(tmp_path))
    assert caught.value.code == "E2002"


@pytest.mark.parametrize(
    ("name", "content", "format_"),
    [
        ("export", "id,x\n1,a\n", Format.CSV),
        ("export.log", '{"id": 1}\n', Format.JSON),
        ("a.csv", b"PAR1....", Format.PARQUET),
        ("a.xls", "id\tx\n1\ta\n", Format.CSV),
        ("a.xls", b"\xd0\xcf\x11\xe0\x00", Format.WORKBOOK),
        ("a.csv", b"PK\x03\x04......xl/workbook.xml\x00", Format.WORKBOOK),
        ("a.csv", b"PK\x03\x04......", Format.CSV),
        ("a.json", "id,x\n", Format.JSON),
    ],
)
def test_first_bytes_go_before_a_name(
    tmp_path: Path, name: str, content: str | bytes, format_: Format
) -> None:
    write(tmp_path / name, content)
    assert find_files(name, str(tmp_path)).format is format_


def test_a_sheet_is_named_behind_the_workbook(tmp_path: Path) -> None:
    path = write(tmp_path / "a.xlsx", b"PK\x03\x04")
    found = find_files("a.xlsx#Sheet 2", str(tmp_path))
    assert (found.paths, found.sheet) == ((path,), "Sheet 2")
    assert find_files("a.xlsx", str(tmp_path)).sheet is None


def test_a_sign_in_the_name_of_another_file_means_itself(tmp_path: Path) -> None:
    path = write(tmp_path / "a#1.csv", "id\n1\n")
    assert find_files("a#1.csv", str(tmp_path)).paths == (path,)


def test_an_empty_file_is_refused(tmp_path: Path) -> None:
    write(tmp_path / "a.csv", "")
    with pytest.raises(DataError, match=r"'a\.csv' is empty") as caught:
        find_files("a.csv", str(tmp_path))
    assert caught.value.code == "E2003"


def test_the_files_that_a_path_means_are_listed_whatever_is_in_them(tmp_path: Path) -> None:
    for name in ("a.csv", "b.csv", "book.xlsx"):
        write(tmp_path / name, "")
    assert listed(tmp_path / "a.csv") == [tmp_path / "a.csv"]
    assert listed(tmp_path / "*.csv") == [tmp_path / "a.csv", tmp_path / "b.csv"]
    assert listed(tmp_path / "book.xlsx#Sales") == [tmp_path / "book.xlsx"]
    assert len(listed(tmp_path)) == 3
    assert listed(tmp_path / "gone.csv") == []
