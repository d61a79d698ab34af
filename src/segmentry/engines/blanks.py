"""Columns that are held apart by runs of blanks, or by their place in the line.

What lives here: telling how, and cutting lines. What does not: rewriting files (``transcript``).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from segmentry.engines.cells import Look, look_of, look_of_column, typed_share

_QUOTED = r'"(?:[^"]|"")*"'
_RUNS = {1: re.compile(rf"{_QUOTED}|[^\s\"]\S*"), 2: re.compile(r"[^ \t]+(?:[ \t][^ \t]+)*")}

LEAST_EVEN = 0.9
"""Share of lines that must have as many columns as most."""


@dataclass(frozen=True, slots=True)
class Blanks:
    """How blanks part columns: runs of at least some blanks, or fixed places."""

    n_least: int = 1
    places: tuple[tuple[int, int], ...] = ()
    """From where to where each column reaches, where places part them."""

    def cut(self, line: str) -> list[str]:
        """Cut a line into cells."""
        if self.places:
            return [line[a:b].strip() for a, b in self.places]
        text = line.strip()
        if self.n_least == 1 and '"' not in text:
            return text.split()
        return [_bare(cell) for cell in _RUNS[self.n_least].findall(text)]

    @property
    def name(self) -> str:
        """Say in words what parts the columns."""
        if self.places:
            return "places in the line"
        return "runs of blanks" if self.n_least == 1 else "runs of two blanks or more"


def _bare(cell: str) -> str:
    """Take quotes off a cell."""
    if len(cell) > 1 and cell[0] == '"' == cell[-1]:
        return cell[1:-1].replace('""', '"')
    return cell


@dataclass(frozen=True, slots=True)
class Fit:
    """How well a way to cut lines fits: share of even lines, share of typed columns, width."""

    even: float
    typed: float
    width: int


def fit(records: Sequence[Sequence[str]]) -> Fit:
    """Measure how well lines are cut."""
    filled = [r for r in records if any(c.strip() for c in r)]
    if not filled:
        return Fit(0.0, 0.0, 0)
    widths = Counter(map(len, filled))
    width = max(widths, key=lambda w: (widths[w], w))
    rows = [r for r in filled if len(r) == width]
    # The first may be the header.
    typed = typed_share(rows[1:] or rows) if width > 1 else 0.0
    return Fit(widths[width] / len(filled), typed, width)


def blanks_of(lines: Sequence[str]) -> Blanks | None:
    """Tell how blanks part the columns of lines; None where they do not.

    Parameters
    ----------
    lines : sequence of str
        The first lines of a file, whole ones, without those that hold nothing.
    """
    if len(lines) < 2 or look_of_column([line.strip() for line in lines[1:]]) is not Look.WORDS:
        return None
    even = []
    for found in (Blanks(1), Blanks(2), Blanks(places=_places(lines))):
        is_single = found.n_least == 1 and not found.places
        if is_single and not _has_header_alike(found, lines):
            continue
        got = fit([found.cut(line) for line in (lines[1:] if is_single else lines)])
        if got.width > 1 and got.even >= LEAST_EVEN and got.typed > 0:
            even.append((got.typed, got.width, found))
    # The first of several that are as good, since it asks least of the file.
    return max(even, key=lambda e: e[:2])[2] if even else None


def _has_header_alike(found: Blanks, lines: Sequence[str]) -> bool:
    """Say whether the first line has as many columns as the second, or is a row itself."""
    first, second = found.cut(lines[0]), found.cut(lines[1])
    # R writes no name above the names of rows.
    return len(first) in {len(second), len(second) - 1} or any(
        look_of(c) in {Look.NUMBER, Look.DATE} for c in first
    )


def _places(lines: Sequence[str]) -> tuple[tuple[int, int], ...]:
    """Find the stretches of lines that some line fills, parted by what all leave blank."""
    width = max(map(len, lines))
    filled = [any(i < len(line) and line[i] not in " \t" for line in lines) for i in range(width)]
    starts = [i for i in range(width) if filled[i] and (i == 0 or not filled[i - 1])]
    if not any(look_of(c) in {Look.NUMBER, Look.DATE} for c in lines[0].split()):
        # Where the header has no name, a gap fell into the words of a column by chance.
        ends = [*starts[1:], width]
        starts = [a for a, b in zip(starts, ends, strict=True) if lines[0][a:b].strip()]
    # Each reaches to the next one's start, since later lines may be longer than the first ones.
    return tuple(zip(starts, [*starts[1:], 1 << 20], strict=True)) if len(starts) > 1 else ()
