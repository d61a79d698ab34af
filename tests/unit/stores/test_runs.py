"""Runs are whole or not there."""

from __future__ import annotations

import errno
import os
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pytest

from segmentry.errors import StoreError, UsageError
from segmentry.stores import runs
from segmentry.stores.runfolder import find_run, open_run
from segmentry.stores.runs import RunWriter, check_destination, run_id

NAME = "20260301T101500-3f9a1c"


def write_run(
    base: Path | None = None, output: Path | None = None, *, mark: int = 1, name: str = NAME
) -> Path:
    with RunWriter(base, output, name) as writer:
        writer.write_json("summary.json", {"format": 1, "mark": mark})
        writer.write_text("report.html", "<p>fine</p>" * 100)
        return writer.commit()


def hidden(folder: Path) -> list[str]:
    return sorted(p.name for p in folder.iterdir() if p.name.startswith("."))


def test_a_run_lies_under_its_name_and_latest_points_to_it_relatively(tmp_path: Path) -> None:
    folder = write_run(tmp_path)
    assert folder == tmp_path / "runs" / NAME
    assert (tmp_path / "runs" / "latest").readlink() == Path(NAME)
    assert open_run(find_run(tmp_path)).document("summary") == {"format": 1, "mark": 1}
    assert hidden(tmp_path / "runs") == []


def test_latest_follows_the_newest_run_and_earlier_ones_stay(tmp_path: Path) -> None:
    first = write_run(tmp_path)
    second = write_run(tmp_path, mark=2, name="20260302T000000-aaaaaa")
    assert find_run(tmp_path) == second
    assert open_run(first).document("summary")["mark"] == 1


def test_two_runs_of_one_name_both_stay(tmp_path: Path) -> None:
    write_run(tmp_path)
    second = write_run(tmp_path, mark=2)
    assert second.name == f"{NAME}-2"
    assert find_run(tmp_path) == second


def test_two_writers_at_once_do_not_disturb_each_other(tmp_path: Path) -> None:
    with RunWriter(tmp_path, None, NAME) as one, RunWriter(tmp_path, None, NAME) as other:
        one.write_json("summary.json", {"mark": 1})
        other.write_json("summary.json", {"mark": 2})
        marks = [open_run(w.commit()).document("summary")["mark"] for w in (one, other)]
    assert marks == [1, 2]


def test_nothing_is_visible_before_commit_and_nothing_stays_without_it(tmp_path: Path) -> None:
    with RunWriter(tmp_path, None, NAME) as writer:
        writer.write_text("report.html", "x")
        assert not (tmp_path / "runs" / NAME).exists()
    assert list((tmp_path / "runs").iterdir()) == []


def test_an_error_inside_the_block_removes_what_was_written(tmp_path: Path) -> None:
    def fail() -> None:
        with RunWriter(tmp_path, None, NAME) as writer:
            writer.write_text("report.html", "x")
            raise KeyboardInterrupt("stop")

    with pytest.raises(KeyboardInterrupt, match="stop"):
        fail()
    assert list((tmp_path / "runs").iterdir()) == []


def test_an_output_folder_may_be_new_and_latest_stays(tmp_path: Path) -> None:
    first = write_run(tmp_path)
    place = write_run(tmp_path, tmp_path / "deep" / "out", mark=2)
    assert open_run(place).document("summary")["mark"] == 2
    assert find_run(tmp_path) == first


def test_an_empty_output_folder_is_filled(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    assert open_run(write_run(output=tmp_path / "out")).folder == tmp_path / "out"


@pytest.mark.parametrize("in_one_step", [True, False])
def test_an_earlier_run_is_swapped_as_a_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, in_one_step: bool
) -> None:
    if not in_one_step:
        monkeypatch.setattr(runs, "exchange", lambda one, other: False)
    write_run(output=tmp_path / "out")
    (tmp_path / "out" / "note.txt").write_text("of the earlier run")
    write_run(output=tmp_path / "out", mark=2)
    assert open_run(tmp_path / "out").document("summary")["mark"] == 2
    assert not (tmp_path / "out" / "note.txt").exists()
    assert [p.name for p in tmp_path.iterdir()] == ["out"]


def test_a_swap_that_fails_half_way_leaves_the_earlier_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_run(output=tmp_path / "out")
    rename = Path.rename

    def refuse(self: Path, target: Path) -> Path:
        if self.name.endswith(".partial"):
            raise OSError(errno.EIO, "input/output error")
        return rename(self, target)

    monkeypatch.setattr(runs, "exchange", lambda one, other: False)
    monkeypatch.setattr(Path, "rename", refuse)
    with pytest.raises(StoreError, match="input/output error"):
        write_run(output=tmp_path / "out", mark=2)
    assert open_run(tmp_path / "out").document("summary")["mark"] == 1
    assert [p.name for p in tmp_path.iterdir()] == ["out"]


@pytest.mark.parametrize("was_in_place", [True, False])
def test_a_swap_cut_short_by_a_kill_is_settled_by_the_next_run(
    tmp_path: Path, was_in_place: bool
) -> None:
    old = write_run(output=tmp_path / "out").rename(tmp_path / ".out.old")
    if was_in_place:
        write_run(output=tmp_path / "out", mark=2)
        write_run(output=tmp_path / "spare", mark=1).rename(old)
    with RunWriter(None, tmp_path / "out", NAME):
        mark = open_run(tmp_path / "out").document("summary")["mark"]
    assert mark == (2 if was_in_place else 1)
    assert not old.exists()


def test_a_folder_with_other_files_is_refused(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("two years of work")
    for attempt in (check_destination, lambda base, output: RunWriter(base, output, NAME)):
        with pytest.raises(UsageError, match="other files"):
            attempt(None, tmp_path)
    assert (tmp_path / "thesis.txt").read_text() == "two years of work"


def test_a_file_is_no_output_folder(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("")
    with pytest.raises(UsageError, match="is a file"):
        check_destination(None, tmp_path / "out")


def test_a_mount_point_is_refused_with_the_way_out() -> None:
    with pytest.raises(UsageError, match=r"mount point(.|\n)*--output /run"):
        check_destination(None, Path("/"))


def test_a_run_needs_a_place() -> None:
    with pytest.raises(UsageError, match="output folder"):
        RunWriter(None, None, NAME)


def test_a_place_that_cannot_be_written_is_refused_before_the_work(tmp_path: Path) -> None:
    (tmp_path / "runs").write_text("a file where the folder of runs should be")
    with pytest.raises(StoreError, match="cannot write") as caught:
        check_destination(tmp_path, None)
    assert caught.value.code == "E5001"
    assert "--output" in (caught.value.hint or "")


def test_checking_a_place_leaves_nothing_there(tmp_path: Path) -> None:
    check_destination(tmp_path, None)
    assert list((tmp_path / "runs").iterdir()) == []


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (errno.ENOSPC, r"no space left to write report\.html; it needs about 1 MiB and \d+ MiB"),
        (errno.EDQUOT, r"no space left"),
        (errno.EFBIG, r"file size limit"),
        (errno.EACCES, r"no permission"),
        (errno.EIO, r"cannot write report\.html"),
    ],
)
def test_a_write_that_fails_says_where_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, words: str
) -> None:
    first = write_run(tmp_path)

    def refuse(descriptor: int) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "fsync", refuse)

    def attempt() -> None:
        with RunWriter(tmp_path, None, NAME) as writer:
            writer.write_text("report.html", "x" * 1000)

    with pytest.raises(StoreError, match=words) as caught:
        attempt()
    assert caught.value.code == "E5001"
    assert str(tmp_path / "runs") in str(caught.value.where)
    assert sorted(p.name for p in (tmp_path / "runs").iterdir()) == [NAME, "latest"]
    assert find_run(tmp_path) == first


def test_leftovers_of_dead_writers_are_swept_and_living_ones_stay(tmp_path: Path) -> None:
    folder = tmp_path / "runs"
    left = folder / ".20200101T000000-dead00.partial"
    left.mkdir(parents=True)
    (left / "features.parquet").write_text("half")
    link = folder / ".latest.1.partial"
    link.symlink_to("nowhere")
    with RunWriter(tmp_path, None, "20260301T101500-living") as living:
        living.write_text("report.html", "x")
        write_run(tmp_path)
        assert hidden(folder) == [living.folder.name]
    assert hidden(folder) == []


def test_where_folders_cannot_be_locked_only_old_leftovers_are_swept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runs, "_try_lock", lambda folder: runs._NO_LOCKS)
    folder = tmp_path / "runs"
    for name in (".old.partial", ".young.partial"):
        (folder / name).mkdir(parents=True)
    os.utime(folder / ".old.partial", (0, 0))
    write_run(tmp_path)
    assert hidden(folder) == [".young.partial"]


def test_sweeping_beside_an_output_folder_touches_its_own_leftovers_only(tmp_path: Path) -> None:
    for name in (".out.partial", ".out.2.partial", ".output.partial", ".mine.partial"):
        (tmp_path / name).mkdir()
    write_run(output=tmp_path / "out")
    assert hidden(tmp_path) == [".mine.partial", ".output.partial"]


def test_tables_are_written_with_null_and_never_nan(tmp_path: Path) -> None:
    table = pa.table({"entity_id": ["a", "b", "c"], "x": [1.0, float("nan"), None], "n": [1, 2, 3]})
    with RunWriter(tmp_path, None, NAME) as writer:
        writer.write_json("summary.json", {})
        writer.write_parquet("features.parquet", table)
        folder = writer.commit()
    assert open_run(folder).table("features")["x"].to_pylist() == [1.0, None, None]


def test_a_run_id_sorts_by_time_in_utc() -> None:
    assert run_id(datetime(2026, 3, 1, 10, 15, tzinfo=UTC), "3f9a1c77e0") == NAME


@pytest.mark.parametrize("kind", ["folder", "file"])
def test_what_takes_the_name_of_the_latest_run_is_told_before_the_work(
    tmp_path: Path, kind: str
) -> None:
    latest = tmp_path / "runs" / "latest"
    latest.parent.mkdir()
    if kind == "folder":
        latest.mkdir()
    else:
        latest.write_text("mine")
    for attempt in (lambda: check_destination(tmp_path, None), lambda: write_run(tmp_path)):
        with pytest.raises(StoreError, match=f"runs/latest is a {kind}") as caught:
            attempt()
        assert caught.value.code == "E5001"
    assert [p.name for p in latest.parent.iterdir()] == ["latest"]
    check_destination(None, tmp_path / "elsewhere")


def test_a_link_that_cannot_be_put_in_place_leaves_nothing_behind(tmp_path: Path) -> None:
    with RunWriter(tmp_path, None, NAME) as writer:
        writer.write_json("summary.json", {"format": 1})
        (tmp_path / "runs" / "latest").mkdir()
        with pytest.raises(StoreError, match="cannot write"):
            writer.commit()
    assert hidden(tmp_path / "runs") == []
