"""Ways in which people write dates, and which of them a sample of texts may be in.

What lives here: formats and shapes. What does not: counting over a whole column (each engine).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

CLOCKS = (
    "",
    " %H:%M",
    " %H:%M:%S",
    " %H:%M:%S.%f",
    " %I:%M %p",
    " %I:%M:%S %p",
    "T%H:%M:%S",
    "T%H:%M",
    "T%H:%M:%S.%f",
    " %I:%M:%S%p",
    " %I:%M%p",
    " %I %p",
    " %I%p",
    ", %H:%M:%S",
    ", %H:%M",
    ", %I:%M:%S %p",
    ", %I:%M %p",
    " %H.%M",
    " %H.%M.%S",
    " - %H:%M:%S",
    " - %H:%M",
)
"""Times of day that may follow a date."""

ZONED_CLOCKS = tuple(
    f"{clock}{zone}"
    for clock in (" %H:%M:%S", "T%H:%M:%S", " %H:%M:%S.%f", "T%H:%M:%S.%f", " %H:%M", "T%H:%M")
    for zone in ("%z", " %z", "Z", " GMT", " UTC")
)
"""Times of day that tell how far they are from UTC."""

LEAST_SHARE = 0.05
"""A shape that fewer values of the sample have is not what a column is written in."""

ISO_PATTERN = "%Y-%m-%d"
"""How a way of writing names ISO 8601 where it stands beside others."""

BETWEEN = " | "
"""What stands between the ways of a column whose dates are written in several."""


@dataclass(frozen=True)
class DateFormat:
    """One way to write a date; ``pattern`` is None for ISO 8601, which needs no pattern."""

    name: str
    shape: re.Pattern[str]
    pattern: str | None = None
    compact: bool = False
    """Whether it looks like a number or a label, so that only what is mapped as time is read so."""
    is_whole: bool = False
    """Whether nothing may follow: it holds the time of day already, or is longer than a day."""

    @cached_property
    def patterns(self) -> tuple[str, ...]:
        """Give the patterns with every time of day."""
        if self.is_whole:
            return (str(self.pattern),)
        return tuple(f"{self.pattern}{clock}" for clock in CLOCKS)

    @cached_property
    def zoned_patterns(self) -> tuple[str, ...]:
        """Give the patterns with every time of day that tells its zone."""
        if self.is_whole:
            return (str(self.pattern),)
        return tuple(f"{self.pattern}{clock}" for clock in ZONED_CLOCKS)

    @property
    def way(self) -> str:
        """Give what a project file calls it."""
        return self.pattern or ISO_PATTERN


def _numeric(name: str, pattern: str, separator: str, year_digits: int) -> DateFormat:
    s = re.escape(separator)
    # No letter may follow but the T before a time of day: 1-2-20kg is no date.
    return DateFormat(
        name,
        re.compile(rf"\d{{1,2}}{s}\d{{1,2}}{s}\d{{{year_digits}}}(?![\dA-SU-Za-su-z])"),
        pattern,
    )


def _spoken(name: str, shape: str, pattern: str) -> DateFormat:
    return DateFormat(name, re.compile(rf"{shape}(?!\d)"), pattern)


def _whole(name: str, shape: str, pattern: str) -> DateFormat:
    return DateFormat(name, re.compile(rf"{shape}$"), pattern, is_whole=True)


def _compact(name: str, shape: str, pattern: str) -> DateFormat:
    return DateFormat(name, re.compile(rf"(?:{shape})$"), pattern, compact=True, is_whole=True)


_DAY = r"(?:19|20|21)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
_WEEKDAY = "(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)"
_CTIME = _WEEKDAY + r" [A-Za-z]{3} +\d{1,2} \d\d:\d\d:\d\d "
_LONG_WEEKDAY = "(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"

ISO = DateFormat("YYYY-MM-DD", re.compile(r"\d{4}[-/]\d{1,2}[-/]\d{1,2}(?!\d)(?!.*[AaPp]\.?[Mm])"))

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
    _numeric("MM-DD-YY", "%m-%d-%y", "-", 2),
    *(
        _whole(
            f"YYYY{s}MM{s}DD {clock} AM/PM",
            rf"\d{{4}}{s}\d\d?{s}\d\d? {shape} [AaPp][Mm]",
            f"%Y{s}%m{s}%d {pattern} %p",
        )
        for s in "-/"
        for clock, shape, pattern in (
            ("HH:MM:SS", r"\d\d?:\d\d:\d\d", "%I:%M:%S"),
            ("HH:MM", r"\d\d?:\d\d", "%I:%M"),
        )
    ),
    _spoken("DD Mon YYYY", r"\d{1,2} [A-Za-z]{3} \d{4}", "%d %b %Y"),
    _spoken("DD-Mon-YYYY", r"\d{1,2}-[A-Za-z]{3}-\d{4}", "%d-%b-%Y"),
    _spoken("DD-Mon-YY", r"\d{1,2}-[A-Za-z]{3}-\d{2}", "%d-%b-%y"),
    _spoken("DD Mon YY", r"\d{1,2} [A-Za-z]{3} \d{2}", "%d %b %y"),
    _spoken("DD/Mon/YYYY", r"\d{1,2}/[A-Za-z]{3}/\d{4}(?!:)", "%d/%b/%Y"),
    _spoken("DD Month YYYY", r"\d{1,2} [A-Za-z]{4,9} \d{4}", "%d %B %Y"),
    _spoken("Mon DD, YYYY", r"[A-Za-z]{3} \d{1,2}, \d{4}", "%b %d, %Y"),
    _spoken("Mon DD YYYY", r"[A-Za-z]{3} \d{1,2} \d{4}", "%b %d %Y"),
    _spoken("Month DD, YYYY", r"[A-Za-z]{4,9} \d{1,2}, \d{4}", "%B %d, %Y"),
    _spoken("Mon-DD-YYYY", r"[A-Za-z]{3}-\d{1,2}-\d{4}", "%b-%d-%Y"),
    _spoken("YYYY.MM.DD", r"\d{4}\.\d{1,2}\.\d{1,2}", "%Y.%m.%d"),
    _spoken("YYYY年MM月DD日", r"\d{4}年\d{1,2}月\d{1,2}日", "%Y年%m月%d日"),
    _spoken("YYYY년 MM월 DD일", r"\d{4}년 \d{1,2}월 \d{1,2}일", "%Y년 %m월 %d일"),
    _spoken("YYYY년MM월DD일", r"\d{4}년\d{1,2}월\d{1,2}일", "%Y년%m월%d일"),
    _spoken("YYYY-Mon-DD", r"\d{4}-[A-Za-z]{3}-\d{1,2}", "%Y-%b-%d"),
    _spoken("Day, DD Mon YYYY", _WEEKDAY + r", \d{1,2} [A-Za-z]{3} \d{4}", "%a, %d %b %Y"),
    _spoken("Day DD Mon YYYY", _WEEKDAY + r" \d{1,2} [A-Za-z]{3} \d{4}", "%a %d %b %Y"),
    _spoken("Day, Mon DD, YYYY", _WEEKDAY + r", [A-Za-z]{3} \d{1,2}, \d{4}", "%a, %b %d, %Y"),
    _spoken(
        "Weekday, Month DD, YYYY",
        _LONG_WEEKDAY + r", [A-Za-z]{3,9} \d{1,2}, \d{4}",
        "%A, %B %d, %Y",
    ),
    _whole("Day Mon DD HH:MM:SS YYYY", _CTIME + r"\d{4}", "%a %b %d %H:%M:%S %Y"),
    _whole("Day Mon DD HH:MM:SS UTC YYYY", _CTIME + r"UTC \d{4}", "%a %b %d %H:%M:%S UTC %Y"),
    _whole(
        "Day Mon DD HH:MM:SS +0000 YYYY", _CTIME + r"\+0000 \d{4}", "%a %b %d %H:%M:%S +0000 %Y"
    ),
    _whole(
        "DD/Mon/YYYY:HH:MM:SS +ZZZZ",
        r"\d{1,2}/[A-Za-z]{3}/\d{4}:\d\d:\d\d:\d\d [-+]\d{4}",
        "%d/%b/%Y:%H:%M:%S %z",
    ),
    _compact("YYYYMMDD", _DAY, "%Y%m%d"),
    _compact("YYYYMMDDHHMMSS", _DAY + r"[0-2]\d[0-5]\d[0-5]\d", "%Y%m%d%H%M%S"),
    _compact("YYYYMMDDHHMM", _DAY + r"[0-2]\d[0-5]\d", "%Y%m%d%H%M"),
    _compact("YYYYMMDD HHMMSS", _DAY + r" [0-2]\d[0-5]\d[0-5]\d", "%Y%m%d %H%M%S"),
    _compact("YYYYMMDDTHHMMSS", _DAY + r"T[0-2]\d[0-5]\d[0-5]\d", "%Y%m%dT%H%M%S"),
    _compact("YYYYMMDDTHHMMSSZ", _DAY + r"T[0-2]\d[0-5]\d[0-5]\dZ", "%Y%m%dT%H%M%SZ"),
    _compact("YYYYMM", r"(?:19|20|21)\d\d(?:0[1-9]|1[0-2])", "%Y%m"),
    _compact("YYYY-MM", r"(?:19|20|21)\d\d[-/](?:0?[1-9]|1[0-2])", "%Y-%m"),
    _compact("MM/YYYY", r"(?:0?[1-9]|1[0-2])/(?:19|20|21)\d\d", "%m/%Y"),
    _compact("Mon YYYY", r"[A-Za-z]{3} (?:19|20|21)\d\d", "%b %Y"),
    _compact("Mon-YY", r"[A-Za-z]{3}-\d\d", "%b-%y"),
    _compact("Mon-YYYY", r"[A-Za-z]{3}-(?:19|20|21)\d\d", "%b-%Y"),
    _compact("Month YYYY", r"[A-Za-z]{4,9} (?:19|20|21)\d\d", "%B %Y"),
    _compact("YYYY-Www", r"(?:19|20|21)\d\d-W\d\d", "%G-W%V"),
)
"""In order of preference where several read a column equally well: with dashes and dots the day
comes first, with slashes the month."""


_ANY = re.compile("|".join(f"(?:{f.shape.pattern})" for f in FORMATS if not f.compact))


def looks_dated(text: str) -> bool:
    """Say whether a text may be a date that is no number and no label."""
    return text[:1].isalnum() and _ANY.match(text) is not None


def likely_formats(texts: Sequence[str], *, compact: bool) -> tuple[DateFormat, ...]:
    """Tell which formats a sample may be in, in order of preference.

    Parameters
    ----------
    texts : sequence of str
        Values that are not missing.
    compact : bool
        Whether dates without separators count.
    """
    return _with_more_than(LEAST_SHARE * len(texts), texts, compact=compact)


def possible_formats(texts: Sequence[str], *, compact: bool) -> tuple[DateFormat, ...]:
    """Tell which formats any of the values may be in, in order of preference."""
    return _with_more_than(0, texts, compact=compact)


def _with_more_than(least: float, texts: Sequence[str], *, compact: bool) -> tuple[DateFormat, ...]:
    return tuple(
        f
        for f in FORMATS
        if (compact or not f.compact) and sum(f.shape.match(t) is not None for t in texts) > least
    )


def formats_of(way: str) -> tuple[DateFormat, ...]:
    """Give the formats that a way of a project file names, the foremost first.

    Examples
    --------
    >>> [f.name for f in formats_of("%d/%m/%Y | %Y-%m-%d")]
    ['DD/MM/YYYY', 'YYYY-MM-DD']
    """
    known = {f.way: f for f in FORMATS}
    names = way.split(BETWEEN)
    if len(names) == 1 and way == ISO_PATTERN:
        return (DateFormat(way, ISO.shape, way),)
    return tuple(known.get(n) or DateFormat(n, ISO.shape, n) for n in names)
