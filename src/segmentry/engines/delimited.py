"""How a delimited text file is written: encoding, delimiter and header, told from its head.

What lives here: looking at the first bytes. What does not: reading the rows (each engine's room).
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from segmentry.engines.files import head
from segmentry.errors import DataError

DELIMITERS = (",", ";", "\t", "|")
HEAD_BYTES = 1 << 18
_RECORDS = 100
_NUMBER = re.compile(r"[-+]?\d+([.,]\d+)*([eE][-+]?\d+)?")


@dataclass(frozen=True, slots=True)
class Layout:
    """How a file is written, and the names of its columns."""

    encoding: str
    delimiter: str
    has_header: bool
    columns: tuple[str, ...]


def layout_of(path: Path) -> Layout:
    """Tell how a delimited file is written.

    Parameters
    ----------
    path : Path
        Plain or packed.

    Returns
    -------
    Layout

    Raises
    ------
    DataError
        E2003 if there is not even a header; E2002 if it holds no text.
    """
    first = head(path, HEAD_BYTES)
    if not first.strip():
        raise DataError(
            f"{path.name!r} is empty",
            code="E2003",
            where=str(path),
            hint="a header and at least one row are needed",
        )
    encoding = _encoding(first)
    text = first.decode(encoding, errors="ignore").removeprefix("\ufeff")
    if "\x00" in text:
        raise DataError(
            f"{path.name!r} is no text file",
            code="E2002",
            where=str(path),
            hint="give the file an ending that tells its kind, such as .parquet",
        )
    complete = len(first) < HEAD_BYTES
    found = {d: _records(text, d, complete=complete) for d in DELIMITERS}
    delimiter = max(found, key=lambda d: _evenness(found[d]))
    records = found[delimiter]
    names = records[0] if records else []
    if _has_row_names(records):
        names = ["", *names]
    has_header = not names or not all(_NUMBER.fullmatch(n.strip()) for n in names)
    columns = unique_names(names if has_header else [""] * len(names))
    return Layout(encoding, delimiter, has_header, columns)


def _has_row_names(records: Sequence[Sequence[str]]) -> bool:
    """Say whether rows begin with a name that the header has no column for, as R writes them."""
    rows = records[1:]
    return bool(rows) and sum(len(r) == len(records[0]) + 1 for r in rows) > 0.9 * len(rows)


def unique_names(names: Iterable[str]) -> tuple[str, ...]:
    """Name what has no name, and tell apart names that differ in nothing but case."""
    taken: set[str] = set()
    result: list[str] = []
    for position, given in enumerate(names):
        name = given.strip() or f"column{position}"
        stem, copy = name, 0
        while name.lower() in taken:
            copy += 1
            name = f"{stem}_{copy}"
        taken.add(name.lower())
        result.append(name)
    return tuple(result)


def _encoding(first: bytes) -> str:
    if first[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        return "utf-16"
    try:
        first.decode("utf-8")
    except UnicodeDecodeError as error:
        # A sign cut in two by the end of the head says nothing about the encoding.
        return "utf-8" if error.start > len(first) - 4 else "latin-1"
    return "utf-8"


def _records(text: str, delimiter: str, *, complete: bool) -> list[list[str]]:
    """Split the head into records; the last one may be cut, so it is left out."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    records: list[list[str]] = []
    try:
        for record in reader:
            if any(value.strip() for value in record):
                records.append(record)
            if len(records) > _RECORDS:
                break
    except csv.Error:
        pass  # a field beyond the limit of the csv module: what was read before it is enough
    return records if complete or len(records) < 2 else records[:-1]


def _evenness(records: Sequence[Sequence[str]]) -> tuple[float, int]:
    """Measure how well a delimiter fits: share of records as wide as the header, then width."""
    if not records or len(records[0]) < 2:
        return 0.0, 0
    width = len(records[0])
    share = sum(len(r) == width for r in records) / len(records)
    return share, width
