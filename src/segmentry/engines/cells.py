"""What single cells of a text look like: a number, a date, words, or nothing.

What lives here: the look of cells and of columns of cells, by which headers and delimiters are
told. What does not: reading them (each engine's room).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import StrEnum
from functools import lru_cache

from segmentry.engines.dates import looks_dated
from segmentry.engines.numerals import is_plain, looks_like_number

NOTHING = {"", "na", "n/a", "null", "nan", "none", "?", "-", "\\n", "<na>", "nat", "#n/a", "."}
"""Cells, in lower case, that say nothing about the look of a column."""

ALIKE_SHARE = 0.9
"""Share of the cells of a column that must look alike for it to have a look of its own."""

MOST_PLACES = 60
"""Columns that are looked at to tell how a file is written."""

_DIGIT = re.compile("[0-9]")
_CLOCK = re.compile(r"\d{1,2}:\d{2}(:\d{2}([.,]\d+)?)?( ?[AaPp][Mm])?$")


class Look(StrEnum):
    """What a cell looks like."""

    NOTHING = "nothing"
    NUMBER = "number"
    DATE = "date"
    WORDS = "words"


@lru_cache(maxsize=1 << 16)
def look_of(cell: str) -> Look:
    """Tell what a cell looks like.

    Examples
    --------
    >>> [str(look_of(c)) for c in ("1.234,50 €", "3 Mar 2011", "10:15", "red", "N/A")]
    ['number', 'date', 'date', 'words', 'nothing']
    """
    text = cell.strip()
    if text.lower() in NOTHING:
        return Look.NOTHING
    if not _DIGIT.search(text):
        return Look.WORDS
    if is_plain(text) or looks_like_number(text):
        return Look.NUMBER
    if looks_dated(text) or _CLOCK.match(text):
        return Look.DATE
    return Look.WORDS


def look_of_column(cells: Sequence[str]) -> Look:
    """Tell what most cells of a column look like: words, unless they agree on something else."""
    looks = [look for look in map(look_of, cells) if look is not Look.NOTHING]
    if not looks:
        return Look.NOTHING
    for look in (Look.NUMBER, Look.DATE):
        if looks.count(look) >= ALIKE_SHARE * len(looks):
            return look
    return Look.WORDS


def some_places(width: int) -> range:
    """Give columns spread over a table: of a wide one, as many as tell what the others are."""
    return range(0, width, -(-width // MOST_PLACES) if width else 1)


def typed_share(records: Sequence[Sequence[str]]) -> float:
    """Measure which share of the columns of records of one width are numbers or dates."""
    places = some_places(len(records[0])) if records else []
    columns = [look_of_column([r[i] for r in records]) for i in places]
    said = [c for c in columns if c is not Look.NOTHING]
    return sum(c is not Look.WORDS for c in said) / len(said) if said else 0.0
