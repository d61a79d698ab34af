from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from reading import Opened, events, opened, table, wall


def parquet(folder: Path, values: pa.Array, name: str = "x") -> Path:
    ids = pa.array(range(len(values)))
    pq.write_table(pa.table({"id": ids, name: values}), folder / "a.parquet")
    return folder / "a.parquet"


def as_time(folder: Path, values: pa.Array) -> list[Any]:
    return opened(events(parquet(folder, values, "at"))).values("time")


def as_entity(folder: Path, values: pa.Array) -> Opened:
    return opened(table(parquet(folder, values, "key"), "key"))


@pytest.mark.parametrize(
    ("values", "type_"),
    [
        (pa.array([1, 2], pa.int8()), "int64"),
        (pa.array([1, 2], pa.uint64()), "float64"),
        (pa.array([1.5, None], pa.float32()), "float64"),
        (pa.array([Decimal("1.50"), None]), "decimal"),
        (pa.array([True, None]), "boolean"),
        (pa.array([date(2011, 1, 1), None]), "timestamp"),
        (pa.array(["a", None]).dictionary_encode(), "string"),
        (pa.array([[1], [2]]), "string"),
        (pa.array([b"a", b"b"]), "string"),
    ],
)
def test_types_become_few(tmp_path: Path, values: pa.Array, type_: str) -> None:
    assert opened(table(parquet(tmp_path, values))).types["x"] == type_


def test_text_of_digits_in_a_typed_file_is_a_number_but_not_an_id(tmp_path: Path) -> None:
    path = parquet(tmp_path, pa.array(["7", "8"]))
    assert opened(table(path)).types["x"] == "int64"
    assert opened(table(path, "x")).types["entity_id"] == "string"


def test_a_float_column_of_whole_ids_gives_integers(tmp_path: Path) -> None:
    found = as_entity(tmp_path, pa.array([17850.0, None, 13047.0]))
    assert found.types["entity_id"] == "int64"
    assert found.values("entity_id") == [17850, None, 13047]


def test_ids_with_a_fraction_stay_as_they_are_written(tmp_path: Path) -> None:
    assert as_entity(tmp_path, pa.array([1.5, 2.0])).values("entity_id") == ["1.5", "2.0"]


def test_dates_and_times_are_times(tmp_path: Path) -> None:
    assert as_time(tmp_path, pa.array([date(2011, 2, 3)])) == [wall("2011-02-03")]
    nanos = pa.array([1_300_000_000_123_456_000], pa.timestamp("ns"))
    assert as_time(tmp_path, nanos) == [wall("2011-03-13 07:06:40.123456")]


def test_an_instant_keeps_its_zone(tmp_path: Path) -> None:
    zoned = pa.array([datetime(2011, 2, 3, 10, tzinfo=UTC)], pa.timestamp("us", "Europe/Berlin"))
    assert as_time(tmp_path, zoned)[0].astimezone(UTC) == datetime(2011, 2, 3, 10, tzinfo=UTC)


def test_numbers_mapped_as_time_are_dates_or_seconds(tmp_path: Path) -> None:
    assert as_time(tmp_path, pa.array([20110203, 20110204]))[0] == wall("2011-02-03")
    seconds = as_time(tmp_path, pa.array([1_300_000_000, 1_300_000_001]))
    assert seconds[0].timestamp() == 1_300_000_000


def test_a_number_that_is_no_date_is_bad(tmp_path: Path) -> None:
    path = parquet(tmp_path, pa.array([20110203] * 199 + [20111399]), "at")
    found = opened(events(path))
    assert found.relation.n_bad_rows == 1
    assert found.findings("bad_value")[0].examples == ("row 200, at: '20111399'",)
