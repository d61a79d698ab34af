from __future__ import annotations

import pytest

from segmentry.engines.duckdb.connection import Connection
from segmentry.engines.duckdb.tidying import is_footer_line, tidied
from segmentry.engines.expressions import literal


def fill(connection: Connection, names: list[str], rows: list[tuple[str | None, ...]]) -> None:
    listed = ", ".join(f'"{n}" VARCHAR' for n in names)
    connection.run(f"CREATE TABLE t ({listed})")
    for row in rows:
        values = ", ".join("NULL" if v is None else literal(v) for v in row)
        connection.run(f"INSERT INTO t VALUES ({values})")


ROWS: list[tuple[str | None, ...]] = [(str(i), "red", f"{i}.5") for i in range(1, 6)]
NAMES = ["id", "hue", "amount"]


@pytest.mark.parametrize(
    "line",
    ["Total;;12", "Grand total: 12", "(30 rows affected)", "Generated on 3 May", "-----", "30 rows",
     "Gesamtsumme", "* without tax", "Source: shop", "Records: 30", "Page 3 of 4", "© Shop"],
)  # fmt: skip
def test_lines_about_a_table_are_known(line: str) -> None:
    assert is_footer_line(line)


@pytest.mark.parametrize("line", ["12", "17,2023-01", "Totally Ltd", "red,5", "30 roses", "Ann"])
def test_rows_cut_short_are_no_such_lines(line: str) -> None:
    assert not is_footer_line(line)


@pytest.mark.parametrize(
    "last", [("Total", None, "12.5"), ("Sum:", None, None), ("Total", "red", "12.5")]
)
def test_a_total_is_taken_out(connection: Connection, last: tuple[str | None, ...]) -> None:
    fill(connection, NAMES, [*ROWS, last])
    assert tidied(connection, "t", NAMES, [0]).n_footers == 1
    assert connection.rows("SELECT count(*) FROM t") == [(5,)]


@pytest.mark.parametrize("place", [0, 2])
def test_only_the_end_holds_totals(connection: Connection, place: int) -> None:
    rows = [*ROWS, *ROWS]
    rows.insert(place, ("Total", None, "12.5"))
    fill(connection, NAMES, rows)
    assert tidied(connection, "t", NAMES, [0]).n_footers == 0


def test_an_entity_that_is_called_total_stays(connection: Connection) -> None:
    rows = [("Shell", "a", "1"), ("BP", "b", "2"), ("Total", "c", "3")]
    fill(connection, NAMES, list(rows))
    assert tidied(connection, "t", NAMES, [0]).n_footers == 0


def test_each_file_may_end_in_a_total(connection: Connection) -> None:
    fill(connection, NAMES, [*ROWS, ("Total", None, "1"), *ROWS, ("Total", None, "2")])
    assert tidied(connection, "t", NAMES, [0, 6]).n_footers == 2


def test_a_header_among_the_rows_is_taken_out(connection: Connection) -> None:
    fill(connection, NAMES, [*ROWS, tuple(NAMES), *ROWS])
    assert tidied(connection, "t", NAMES, [0]).n_headers == 1
    assert connection.rows("SELECT count(*) FROM t") == [(10,)]


def test_columns_without_a_name_that_say_nothing_are_left_out(connection: Connection) -> None:
    names = ["Unnamed: 0", "id", "column3", "column4"]
    fill(connection, names, [(str(i), "7", None, "x") for i in range(5)])
    assert set(tidied(connection, "t", names, [0]).dropped) == {"Unnamed: 0", "column3"}


def test_columns_of_a_file_without_a_header_all_stay(connection: Connection) -> None:
    names = ["column1", "column2"]
    fill(connection, names, [(str(i), "x") for i in range(5)])
    assert tidied(connection, "t", names, [0]).dropped == {}
