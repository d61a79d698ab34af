"""Releases kept beside the state, by which segments are found again when their run is gone.

A release holds no entity (``releases``), so the state holds none either.
"""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from segmentry.domain.release import Release
from segmentry.errors import SegmentryError
from segmentry.stores.files import sync_folder, writing
from segmentry.stores.releases import load_release, save_release
from segmentry.stores.state.place import kept_releases


def keep_release(home: Path, release: Release) -> None:
    """Keep a copy of a release, whole or not at all; one that is there stays.

    Raises
    ------
    StoreError
        E5001 if it cannot be written.
    """
    folder = kept_releases(home) / release.fingerprint
    if folder.is_dir():
        return
    with writing(folder):
        folder.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        aside = Path(tempfile.mkdtemp(prefix=".", suffix=".partial", dir=folder.parent))
        try:
            save_release(release, aside / "release")
            if not folder.exists():
                (aside / "release").rename(folder)
                sync_folder(folder.parent)
        finally:
            shutil.rmtree(aside, ignore_errors=True)


def kept_release(home: Path, fingerprint: str) -> Release | None:
    """Give a release that was kept; None where it is not there or not whole."""
    try:
        release = load_release(kept_releases(home) / fingerprint)
    except SegmentryError:
        return None
    return release if release.fingerprint == fingerprint else None
