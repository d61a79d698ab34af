"""Taking back what was said of segments."""

from __future__ import annotations

from pathlib import Path

import pytest

from segmentry.domain.owned import Deed, Owned
from segmentry.errors import UsageError
from segmentry.pipeline.owned import change, history
from segmentry.pipeline.run import run_project
from segmentry.pipeline.undoing import undo
from segmentry.stores.state.said import said_run
from shops import shop_project


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return run_project(shop_project(tmp_path)).folder


def home(folder: Path) -> Path:
    return folder.parent.parent


def said_name(folder: Path) -> str:
    return str(said_run(folder).document("segments")["segments"][0]["name"])


def test_changes_are_taken_back_one_after_the_other(folder: Path) -> None:
    with pytest.raises(UsageError, match="nothing to take back"):
        undo(home(folder))
    change(folder, 1, Deed.RENAME, "VIPs")
    change(folder, 1, Deed.LOCK)
    assert "Only tried" in undo(home(folder), dry_run=True).sentence
    assert undo(home(folder)).owned == Owned(1, "VIPs")
    assert undo(home(folder)).owned == Owned(1)
    assert [e.undoes for e in history(home(folder))] == [None, None, 2, 1]
    with pytest.raises(UsageError, match="nothing to take back"):
        undo(home(folder))


def test_one_entry_of_the_history_is_taken_back_where_nothing_changed_since(folder: Path) -> None:
    old = said_name(folder)
    change(folder, 1, Deed.RENAME, "VIPs")
    change(folder, 1, Deed.OWN, "ada")
    assert undo(home(folder), number=1).owned == Owned(1, owner="ada")
    with pytest.raises(UsageError, match="no entry 1 that could be taken back"):
        undo(home(folder), number=1)
    change(folder, 1, Deed.OWN, "eve")
    with pytest.raises(UsageError, match=r"owner of .* has changed again since entry 2"):
        undo(home(folder), number=2)
    change(folder, 1, Deed.RENAME, "Guests")
    change(folder, 2, Deed.RENAME, old)
    with pytest.raises(UsageError, match=r"another segment is called .* by now"):
        undo(home(folder), number=5)
    assert undo(home(folder), number=6).owned == Owned(2)
    assert undo(home(folder), number=5).owned == Owned(1, owner="eve")
