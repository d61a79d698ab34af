"""Which files a source's path means: a file, a glob or a folder of one readable kind.

What lives here: finding and naming files, and proving that compressed ones are whole. What does
not: reading rows (the room of each engine).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from segmentry.errors import DataError, nearest


class Format(StrEnum):
    """A kind of file that can be read."""

    CSV = "CSV"
    PARQUET = "Parquet"
    JSON = "JSON Lines"


ENDINGS = {
    ".csv": Format.CSV,
    ".tsv": Format.CSV,
    ".txt": Format.CSV,
    ".parquet": Format.PARQUET,
    ".pq": Format.PARQUET,
    ".jsonl": Format.JSON,
    ".ndjson": Format.JSON,
    ".json": Format.JSON,
}
PACKED = {".gz", ".zst"}
READABLE = "CSV, Parquet or JSON Lines (also .gz or .zst)"
_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Files:
    """The files of a source, in order of name, all of one format."""

    paths: tuple[Path, ...]
    format: Format

    @property
    def name(self) -> str:
        """Name the files in a message."""
        more = f" and {len(self.paths) - 1} more" if len(self.paths) > 1 else ""
        return f"{self.paths[0].name}{more}"


def find_files(path: str, folder: str) -> Files:
    """Find the files that a path means.

    Parameters
    ----------
    path : str
        A file, a glob (``logs/*.csv``) or a folder; relative paths start in ``folder``.
    folder : str
        The project's folder.

    Returns
    -------
    Files

    Raises
    ------
    DataError
        E2001 if nothing is there; E2002 if the kind is not readable, or a folder mixes kinds.
    """
    whole = Path(folder) / Path(path).expanduser()
    paths = _listed(whole)
    if not paths:
        raise _missing(whole, path)
    formats = {p: format_of(p) for p in paths}
    unreadable = [p for p, found in formats.items() if found is None]
    if unreadable:
        raise DataError(
            f"{unreadable[0].name!r} is not a kind of file that can be read",
            code="E2002",
            where=path,
            hint=f"give {READABLE}",
        )
    found = sorted({f for f in formats.values() if f})
    if len(found) > 1:
        raise DataError(
            f"{path!r} mixes {' and '.join(found)} files",
            code="E2002",
            where=path,
            hint="make one source for each kind, for example with a glob such as '*.csv'",
        )
    for file in paths:
        _check_filled(file)
    return Files(tuple(paths), found[0])


def format_of(path: Path) -> Format | None:
    """Tell the format from the endings of a name; None where it is not known."""
    endings = [s.lower() for s in path.suffixes]
    if endings and endings[-1] in PACKED:
        endings.pop()
    return ENDINGS.get(endings[-1]) if endings else None


def check_whole(path: Path) -> None:
    """Read a compressed file to its end: engines take a damaged one for a shorter one.

    Raises
    ------
    DataError
        E2002 if it is cut short or its checksum differs.
    """
    if path.suffix.lower() not in PACKED:
        return
    import pyarrow as pa

    try:
        with pa.input_stream(str(path), compression="detect") as stream:
            while stream.read(_CHUNK):
                pass
    except OSError as error:
        raise DataError(
            f"{path.name!r} is damaged or cut short: {error}",
            code="E2002",
            where=str(path),
            hint="fetch or write the file again",
        ) from error


def head(path: Path, n_bytes: int) -> bytes:
    """Read the first bytes of a file, unpacked.

    Raises
    ------
    DataError
        E2002 if even these cannot be read.
    """
    import pyarrow as pa

    try:
        with pa.input_stream(str(path), compression="detect") as stream:
            return bytes(stream.read(n_bytes))
    except OSError as error:
        raise DataError(
            f"{path.name!r} cannot be read: {error}", code="E2002", where=str(path)
        ) from error


def _listed(whole: Path) -> list[Path]:
    if whole.is_file():
        return [whole]
    if whole.is_dir():
        return _in_folder(whole)
    parts = whole.parts
    fixed = next((i for i, part in enumerate(parts) if set(part) & set("*?[")), len(parts))
    pattern = str(Path(*parts[fixed:])) if fixed < len(parts) else ""
    base = Path(*parts[:fixed])
    return sorted(p for p in base.glob(pattern) if p.is_file()) if pattern else []


def _in_folder(folder: Path) -> list[Path]:
    """Give what can be read in a folder, else in the folders inside it, else everything."""
    for found in (folder.iterdir(), folder.rglob("*")):
        files = sorted(p for p in found if p.is_file() and p.name[0] not in "._")
        if any(map(format_of, files)):
            # Notes and licences lie beside data; a file that cannot be read is none of it.
            return [p for p in files if format_of(p)]
    return files


def _missing(whole: Path, path: str) -> DataError:
    parent = whole.parent
    if whole.is_dir():
        what, hint = f"the folder {path!r} holds no file", f"put {READABLE} files there"
    elif not parent.is_dir():
        what, hint = f"there is no file {path!r}", f"there is no folder {str(parent)!r} either"
    else:
        what = f"there is no file {path!r}"
        names = [p.name for p in parent.iterdir() if not p.name.startswith(".")]
        hint = nearest(whole.name, names) if names else f"{str(parent)!r} is empty"
    return DataError(what, code="E2001", where=str(whole), hint=hint)


def _check_filled(path: Path) -> None:
    if path.stat().st_size == 0:
        raise DataError(
            f"{path.name!r} is empty",
            code="E2003",
            where=str(path),
            hint="a header and at least one row are needed",
        )
