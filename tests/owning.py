"""A project of its own for each test that says something of segments: a copy of the shared one."""

from __future__ import annotations

import shutil
from pathlib import Path

from finished import Finished


def copied(shop: Finished, folder: Path) -> Path:
    """Copy a project with its runs."""
    shutil.copytree(shop.folder, folder, symlinks=True, dirs_exist_ok=True)
    return folder


def bytes_of(folder: Path) -> dict[str, bytes]:
    """Read every file of a folder."""
    return {
        p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()
    }
