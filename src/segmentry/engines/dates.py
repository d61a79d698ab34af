"""Ways in which people write dates, and which of them a sample of texts may be in.

What lives here: formats and shapes. What does not: counting over a whole column (each engine).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

CLOCKS = (
    "",
    " %H:%M",
    " %H:%M:%S",
    " %H:%M:%S.%f",
    " %I:%M %p",
    " %I:%M:%S %p",
    "T%H:%M:%S",
    "T%H:%M",
)
"""Times of day that may follow a date."""

LEAST_SHARE = 0.05
"""A shape that fewer values of the sample have is left to be counted as bad."""


@dataclass(frozen=True, slots=True)
class DateFormat:
    """One way to write a date; ``pattern`` is None for ISO 8601, which needs no pattern."""

    name: str
    shape: re.Pattern[str]
    pattern: str | None = None
    compact: bool = False
    """Whether it looks like a number, so that only a column mapped as time is read so."""

    @property
    def patterns(self) -> tuple[str, ...]:
        """Give the patterns with every time of day."""
        return tuple(f"{self.pattern}{clock}" for clock in CLOCKS)


def _numeric(name: str, pattern: str, separator: str, year_digits: int) -> DateFormat:
    s = re.escape(separator)
    return DateFormat(
        name, re.compile(rf"\d{{1,2}}{s}\d{{1,2}}{s}\d{{{year_digits}}}(?!\d)"), pattern
    )


ISO = DateFormat("YYYY-MM-DD", re.compile(r"\d{4}[-/]\d{1,2}[-/]\d{1,2}(?!\d)"))

FORMATS = (
    ISO,
    _numeric("DD-MM-YYYY", "%d-%m-%Y", "-", 4),
    _numeric("MM-DD-YYYY", "%m-%d-%Y", "-", 4),
    _numeric("DD.MM.YYYY", "%d.%m.%Y", ".", 4),
    _numeric("MM/DD/YYYY", "%m/%d/%Y", "/", 4),
    _numeric("DD/MM/YYYY", "%d/%m/%Y", "/", 4),
    _numeric("MM/DD/YY", "%m/%d/%y", "/", 2),
    _numeric("DD/MM/YY", "%d/%m/%y", "/", 2),
    _numeric("DD.MM.YY", "%d.%m.%y", ".", 2),
    _numeric("DD-MM-YY", "%d-%m-%y", "-", 2),
    DateFormat("DD Mon YYYY", re.compile(r"\d{1,2} [A-Za-z]{3} \d{4}(?!\d)"), "%d %b %Y"),
    DateFormat("DD-Mon-YYYY", re.compile(r"\d{1,2}-[A-Za-z]{3}-\d{4}(?!\d)"), "%d-%b-%Y"),
    DateFormat("DD-Mon-YY", re.compile(r"\d{1,2}-[A-Za-z]{3}-\d{2}(?!\d)"), "%d-%b-%y"),
    DateFormat("DD Month YYYY", re.compile(r"\d{1,2} [A-Za-z]{4,9} \d{4}(?!\d)"), "%d %B %Y"),
    DateFormat("Mon DD, YYYY", re.compile(r"[A-Za-z]{3} \d{1,2}, \d{4}(?!\d)"), "%b %d, %Y"),
    DateFormat("Month DD, YYYY", re.compile(r"[A-Za-z]{4,9} \d{1,2}, \d{4}(?!\d)"), "%B %d, %Y"),
    DateFormat("YYYY.MM.DD", re.compile(r"\d{4}\.\d{1,2}\.\d{1,2}(?!\d)"), "%Y.%m.%d"),
    DateFormat(
        "YYYYMMDD", re.compile(r"(1\d|20|21)\d{2}[01]\d[0-3]\d(?!\d)"), "%Y%m%d", compact=True
    ),
)
"""In order of preference where several read a column equally well: with dashes and dots the day
comes first, with slashes the month."""


def likely_formats(texts: Sequence[str], *, compact: bool) -> tuple[DateFormat, ...]:
    """Tell which formats a sample may be in, in order of preference.

    Parameters
    ----------
    texts : sequence of str
        Values that are not missing.
    compact : bool
        Whether dates without separators count.
    """
    least = LEAST_SHARE * len(texts)
    return tuple(
        f
        for f in FORMATS
        if (compact or not f.compact) and sum(f.shape.match(t) is not None for t in texts) > least
    )
