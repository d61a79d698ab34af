"""Where entities of each segment went: bands from the segments before to those after.

What lives here: the spec with its sentence and table. What does not: which figures it shows
(``figures_movement``), and drawing (``draw_flows``).
"""

from __future__ import annotations

from dataclasses import dataclass

from segmentry.render import format as fmt
from segmentry.render.chart import Cell, Table, numbers
from segmentry.render.palette import Look


@dataclass(frozen=True, slots=True)
class Node:
    """A segment on either side."""

    label: str
    look: Look


@dataclass(frozen=True, slots=True)
class Band:
    """Entities that went from a node before to one after, by the places of both."""

    source: int
    target: int
    n: int
    share_text: str
    """Of those in the source, with its interval."""


@dataclass(frozen=True, slots=True)
class Flows:
    """Segments at the first day, those at the last, and who went from one to the other."""

    key: str
    title: str
    before: str
    after: str
    nodes: tuple[Node, ...]
    bands: tuple[Band, ...]

    @property
    def n(self) -> int:
        """Count the entities."""
        return sum(b.n for b in self.bands)

    def summary(self) -> str:
        """Say how many stayed, and which path most took."""
        if not self.bands:
            return "Nobody was there on both days."
        stayed = sum(b.n for b in self.bands if b.source == b.target)
        told = (
            f"{fmt.share(stayed / self.n)} of {fmt.whole(self.n)} are in the same segment on both "
            "days"
        )
        gone = [b for b in self.bands if b.source != b.target]
        if not gone:
            return f"{told}."
        most = max(gone, key=lambda b: b.n)
        return (
            f"{told}; of the others most went from {self.nodes[most.source].label} to "
            f"{self.nodes[most.target].label} ({fmt.whole(most.n)})."
        )

    def table(self) -> Table:
        """Give one row per segment before, one column per segment after."""
        told = {(b.source, b.target): b for b in self.bands}

        def cell(i: int, j: int) -> Cell:
            band = told.get((i, j))
            if band is None:
                return Cell("0", is_number=True)
            return Cell(fmt.whole(band.n), is_number=True, note=band.share_text, is_marked=i == j)

        head = (
            Cell(f"{self.before} \u2192 {self.after}"),
            *numbers(*(n.label for n in self.nodes)),
        )
        rows = tuple(
            (Cell(node.label, slot=node.look.slot), *(cell(i, j) for j in range(len(self.nodes))))
            for i, node in enumerate(self.nodes)
        )
        return Table(f"{self.title}, with shares of each row and 95\u202f% intervals", head, rows)
