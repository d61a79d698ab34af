from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest

from reading import read_through, write
from segmentry.domain.audit import Audit
from segmentry.engines.duckdb.connection import Connection
from segmentry.engines.duckdb.csvfiles import load_csv

read = partial(read_through, load_csv)


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_rows_cut_short_or_too_long_are_counted_with_their_line(
    connection: Connection, tmp_path: Path, ending: str
) -> None:
    text = "id,x\n1,a\n2\n3,b,c\n4,d\n".replace("\n", ending)
    raw, rows = read(connection, write(tmp_path / "a.csv", text))
    assert rows == [("1", "a"), ("4", "d")]
    assert raw.n_rejected == 2
    assert "line 3" in raw.rejected[0]
    assert "'2'" in raw.rejected[0]
    assert "line 4" in raw.rejected[1]


def test_a_quote_that_never_ends_costs_every_line_it_swallows(
    connection: Connection, tmp_path: Path
) -> None:
    raw, rows = read(connection, write(tmp_path / "a.csv", 'id,x\n1,a\n2,"b\n3,c\n4,d\n'))
    assert rows == [("1", "a")]
    assert raw.n_rejected == 3


def test_quotes_and_newlines_inside_values_are_kept(connection: Connection, tmp_path: Path) -> None:
    text = 'id,x\n1,"a, b"\n2,"say ""c"""\n3,5" nail\n4,"two\nlines"\n'
    _, rows = read(connection, write(tmp_path / "a.csv", text))
    assert [r[1] for r in rows] == ["a, b", 'say "c"', '5" nail', "two\nlines"]


def test_a_file_that_turns_out_not_to_be_utf8_is_read_again_as_a_whole(
    connection: Connection, tmp_path: Path
) -> None:
    lines = "id,stadt\n" + "1,Bonn\n" * 60_000 + "2,Köln\n"
    raw, rows = read(connection, write(tmp_path / "a.csv", lines.encode("latin-1")))
    assert raw.n_rejected == 0
    assert raw.n_rows == 60_001
    assert rows[-1] == ("2", "Köln")


def test_a_file_that_lacks_a_column_is_told(connection: Connection, tmp_path: Path) -> None:
    write(tmp_path / "a.csv", "id,x\n1,a\n")
    write(tmp_path / "b.csv", "x,id,y\nb,2,c\n")
    audit = Audit()
    read(connection, tmp_path, audit)
    (finding,) = [f for f in audit.findings if f.code == "missing_column"]
    assert (finding.column, finding.count, finding.total) == ("y", 1, 2)


def test_a_file_without_a_header_takes_that_of_the_others(
    connection: Connection, tmp_path: Path
) -> None:
    write(tmp_path / "part-0.csv", "id,x\n1,2.5\n")
    write(tmp_path / "part-1.csv", "2,3.5\n3,4.5\n")
    audit = Audit()
    raw, rows = read(connection, tmp_path / "part-*.csv", audit)
    assert list(raw.columns) == ["id", "x"]
    assert rows == [("1", "2.5"), ("2", "3.5"), ("3", "4.5")]
    assert not audit.findings


def test_names_that_differ_in_case_only_are_one_column(
    connection: Connection, tmp_path: Path
) -> None:
    write(tmp_path / "a.csv", "id,x\n1,a\n")
    write(tmp_path / "b.csv", "ID,X\n2,b\n")
    _, rows = read(connection, tmp_path)
    assert rows == [("1", "a"), ("2", "b")]


def test_lines_about_the_table_are_no_bad_rows(connection: Connection, tmp_path: Path) -> None:
    text = "id,x\n1,a\n2,b\n(2 rows affected)\n"
    audit = Audit()
    raw, rows = read(connection, write(tmp_path / "a.csv", text), audit)
    assert rows == [("1", "a"), ("2", "b")]
    assert raw.n_rejected == 0
    assert [f.code for f in audit.findings] == ["footer"]


def test_a_table_drawn_for_people_is_read(connection: Connection, tmp_path: Path) -> None:
    text = " id | name | at\n----+------+----\n  1 | Ann  | 2023-01-01\n  2 | Bob  |\n(2 rows)\n"
    raw, rows = read(connection, write(tmp_path / "a.txt", text))
    assert rows == [("1", "Ann", "2023-01-01"), ("2", "Bob", None)]
    assert raw.n_rejected == 0


def test_a_sign_of_windows_is_read_as_it_is_meant(connection: Connection, tmp_path: Path) -> None:
    text = "id,x\n" + "1,a\n" * 300_000 + "2,5 €\n"
    audit = Audit()
    _, rows = read(connection, write(tmp_path / "a.csv", text.encode("cp1252")), audit)
    assert rows[-1] == ("2", "5 €")
    assert "Windows-1252" in audit.findings[0].sentence


def test_columns_of_one_name_are_told(connection: Connection, tmp_path: Path) -> None:
    audit = Audit()
    raw, _ = read(connection, write(tmp_path / "a.csv", "id,x,x\n1,2,3\n4,5,6\n"), audit)
    assert list(raw.columns) == ["id", "x", "x_1"]
    (found,) = [f for f in audit.findings if f.code == "repeated_name"]
    assert (found.severity, found.source) == ("warning", "a.csv")
    assert "'x'; the later ones are told apart by a number, as 'x_1'" in found.sentence
