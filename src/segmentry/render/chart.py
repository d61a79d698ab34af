"""What every chart is: a value that tells itself in a sentence, as a table, and as a picture.

What lives here: tables, their cells, and the protocol of a chart. What does not: the charts
themselves (``chart_segments``, ``chart_evidence``) and how they are drawn (``echarts``).

Every spec is frozen and tells itself three ways: ``summary()`` is one sentence, ``table()`` holds
every figure, and ``echarts.drawings(spec)`` are its pictures. A reader who gets only one of the
three misses no finding.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a table: its text, and how it is set.

    ``note`` is told beneath in small type; ``term`` is the glossary's word that explains the text;
    ``tint`` is a step from -4 to 4 of the diverging scale; ``slot`` a segment's colour; ``tone``
    is ``good``, ``warn`` or ``bad``.
    """

    text: str
    is_number: bool = False
    tint: int | None = None
    slot: int | None = None
    is_marked: bool = False
    tone: str = ""
    note: str = ""
    term: str = ""

    @property
    def classes(self) -> str:
        """Name the style classes."""
        tint = (
            None if self.tint is None else f"tint-{'m' if self.tint < 0 else 'p'}{abs(self.tint)}"
        )
        told = (
            "number" if self.is_number else "",
            tint or "",
            "marked" if self.is_marked else "",
            f"tone-{self.tone}" if self.tone else "",
        )
        return " ".join(c for c in told if c)


@dataclass(frozen=True, slots=True)
class Table:
    """A table: what it tells, its column heads, and rows whose first cell is the row's head."""

    caption: str
    head: tuple[Cell, ...]
    rows: tuple[tuple[Cell, ...], ...]


def texts(*values: str) -> tuple[Cell, ...]:
    """Make cells of words."""
    return tuple(Cell(v) for v in values)


def numbers(*values: str) -> tuple[Cell, ...]:
    """Make cells of figures, set flush right."""
    return tuple(Cell(v, is_number=True) for v in values)


def named(label: str, term: str) -> Cell:
    """Make the head of a column of figures whose name the glossary explains."""
    return Cell(label, is_number=True, term=term)


class Chart(Protocol):
    """What every chart spec can tell of itself."""

    @property
    def key(self) -> str:
        """Name the chart within its page: lower-case words and hyphens."""
        ...

    @property
    def title(self) -> str:
        """Say what is shown."""
        ...

    def summary(self) -> str:
        """Say the finding in one sentence."""
        ...

    def table(self) -> Table:
        """Give every figure of the chart."""
        ...
