from __future__ import annotations

from pathlib import Path

import pytest

from reading import log, write
from segmentry.engines.delimited import layout_of, unique_names
from segmentry.errors import DataError


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_told(tmp_path: Path, delimiter: str) -> None:
    layout = layout_of(write(tmp_path / "a.csv", log(separator=delimiter)))
    assert layout.delimiter == delimiter
    assert layout.columns == ("id", "at", "amount")


def test_commas_inside_numbers_do_not_divide(tmp_path: Path) -> None:
    layout = layout_of(write(tmp_path / "a.csv", "id;price\n1;2,50\n2;3,75\n"))
    assert layout.delimiter == ";"


def test_a_quoted_header_may_hold_anything(tmp_path: Path) -> None:
    layout = layout_of(write(tmp_path / "a.csv", '"a\nb","say ""x"", please"\n1,2\n'))
    assert layout.columns == ("a\nb", 'say "x", please')


@pytest.mark.parametrize(
    ("encoding", "told"),
    [("utf-8", "utf-8"), ("utf-8-sig", "utf-8"), ("latin-1", "latin-1"), ("utf-16", "utf-16")],
)
def test_the_encoding_is_told(tmp_path: Path, encoding: str, told: str) -> None:
    layout = layout_of(write(tmp_path / "a.csv", "straße,x\nKöln,1\n".encode(encoding)))
    assert layout.encoding == told
    assert layout.columns == ("straße", "x")


def test_numbers_alone_are_no_header(tmp_path: Path) -> None:
    layout = layout_of(write(tmp_path / "a.csv", "1,2.5\n2,3.5\n"))
    assert not layout.has_header
    assert layout.columns == ("column0", "column1")


def test_row_names_without_a_header_get_one(tmp_path: Path) -> None:
    layout = layout_of(write(tmp_path / "a.csv", '"a","b"\n"1",5,6\n"2",7,8\n'))
    assert layout.columns == ("column0", "a", "b")


def test_a_file_of_nothing_but_blanks_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="is empty"):
        layout_of(write(tmp_path / "a.csv", "\n \n"))


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="is no text file"):
        layout_of(write(tmp_path / "a.csv", b"PK\x03\x04\x00\x00\x08\x00"))


def test_names_are_made_unique_whatever_their_case() -> None:
    assert unique_names(["id", "ID", "", "id", "x "]) == ("id", "ID_1", "column2", "id_2", "x")
