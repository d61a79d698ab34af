from __future__ import annotations

import bz2
import gzip
import lzma
import zipfile
from pathlib import Path

import pyarrow as pa
import pytest

from reading import write
from segmentry.engines.packing import check_whole, free_name, head, is_packed, member_of, unpacked
from segmentry.errors import DataError

PACKERS = {".gz": gzip.compress, ".bz2": bz2.compress, ".xz": lzma.compress}


def packed(text: bytes, ending: str) -> bytes:
    if ending in PACKERS:
        return PACKERS[ending](text)
    sink = pa.BufferOutputStream()
    with pa.CompressedOutputStream(sink, "zstd") as stream:
        stream.write(text)
    return bytes(sink.getvalue().to_pybytes())


NOISE = bytes((i * i) % 251 for i in range(20_000))


@pytest.mark.parametrize("ending", [".gz", ".zst", ".bz2", ".xz"])
def test_a_whole_packed_file_passes(tmp_path: Path, ending: str) -> None:
    check_whole(write(tmp_path / f"a.csv{ending}", packed(NOISE, ending)))
    assert head(tmp_path / f"a.csv{ending}", 5) == NOISE[:5]


@pytest.mark.parametrize("ending", [".gz", ".zst", ".bz2", ".xz"])
def test_a_packed_file_cut_short_is_refused(tmp_path: Path, ending: str) -> None:
    path = write(tmp_path / f"a.csv{ending}", packed(NOISE, ending)[:-9])
    with pytest.raises(DataError, match="damaged or cut short") as caught:
        check_whole(path)
    assert caught.value.code == "E2002"


def test_a_file_that_is_not_packed_as_it_says_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv.gz", b"not packed at all")
    with pytest.raises(DataError, match="cannot be read"):
        head(path, 10)


def archive(path: Path, **members: str) -> Path:
    with zipfile.ZipFile(path, "w") as sink:
        for name, content in members.items():
            sink.writestr(name.replace("__", "/").replace("_", "."), content)
    return path


def test_an_archive_of_one_file_is_that_file(tmp_path: Path) -> None:
    path = archive(tmp_path / "a.zip", folder__a_csv="id\n1\n")
    assert member_of(path) == "folder/a.csv"
    assert head(path, 2) == b"id"
    check_whole(path)
    copy = unpacked(path, tmp_path / "out")
    assert copy.read_text() == "id\n1\n"
    assert copy.name.endswith("a.csv")


def test_an_archive_of_several_files_is_refused(tmp_path: Path) -> None:
    path = archive(tmp_path / "a.zip", a_csv="1", b_csv="2")
    with pytest.raises(DataError, match=r"'a\.zip' holds 2 files: 'a\.csv', 'b\.csv'") as caught:
        member_of(path)
    assert caught.value.code == "E2002"


def test_what_is_no_archive_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"'a\.zip' is no whole zip archive"):
        member_of(write(tmp_path / "a.zip", b"PK nothing"))


def test_an_archive_whose_content_is_damaged_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.csv.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as sink:
        sink.writestr("a.csv", "id\n1\n2\n")
    path.write_bytes(path.read_bytes().replace(b"id\n1\n", b"id\n7\n"))
    with pytest.raises(DataError, match="damaged or cut short"):
        check_whole(path)


def test_only_what_engines_cannot_unpack_is_unpacked(tmp_path: Path) -> None:
    plain = write(tmp_path / "a.csv.gz", packed(b"id\n", ".gz"))
    assert unpacked(plain, tmp_path / "out") == plain
    strange = write(tmp_path / "a.csv.xz", packed(b"id\n", ".xz"))
    assert unpacked(strange, tmp_path / "out").read_bytes() == b"id\n"


def test_names_in_a_folder_never_clash(tmp_path: Path) -> None:
    first = write(free_name(tmp_path / "new", "a.csv"), "1")
    assert free_name(tmp_path / "new", "a.csv") != first
    assert is_packed(Path("a.csv.GZ"))
    assert not is_packed(Path("a.csv"))
