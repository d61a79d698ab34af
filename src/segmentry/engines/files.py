"""Which files a source's path means: a file, a glob or a folder of one readable kind.

What lives here: finding and naming files, and telling their kind. What does not: packed files
(``packing``), and reading rows (the room of each engine).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from segmentry.engines.packing import head, is_packed, member_of
from segmentry.errors import DataError, nearest


class Format(StrEnum):
    """A kind of file that can be read."""

    CSV = "CSV"
    PARQUET = "Parquet"
    JSON = "JSON"
    WORKBOOK = "Excel"
    ARROW = "Arrow"


ENDINGS = {
    **dict.fromkeys((".csv", ".tsv", ".txt", ".tab", ".psv", ".dat", ".data"), Format.CSV),
    **dict.fromkeys((".parquet", ".pq"), Format.PARQUET),
    **dict.fromkeys((".jsonl", ".ndjson", ".json"), Format.JSON),
    **dict.fromkeys((".xlsx", ".xlsm", ".xlsb", ".xls", ".ods"), Format.WORKBOOK),
    **dict.fromkeys((".feather", ".arrow", ".ipc"), Format.ARROW),
}

MAGIC = {
    b"PAR1": Format.PARQUET,
    b"ARROW1": Format.ARROW,
    b"FEA1": Format.ARROW,
    b"PK\x03\x04": Format.WORKBOOK,
    b"\xd0\xcf\x11\xe0": Format.WORKBOOK,
}
"""First bytes that tell the kind of a file, whatever its name says."""

NO_TABLES = {".md", ".rst", ".htm", ".html", ".xml", ".pdf", ".py", ".yaml", ".yml", ".sql"}
"""Endings of texts that are no tables."""

READABLE = "delimited text such as CSV, Parquet, JSON, Excel or Arrow (texts also packed)"
SHEET = "#"
"""Stands between the name of a workbook and the name of one of its sheets."""


@dataclass(frozen=True, slots=True)
class Files:
    """The files of a source, in order of name, all of one format."""

    paths: tuple[Path, ...]
    format: Format
    sheet: str | None = None
    """The sheet of a workbook, where the path names one."""

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
        A file, a glob (``logs/*.csv``) or a folder; relative paths start in ``folder``. Of a
        workbook a sheet may be named: ``shop.xlsx#Orders``.
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
    path, sheet = _parted(path, folder)
    whole = Path(folder) / Path(path).expanduser()
    paths = _listed(whole)
    if not paths:
        raise _missing(whole, path)
    for file in paths:
        _check_filled(file)
    formats = {p: _told_format(p) for p in paths}
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
    return Files(tuple(paths), found[0], sheet)


def format_of(path: Path) -> Format | None:
    """Tell the format from the endings of a name; None where it is not known."""
    endings = [s.lower() for s in path.suffixes]
    if endings and endings[-1] == ".zip" and (len(endings) < 2 or endings[-2] not in ENDINGS):
        return format_of(Path(member_of(path))) if path.is_file() else None
    if endings and is_packed(path):
        endings.pop()
    return ENDINGS.get(endings[-1]) if endings else None


def listed(path: Path) -> list[Path]:
    """List the files that a path means, whatever is in them; none where there are none."""
    if not path.exists():
        path = Path(_parted(str(path), "")[0])
    return _listed(path.expanduser())


def _parted(path: str, folder: str) -> tuple[str, str | None]:
    """Part the name of a sheet from the path of a workbook."""
    front, sign, sheet = path.rpartition(SHEET)
    is_whole = not sign or (Path(folder) / path).exists()
    if is_whole or format_of(Path(front)) is not Format.WORKBOOK:
        return path, None
    return front, sheet


def _told_format(path: Path) -> Format | None:
    """Tell the format by the first bytes where they are plain, else by the name."""
    named = format_of(path)
    first = head(path, 4096) if named is None or named is not Format.PARQUET else b""
    found = next((f for magic, f in MAGIC.items() if first.startswith(magic)), None)
    if found is Format.WORKBOOK and named is not Format.WORKBOOK and b"xl/" not in first:
        found = None
    if named is Format.WORKBOOK and found is None:
        # Many programs write a text table and call it .xls.
        return Format.CSV if _is_text(first) else named
    return found or named or _of_text(path, first)


def _is_text(first: bytes) -> bool:
    return b"\x00" not in first or first[:2] in {b"\xff\xfe", b"\xfe\xff"}


def _of_text(path: Path, first: bytes) -> Format | None:
    """Tell the format of a text whose name says nothing."""
    if not _is_text(first) or first.lstrip()[:1] == b"<" or path.suffix.lower() in NO_TABLES:
        return None
    return Format.JSON if first.lstrip()[:1] in {b"{", b"["} else Format.CSV


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
