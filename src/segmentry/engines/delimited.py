"""How a text file is written: encoding, delimiter, quotes and header, told from its head.

What lives here: looking at the first bytes. What does not: where the table begins (``header``),
columns parted by blanks (``blanks``), reading the rows (each engine's room).
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from segmentry.engines.blanks import Blanks, Fit, blanks_of, fit
from segmentry.engines.header import Frame, frame_of
from segmentry.engines.numerals import Decimal, decimal_sign
from segmentry.engines.packing import head
from segmentry.errors import DataError

DELIMITERS = (",", ";", "\t", "|")
LONG_DELIMITERS = ("::", "||", "~~", "^^")
RARE_DELIMITERS = ("^", "~", "\x01", "\u00a6", "\u00a7", ":", "#", "$", "*")
"""Looked at where none of the usual ones parts the lines evenly."""

HEAD_BYTES = 1 << 19
ENOUGH = 0.6
"""Share of even lines from which on a usual delimiter is believed."""

RARELY = 0.9
"""Share of even lines that any other delimiter must have."""

_ONE_SIGN = "\x1f"
"""Stands for a delimiter of several signs, which the csv module does not know."""

_RECORDS = 100
_CELLS = 2_000
_SEPARATOR_LINE = re.compile(r"sep=(.)\r?\n", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Layout:
    """How a file is written, and the names of its columns."""

    encoding: str
    delimiter: str
    has_header: bool
    columns: tuple[str, ...]
    quote: str = '"'
    escape: str = '"'
    n_skip: int = 0
    """Records before the first row, the header included."""
    n_titles: int = 0
    """Records before the header that say something."""
    is_padded: bool = False
    """Whether rows leave out empty cells at their end."""
    has_comments: bool = False
    """Whether lines that begin with ``#`` are comments."""
    blanks: Blanks | None = None
    """How blanks part columns, where no delimiter does."""
    decimal: Decimal = ""
    """The sign before decimals, where the first rows tell it."""
    repeated: tuple[str, ...] = ()
    """Names that several columns bear."""

    @property
    def is_direct(self) -> bool:
        """Say whether an engine can read the file as it lies."""
        is_known = self.encoding in {"utf-8", "latin-1"} and len(self.delimiter.encode()) == 1
        return is_known and self.blanks is None and not self.has_comments


@dataclass(frozen=True, slots=True)
class _Dialect:
    delimiter: str
    quote: str = '"'
    escape: str = '"'


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
        raise _empty(path)
    encoding = encoding_of(first)
    text = first.decode(encoding, errors="ignore").removeprefix("\ufeff")
    if "\x00" in text:
        raise DataError(
            f"{path.name!r} is no text file",
            code="E2002",
            where=str(path),
            hint="give the file an ending that tells its kind, such as .parquet",
        )
    if not text.strip():
        raise _empty(path)
    text = _whole_lines(text, complete=len(first) < HEAD_BYTES)
    return _laid_out(text, encoding)


def _laid_out(text: str, encoding: str) -> Layout:
    has_comments = _has_comments(text)
    said = "".join(line for line in text.splitlines(keepends=True) if not _is_comment(line))
    dialect, found = _dialect_of(said if has_comments else text)
    lines = [line for line in said.splitlines() if line.strip()]
    blanks = blanks_of(lines[:_RECORDS]) if _may_be_blanks(found) else None
    if blanks is not None and _is_better(fit([blanks.cut(x) for x in lines[:_RECORDS]]), found):
        blanks = blanks_of(lines) if blanks.places else blanks
        records = [blanks.cut(x) if blanks else [] for x in text.splitlines()[: 2 * _RECORDS]]
        frame = frame_of(records, comments=has_comments)
        return _layout(encoding, _Dialect("\t"), frame, records, has_comments, blanks)
    records = _records(text, dialect)
    frame = frame_of(records, comments=has_comments)
    return _layout(encoding, dialect, frame, records, has_comments, None)


def _layout(
    encoding: str,
    dialect: _Dialect,
    frame: Frame,
    records: Sequence[Sequence[str]],
    has_comments: bool,  # noqa: FBT001 - one of the facts put together
    blanks: Blanks | None,
) -> Layout:
    cells = [cell.strip() for record in records[frame.n_skip :] for cell in record]
    cells = cells[:: -(-len(cells) // _CELLS) or 1]
    return Layout(
        encoding,
        dialect.delimiter,
        frame.has_header,
        frame.names,
        quote=dialect.quote,
        escape=dialect.escape,
        n_skip=frame.n_skip,
        n_titles=frame.n_titles,
        is_padded=frame.is_padded,
        has_comments=has_comments and _inside(records, frame.n_skip),
        blanks=blanks,
        decimal=decimal_sign(cells),
        repeated=frame.repeated,
    )


def _inside(records: Sequence[Sequence[str]], n_skip: int) -> bool:
    """Say whether comments stand among the rows, not only above them."""
    return any(r and r[0].lstrip().startswith("#") for r in records[n_skip:])


def _empty(path: Path) -> DataError:
    return DataError(
        f"{path.name!r} is empty",
        code="E2003",
        where=str(path),
        hint="a header and at least one row are needed",
    )


def _whole_lines(text: str, *, complete: bool) -> str:
    """Leave out the last line where the head may have cut it."""
    if complete:
        return text
    end = max(text.rfind("\n"), text.rfind("\r"))
    return text[: end + 1] if end > 0 else text


def encoding_of(first: bytes) -> str:
    """Tell the encoding of a text from its first bytes."""
    if first[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        return "utf-16"
    n_odd, n_even = first[1:200:2].count(0), first[0:200:2].count(0)
    if max(n_odd, n_even) > len(first[:200]) / 6 and min(n_odd, n_even) == 0:
        # Every other byte of Latin letters is zero: UTF-16 without its mark.
        return "utf-16-le" if n_odd > n_even else "utf-16-be"
    try:
        first.decode("utf-8")
    except UnicodeDecodeError as error:
        # A sign cut in two by the end of the head says nothing about the encoding.
        if error.start > len(first) - 4 and len(first) == HEAD_BYTES:
            return "utf-8"
        return "cp1252" if any(0x80 <= byte < 0xA0 for byte in first) else "latin-1"
    return "utf-8"


def _is_comment(line: str) -> bool:
    return line.lstrip().startswith("#")


def _has_comments(text: str) -> bool:
    """Say whether lines that begin with ``#`` are comments: they are few, or all come first."""
    lines = [x for x in text.splitlines() if x.strip()]
    marked = [i for i, x in enumerate(lines) if _is_comment(x)]
    if not marked or len(marked) == len(lines):
        return False
    return marked == list(range(len(marked))) or len(marked) < len(lines) / 10


def _dialect_of(text: str) -> tuple[_Dialect, Fit]:
    """Find the delimiter, the quotes and what escapes them."""
    stated = _SEPARATOR_LINE.match(text)
    if stated:
        return _quoted(text, stated[1])
    usual = [(d, _fit(text, _Dialect(d))) for d in DELIMITERS]
    delimiter, best = max(usual, key=lambda found: _rank(found[1]))
    if best.width < 2 or best.even < ENOUGH:
        delimiter = _rare(text, LONG_DELIMITERS) or _rare(text, RARE_DELIMITERS) or delimiter
    return _quoted(text, delimiter)


def _rare(text: str, delimiters: Sequence[str]) -> str | None:
    """Find a delimiter that parts lines very evenly, some of them into numbers or dates."""
    found = [(_fit(text, _Dialect(d)), d) for d in delimiters if d in text]
    even = [(f, d) for f, d in found if f.width > 1 and f.even >= RARELY and f.typed > 0]
    return max(even, key=lambda pair: _rank(pair[0]))[1] if even else None


def _rank(found: Fit) -> tuple[float, int]:
    return (found.even * (1 + 0.5 * found.typed) if found.width > 1 else 0.0, found.width)


def _quoted(text: str, delimiter: str) -> tuple[_Dialect, Fit]:
    """Find the quotes that go with a delimiter."""
    plain = _Dialect(delimiter)
    best, found = plain, _fit(text, plain)
    others = []
    if _is_quote(text, delimiter, "'"):
        others.append(_Dialect(delimiter, "'", "'"))
    if '\\"' in text:
        others.append(_Dialect(delimiter, '"', "\\"))
    if delimiter not in ",;":
        # Plain exports with tabs or bars know no quotes: a single one means itself.
        others.append(_Dialect(delimiter, "", ""))
    is_odd = text.count('"') % 2 == 1
    for other in others:
        got = _fit(text, other)
        # What the text shows by itself is believed unless it parts lines worse.
        is_shown = other.quote != "" or is_odd
        if got.even > found.even or (is_shown and got.even == found.even):
            best, found = other, got
    return best, found


def _is_quote(text: str, delimiter: str, quote: str) -> bool:
    """Say whether most lines hold a cell between such quotes."""
    d = re.escape(delimiter)
    cell = re.compile(rf"(?:^|{d}){quote}[^{quote}\n]*{quote}(?=$|{d}|\r)", re.MULTILINE)
    lines = [line for line in text.splitlines()[:_RECORDS] if line.strip()]
    return sum(cell.search(line) is not None for line in lines) > len(lines) / 2


def _fit(text: str, dialect: _Dialect) -> Fit:
    return fit(_records(text, dialect))


def _records(text: str, dialect: _Dialect) -> list[list[str]]:
    """Split the head into records, blank ones as empty lists."""
    escaped, delimiter = dialect.escape == "\\", dialect.delimiter
    if len(delimiter) > 1:
        text, delimiter = text.replace(delimiter, _ONE_SIGN), _ONE_SIGN
    reader = csv.reader(
        io.StringIO(text, newline=""),
        delimiter=delimiter,
        quotechar=dialect.quote or None,
        quoting=csv.QUOTE_MINIMAL if dialect.quote else csv.QUOTE_NONE,
        doublequote=not escaped,
        escapechar="\\" if escaped else None,
    )
    records: list[list[str]] = []
    try:
        for record in reader:
            records.append(record if any(cell.strip() for cell in record) else [])
            if len(records) >= _RECORDS:
                break
    except csv.Error:
        pass  # a field beyond the limit of the csv module: what was read before it is enough
    return records


def _may_be_blanks(found: Fit) -> bool:
    """Say whether blanks are worth a look: no delimiter fits, or what it gives is all words."""
    return found.width < 2 or found.even < RARELY or found.typed < 1


def _is_better(blanks: Fit, delimiter: Fit) -> bool:
    """Prefer blanks only where they part lines far better than a delimiter does."""
    if delimiter.width < 2 or delimiter.even < ENOUGH:
        return True
    return blanks.even >= delimiter.even and blanks.typed > 1.5 * delimiter.typed
