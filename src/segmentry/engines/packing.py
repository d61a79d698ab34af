"""Packed files: read as a stream, proved to be whole, unpacked where an engine cannot do it.

What lives here: gzip, Zstandard, bzip2, xz and zip archives with one file in them. What does not:
what lies inside (``files`` tells the kind, each engine's room reads it).
"""

from __future__ import annotations

import lzma
import shutil
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from segmentry.errors import DataError

PACKED = {".gz", ".zst", ".bz2", ".xz", ".zip"}
"""Endings that tell that a file is packed."""

FOREIGN = {".bz2", ".xz", ".zip"}
"""Those that have to be unpacked before an engine reads them."""

_CHUNK = 1 << 20


def is_packed(path: Path) -> bool:
    """Say whether the ending of a name tells that the file is packed."""
    return path.suffix.lower() in PACKED


def check_whole(path: Path) -> None:
    """Read a packed file to its end: engines take a damaged one for a shorter one.

    Raises
    ------
    DataError
        E2002 if it is cut short or its checksum differs.
    """
    if not is_packed(path):
        return
    with _told(path, "is damaged or cut short"), stream(path) as source:
        while source.read(_CHUNK):
            pass


def head(path: Path, n_bytes: int) -> bytes:
    """Read the first bytes of a file, unpacked.

    Raises
    ------
    DataError
        E2002 if even these cannot be read.
    """
    with _told(path, "cannot be read"), stream(path) as source:
        return bytes(source.read(n_bytes))


@contextmanager
def stream(path: Path) -> Iterator[IO[bytes] | Any]:
    """Open a file for reading, unpacked."""
    ending = path.suffix.lower()
    if ending == ".zip":
        with zipfile.ZipFile(path) as archive, archive.open(member_of(path)) as source:
            yield source
    elif ending == ".xz":
        with lzma.open(path) as source:
            yield source
    else:
        import pyarrow as pa

        with pa.input_stream(str(path), compression="detect") as source:
            yield source


def member_of(path: Path) -> str:
    """Name the one file in a zip archive.

    Raises
    ------
    DataError
        E2002 if it is no archive, or holds none or several files.
    """
    with _told(path, "is no whole zip archive"), zipfile.ZipFile(path) as archive:
        names = [i.filename for i in archive.infolist() if not i.is_dir()]
    # What macOS puts beside each file, and hidden files, are no data.
    names = [n for n in names if not n.startswith("__MACOSX/") and Path(n).name[0] != "."]
    if len(names) == 1:
        return names[0]
    listed = ", ".join(repr(n) for n in sorted(names)[:5])
    raise DataError(
        f"{path.name!r} holds {len(names)} files" + (f": {listed}" if names else ""),
        code="E2002",
        where=str(path),
        hint="unpack it, and give the file or the folder that is meant",
    )


def unpacked(path: Path, folder: Path) -> Path:
    """Give a file that engines read: itself, or what is in it, written into a folder.

    Raises
    ------
    DataError
        E2002 if it is damaged.
    """
    ending = path.suffix.lower()
    if ending not in FOREIGN:
        return path
    inner = Path(member_of(path)).name if ending == ".zip" else path.stem
    target = free_name(folder, inner)
    with _told(path, "is damaged or cut short"), stream(path) as source, target.open("wb") as sink:
        shutil.copyfileobj(source, sink, _CHUNK)
    return target


def free_name(folder: Path, name: str) -> Path:
    """Give a path in a folder that no file has yet."""
    folder.mkdir(parents=True, exist_ok=True)
    number = sum(1 for _ in folder.iterdir())
    return folder / f"{number}-{name}"


@contextmanager
def _told(path: Path, what: str) -> Iterator[None]:
    """Turn what the unpackers raise into an error of the house."""
    try:
        yield
    except (OSError, EOFError, lzma.LZMAError, zipfile.BadZipFile, RuntimeError) as error:
        raise DataError(
            f"{path.name!r} {what}: {error}",
            code="E2002",
            where=str(path),
            hint="fetch or write the file again",
        ) from error
