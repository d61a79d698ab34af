from __future__ import annotations

from pathlib import Path

import pytest

from segmentry.engines.duckdb.connection import Connection
from segmentry.engines.duckdb.raw import (
    RawColumn,
    count_rows,
    described,
    loose,
    path_literal,
    shown,
)


def test_texts_of_a_text_format_are_taken_as_they_lie() -> None:
    column = loose(["x"])["x"]
    assert column.is_text
    assert column.sql == '"x"'


@pytest.mark.parametrize(
    ("column", "value", "read"),
    [
        (RawColumn("x", "VARCHAR"), "' a '", "a"),
        (RawColumn("x", "VARCHAR"), "'NA'", None),
        (RawColumn("x", "VARCHAR", is_clean=True), "'NA'", "NA"),
        (RawColumn("x", "DOUBLE"), "CAST('nan' AS DOUBLE)", None),
        (RawColumn("x", "DOUBLE"), "CAST(1.5 AS DOUBLE)", 1.5),
        (RawColumn("x", "BIGINT"), "7", 7),
    ],
)
def test_nothing_is_taken_for_missing_that_is_not(
    tmp_path: Path, column: RawColumn, value: str, read: object
) -> None:
    connection = Connection(threads=1, scratch=tmp_path)
    found = connection.rows(f"SELECT {column.sql} FROM (SELECT {value} AS x)")
    connection.close()
    assert found == [(read,)]


def test_a_table_is_counted_and_described(tmp_path: Path) -> None:
    connection = Connection(threads=1, scratch=tmp_path)
    connection.run("CREATE TABLE \"a b\" AS SELECT 1 AS x, 'c' AS y")
    assert count_rows(connection, "a b") == 1
    assert described(connection, "a b") == {"x": "INTEGER", "y": "VARCHAR"}
    connection.close()


def test_signs_of_a_pattern_mean_themselves() -> None:
    assert path_literal(Path("a[1]*.csv")) == "'a[[]1][*].csv'"


def test_a_long_text_is_shortened_for_a_message() -> None:
    assert shown(None) == "not JSON"
    assert shown("a\n b") == "'a b'"
    assert len(shown("x" * 200)) == 82
