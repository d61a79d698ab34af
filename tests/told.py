"""Figures that a report tells in sentences, and those that its run stores."""

from __future__ import annotations

import bisect
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from html.parser import HTMLParser
from typing import Any

READ = frozenset({"p", "li", "h1", "h2", "h3", "h4", "dd", "dt", "figcaption"})
UNREAD = frozenset({"script", "style", "table", "svg"})
"""Tables and charts are drawn from stored figures cell by cell: their own tests hold them."""

FIGURE = re.compile(r"(?<![\w.,])(\d[\d,]*(?:\.\d+)?)( ?[%km](?!\w))?(?!\w)")

UNITS = {"k": 1e3, "m": 1e6}


class _Reader(HTMLParser):
    """Texts with the ids of the elements around them."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[tuple[str, ...], str]] = []
        self.around: list[tuple[str, str]] = []
        self.parts: list[str] | None = None
        self.unread = 0

    def handle_starttag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        self.unread += tag in UNREAD
        if tag in {"section", "article"}:
            self.around.append((tag, dict(attrs).get("id") or ""))
        if tag in READ and not self.unread:
            self.parts = []
        elif self.parts is not None:
            self.parts.append(" ")

    def handle_endtag(self, tag: str) -> None:
        self.unread -= tag in UNREAD
        if self.around and self.around[-1][0] == tag:
            self.around.pop()
        if tag in READ and self.parts is not None:
            text = re.sub(r"[\s\u202f]+", " ", "".join(self.parts)).replace("−", "-").strip()
            self.found.append((tuple(place for _, place in self.around), text))
            self.parts = None

    def handle_data(self, data: str) -> None:
        if self.parts is not None and not self.unread:
            self.parts.append(data)


def sentences(page: str) -> Iterator[tuple[tuple[str, ...], str]]:
    """Give what people read of a page outside tables and charts, and in which parts it stands."""
    reader = _Reader()
    reader.feed(page)
    yield from ((places, text) for places, text in reader.found if FIGURE.search(text))


def stored(value: Any) -> Iterator[float]:
    """Give every number of documents, those inside texts included."""
    if isinstance(value, Mapping):
        for part in value.values():
            yield from stored(part)
    elif isinstance(value, list | tuple):
        for part in value:
            yield from stored(part)
    elif isinstance(value, str):
        yield from (float(m[1].replace(",", "")) for m in FIGURE.finditer(value))
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield float(value)


def unknown(text: str, known: Sequence[float]) -> list[str]:
    """Give the figures of a text that are no known one, however it is rounded.

    Parameters
    ----------
    text : str
    known : sequence of float, ascending
    """
    return [m[0] for m in FIGURE.finditer(text) if not _is_known(m, known)]


def _is_known(match: re.Match[str], known: Sequence[float]) -> bool:
    digits, unit = match[1].replace(",", ""), (match[2] or "").strip()
    half = 0.5001 * 10.0 ** -len(digits.partition(".")[2])
    scale = UNITS.get(unit, 1.0)
    low, high = (float(digits) - half) * scale, (float(digits) + half) * scale
    ranges = [(low, high), (-high, -low)]
    if unit == "%":
        # A share below everyone's is told as what is missing.
        ranges += [(low / 100, high / 100), (-high / 100, -low / 100)]
        ranges += [(1 - high / 100, 1 - low / 100)]
    return any(_lies_in(known, *bounds) for bounds in ranges)


def _lies_in(known: Sequence[float], low: float, high: float) -> bool:
    place = bisect.bisect_left(known, low)
    return place < len(known) and known[place] <= high


def ascending(*values: Iterable[float]) -> list[float]:
    """Give all of some numbers once, in order."""
    return sorted({v for part in values for v in part})
