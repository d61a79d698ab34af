from __future__ import annotations

import bz2
import contextlib
import gzip
import lzma
import shutil
import zipfile
from pathlib import Path

import pyarrow as pa
import pytest

from reading import write
from segmentry.engines import packing
from segmentry.engines.packing import (
    check_whole,
    free_name,
    head,
    is_packed,
    member_of,
    packing_of,
    unpacked,
)
from segmentry.errors import DataError, StoreError

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


@pytest.mark.parametrize("ending", [".gz", ".zst", ".bz2", ".xz"])
def test_the_first_bytes_tell_how_a_file_is_packed(tmp_path: Path, ending: str) -> None:
    path = write(tmp_path / "a.csv", packed(b"id\n1\n", ending))
    assert packing_of(path) == ending
    assert head(path, 2) == b"id"
    copy = unpacked(path, tmp_path / "out")
    assert copy.read_bytes() == b"id\n1\n"
    assert copy.suffix == ".csv"
    cut = write(tmp_path / "cut.csv", packed(NOISE, ending)[:-9])
    with pytest.raises(DataError, match="damaged or cut short"):
        check_whole(cut)


def test_a_text_that_begins_like_bzip2_is_a_text(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", b"BZhour,n\n1,2\n")
    assert packing_of(path) is None
    assert unpacked(path, tmp_path / "out") == path


@pytest.mark.parametrize("name", [".", "..", "./", ".hidden", "__MACOSX/a.csv"])
def test_an_archive_whose_member_is_no_file_is_refused(tmp_path: Path, name: str) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as sink:
        sink.writestr(zipfile.ZipInfo(name), "id\n1\n")
    with pytest.raises(DataError, match="holds no files"):
        member_of(path)


def test_a_member_is_written_into_the_folder_whatever_its_name(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as sink:
        sink.writestr("../../" + "x" * 240 + ".csv", "id\n1\n")
    copy = unpacked(path, tmp_path / "out")
    assert copy.parent == tmp_path / "out"
    assert copy.suffix == ".csv"


@pytest.mark.parametrize("place", range(0, 400, 7))
def test_damage_anywhere_in_an_archive_is_an_error_of_ours(tmp_path: Path, place: int) -> None:
    path = tmp_path / "a.csv.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as sink:
        sink.writestr("a.csv", "".join(f"{i * i % 9973},{i}\n" for i in range(500)))
    content = bytearray(path.read_bytes())
    for offset in range(place, min(place + 5, len(content))):
        content[offset] ^= 0xFF
    path.write_bytes(content)
    # Some bytes say nothing of the content; anything but an error of ours fails the test.
    with contextlib.suppress(DataError):
        check_whole(path)
    with contextlib.suppress(DataError):
        unpacked(path, tmp_path / "out")


def test_far_more_than_its_size_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packing, "FREE_BYTES", 1 << 20)
    zeros, texts = bytes(4 << 20), NOISE * 210
    path = write(tmp_path / "a.csv.gz", gzip.compress(zeros))
    assert len(zeros) > packing.MOST_TIMES * path.stat().st_size
    for attempt in (check_whole, lambda p: unpacked(p.rename(tmp_path / "a.csv"), tmp_path / "o")):
        with pytest.raises(DataError, match="made to fill a disk") as caught:
            attempt(path)
        assert caught.value.code == "E2002"
    honest = write(tmp_path / "b.csv.gz", gzip.compress(texts, 1))
    assert len(texts) > packing.FREE_BYTES
    check_whole(honest)


def test_what_scratch_has_no_room_for_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = shutil.disk_usage(tmp_path)._replace(free=1000)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage)
    path = write(tmp_path / "a.csv.xz", lzma.compress(NOISE))
    with pytest.raises(StoreError, match="scratch space") as caught:
        unpacked(path, tmp_path / "out")
    assert caught.value.code == "E5001"
    assert "TMPDIR" in (caught.value.hint or "")
