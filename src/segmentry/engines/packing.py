"""Packed files: read as a stream, proved to be whole, unpacked where an engine cannot do it.

What lives here: gzip, Zstandard, bzip2, xz and zip archives with one file in them, and how much may
come out of them. What does not: what lies inside (``files`` tells the kind, each engine's room
reads it).
"""

from __future__ import annotations

import lzma
import shutil
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from segmentry.engines.scratch import writing_scratch
from segmentry.errors import DataError, StoreError

PACKED = {".gz", ".zst", ".bz2", ".xz", ".zip"}
"""Endings that tell that a file is packed."""

FOREIGN = {".bz2", ".xz", ".zip"}
"""Those that have to be unpacked before an engine reads them."""

MAGIC = {
    b"\x1f\x8b\x08": ".gz",
    b"\x28\xb5\x2f\xfd": ".zst",
    b"BZh": ".bz2",
    b"\xfd7zXZ\x00": ".xz",
}
"""First bytes that tell how a file is packed, whatever its name says."""

_BZIP2_BLOCK = b"1AY&SY"
"""Stands behind the first four bytes of bzip2, which alone could begin a text."""

FREE_BYTES = 10 << 30
"""So much may come out of any packed file, however small it is."""

MOST_TIMES = 200
"""Beyond that, what comes out may be so many times the packed size: tables pack to a tenth or a
twentieth, and only a file made to fill a disk packs to less than a two-hundredth."""

SCRATCH_SHARE = 0.9
"""Share of the free scratch space that one file may fill; the work after it needs some too."""

_LONGEST_NAME = 100
"""Signs of a name that are kept: the ending tells the kind, and systems refuse very long ones."""

_CHUNK = 1 << 20


def is_packed(path: Path) -> bool:
    """Say whether the ending of a name tells that the file is packed."""
    return path.suffix.lower() in PACKED


def packing_of(path: Path) -> str | None:
    """Tell how a file is packed, as the ending that says so: by its first bytes, else its name."""
    with _told(path, "cannot be read"), path.open("rb") as file:
        first = file.read(10)
    found = next((ending for magic, ending in MAGIC.items() if first.startswith(magic)), None)
    if found == ".bz2" and first[4:] != _BZIP2_BLOCK:
        found = None
    return found or (path.suffix.lower() if is_packed(path) else None)


def check_whole(path: Path) -> None:
    """Read a packed file to its end: engines take a damaged one for a shorter one.

    Raises
    ------
    DataError
        E2002 if it is cut short, its checksum differs, or far too much comes out of it.
    """
    if packing_of(path) is None:
        return
    for _ in _pieces(path):
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
    packing = packing_of(path)
    if packing == ".zip":
        with zipfile.ZipFile(path) as archive, archive.open(member_of(path)) as source:
            yield source
    elif packing == ".xz":
        with lzma.open(path) as source:
            yield source
    else:
        import pyarrow as pa

        codec = {".gz": "gzip", ".zst": "zstd", ".bz2": "bz2"}.get(packing or "")
        with pa.input_stream(str(path), compression=codec) as source:
            yield source


def _pieces(path: Path) -> Iterator[bytes]:
    """Give what is in a packed file, piece by piece, and stop where it is far too much."""
    most, n_bytes = max(FREE_BYTES, MOST_TIMES * path.stat().st_size), 0
    with _told(path, "is damaged or cut short"), stream(path) as source:
        while piece := source.read(_CHUNK):
            n_bytes += len(piece)
            if n_bytes > most:
                raise _too_much(path)
            yield piece


def _too_much(path: Path) -> DataError:
    return DataError(
        f"{path.name!r} holds more than {FREE_BYTES / 2**30:.0f} GiB and more than {MOST_TIMES}"
        " times its packed size, as a file made to fill a disk does",
        code="E2002",
        where=str(path),
        hint="if it is meant to be so, unpack it, and give the file that comes out",
    )


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
    names = [
        n for n in names if not n.startswith("__MACOSX/") and Path(n).name[:1] not in {"", "."}
    ]
    if len(names) == 1:
        return names[0]
    listed = ", ".join(repr(n) for n in sorted(names)[:5])
    raise DataError(
        f"{path.name!r} holds {len(names) or 'no'} files" + (f": {listed}" if names else ""),
        code="E2002",
        where=str(path),
        hint="unpack it, and give the file or the folder that is meant",
    )


def unpacked(path: Path, folder: Path) -> Path:
    """Give a file that engines read: itself, or what is in it, written into a folder.

    Raises
    ------
    DataError
        E2002 if it is damaged, or far too much comes out of it.
    StoreError
        E5001 if the folder has no room for it.
    """
    packing = packing_of(path)
    if packing is None or (packing not in FOREIGN and packing == path.suffix.lower()):
        return path
    inner = member_of(path) if packing == ".zip" else path.stem if is_packed(path) else path.name
    target = free_name(folder, Path(inner).name[-_LONGEST_NAME:])
    room = int(SCRATCH_SHARE * shutil.disk_usage(folder).free)
    with writing_scratch(folder, f"unpack {path.name!r}"), target.open("wb") as sink:
        for piece in _pieces(path):
            room -= len(piece)
            if room < 0:
                raise _no_room(path, folder)
            sink.write(piece)
    return target


def _no_room(path: Path, folder: Path) -> StoreError:
    return StoreError(
        f"what is in {path.name!r} would fill more than {SCRATCH_SHARE:.0%} of the scratch space"
        " that is free",
        code="E5001",
        where=str(folder),
        hint="free some space there, set TMPDIR to a folder on a larger disk, or unpack the file",
    )


def free_name(folder: Path, name: str) -> Path:
    """Give a path in a folder that no file has yet."""
    folder.mkdir(parents=True, exist_ok=True)
    number = sum(1 for _ in folder.iterdir())
    return folder / f"{number}-{name}"


_DAMAGED = (
    OSError, EOFError, lzma.LZMAError, zlib.error, zipfile.BadZipFile, struct.error, ValueError,
    RuntimeError,
)  # fmt: skip
"""What the unpackers raise where bytes are not what they should be."""


@contextmanager
def _told(path: Path, what: str) -> Iterator[None]:
    """Turn what the unpackers raise into an error of the house."""
    try:
        yield
    except _DAMAGED as error:
        raise DataError(
            f"{path.name!r} {what}: {error}",
            code="E2002",
            where=str(path),
            hint="fetch or write the file again",
        ) from error
