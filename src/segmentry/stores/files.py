"""Files that are whole or not there: durable writes, safe reads, and one atomic swap.

What lives here: the file-system moves that runs, releases and keys share, and the wording of what
goes wrong with them. What does not: what the files mean.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import shutil
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from segmentry.errors import StoreError

JSON_BYTES = 64 * 2**20
"""No JSON file of ours comes near this; a larger one is refused unread."""

_MIB = 2**20
_FULL = {errno.ENOSPC, errno.EDQUOT}
_FORBIDDEN = {errno.EACCES, errno.EPERM, errno.EROFS}


@contextmanager
def writing(path: Path, *, n_bytes: int | None = None) -> Iterator[None]:
    """Turn a failed write into a sentence that says where, how much, and what to try.

    Raises
    ------
    StoreError
        E5001, whatever the operating system said.
    """
    try:
        yield
    except OSError as error:
        raise cannot_write(path, error, n_bytes=n_bytes) from error


def cannot_write(path: Path, error: OSError, *, n_bytes: int | None = None) -> StoreError:
    """Word an operating system's refusal to write."""
    needed = f"; it needs about {max(n_bytes, _MIB) / _MIB:.0f} MiB" if n_bytes else ""
    if error.errno in _FULL:
        what = f"no space left to write {path.name}{needed} and {_free(path)} are free"
        hint = "free some space on this disk, or write elsewhere with --output"
    elif error.errno == errno.EFBIG:
        what = f"{path.name} is larger than the file size limit of this process{needed}"
        hint = "raise the limit (ulimit -f), or write on another file system with --output"
    elif error.errno in _FORBIDDEN:
        what = f"no permission to write {path.name}"
        hint = "choose a folder that you may write to with --output"
    else:
        what = f"cannot write {path.name}: {error.strerror or error}"
        hint = "choose another folder with --output"
    return StoreError(what, code="E5001", where=str(path.parent), hint=hint)


def _free(path: Path) -> str:
    folder = next((p for p in path.parents if p.exists()), Path("/"))
    return f"{shutil.disk_usage(folder).free / _MIB:.0f} MiB"


@contextmanager
def durable(path: Path) -> Iterator[IO[bytes]]:
    """Open a new file for writing and force it to the disk when the block ends."""
    with path.open("wb") as file:
        yield file
        file.flush()
        os.fsync(file.fileno())


@contextmanager
def replacing(path: Path) -> Iterator[IO[bytes]]:
    """Write a file aside and put it in place at the end: readers see the old one or the new one.

    Raises
    ------
    StoreError
        E5001 if it cannot be written; a file that was there stays as it was.
    """
    aside = path.with_name(f".{path.name}.{os.getpid()}.partial")
    try:
        with writing(path):
            with durable(aside) as file:
                yield file
            aside.replace(path)
            sync_folder(path.parent)
    finally:
        aside.unlink(missing_ok=True)


def sync_folder(folder: Path) -> None:
    """Force a folder's entries to the disk, where the system can."""
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def exchange(one: Path, other: Path) -> bool:
    """Swap two folders in one step of the file system; False where it cannot."""
    import ctypes

    try:
        renameat2 = ctypes.CDLL(None, use_errno=True).renameat2
    except (AttributeError, OSError, TypeError):
        return False
    here, swap = -100, 2  # AT_FDCWD and RENAME_EXCHANGE of linux/fs.h
    return bool(renameat2(here, os.fsencode(one), here, os.fsencode(other), swap) == 0)


def read_bytes(path: Path, *, limit: int) -> bytes:
    """Read a plain file of bounded size: no link, device or pipe is followed.

    Raises
    ------
    StoreError
        E5003 if it is missing, too large, or not a plain file.
    """
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    try:
        descriptor = os.open(path, flags)
    except (OSError, ValueError) as error:
        raise damaged(path, "is missing or not a plain file") from error
    found = os.fstat(descriptor)
    if not stat.S_ISREG(found.st_mode):
        os.close(descriptor)
        raise damaged(path, "is not a plain file")
    with os.fdopen(descriptor, "rb") as file:
        if found.st_size > limit:
            raise damaged(path, f"has {found.st_size} bytes, more than the {limit} allowed")
        return file.read(limit)


def read_json(path: Path) -> dict[str, Any]:
    """Read a JSON object; NaN and infinities are refused.

    Raises
    ------
    StoreError
        E5003 if the file is missing, too large or not such an object.
    """
    return parse_json(read_bytes(path, limit=JSON_BYTES), path)


def parse_json(content: bytes, path: Path) -> dict[str, Any]:
    """Parse a JSON object that was read from ``path``."""
    try:
        document = json.loads(content, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise damaged(path, "is not readable as JSON") from error
    if not isinstance(document, dict):
        raise damaged(path, "holds no JSON object")
    return document


def _refuse_constant(word: str) -> float:
    msg = f"{word} is no JSON number"
    raise ValueError(msg)


def damaged(path: Path, what: str) -> StoreError:
    """Word that something stored is not as it was written."""
    return StoreError(
        f"{path.name} {what}",
        code="E5003",
        where=str(path.parent),
        hint="make the run again with `segmentry run`, or restore the folder from a copy",
    )


def sha256_of(path: Path) -> str:
    """Give the SHA-256 of a plain file, read in pieces."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
