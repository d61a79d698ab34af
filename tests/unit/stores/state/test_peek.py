"""Whether anything is said, without loading what reads it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from segmentry.domain.owned import Deed
from segmentry.stores.state.book import Book
from segmentry.stores.state.peek import is_anything_said
from segmentry.stores.state.place import state_file
from segmentry.stores.state.shelf import Shelf


def test_a_state_of_releases_alone_says_nothing_of_segments(tmp_path: Path) -> None:
    assert not is_anything_said(tmp_path)
    with Shelf.of(tmp_path) as shelf:
        assert shelf.champion() is None
    assert not is_anything_said(tmp_path)
    with Book.of(tmp_path) as book:
        book.say("a", 1, Deed.RENAME, {"name": "VIPs"})
    assert is_anything_said(tmp_path)


def test_a_state_that_cannot_be_read_is_left_to_whoever_can_say_so(tmp_path: Path) -> None:
    path = state_file(tmp_path)
    path.parent.mkdir()
    path.write_bytes(b"no database" * 100)
    assert is_anything_said(tmp_path)


def test_asking_loads_no_database_library(tmp_path: Path) -> None:
    with Shelf.of(tmp_path):
        pass
    code = (
        "import sys; from pathlib import Path\n"
        "from segmentry.stores.state.peek import is_anything_said\n"
        f"assert not is_anything_said(Path({str(tmp_path)!r}))\n"
        "assert 'sqlalchemy' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
