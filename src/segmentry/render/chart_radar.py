"""The radar: the leading features around a centre, one closed line per segment.

What lives here: the spec with its sentence and table. What does not: which features lead
(``figures``), and drawing (``draw_radar``).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from segmentry.render import format as fmt
from segmentry.render.chart import Cell, Table, numbers
from segmentry.render.chart_segments import Series

NARROWEST_LIMIT = 1.0
"""A radar of small differences keeps them small: its rim is never nearer than this."""


@dataclass(frozen=True, slots=True)
class Radar:
    """Standardised means of a few features, everyone a circle at 0; every value is known."""

    key: str
    title: str
    axes: tuple[str, ...]
    lines: tuple[Series, ...]

    @property
    def limit(self) -> float:
        """Give the rim in standard deviations: the farthest value, up to the next half."""
        farthest = max((abs(v) for s in self.lines for v in s.values if v is not None), default=0)
        return max(NARROWEST_LIMIT, math.ceil(2 * farthest) / 2)

    def summary(self) -> str:
        """Say which segment is the least like everyone on these axes, and which the most."""
        told = [(_mean_size(s), s.label) for s in self.lines]
        (far, farthest), (near, nearest) = max(told), min(told)
        return (
            f"On these {len(self.axes)} features {farthest} lies farthest from everyone, by "
            f"{fmt.fixed(far, 1)} standard deviations on average; {nearest} lies nearest, by "
            f"{fmt.fixed(near, 1)}."
        )

    def table(self) -> Table:
        """Give one row per feature, and how far each segment lies from everyone over all."""
        head = (
            Cell("Feature"),
            *(Cell(s.label, is_number=True, slot=s.look.slot) for s in self.lines),
        )
        rows = (
            *(
                (Cell(axis), *numbers(*(fmt.signed(s.values[i]) for s in self.lines)))
                for i, axis in enumerate(self.axes)
            ),
            (
                Cell("On average, above or below"),
                *numbers(*(fmt.fixed(_mean_size(s), 1) for s in self.lines)),
            ),
        )
        return Table("Standardised mean of each segment (everyone = 0)", head, rows)


def _mean_size(line: Series) -> float:
    known = [abs(v) for v in line.values if v is not None]
    return sum(known) / len(known) if known else 0.0
