from __future__ import annotations

import gzip
from pathlib import Path

import pyarrow as pa
import pytest

from reading import write
from segmentry.engines.files import Format, check_whole, find_files, format_of, head
from segmentry.errors import DataError


@pytest.mark.parametrize(
    ("name", "format_"),
    [
        ("a.csv", Format.CSV),
        ("a.TSV", Format.CSV),
        ("a.b.csv.gz", Format.CSV),
        ("a.parquet", Format.PARQUET),
        ("a.jsonl.zst", Format.JSON),
        ("a.xlsx", None),
        ("a.gz", None),
        ("a", None),
    ],
)
def test_the_endings_tell_the_format(name: str, format_: Format | None) -> None:
    assert format_of(Path(name)) is format_


def test_a_relative_path_starts_in_the_folder(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", "x\n1\n")
    assert find_files("a.csv", str(tmp_path)).paths == (path,)


def test_a_glob_gives_its_files_in_order(tmp_path: Path) -> None:
    (tmp_path / "logs").mkdir()
    paths = [write(tmp_path / "logs" / f"{c}.csv", "x\n1\n") for c in "ba"]
    found = find_files("logs/*.csv", str(tmp_path))
    assert found.paths == tuple(sorted(paths))
    assert found.name == "a.csv and 1 more"


def test_a_folder_gives_what_can_be_read_in_it(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", "x\n1\n")
    write(tmp_path / "README.md", "about")
    write(tmp_path / "_SUCCESS", "")
    assert find_files(str(tmp_path), "").paths == (path,)


def test_a_folder_of_folders_is_read_to_the_leaves(tmp_path: Path) -> None:
    (tmp_path / "year=2011").mkdir()
    path = write(tmp_path / "year=2011" / "a.parquet", "x")
    assert find_files(str(tmp_path), "").paths == (path,)


def test_a_missing_file_names_the_nearest(tmp_path: Path) -> None:
    write(tmp_path / "orders.csv", "x\n1\n")
    with pytest.raises(DataError, match=r"there is no file 'oders\.csv'") as caught:
        find_files("oders.csv", str(tmp_path))
    assert caught.value.code == "E2001"
    assert caught.value.hint == "did you mean 'orders.csv'?"


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no file") as caught:
        find_files("nowhere/orders.csv", str(tmp_path))
    assert "there is no folder" in str(caught.value.hint)


def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="holds no file"):
        find_files(str(tmp_path), "")


def test_a_folder_of_several_kinds_is_refused(tmp_path: Path) -> None:
    write(tmp_path / "a.csv", "x\n1\n")
    write(tmp_path / "b.parquet", "x")
    with pytest.raises(DataError, match="mixes CSV and Parquet files") as caught:
        find_files(str(tmp_path), "")
    assert caught.value.code == "E2002"


def test_a_kind_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    write(tmp_path / "a.xlsx", "PK")
    with pytest.raises(DataError, match=r"'a\.xlsx' is not a kind of file that can be read"):
        find_files("a.xlsx", str(tmp_path))


def test_an_empty_file_is_refused(tmp_path: Path) -> None:
    write(tmp_path / "a.csv", "")
    with pytest.raises(DataError, match=r"'a\.csv' is empty") as caught:
        find_files("a.csv", str(tmp_path))
    assert caught.value.code == "E2003"


def packed(text: bytes, ending: str) -> bytes:
    if ending == ".gz":
        return gzip.compress(text)
    sink = pa.BufferOutputStream()
    with pa.CompressedOutputStream(sink, "zstd") as stream:
        stream.write(text)
    return bytes(sink.getvalue().to_pybytes())


NOISE = bytes((i * i) % 251 for i in range(20_000))


@pytest.mark.parametrize("ending", [".gz", ".zst"])
def test_a_whole_packed_file_passes(tmp_path: Path, ending: str) -> None:
    check_whole(write(tmp_path / f"a.csv{ending}", packed(NOISE, ending)))
    assert head(tmp_path / f"a.csv{ending}", 5) == NOISE[:5]


@pytest.mark.parametrize("ending", [".gz", ".zst"])
def test_a_packed_file_cut_short_is_refused(tmp_path: Path, ending: str) -> None:
    path = write(tmp_path / f"a.csv{ending}", packed(NOISE, ending)[:-9])
    with pytest.raises(DataError, match="damaged or cut short") as caught:
        check_whole(path)
    assert caught.value.code == "E2002"


def test_a_file_that_is_not_packed_as_it_says_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv.gz", b"not packed at all")
    with pytest.raises(DataError, match="cannot be read"):
        head(path, 10)
