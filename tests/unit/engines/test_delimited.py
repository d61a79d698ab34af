from __future__ import annotations

from pathlib import Path

import pytest

from reading import log, write
from segmentry.engines.delimited import encoding_of, layout_of
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
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8"),
        ("latin-1", "latin-1"),
        ("utf-16", "utf-16"),
        ("utf-16-le", "utf-16-le"),
        ("utf-16-be", "utf-16-be"),
    ],
)
def test_the_encoding_is_told(tmp_path: Path, encoding: str, told: str) -> None:
    layout = layout_of(write(tmp_path / "a.csv", "straße,x\nKöln,1\n".encode(encoding)))
    assert layout.encoding == told
    assert layout.columns == ("straße", "x")


def test_numbers_alone_are_no_header(tmp_path: Path) -> None:
    layout = layout_of(write(tmp_path / "a.csv", "1,2.5\n2,3.5\n"))
    assert not layout.has_header
    assert layout.columns == ("column1", "column2")


def test_row_names_without_a_header_get_one(tmp_path: Path) -> None:
    layout = layout_of(write(tmp_path / "a.csv", '"a","b"\n"1",5,6\n"2",7,8\n'))
    assert layout.columns == ("column1", "a", "b")


def test_a_file_of_nothing_but_blanks_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="is empty"):
        layout_of(write(tmp_path / "a.csv", "\n \n"))


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="is no text file"):
        layout_of(write(tmp_path / "a.csv", b"PK\x03\x04\x00\x00\x08\x00"))


def test_signs_of_windows_tell_its_encoding() -> None:
    assert encoding_of("5 €".encode("cp1252")) == "cp1252"


@pytest.mark.parametrize("delimiter", ["^", "~", ":", "\x01", "\u00a6"])
def test_rare_delimiters_are_told_where_no_usual_one_fits(tmp_path: Path, delimiter: str) -> None:
    text = delimiter.join(("id", "amount", "city")) + "\n"
    text += "".join(delimiter.join((str(i), f"{i}.5", "Bonn")) + "\n" for i in range(9))
    assert layout_of(write(tmp_path / "a.txt", text)).delimiter == delimiter


def test_times_of_day_are_not_parted_at_their_colons(tmp_path: Path) -> None:
    layout = layout_of(write(tmp_path / "a.csv", "at\n10:15:30\n11:20:40\n"))
    assert layout.columns == ("at",)


def test_blanks_part_columns_only_where_nothing_else_does(tmp_path: Path) -> None:
    assert layout_of(write(tmp_path / "a.csv", "a b,c d\n1,2 3\n4,5 6\n")).blanks is None
    found = layout_of(write(tmp_path / "b.txt", "id   price\n 1  1,234.50\n 2  5,678.25\n"))
    assert found.blanks is not None
    assert found.columns == ("id", "price")


def test_quotes_and_their_escapes_are_told(tmp_path: Path) -> None:
    single = layout_of(write(tmp_path / "a.csv", "id,x\n1,'a, b'\n2,'c'\n3,'d, e'\n"))
    assert (single.quote, single.escape) == ("'", "'")
    escaped = layout_of(write(tmp_path / "b.csv", 'id,x\n1,"say \\"a, b\\""\n2,"c"\n'))
    assert (escaped.quote, escaped.escape) == ('"', "\\")
    bare = layout_of(write(tmp_path / "c.tsv", 'id\tx\n1\t"a\n2\tb\n3\tc\n'))
    assert bare.quote == ""


def test_apostrophes_in_words_are_no_quotes(tmp_path: Path) -> None:
    layout = layout_of(write(tmp_path / "a.csv", "id,x\n1,don't\n2,O'Hara\n"))
    assert layout.quote == '"'


def test_the_line_that_names_the_delimiter_is_believed(tmp_path: Path) -> None:
    layout = layout_of(write(tmp_path / "a.csv", "sep=;\nid;x\n1;2,5\n"))
    assert (layout.delimiter, layout.columns, layout.decimal) == (";", ("id", "x"), ",")


def test_what_needs_no_rewriting_is_read_as_it_lies(tmp_path: Path) -> None:
    assert layout_of(write(tmp_path / "a.csv", log())).is_direct
    assert not layout_of(write(tmp_path / "b.csv", log().encode("utf-16"))).is_direct
    assert layout_of(write(tmp_path / "c.csv", "# by hand\n" + log())).is_direct
    inside = log().replace("\n3,", "\n# a break\n3,", 1)
    assert not layout_of(write(tmp_path / "d.csv", inside)).is_direct
