from __future__ import annotations

import bz2
import gzip
import lzma
import zipfile
from itertools import count
from pathlib import Path

import pyarrow as pa
import pyarrow.feather as feather
import pyarrow.parquet as pq
import pytest

from reading import log, write
from segmentry.domain.audit import Audit
from segmentry.engines.duckdb.connection import Connection
from segmentry.engines.duckdb.loading import load
from segmentry.engines.duckdb.raw import Raw
from segmentry.engines.files import find_files
from segmentry.errors import DataError

NUMBERS = count()


def read(connection: Connection, path: Path | str) -> tuple[Raw, list[tuple]]:
    name = f"raw_{next(NUMBERS)}"
    raw = load(connection, find_files(str(path), ""), name, Audit())
    values = ", ".join(c.sql for c in raw.columns.values())
    return raw, connection.rows(f'SELECT {values} FROM "{name}"')


def packed(path: Path, content: bytes) -> Path:
    """Write a file packed in the way that its ending says."""
    if path.suffix == ".zip":
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("a.csv", content)
        return path
    return write(path, {".bz2": bz2, ".xz": lzma}[path.suffix].compress(content))


def test_csv_is_text_in_the_order_of_the_file(connection: Connection, tmp_path: Path) -> None:
    raw, rows = read(connection, write(tmp_path / "a.csv", "id,x\n2,a\n1,NA\n"))
    assert rows == [("2", "a"), ("1", None)]
    assert raw.n_rows == 2
    assert raw.columns["id"].is_loose


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


@pytest.mark.parametrize("ending", ["bz2", "xz", "zip"])
def test_files_packed_in_other_ways_are_unpacked_beside(
    connection: Connection, tmp_path: Path, ending: str
) -> None:
    raw, rows = read(connection, packed(tmp_path / f"a.csv.{ending}", log(20).encode()))
    assert raw.n_rows == 20
    assert rows[0][0] == "0"


def test_each_kind_of_file_is_loaded(connection: Connection, tmp_path: Path) -> None:
    table = pa.table({"id": [1, 2], "x": ["a", "b"]})
    pq.write_table(table, tmp_path / "a.parquet")
    feather.write_feather(table, tmp_path / "a.arrow")
    write(tmp_path / "a.jsonl", '{"id": 1, "x": "a"}\n{"id": 2, "x": "b"}\n')
    write(tmp_path / "a.csv", "id,x\n1,a\n2,b\n")
    for name in ("a.parquet", "a.arrow", "a.jsonl", "a.csv"):
        _, rows = read(connection, tmp_path / name)
        assert [(int(i), x) for i, x in rows] == [(1, "a"), (2, "b")]
