"""Releases kept beside the state, by which segments are found again when their run is gone.

A release holds no entity (``releases``), so the state holds none either. Nor do the papers that are
kept with it: aggregates, for telling what it was.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from segmentry.domain.release import Release
from segmentry.errors import SegmentryError
from segmentry.stores.files import (
    JSON_BYTES,
    parse_json,
    read_bytes,
    replacing,
    sync_folder,
    writing,
)
from segmentry.stores.releases import load_release, save_release
from segmentry.stores.state.place import kept_papers_file, kept_releases

Papers = Mapping[str, Mapping[str, Any]]


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


def keep_papers(home: Path, papers: Papers) -> str:
    """Keep what is told of a release, whole or not at all.

    Parameters
    ----------
    home : Path
        The project's folder.
    papers : mapping from name to document

    Returns
    -------
    str
        SHA-256 of what is kept, by which it is found.

    Raises
    ------
    StoreError
        E5001 if it cannot be written.
    """
    content = json.dumps(papers, ensure_ascii=False, allow_nan=False, sort_keys=True).encode()
    digest = hashlib.sha256(content).hexdigest()
    path = kept_papers_file(home, digest)
    with writing(path):
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with replacing(path) as file:
        file.write(content)
    return digest


def kept_papers(home: Path, digest: str) -> Papers | None:
    """Give what is told of a release; None where it is not there, or is not what was kept."""
    path = kept_papers_file(home, digest)
    try:
        content = read_bytes(path, limit=JSON_BYTES)
        if hashlib.sha256(content).hexdigest() != digest:
            return None
        return parse_json(content, path)
    except SegmentryError:
        return None
