"""One text for any cut: what an engine is asked is written once, and only instants change in it.

What lives here: finding the instants in a text, and putting others in their place. What does not:
writing the text (``compile``, engines).

A cut stands in a compiled statement many times over: itself, the beginnings of windows before it,
the local day before it. All but the day are the cut plus a fixed number of microseconds. So the
statement is written for two cuts that lie where no other number of a statement does; the numbers in
which the two texts differ are such instants or that day, and any other difference is refused.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from segmentry.domain.window import Window
from segmentry.errors import MathsError
from segmentry.features.rows import day_before, instant

STANDINS = (datetime(6000, 1, 1, tzinfo=UTC), datetime(7000, 3, 5, 7, 11, 13, 171717, tzinfo=UTC))
"""Two cuts that nobody asks for: their instants are larger than any number of a real log."""

_TOKEN = re.compile(r"""'(?:[^']|'')*'|"(?:[^"]|"")*"|[0-9A-Za-z_.]+|[^0-9A-Za-z_.'"]+""")
"""Texts in quotes, quoted names, words and numbers, and what stands between them."""


@dataclass(frozen=True, slots=True)
class Template:
    """A statement with gaps for instants."""

    pieces: tuple[str, ...]
    offsets: tuple[int | None, ...]
    """What is added to the cut in the gap behind each piece but the last, in microseconds; None
    where the gap is the number of the local day before the cut."""
    time_zone: str = "UTC"

    def at(self, cut: datetime) -> str:
        """Give the statement at a cut.

        Examples
        --------
        >>> told = Template(("micros < ", " AND micros >= ", ""), (0, -1_000_000))
        >>> told.at(datetime(1970, 1, 1, 0, 1, tzinfo=UTC))
        'micros < 60000000 AND micros >= 59000000'
        """
        at, day = instant(cut), day_before(cut, self.time_zone)
        gaps = (str(day if offset is None else at + offset) for offset in self.offsets)
        whole = [part for pair in zip(self.pieces, gaps, strict=False) for part in pair]
        return "".join([*whole, self.pieces[-1]])


def template(write: Callable[[Window], str], window: Window, *, time_zone: str) -> Template:
    """Write a statement once for every cut.

    Parameters
    ----------
    write : callable of Window to str
        Writes the statement at a cut.
    window : Window
        Its cut does not matter, all else does.
    time_zone : str
        Where days begin and end.

    Returns
    -------
    Template
        ``template(write, window).at(cut)`` is ``write`` at that cut.

    Raises
    ------
    MathsError
        E7001 if the statement depends on the cut in any other way than by instants at fixed
        distances from it.
    """
    texts = [_TOKEN.findall(write(replace(window, as_of=cut))) for cut in STANDINS]
    return _between(*texts, time_zone=time_zone)


def _between(one: list[str], other: list[str], *, time_zone: str) -> Template:
    first, second = (instant(cut) for cut in STANDINS)
    days = [str(day_before(cut, time_zone)) for cut in STANDINS]
    if len(one) != len(other):
        raise _dependent("in length")
    pieces: list[str] = []
    offsets: list[int | None] = []
    text: list[str] = []
    for a, b in zip(one, other, strict=True):
        if a == b:
            text.append(a)
            continue
        is_day = [a, b] == days
        if not is_day and not _is_instant(a, b, second - first):
            raise _dependent(f"{a[:40]!r} becomes {b[:40]!r}")
        pieces.append("".join(text))
        offsets.append(None if is_day else int(a) - first)
        text = []
    return Template((*pieces, "".join(text)), tuple(offsets), time_zone)


def _is_instant(a: str, b: str, apart: int) -> bool:
    return a.isdecimal() and b.isdecimal() and int(b) - int(a) == apart


def _dependent(how: str) -> MathsError:
    return MathsError(f"a statement depends on its cut by more than instants: {how}")
