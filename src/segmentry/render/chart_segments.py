"""Charts of what the segments are like: size and value, differences, profiles.

What lives here: specs with their sentence and table. What does not: charts of how far the
segments may be trusted (``chart_evidence``), the map (``chart_map``), and drawing
(``draw_segments``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from segmentry.render import format as fmt
from segmentry.render.chart import Cell, Table, numbers
from segmentry.render.palette import Look, diverging_step


@dataclass(frozen=True, slots=True)
class Measure:
    """Shares of the segments in one whole, for example the value; ``texts`` are absolute."""

    label: str
    shares: tuple[float | None, ...]
    texts: tuple[str, ...]

    @property
    def has_areas(self) -> bool:
        """Tell whether every share can be an area: known, none below zero, not all zero."""
        known = [s for s in self.shares if s is not None]
        return len(known) == len(self.shares) and min(known, default=-1) >= 0 < sum(known)


@dataclass(frozen=True, slots=True)
class Sizes:
    """How much of the entities, and of the value where it is known, each segment holds."""

    key: str
    title: str
    segments: tuple[str, ...]
    looks: tuple[Look, ...]
    measures: tuple[Measure, ...]

    def summary(self) -> str:
        """Say which segment is the largest under each measure."""
        told: dict[str, list[str]] = {}
        for m in self.measures:
            known = [(v, s) for v, s in zip(m.shares, self.segments, strict=True) if v is not None]
            if known:
                value, segment = max(known, key=lambda k: k[0])
                told.setdefault(segment, []).append(f"{m.label.lower()} ({fmt.share(value)})")
        if not told:
            return "There is nothing to compare."
        parts = [f"{segment}: the largest {' and '.join(of)}" for segment, of in told.items()]
        return f"{'; '.join(parts)}."

    def table(self) -> Table:
        """Give one row per segment."""
        head = [Cell("Segment")]
        for m in self.measures:
            head += numbers(m.label, *(("In figures",) if any(m.texts) else ()))
        rows = tuple(self._row(i) for i in range(len(self.segments)))
        return Table(self.title, tuple(head), rows)

    def _row(self, i: int) -> tuple[Cell, ...]:
        row = [Cell(self.segments[i], slot=self.looks[i].slot)]
        for m in self.measures:
            row += numbers(fmt.share(m.shares[i]), *((m.texts[i],) if any(m.texts) else ()))
        return tuple(row)


@dataclass(frozen=True, slots=True)
class Series:
    """Values of one segment, one per position; None where there is none."""

    label: str
    values: tuple[float | None, ...]
    look: Look


@dataclass(frozen=True, slots=True)
class Heatmap:
    """Standardised differences: ``rows`` name features, each of ``columns`` is a segment.

    ``raw`` and ``percentiles`` tell the same cells in the features' own units, and as the share
    of everyone below the segment's middle; either may be empty. ``limit`` is the difference that
    gets the deepest tint, ``shown_rows`` how many rows the picture holds, ``n_rows`` how many
    features there are in all.
    """

    key: str
    title: str
    rows: tuple[str, ...]
    columns: tuple[Series, ...]
    n_rows: int
    raw: tuple[tuple[str, ...], ...] = ()
    percentiles: tuple[tuple[float | None, ...], ...] = ()
    limit: float = 1.5
    shown_rows: int = 30

    def summary(self) -> str:
        """Say where the strongest difference lies."""
        found = [
            (abs(v), v, row, column.label)
            for column in self.columns
            for row, v in zip(self.rows, column.values, strict=True)
            if v is not None
        ]
        if not found:
            return "There are no differences to show."
        _, value, row, label = max(found, key=lambda f: f[0])
        side = "above" if value > 0 else "below"
        return (
            f"The strongest difference: in “{row}”, {label} lies {fmt.fixed(abs(value), 1)} "
            f"standard deviations {side} everyone."
        )

    def table(self) -> Table:
        """Give the rows, tinted as in the picture, with figures in their own units beneath."""
        head = (
            Cell("Feature"),
            *(Cell(c.label, is_number=True, slot=c.look.slot) for c in self.columns),
        )
        rows = tuple(
            (Cell(row), *(self._cell(i, j) for j in range(len(self.columns))))
            for i, row in enumerate(self.rows)
        )
        return Table("Difference from everyone, in standard deviations", head, rows)

    def _cell(self, i: int, j: int) -> Cell:
        value = self.columns[j].values[i]
        tint = None if value is None else diverging_step(value, self.limit)
        return Cell(
            fmt.signed(value), is_number=True, tint=tint, note=self.raw[j][i] if self.raw else ""
        )


@dataclass(frozen=True, slots=True)
class Snake:
    """Standardised means of the leading features, one line per segment, features downwards."""

    key: str
    title: str
    features: tuple[str, ...]
    lines: tuple[Series, ...]

    def summary(self) -> str:
        """Say which feature spreads the segments most."""
        spread = [
            (_range_of([s.values[i] for s in self.lines]), f) for i, f in enumerate(self.features)
        ]
        if not spread:
            return "There are no features to compare."
        width, feature = max(spread, key=lambda s: s[0])
        return (
            f"“{feature}” sets the segments apart most: {fmt.fixed(width, 1)} "
            "standard deviations lie between the lowest and the highest."
        )

    def table(self) -> Table:
        """Give one row per feature, so that many features make a long table and not a wide one."""
        head = (
            Cell("Feature"),
            *(Cell(s.label, is_number=True, slot=s.look.slot) for s in self.lines),
        )
        rows = tuple(
            (Cell(f), *numbers(*(fmt.signed(s.values[i]) for s in self.lines)))
            for i, f in enumerate(self.features)
        )
        return Table("Standardised mean of each segment (everyone = 0)", head, rows)


def _range_of(values: Sequence[float | None]) -> float:
    told = [v for v in values if v is not None]
    return max(told) - min(told) if told else 0.0
