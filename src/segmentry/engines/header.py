"""Where the rows of a table begin in a file, and what its columns are called.

What lives here: titles above the table, the header or its absence, names. What does not: cutting
lines into records (``delimited``, ``blanks``) or cells out of a workbook (``workbook``).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from segmentry.engines.cells import Look, look_of, look_of_column, some_places

MOST_TITLES = 20
"""Lines above a table that may be titles; more than these are no titles."""

MOST_HEADERS = 5
"""Records that may be the header: it is one of the first of full width."""

PADDED_SHARE = 0.2
"""Share of records narrower than the header from which on a file leaves empty ends out."""

_YEARS = range(1900, 2101)
_RULE = re.compile(r":?[-=_]{2,}:?$")
UNNAMED = "Unnamed: "
"""What pandas calls a column without a name."""


@dataclass(frozen=True, slots=True)
class Frame:
    """Where a table lies among the records of a file."""

    n_skip: int
    """Records before the first row, blank ones and the header included."""
    names: tuple[str, ...]
    has_header: bool
    n_titles: int = 0
    """Records before the header that say something."""
    is_padded: bool = False
    """Whether rows leave out empty cells at their end."""
    repeated: tuple[str, ...] = ()
    """Names that several columns bear, so that all but the first are called otherwise."""


Records = Sequence[Sequence[str]]


def frame_of(records: Records, *, comments: bool = False) -> Frame:
    """Find the table among the first records of a file.

    Parameters
    ----------
    records : sequence of sequence of str
        The first records, blank ones as empty sequences.
    comments : bool
        Whether lines that begin with ``#`` are comments; the last may be the header.

    Returns
    -------
    Frame
    """
    filled = [i for i, r in enumerate(records) if _is_filled(r)]
    if not filled:
        return Frame(0, (), has_header=True)
    rows = [i for i in filled if not (comments and _is_comment(records[i]))]
    if not rows:
        return Frame(len(records), (), has_header=True)
    width, is_padded = _width(records, rows)
    first = _first(records, rows, width)
    before = [i for i in filled if i < first]
    body = [records[i] for i in rows if i >= first]
    names = _commented_names(records, before, width) if comments else None
    at = None if names and not _votes_for(body[0], body, 0) else _header_at(body, width)
    start = [i for i in rows if i >= first]
    if at is None:
        found = names or [""] * width
        n_titles = len(before) - (1 if names else 0)
        return Frame(
            first, unique_names(found), names is not None, n_titles, is_padded, repeated(found)
        )
    rows_below = [r for r in body[at + 1 :] if len(r) == width]
    names = list(body[at])
    if len(names) == width - 1 and not is_padded and any(r[-1].strip() for r in rows_below):
        names = ["", *names]  # a name of the row that R gives no header
    names = [*names[:width], *[""] * (width - len(names))]
    is_ruled = bool(rows_below) and _is_rule(rows_below[0])
    return Frame(
        start[at + is_ruled] + 1, unique_names(names), has_header=True, n_titles=len(before) + at,
        is_padded=is_padded, repeated=repeated(names),
    )  # fmt: skip


def _is_filled(record: Sequence[str]) -> bool:
    return any(cell.strip() for cell in record)


def _is_comment(record: Sequence[str]) -> bool:
    return record[0].lstrip().startswith("#")


def _width(records: Records, rows: Sequence[int]) -> tuple[int, bool]:
    """Tell how many columns there are, and whether rows leave empty cells out at their end."""
    widths = Counter(len(records[i]) for i in rows)
    width = max(widths, key=lambda w: (widths[w], w))
    first = records[rows[0]]
    wider = len(_trimmed(first))
    # A line of one cell is a remark or a rule sooner than a row without its end.
    narrower = sum(n for w, n in widths.items() if 1 < w < wider)
    is_header = wider > 2 and len(set(first)) == len(first) and not _looks(first) & _TYPED
    if is_header and wider == max(widths) and narrower > PADDED_SHARE * len(rows):
        return wider, True
    return width, False


_TYPED = {Look.NUMBER, Look.DATE}


def _looks(record: Sequence[str]) -> set[Look]:
    return {look_of(cell) for cell in record}


def _is_rule(record: Sequence[str]) -> bool:
    """Say whether a record is a line drawn under the header, as in tables made for reading."""
    said = [c.strip() for c in record if c.strip()]
    return bool(said) and all(_RULE.match(c) for c in said)


def _trimmed(record: Sequence[str]) -> Sequence[str]:
    """Leave out empty cells at the end."""
    end = len(record)
    while end and not record[end - 1].strip():
        end -= 1
    return record[:end]


def _first(records: Records, rows: Sequence[int], width: int) -> int:
    """Find the first record of the table: as wide as most, or its header."""
    for place, i in enumerate(rows[:MOST_TITLES]):
        record = records[i]
        below = [records[j] for j in rows[place + 1 :][:MOST_TITLES]]
        following = below[0] if below else ()
        if len(record) == width and not _is_title(record, width, below):
            return i
        is_next = len(following) == width
        if is_next and len(record) == width - 1 and width > 2 and not _looks(record) & _TYPED:
            return i  # names of the columns but the first, as R writes them
        if is_next and len(record) > width >= len(_trimmed(record)) > width / 2:
            return i  # a header with more delimiters than its rows
    return next((i for i in rows if len(records[i]) == width), rows[0])


def _is_title(record: Sequence[str], width: int, below: Records) -> bool:
    """Say whether a record of full width holds next to nothing, while others below are full."""
    n_said = sum(bool(cell.strip()) for cell in record)
    n_next = max((sum(bool(cell.strip()) for cell in r) for r in below), default=0)
    return width > 2 and n_said <= max(1, width // 3) and n_next > max(n_said, width // 2)


def _header_at(body: Records, width: int) -> int | None:
    """Find the header among the first records of full width; None where there is none."""
    rows = [r for r in body if len(r) == width] or list(body)
    votes = [(_votes_for(body[i], rows, i), -i) for i in range(min(MOST_HEADERS, len(body)))]
    (n_for, place) = max(votes)
    at = -place
    n_words = sum(look_of(cell) is Look.WORDS for cell in body[at])
    if at and n_for >= max(1, width / 3) and width > 1 and n_words >= 0.7 * width:
        return at
    if _is_header(body[0], body[1:], width):
        return 0
    return None


def _votes_for(record: Sequence[str], rows: Records, at: int) -> int:
    """Count the columns in which a record has words above numbers or dates."""
    below = rows[at + 1 :]
    if not below:
        return 0
    width = min(map(len, below))
    shift = len(below[0]) - len(record)
    return sum(
        look_of(record[i]) is Look.WORDS and look_of_column([r[i + shift] for r in below]) in _TYPED
        for i in some_places(len(record))
        if 0 <= i + shift < width
    )


def _is_header(record: Sequence[str], rest: Records, width: int) -> bool:
    """Judge the first record: names above other things, or a row like the others."""
    said = [c for c in record if c.strip()]
    if all(look_of(c) in _TYPED for c in said):
        return False
    if not rest:
        return not _looks(record) & _TYPED or bool(_is_series(said))
    rows = [r for r in rest if len(r) == width] or list(rest)
    shift = width - len(record) if len(record) == width - 1 else 0
    n_for = _votes_for(record, [record, *rows], 0)
    n_against, n_again = 0, 0
    for i in some_places(len(record)):
        cell = record[i]
        below = [r[i + shift] for r in rows if i + shift < len(r)]
        look = look_of(cell)
        n_against += look in _TYPED and look_of_column(below) is look
        n_again += look is Look.WORDS and cell in below
    if n_for:
        return n_for > n_against or bool(_is_series(said))
    # A header may stand again among the rows, where files were joined.
    is_repeated = any(list(r) == list(record) for r in rows)
    if n_against == 0:
        return n_again == 0 or is_repeated
    has_words = Look.WORDS in _looks(record)
    return has_words and n_again == 0 and bool(_is_series(said) - _is_series(rows[0]))


def _is_series(cells: Iterable[str]) -> set[str]:
    """Say in which ways several numbers among names are names too: as years, as counting on."""
    numbers = [c.strip() for c in cells if look_of(c) is Look.NUMBER]
    if (
        len(numbers) < 2
        or not all(n.isdigit() for n in numbers)
        or len(set(numbers)) < len(numbers)
    ):
        return set()
    counted = [int(n) for n in numbers]
    ways = {"years"} if all(n in _YEARS for n in counted) else set()
    is_row = counted == list(range(counted[0], counted[0] + len(counted)))
    return ways | ({"counted"} if is_row else set())


def _commented_names(records: Records, before: Sequence[int], width: int) -> Sequence[str] | None:
    """Give the names out of the comment right above the first row, where it has as many."""
    if not before:
        return None
    last = list(records[before[-1]])
    # A lone sign is itself the name of a column that numbers the rows.
    last[0] = last[0].lstrip().lstrip("#").strip() or "#"
    fits = len(last) == width and not _looks(last) & _TYPED and all(c.strip() for c in last)
    return last if fits and _is_comment(records[before[-1]]) else None


def unique_names(names: Iterable[str]) -> tuple[str, ...]:
    """Name what has no name, and tell apart names that differ in nothing but case."""
    taken: set[str] = set()
    result: list[str] = []
    for position, given in enumerate(names, 1):
        name = given.strip() or f"column{position}"
        stem, copy = name, 0
        while name.lower() in taken:
            copy += 1
            name = f"{stem}_{copy}"
        taken.add(name.lower())
        result.append(name)
    return tuple(result)


def repeated(names: Iterable[str]) -> tuple[str, ...]:
    """Give the names that several columns bear, in any case, as the first of them writes them.

    Examples
    --------
    >>> repeated(["id", "amount", "Amount", "", ""])
    ('amount',)
    """
    spelled: dict[str, list[str]] = {}
    for given in names:
        if name := given.strip():
            spelled.setdefault(name.lower(), []).append(name)
    return tuple(same[0] for same in spelled.values() if len(same) > 1)


def told_repeated(file: str, names: Sequence[str]) -> str:
    """Say that several columns bear the same name, and what they are called therefore."""
    shown = ", ".join(repr(name) for name in names[:5])
    more = f" and {len(names) - 5} more" if len(names) > 5 else ""
    return (
        f"{file} has several columns called {shown}{more}; the later ones are told apart by a"
        f" number, as {names[0] + '_1'!r}"
    )


def is_unnamed(name: str, position: int) -> bool:
    """Say whether a column has no name of its own; positions count from 1."""
    return name == f"column{position}" or name.startswith(UNNAMED)
