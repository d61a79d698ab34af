"""Scratch folders: one for each engine, gone when it is closed, collected, or its process ends.

A killed process cannot tidy up, so whoever comes next removes what the dead left: a folder belongs
to a living process as long as that holds its lock, which ends with the process however that dies.
"""

from __future__ import annotations

import errno
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from segmentry import clock
from segmentry.errors import StoreError

PREFIX = "segmentry-scratch-"
OURS = re.compile(rf"{PREFIX}[a-z0-9_]{{8}}")
"""Nothing that a person would call a folder of their own."""

YOUNG_SECONDS = 60.0
"""A folder this young may be one that is just being made, and not locked yet."""


_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_SAID = tuple(os.strerror(number) for number in _FULL)
"""What a system says where a file cannot grow, however a library words the rest."""


@contextmanager
def writing_scratch(folder: Path, what: str) -> Iterator[None]:
    """Tell scratch files that cannot grow as such: the data that is read is not to blame.

    Parameters
    ----------
    folder : Path
        Where the scratch files lie.
    what : str
        What was being done, as ``unpack 'shop.zip'``.

    Raises
    ------
    StoreError
        E5001 where the disk, the quota or the limit of the process is reached; any other error of
        the block passes.
    """
    try:
        yield
    except OSError as error:
        if not is_full(str(error)):
            raise
        raise no_scratch(folder, what, str(error)) from error


def is_full(said: str) -> bool:
    """Tell whether an error's text says that a file could not grow."""
    return any(text in said for text in _SAID)


def no_scratch(folder: Path | None, what: str, said: str) -> StoreError:
    """Word that scratch files cannot grow."""
    place = folder or tempfile.gettempdir()
    hint = "free some space there, or set TMPDIR to a folder on a larger disk"
    if os.strerror(errno.EFBIG) in said:
        hint = "raise the limit of this process for the size of a file (ulimit -f)"
    return StoreError(
        f"no scratch space to {what}: {said}", code="E5001", where=str(place), hint=hint
    )


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
