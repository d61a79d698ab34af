from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from reading import wall
from segmentry.engines.duckdb.times import as_declared, as_time
from segmentry.engines.numerals import Decimal
from textcolumns import text_column, values_of


def test_the_way_that_reads_most_goes_first(tmp_path: Path) -> None:
    texts = ["13/01/2023", "14/01/2023", "2023-01-15"]
    with text_column(tmp_path, texts) as text:
        reading = as_time(text)
        assert reading.way == "%d/%m/%Y | %Y-%m-%d"
        assert values_of(text, reading) == [wall(f"2023-01-{d}") for d in (13, 14, 15)]
        assert (reading.n_bad, reading.doubt) == (0, "")


@pytest.mark.parametrize(("decimal", "way"), [("", "%m/%d/%Y"), (",", "%d/%m/%Y")])
def test_where_nothing_tells_day_from_month_the_file_does_and_it_is_told(
    tmp_path: Path, decimal: Decimal, way: str
) -> None:
    with text_column(tmp_path, ["03/04/2023", "05/06/2023"], decimal=decimal) as text:
        reading = as_time(text)
        assert (reading.way, reading.doubt) == (way, "ambiguous_date")


def test_a_day_that_is_a_month_as_well_in_every_value_is_no_doubt(tmp_path: Path) -> None:
    with text_column(tmp_path, ["03/03/2023", "05/05/2023"]) as text:
        assert not as_time(text).doubt


def test_texts_that_are_no_date_are_counted(tmp_path: Path) -> None:
    with text_column(tmp_path, ["2023-01-13", "soon", "0000-00-00", None]) as text:
        reading = as_time(text)
        assert reading.n_bad == 1
        assert values_of(text, reading) == [wall("2023-01-13"), None, None, None]


def test_a_zone_in_some_makes_all_instants(tmp_path: Path) -> None:
    with text_column(tmp_path, ["2023-01-13T10:00:00+02:00", "2023-01-13 10:00:00"]) as text:
        reading = as_time(text)
        assert reading.kind == "instant"
        rows = text.connection.rows(f"SELECT epoch({reading.sql}) FROM raw")
        eight = datetime(2023, 1, 13, 8, tzinfo=UTC).timestamp()
        assert rows == [(eight,), (eight + 7200,)]


@pytest.mark.parametrize(
    ("texts", "way"),
    [
        (["1673618700", "1673618701"], "seconds since 1970"),
        (["44939.5", "44940"], "days since 1900"),
        (["20230113", "20230114"], "%Y%m%d"),
        (["20230113140500", "20230114140500"], "%Y%m%d%H%M%S"),
    ],
)
def test_numbers_are_times_where_times_are_asked_for(
    tmp_path: Path, texts: list[str], way: str
) -> None:
    with text_column(tmp_path, texts) as text:
        assert as_time(text).way == way
        declared = as_declared(text, way)
        assert declared.n_bad == 0
        years = text.connection.rows(f"SELECT DISTINCT year({declared.sql}) FROM raw")
        assert years == [(2023,)]


def test_a_declared_mix_is_read_in_its_order(tmp_path: Path) -> None:
    with text_column(tmp_path, ["03/04/2023", "2023-01-13", "soon"]) as text:
        reading = as_declared(text, "%d/%m/%Y | %Y-%m-%d")
        assert values_of(text, reading) == [wall("2023-04-03"), wall("2023-01-13"), None]
        assert reading.n_bad == 1
        assert values_of(text, as_declared(text, "time"))[0] is None
