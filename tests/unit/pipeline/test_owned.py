"""What may be said of segments, and what comes of it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from segmentry.domain.owned import Deed, Owned
from segmentry.errors import UsageError
from segmentry.pipeline.finished import Run
from segmentry.pipeline.owned import change, forget, history, listed, report_of
from segmentry.pipeline.run import run_project
from segmentry.pipeline.undoing import undo
from segmentry.stores.runfolder import find_run
from segmentry.stores.state.peek import is_anything_said
from segmentry.stores.state.place import kept_releases
from segmentry.stores.state.said import said_run
from shops import shop_project


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return run_project(shop_project(tmp_path_factory.mktemp("shop")))


@pytest.fixture
def folder(made: Run, tmp_path: Path) -> Path:
    """Give the run in a project of its own."""
    shutil.copytree(made.folder.parent.parent, tmp_path / "shop", symlinks=True)
    return find_run(tmp_path / "shop")


def home(folder: Path) -> Path:
    return folder.parent.parent


def test_a_change_is_kept_with_a_release_by_which_the_segment_is_found_again(folder: Path) -> None:
    done = change(folder, 1, Deed.RENAME, "  VIPs ")
    assert done.owned == Owned(1, "VIPs")
    assert done.entry is not None
    assert (done.entry.called, done.entry.segment_id) == (said_name(folder, written=True), 1)
    assert [p.name for p in kept_releases(home(folder)).iterdir()] == [done.entry.release]


def said_name(folder: Path, *, written: bool = False) -> str:
    from segmentry.stores.runfolder import open_run

    stored = open_run(folder) if written else said_run(folder)
    return str(stored.document("segments")["segments"][0]["name"])


@pytest.mark.parametrize(
    ("deeds", "told"),
    [
        ([(Deed.RENAME, "VIPs"), (Deed.RENAME, "VIPs")], "is called 'VIPs' already"),
        ([(Deed.LOCK, ""), (Deed.LOCK, "")], "is locked already"),
        ([(Deed.UNLOCK, "")], "is not locked"),
        ([(Deed.OWN, "ada"), (Deed.OWN, "ada")], "is that already"),
        ([(Deed.NOTE, "")], "is that already"),
    ],
)
def test_what_is_so_already_writes_nothing(
    folder: Path, deeds: list[tuple[Deed, str]], told: str
) -> None:
    done = [change(folder, 1, deed, text) for deed, text in deeds][-1]
    assert told in done.sentence
    assert done.entry is None
    assert len(history(home(folder))) == len(deeds) - 1


def test_a_lock_keeps_the_name_that_the_rule_gave(folder: Path) -> None:
    name = said_name(folder)
    assert change(folder, 1, Deed.LOCK).owned == Owned(1, name, is_locked=True)
    with pytest.raises(UsageError, match="is locked"):
        change(folder, 1, Deed.RENAME, "VIPs")
    assert change(folder, 1, Deed.NOTE, "why not").owned is not None


def test_a_segment_is_told_by_its_present_name(folder: Path) -> None:
    old = said_name(folder)
    change(folder, old, Deed.RENAME, "VIPs")
    assert change(folder, "vips", Deed.OWN, "ada").owned == Owned(1, "VIPs", owner="ada")
    with pytest.raises(UsageError, match="there is no segment"):
        change(folder, old, Deed.OWN, "eve")


def test_two_segments_cannot_share_a_name(folder: Path) -> None:
    change(folder, 1, Deed.RENAME, "VIPs")
    with pytest.raises(UsageError, match="another segment is called 'vips'"):
        change(folder, 2, Deed.RENAME, "vips")
    # A name that was given up is free.
    change(folder, 1, Deed.RENAME, "Guests")
    assert change(folder, 2, Deed.RENAME, "VIPs").entry is not None


@pytest.mark.parametrize(
    ("deed", "text", "told"),
    [
        (Deed.RENAME, " ", "is no name"),
        (Deed.RENAME, "7", "is no name"),
        (Deed.RENAME, "x" * 201, "has 201 characters"),
        (Deed.OWN, "a\nb", "cannot be shown"),
        (Deed.NOTE, "a\x00b", "cannot be shown"),
    ],
)
def test_words_that_will_not_do_are_refused(folder: Path, deed: Deed, text: str, told: str) -> None:
    with pytest.raises(UsageError, match=told):
        change(folder, 1, deed, text)
    assert history(home(folder)) == ()


def test_a_note_may_have_lines(folder: Path) -> None:
    done = change(folder, 1, Deed.NOTE, "one\ntwo\n")
    assert done.owned is not None
    assert done.owned.note == "one\ntwo"


def test_trying_writes_nothing_with_a_state_and_without(folder: Path) -> None:
    tried = change(folder, 1, Deed.RENAME, "VIPs", dry_run=True)
    assert tried.sentence.startswith("Only tried: ")
    assert not is_anything_said(home(folder))
    change(folder, 1, Deed.OWN, "ada")
    assert change(folder, 1, Deed.RENAME, "VIPs", dry_run=True).entry is None
    assert len(history(home(folder))) == 1


def test_a_run_outside_a_project_needs_one(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    shutil.copytree(folder, out)
    with pytest.raises(UsageError, match="lies outside a project"):
        change(out, 1, Deed.RENAME, "VIPs")
    change(out, 1, Deed.RENAME, "VIPs", base=home(folder))
    # It is the same release: what is said shows wherever that is.
    assert said_name(folder) == "VIPs"


def test_a_list_says_who_named_what(folder: Path) -> None:
    assert {r["named_by"] for r in listed(said_run(folder))} == {"rule"}
    change(folder, 1, Deed.RENAME, "VIPs")
    first, *others = listed(said_run(folder))
    assert (first["name"], first["named_by"]) == ("VIPs", "people")
    assert {r["named_by"] for r in others} == {"rule"}


def test_the_report_is_the_runs_own_until_something_is_said(folder: Path) -> None:
    own = said_run(folder)
    assert report_of(own, home(folder)) == own.report
    change(folder, 1, Deed.RENAME, "VIPs")
    page = report_of(said_run(folder), home(folder))
    assert page != own.report
    assert "VIPs" in page.read_text()
    assert "VIPs" not in own.report.read_text()


def test_what_is_forgotten_is_said_of_nothing_any_more_and_can_be_taken_back(folder: Path) -> None:
    with pytest.raises(UsageError, match="nothing has been said"):
        forget(home(folder), "VIPs")
    old = said_name(folder)
    change(folder, 1, Deed.RENAME, "VIPs")
    change(folder, 1, Deed.LOCK)
    with pytest.raises(UsageError, match=r"own no segment 'VIP'(?s:.*)did you mean 'VIPs'"):
        forget(home(folder), "VIP")
    assert "Only tried" in forget(home(folder), "VIPs", dry_run=True).sentence
    assert said_name(folder) == "VIPs"
    assert forget(home(folder), "vips").sentence == "Nothing is said of 'VIPs' any more."
    assert said_name(folder) == old
    assert undo(home(folder)).owned == Owned(1, "VIPs", is_locked=True)
    assert said_name(folder) == "VIPs"
