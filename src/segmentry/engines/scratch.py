"""Scratch folders: one for each engine, gone when it is closed, collected, or its process ends.

A killed process cannot tidy up, so whoever comes next removes what the dead left: a folder belongs
to a living process as long as that holds its lock, which ends with the process however that dies.
"""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from pathlib import Path

from segmentry import clock

PREFIX = "segmentry-scratch-"
OURS = re.compile(rf"{PREFIX}[a-z0-9_]{{8}}")
"""Nothing that a person would call a folder of their own."""

YOUNG_SECONDS = 60.0
"""A folder this young may be one that is just being made, and not locked yet."""


class Scratch:
    """A folder of one's own.

    Parameters
    ----------
    parent : Path or None
        Where it lies; None is the system's place for temporary files.
    """

    folder: Path

    def __init__(self, parent: Path | None = None) -> None:
        if parent is not None:
            parent.mkdir(parents=True, exist_ok=True)
        place = Path(tempfile.gettempdir() if parent is None else parent)
        _sweep(place)
        self.folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=place))
        self._lock = _locked(self.folder)

    def remove(self) -> None:
        """Remove the folder and what is in it; a second time does nothing."""
        shutil.rmtree(self.folder, ignore_errors=True)
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None


def _locked(folder: Path) -> int | None:
    """Lock a folder; None where another process holds it, or folders cannot be locked."""
    try:
        import fcntl

        descriptor = os.open(folder, os.O_RDONLY)
    except (ImportError, OSError):
        return None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(descriptor)
        return None
    return descriptor


def _sweep(place: Path) -> None:
    try:
        found = list(place.iterdir())
    except OSError:  # a place that may be written to, but not looked into
        return
    for path in found:
        if not OURS.fullmatch(path.name):
            continue
        try:
            is_old = clock.now().timestamp() - path.stat().st_mtime > YOUNG_SECONDS
        except OSError:  # another process was quicker
            continue
        if is_old and path.is_dir() and (lock := _locked(path)) is not None:
            shutil.rmtree(path, ignore_errors=True)
            os.close(lock)
