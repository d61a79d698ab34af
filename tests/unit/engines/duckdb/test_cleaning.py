from __future__ import annotations

import pytest

from segmentry.engines.duckdb.cleaning import (
    BATCH,
    PROBED_ROWS,
    _repeating,
    clean,
    cleaned,
    counted,
    spellings,
    suspect,
)
from segmentry.engines.duckdb.connection import Connection
from segmentry.engines.expressions import literal, quoted


@pytest.mark.parametrize(
    "text", ["", " ", "\t ", "\u00a0", "NA", "na", "N/A", "n/a", "NULL", "Null", "nAn", " NaN\r"]
)
def test_blanks_and_words_for_missing_are_null(connection: Connection, text: str) -> None:
    assert connection.rows(f"SELECT {cleaned(literal(text))}") == [(None,)]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (" red ", "red"),
        ("\u00a0red\t", "red"),
        ("NA1", "NA1"),
        ("nana", "nana"),
        ("0", "0"),
        ("a b", "a b"),
    ],
)
def test_other_texts_lose_nothing_but_blanks_around_them(
    connection: Connection, text: str, value: str
) -> None:
    assert connection.rows(f"SELECT {cleaned(literal(text))}") == [(value,)]


def test_only_columns_that_need_it_are_cleaned(connection: Connection) -> None:
    connection.run("CREATE TABLE t AS SELECT * FROM (VALUES (' a', 'b'), ('NA', 'c')) t(x, y)")
    clean(connection, "t", ["x", "y"])
    assert connection.rows("SELECT * FROM t") == [("a", "b"), (None, "c")]


def wide(connection: Connection, n_columns: int) -> dict[str, str]:
    names = [f"column {i}" for i in range(n_columns)]
    values = ", ".join(f"{quoted(n)} VARCHAR" for n in names)
    connection.run(f"CREATE TABLE wide ({values})")
    connection.run(f"INSERT INTO wide ({quoted(names[0])}) VALUES ('1'), ('x'), (NULL)")
    return {n: quoted(n) for n in names}


@pytest.mark.parametrize("n_columns", [2, BATCH + 2])
def test_many_columns_are_counted_as_few_are(connection: Connection, n_columns: int) -> None:
    conditions = ["value IS NOT NULL", "try_cast(value AS DOUBLE) IS NOT NULL"]
    counts = counted(connection, "wide", wide(connection, n_columns), conditions)
    assert len(counts) == n_columns
    assert counts["column 0"] == (2, 1)
    assert counts["column 1"] == (0, 0)


def test_few_values_of_many_rows_are_counted_as_rows(connection: Connection) -> None:
    n = 2 * PROBED_ROWS
    connection.run(
        "CREATE TABLE long AS SELECT CASE WHEN i % 4 = 0 THEN NULL WHEN i % 4 = 1 THEN '7' "
        f"ELSE 'seven' END AS value, CAST(i AS VARCHAR) AS own FROM range({n}) r(i)"
    )
    conditions = ["value IS NOT NULL", "try_cast(value AS DOUBLE) IS NOT NULL"]
    columns = {"value": quoted("value"), "own": quoted("own")}
    assert _repeating(connection, "long", columns) == {"value"}
    counts = counted(connection, "long", columns, conditions)
    assert counts == {"value": (n * 3 // 4, n // 4), "own": (n, n)}
    assert list(counts) == ["value", "own"]


@pytest.mark.parametrize(
    ("text", "is_suspect"),
    [
        ("red", False), ("a b", False), ("", True), (" red", True), ("red\t", True),
        ("\u00a0red", True), ("NaN", True), ("n/a", True), ("nana", False), ("0", False),
    ],
)  # fmt: skip
def test_what_may_need_cleaning_is_suspect(
    connection: Connection, text: str, is_suspect: bool
) -> None:
    assert connection.rows(f"SELECT {suspect(literal(text))}") == [(is_suspect,)]


def test_nothing_is_counted_of_no_column(connection: Connection) -> None:
    assert counted(connection, "wide", {}, ["value IS NULL"]) == {}


def test_the_usual_spellings_are_known() -> None:
    assert {"", "NA", "N/A", "n/a", "NULL", "null", "NaN", "nan"} <= set(spellings())
