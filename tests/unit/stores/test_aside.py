"""Pieces of work in a folder: whole or not there."""

from __future__ import annotations

from pathlib import Path

import pytest

from segmentry.errors import StoreError
from segmentry.stores.aside import AsideFolder


def test_a_piece_comes_back_and_is_counted(tmp_path: Path) -> None:
    place = AsideFolder(tmp_path / "search" / "1")
    assert place.take("a") is None
    place.put("a", b"work")
    place.put("a", b"more work")
    assert (place.take("a"), place.taken) == (b"more work", 1)
    left = sorted(p.name for p in place.folder.iterdir())
    assert left == [".gitignore", "a.fits"]
    place.clear()
    assert not place.folder.exists()
    place.clear()


@pytest.mark.parametrize("keep", [0, 10, 32, 35])
def test_a_piece_that_is_cut_short_is_not_there(tmp_path: Path, keep: int) -> None:
    place = AsideFolder(tmp_path)
    place.put("a", b"work")
    path = tmp_path / "a.fits"
    path.write_bytes(path.read_bytes()[:keep])
    assert (place.take("a"), place.taken) == (None, 0)


def test_a_byte_that_differs_makes_it_not_there(tmp_path: Path) -> None:
    place = AsideFolder(tmp_path)
    place.put("a", b"work")
    path = tmp_path / "a.fits"
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(content)
    assert place.take("a") is None


def test_where_nothing_can_be_written_it_is_said(tmp_path: Path) -> None:
    (tmp_path / "search").write_text("a file")
    with pytest.raises(StoreError, match="cannot write") as error:
        AsideFolder(tmp_path / "search" / "1").put("a", b"work")
    assert error.value.code == "E5001"
