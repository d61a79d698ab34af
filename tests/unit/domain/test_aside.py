"""What puts work aside keeps to its protocol."""

from __future__ import annotations

from pathlib import Path

from segmentry.domain.aside import Aside
from segmentry.stores.aside import AsideFolder


def done_once(aside: Aside, work: list[str]) -> bytes:
    """Do a piece of work, but where it was done already."""
    kept = aside.take("piece")
    if kept is None:
        work.append("done")
        aside.put("piece", kept := b"result")
    return kept


def test_a_folder_lets_work_be_done_once(tmp_path: Path) -> None:
    work: list[str] = []
    assert [done_once(AsideFolder(tmp_path), work) for _ in range(3)] == [b"result"] * 3
    assert work == ["done"]
