from __future__ import annotations

from functools import partial
from pathlib import Path

import pyarrow as pa
import pyarrow.feather as feather
import pyarrow.parquet as pq
import pytest

from reading import read_through
from segmentry.domain.audit import Audit
from segmentry.engines.duckdb.connection import Connection
from segmentry.engines.duckdb.typedfiles import load_arrow, load_parquet
from segmentry.engines.files import find_files
from segmentry.errors import DataError

read = partial(read_through, load_parquet)


def test_parquet_keeps_its_types_but_has_no_nan(connection: Connection, tmp_path: Path) -> None:
    table = pa.table(
        {"id": [1, 2, 3], "x": [1.5, float("nan"), float("inf")], "t": ["a ", "NA", None]}
    )
    pq.write_table(table, tmp_path / "a.parquet")
    raw, rows = read(connection, tmp_path / "a.parquet")
    assert {c.type for c in raw.columns.values()} == {"BIGINT", "DOUBLE", "VARCHAR"}
    assert rows == [(1, 1.5, "a"), (2, None, None), (3, None, None)]


def test_a_truncated_parquet_file_among_whole_ones_is_named(
    connection: Connection, tmp_path: Path
) -> None:
    for name in ("a.parquet", "b.parquet"):
        pq.write_table(pa.table({"id": [1, 2]}), tmp_path / name)
    whole = (tmp_path / "b.parquet").read_bytes()
    (tmp_path / "b.parquet").write_bytes(whole[:-20])
    with pytest.raises(DataError, match=r"'b\.parquet' is no whole Parquet file") as caught:
        read(connection, tmp_path)
    assert caught.value.code == "E2002"


def test_parquet_files_with_other_columns_are_united_by_name(
    connection: Connection, tmp_path: Path
) -> None:
    pq.write_table(pa.table({"id": [1], "x": ["a"]}), tmp_path / "a.parquet")
    pq.write_table(pa.table({"y": ["b"], "id": [2]}), tmp_path / "b.parquet")
    raw, rows = read(connection, tmp_path)
    assert list(raw.columns) == ["id", "x", "y"]
    assert sorted(rows) == [(1, "a", None), (2, None, "b")]


def test_values_inside_structs_become_columns(connection: Connection, tmp_path: Path) -> None:
    table = pa.table(
        {
            "id": [1, 2],
            "user": [{"name": "Ada", "at": {"city": "Bonn"}}, None],
            "tags": [["a", "b"], []],
            "raw": [b"abc", b"\xff"],
        }
    )
    pq.write_table(table, tmp_path / "a.parquet")
    raw, rows = read(connection, tmp_path / "a.parquet")
    assert list(raw.columns) == ["id", "user.name", "user.at.city", "tags", "raw"]
    assert rows == [(1, "Ada", "Bonn", ["a", "b"], "abc"), (2, None, None, [], None)]


def test_an_index_of_pandas_that_numbers_rows_is_left_out(
    connection: Connection, tmp_path: Path
) -> None:
    pq.write_table(pa.table({"x": [1], "__index_level_0__": [7]}), tmp_path / "a.parquet")
    pq.write_table(pa.table({"x": [1], "__index_level_0__": ["c7"]}), tmp_path / "b.parquet")
    audit = Audit()
    assert list(read(connection, tmp_path / "a.parquet", audit)[0].columns) == ["x"]
    assert [f.code for f in audit.findings] == ["dropped_column"]
    assert len(read(connection, tmp_path / "b.parquet")[0].columns) == 2


def test_a_type_that_differs_between_files_is_the_wider_one(
    connection: Connection, tmp_path: Path
) -> None:
    pq.write_table(pa.table({"id": [1], "x": [1]}), tmp_path / "a.parquet")
    pq.write_table(pa.table({"id": ["c2"], "x": [1.5]}), tmp_path / "b.parquet")
    raw, rows = read(connection, tmp_path)
    assert [c.type for c in raw.columns.values()] == ["VARCHAR", "DOUBLE"]
    assert sorted(rows) == [("1", 1.0), ("c2", 1.5)]


def test_arrow_files_are_read(connection: Connection, tmp_path: Path) -> None:
    feather.write_feather(pa.table({"id": [1, 2]}), tmp_path / "a.feather")
    raw = load_arrow(connection, find_files(str(tmp_path / "a.feather"), ""), "t", Audit())
    assert raw.n_rows == 2


def test_a_damaged_arrow_file_is_named(connection: Connection, tmp_path: Path) -> None:
    path = tmp_path / "a.feather"
    feather.write_feather(pa.table({"id": list(range(1000))}), path)
    path.write_bytes(path.read_bytes()[:200])
    with pytest.raises(DataError, match=r"'a\.feather' is no whole Arrow file") as caught:
        load_arrow(connection, find_files(str(path), ""), "t", Audit())
    assert caught.value.code == "E2002"
