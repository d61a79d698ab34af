from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from reading import log, write
from segmentry.domain.audit import Audit
from segmentry.engines.duckdb.connection import Connection
from segmentry.engines.duckdb.raw import Raw, load
from segmentry.engines.files import find_files
from segmentry.errors import DataError


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[Connection]:
    connection = Connection(threads=1, scratch=tmp_path / "scratch")
    yield connection
    connection.close()


def read(connection: Connection, path: Path | str) -> tuple[Raw, list[tuple]]:
    raw = load(connection, find_files(str(path), ""), "raw", Audit())
    values = ", ".join(c.sql for c in raw.columns.values())
    return raw, connection.rows(f"SELECT {values} FROM raw")


def test_csv_is_text_in_the_order_of_the_file(connection: Connection, tmp_path: Path) -> None:
    raw, rows = read(connection, write(tmp_path / "a.csv", "id,x\n2,a\n1,NA\n"))
    assert rows == [("2", "a"), ("1", None)]
    assert raw.n_rows == 2
    assert raw.columns["id"].is_loose


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


def test_several_files_are_united_by_name(connection: Connection, tmp_path: Path) -> None:
    write(tmp_path / "a.csv", "id,x\n1,a\n")
    write(tmp_path / "b.csv", "x,id,y\nb,2,c\n")
    raw, rows = read(connection, tmp_path)
    assert list(raw.columns) == ["id", "x", "y"]
    assert rows == [("1", "a", None), ("2", "b", "c")]


def test_signs_of_a_pattern_in_a_path_mean_themselves(
    connection: Connection, tmp_path: Path
) -> None:
    for name in ("a[1].csv", "a1.csv"):
        write(tmp_path / name, f"id\n{len(name)}\n")
    _, rows = read(connection, tmp_path / "a[1].csv")
    assert rows == [("8",)]


@pytest.mark.parametrize("ending", [".gz", ".zst"])
def test_packed_files_are_read(connection: Connection, tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"a.csv{ending}"
    kind = {".gz": "gzip", ".zst": "zstd"}[ending]
    with pa.CompressedOutputStream(str(path), kind) as stream:
        stream.write(log(50).encode())
    raw, _ = read(connection, path)
    assert raw.n_rows == 50


def test_a_packed_file_cut_short_is_refused(connection: Connection, tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv.gz", gzip.compress(log().encode())[:-40])
    with pytest.raises(DataError, match=r"'a\.csv\.gz' is damaged or cut short"):
        read(connection, path)


@pytest.mark.parametrize("name", ["a.csv", "a.jsonl"])
def test_a_file_without_a_row_is_refused(connection: Connection, tmp_path: Path, name: str) -> None:
    text = "id,x\n" if name == "a.csv" else "\n"
    with pytest.raises(DataError, match="holds no row") as caught:
        read(connection, write(tmp_path / name, text))
    assert caught.value.code == "E2003"


def test_json_lines_give_the_union_of_their_keys(connection: Connection, tmp_path: Path) -> None:
    lines = [
        {"id": 1, "x": "a"},
        {"id": 2, "y": {"z": [1]}, "x": None},
        {"ID": 3, "odd/~key": True},
    ]
    path = write(tmp_path / "a.jsonl", "\n".join(map(json.dumps, lines)))
    raw, rows = read(connection, path)
    assert list(raw.columns) == ["id", "x", "y", "ID_1", "odd/~key"]
    assert rows == [
        ("1", "a", None, None, None),
        ("2", None, '{"z":[1]}', None, None),
        (None, None, None, "3", "true"),
    ]


def test_lines_that_are_no_objects_are_counted(connection: Connection, tmp_path: Path) -> None:
    raw, rows = read(connection, write(tmp_path / "a.jsonl", '{"id":1}\n{"id":\n[1]\n{"id":2}\n'))
    assert rows == [("1",), ("2",)]
    assert raw.n_rejected == 2
    assert raw.rejected == ("line 2: not JSON", "line 3: '[1]'")


def test_a_json_array_is_refused_with_what_would_be_right(
    connection: Connection, tmp_path: Path
) -> None:
    with pytest.raises(DataError, match="no whole row") as caught:
        read(connection, write(tmp_path / "a.json", '[{"id": 1}]'))
    assert "one object in each line" in str(caught.value.hint)


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
