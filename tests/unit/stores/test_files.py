"""The file moves that everything stored relies on."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from segmentry.errors import StoreError
from segmentry.stores import files
from segmentry.stores.files import exchange, read_bytes, read_json, replacing, writing


def test_a_file_is_replaced_in_one_step(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("old")
    with replacing(path) as file:
        file.write(b"new")
        assert path.read_text() == "old"
    assert path.read_text() == "new"
    assert [p.name for p in tmp_path.iterdir()] == ["a.csv"]


def test_a_replacement_that_fails_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("old")

    def fail() -> None:
        with replacing(path) as file:
            file.write(b"half")
            raise OSError(errno.ENOSPC, "full")

    with pytest.raises(StoreError, match="no space left"):
        fail()
    assert path.read_text() == "old"
    assert [p.name for p in tmp_path.iterdir()] == ["a.csv"]


def test_two_folders_change_places_in_one_step_where_the_system_can(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "who").write_text(name)
    done = exchange(tmp_path / "a", tmp_path / "b")
    assert (tmp_path / "a" / "who").read_text() == ("b" if done else "a")


def test_a_swap_with_nothing_does_not_happen(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    assert not exchange(tmp_path / "a", tmp_path / "gone")
    assert (tmp_path / "a").is_dir()


def test_links_pipes_and_folders_are_not_read(tmp_path: Path) -> None:
    (tmp_path / "real").write_text("secret")
    (tmp_path / "link").symlink_to("real")
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "folder").mkdir()
    for name in ("link", "pipe", "folder", "gone", "x\x00y"):
        with pytest.raises(StoreError, match="plain file") as caught:
            read_bytes(tmp_path / name, limit=100)
        assert caught.value.code == "E5003"


def test_a_file_over_the_limit_is_refused_unread(tmp_path: Path) -> None:
    with (tmp_path / "big").open("wb") as file:
        file.truncate(2**40)
    with pytest.raises(StoreError, match="more than the 100 allowed"):
        read_bytes(tmp_path / "big", limit=100)


@pytest.mark.parametrize("text", ["", "[1]", "{", '{"a": NaN}', '{"a": -Infinity}', "[" * 10**5])
def test_what_is_no_json_object_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "a.json").write_text(text)
    with pytest.raises(StoreError, match=r"a\.json"):
        read_json(tmp_path / "a.json")


def test_the_free_space_is_told_where_the_disk_is_full(tmp_path: Path) -> None:
    path = tmp_path / "not" / "yet" / "a"
    full = files.cannot_write(path, OSError(errno.ENOSPC, "full"), n_bytes=5 * 2**20)
    assert "about 5 MiB" in full.what
    assert "MiB are free" in full.what


def test_other_errors_pass_through() -> None:
    with pytest.raises(ZeroDivisionError, match="by zero"), writing(Path("a")):
        _ = 1 / 0
