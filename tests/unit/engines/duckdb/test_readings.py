from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import pytest

from reading import wall
from segmentry.engines.duckdb.connection import Connection
from segmentry.engines.duckdb.readings import (
    CODE,
    ZONED,
    compact_date,
    finite,
    grouped,
    in_years,
    is_whole,
    since_1970,
)
from segmentry.engines.expressions import literal


@pytest.fixture(scope="module")
def connection(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Connection]:
    connection = Connection(threads=1, scratch=tmp_path_factory.mktemp("scratch"))
    yield connection
    connection.close()


def value(connection: Connection, sql: str) -> object:
    return connection.rows(f"SELECT {sql}")[0][0]


@pytest.mark.parametrize(
    ("text", "english", "german"),
    [
        ("1,234.5", 1234.5, None),
        ("1.234,5", None, 1234.5),
        ("12", 12.0, 12.0),
        ("12,5", None, 12.5),
        ("12.5", 12.5, None),
        ("€ 1.234", 1.234, 1234.0),
        ("$1,234", 1234.0, 1.234),
        ("-1,000,000", -1e6, None),
        ("50 %", 0.5, 0.5),
        ("a lot", None, None),
        ("1,2,3", None, None),
    ],
)
def test_grouped_numbers_are_read_in_either_way(
    connection: Connection, text: str, english: float | None, german: float | None
) -> None:
    assert value(connection, grouped(literal(text), "1,234.5")) == english
    assert value(connection, grouped(literal(text), "1.234,5")) == german


def test_infinity_is_no_number(connection: Connection) -> None:
    assert value(connection, finite("CAST('inf' AS DOUBLE)", whole=False)) is None
    assert value(connection, finite("CAST(3 AS DOUBLE)", whole=True)) == 3


@pytest.mark.parametrize(("number", "whole"), [("3.0", True), ("3.5", False), ("1e16", False)])
def test_whole_numbers_are_exact_ones(connection: Connection, number: str, whole: bool) -> None:
    assert value(connection, is_whole(f"CAST({number} AS DOUBLE)")) is whole


@pytest.mark.parametrize(
    ("number", "date"), [("20110203", wall("2011-02-03")), ("20111303", None), ("123", None)]
)
def test_eight_digits_are_a_date(
    connection: Connection, number: str, date: datetime | None
) -> None:
    assert value(connection, compact_date(number)) == date


def test_a_year_that_nobody_writes_is_none(connection: Connection) -> None:
    assert value(connection, in_years("TIMESTAMP '0011-02-03'")) is None
    assert value(connection, in_years("TIMESTAMP '2011-02-03'")) == wall("2011-02-03")


@pytest.mark.parametrize(
    ("factor", "unit"), [(1, "seconds"), (1_000, "milli"), (1_000_000, "micro")]
)
def test_the_size_tells_the_unit_since_1970(connection: Connection, factor: int, unit: str) -> None:
    second = 1_300_000_000
    connection.run(f"CREATE OR REPLACE TABLE times AS SELECT {second * factor} AS n")
    found = since_1970(connection, "times", "CAST(n AS DOUBLE)")
    assert found is not None
    assert found[1].startswith(unit)
    assert value(connection, f"epoch({found[0]}) FROM times") == second


def test_small_numbers_are_no_times(connection: Connection) -> None:
    connection.run("CREATE OR REPLACE TABLE times AS SELECT 2011 AS n")
    assert since_1970(connection, "times", "CAST(n AS DOUBLE)") is None


@pytest.mark.parametrize(
    ("text", "is_code"),
    [
        ("C536379", True),
        ("AB-12", True),
        ("00123", True),
        ("0", False),
        ("0.5", False),
        ("12", False),
        ("many", False),
    ],
)
def test_codes_begin_with_letters_or_with_a_needless_zero(
    connection: Connection, text: str, is_code: bool
) -> None:
    assert value(connection, f"regexp_matches({literal(text)}, {literal(CODE)})") is is_code


@pytest.mark.parametrize(
    ("text", "is_zoned"),
    [
        ("2011-02-03T10:00:00Z", True),
        ("2011-02-03 10:00+02:00", True),
        ("2011-02-03 10:00:00", False),
        ("2011-02-03", False),
    ],
)
def test_a_zone_is_seen(connection: Connection, text: str, is_zoned: bool) -> None:
    assert value(connection, f"regexp_matches({literal(text)}, {literal(ZONED)})") is is_zoned
