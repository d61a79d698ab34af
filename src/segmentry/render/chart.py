"""Charts as values: what is shown, in words and as a table. How it is drawn is ``echarts``' work.

Every spec is frozen and tells itself three ways: ``summary()`` is one sentence, ``table()`` holds
every figure, and ``echarts.option(spec)`` is the picture. A reader who sees only one of the three
misses no finding.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from segmentry.render import format as fmt
from segmentry.render.palette import Look, diverging_step


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a table: its text, and how it is set.

    ``tint`` is a step from -4 to 4 of the diverging scale; ``slot`` a segment's colour; ``tone``
    is ``good``, ``warn`` or ``bad``.
    """

    text: str
    is_number: bool = False
    tint: int | None = None
    slot: int | None = None
    is_marked: bool = False
    tone: str = ""

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


@dataclass(frozen=True, slots=True)
class Series:
    """Values of one segment or measure, one per position; None where there is none."""

    label: str
    values: tuple[float | None, ...]
    look: Look


@dataclass(frozen=True, slots=True)
class Heatmap:
    """Standardised differences: ``rows`` name features, each of ``columns`` is a segment.

    ``limit`` is the difference that gets the deepest tint; ``shown_rows`` how many rows the
    picture holds, ``n_rows`` how many features there are in all.
    """

    key: str
    title: str
    rows: tuple[str, ...]
    columns: tuple[Series, ...]
    n_rows: int
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
            f"The strongest difference: {label} is {fmt.fixed(abs(value), 1)} standard deviations "
            f"{side} everyone in “{row}”."
        )

    def table(self) -> Table:
        """Give the rows, tinted as in the picture."""
        head = (
            Cell("Feature"),
            *(Cell(c.label, is_number=True, slot=c.look.slot) for c in self.columns),
        )
        rows = tuple(
            (Cell(row), *(self._cell(c.values[i]) for c in self.columns))
            for i, row in enumerate(self.rows)
        )
        return Table("Difference from everyone, in standard deviations", head, rows)

    def _cell(self, value: float | None) -> Cell:
        tint = None if value is None else diverging_step(value, self.limit)
        return Cell(fmt.signed(value), is_number=True, tint=tint)


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
        """Give one row per segment."""
        head = (Cell("Segment"), *(Cell(f, is_number=True) for f in self.features))
        rows = tuple(
            (Cell(s.label, slot=s.look.slot), *numbers(*map(fmt.signed, s.values)))
            for s in self.lines
        )
        return Table("Standardised mean of each segment (everyone = 0)", head, rows)


def _range_of(values: Sequence[float | None]) -> float:
    told = [v for v in values if v is not None]
    return max(told) - min(told) if told else 0.0


@dataclass(frozen=True, slots=True)
class Cloud:
    """Points of one segment in a map."""

    label: str
    points: tuple[tuple[float, float], ...]
    look: Look


@dataclass(frozen=True, slots=True)
class Map:
    """Entities in two dimensions, and how much of the variance these two keep."""

    key: str
    title: str
    axes: tuple[str, str]
    kept: tuple[float, float]
    clouds: tuple[Cloud, ...]

    @property
    def n_points(self) -> int:
        """Count the points."""
        return sum(len(c.points) for c in self.clouds)

    def summary(self) -> str:
        """Say how far the picture may be trusted."""
        return (
            f"{fmt.whole(self.n_points)} sampled points; the two axes keep "
            f"{fmt.share(sum(self.kept))} of the variance, so the picture leaves out "
            f"{fmt.share(max(0.0, 1 - sum(self.kept)))}."
        )

    def table(self) -> Table:
        """Give centre and spread of each cloud: points themselves would tell nobody anything."""
        head = (
            Cell("Segment"),
            *numbers(
                "Points shown",
                "Centre, axis 1",
                "Centre, axis 2",
                "Spread, axis 1",
                "Spread, axis 2",
            ),
        )
        rows = tuple(
            (
                Cell(c.label, slot=c.look.slot),
                *numbers(fmt.whole(len(c.points)), *_cloud_figures(c)),
            )
            for c in self.clouds
        )
        return Table("Where each segment lies on the map (mean and standard deviation)", head, rows)


def _cloud_figures(cloud: Cloud) -> tuple[str, ...]:
    if not cloud.points:
        return (fmt.ABSENT,) * 4
    n = len(cloud.points)
    means = [sum(p[axis] for p in cloud.points) / n for axis in (0, 1)]
    spreads = [(sum((p[a] - means[a]) ** 2 for p in cloud.points) / n) ** 0.5 for a in (0, 1)]
    return tuple(fmt.fixed(v) for v in (*means, *spreads))


@dataclass(frozen=True, slots=True)
class Bars:
    """Shares of each segment under one or two measures, for example size and value."""

    key: str
    title: str
    segments: tuple[str, ...]
    looks: tuple[Look, ...]
    measures: tuple[tuple[str, tuple[float | None, ...]], ...]

    def summary(self) -> str:
        """Say which segment is the largest under each measure."""
        told: dict[str, list[str]] = {}
        for label, values in self.measures:
            known = [(v, s) for v, s in zip(values, self.segments, strict=True) if v is not None]
            if known:
                value, segment = max(known, key=lambda k: k[0])
                told.setdefault(segment, []).append(f"{label.lower()} ({fmt.share(value)})")
        if not told:
            return "There is nothing to compare."
        parts = [f"{segment} has the largest {' and '.join(of)}" for segment, of in told.items()]
        return f"{'; '.join(parts)}."

    def table(self) -> Table:
        """Give one row per segment."""
        head = (Cell("Segment"), *numbers(*(label for label, _ in self.measures)))
        rows = tuple(
            (Cell(s, slot=look.slot), *numbers(*(fmt.share(v[i]) for _, v in self.measures)))
            for i, (s, look) in enumerate(zip(self.segments, self.looks, strict=True))
        )
        return Table(self.title, head, rows)


@dataclass(frozen=True, slots=True)
class Band:
    """A line with its interval; None where a value or an end of the interval is unknown."""

    label: str
    values: tuple[float | None, ...]
    low: tuple[float | None, ...] = ()
    high: tuple[float | None, ...] = ()


@dataclass(frozen=True, slots=True)
class LineWithBand:
    """A score over the number of segments, the chosen number marked.

    ``better`` is ``higher``, ``lower`` or ``bend``: how the score is read.
    """

    key: str
    title: str
    xs: tuple[int, ...]
    bands: tuple[Band, ...]
    marked: int | None
    better: str
    as_share: bool = False

    def _text(self, value: float | None) -> str:
        if self.as_share:
            return fmt.share(value)
        return fmt.plain(value, 4) if value is not None and abs(value) >= 100 else fmt.fixed(value)

    def summary(self) -> str:
        """Say the score of the chosen number of segments, and the best of all."""
        known = [
            (v, x)
            for band in self.bands
            for x, v in zip(self.xs, band.values, strict=True)
            if v is not None
        ]
        if not known:
            return "Not known for any candidate."
        best, x = (max if self.better == "higher" else min)(known)
        chosen = [v for v, at in known if at == self.marked]
        told = f"{self._text(chosen[0])} at {self.marked} segments" if chosen else "Not known"
        if self.better == "bend":
            return f"{told}. It falls with every further segment: look for a bend."
        if chosen and chosen[0] == best:
            return f"{told}, the best of all ({self.better} is better)."
        return f"{told}; best {self._text(best)} at {x} ({self.better} is better)."

    def table(self) -> Table:
        """Give one row per number of segments."""
        head: list[Cell] = [Cell("Segments")]
        for band in self.bands:
            label = band.label if len(self.bands) > 1 else self.title
            head += numbers(label, *(("95 % interval",) if band.low else ()))
        rows = []
        for i, x in enumerate(self.xs):
            row = [
                Cell(f"{x} (chosen)" if x == self.marked else str(x), is_marked=x == self.marked)
            ]
            for band in self.bands:
                row += numbers(self._text(band.values[i]))
                if band.low:
                    row += numbers(self._interval(band, i))
            rows.append(tuple(row))
        return Table(f"{self.title} by number of segments", tuple(head), tuple(rows))

    def _interval(self, band: Band, i: int) -> str:
        if band.low[i] is None or band.high[i] is None:
            return fmt.ABSENT
        return fmt.interval(self._text(band.low[i]), self._text(band.high[i]))


@dataclass(frozen=True, slots=True)
class Strip:
    """What structureless data gave, each draw a tick, and what the data at hand gave."""

    key: str
    title: str
    axis: str
    draws: tuple[float, ...]
    observed: float
    p_value: float | None = None

    def summary(self) -> str:
        """Say how the observed value stands against the draws."""
        if not self.draws:
            return f"Observed: {fmt.fixed(self.observed, 3)}; no draws to compare with."
        beaten = sum(d >= self.observed for d in self.draws)
        reached = "none" if beaten == 0 else fmt.whole(beaten)
        return (
            f"Observed: {fmt.fixed(self.observed, 3)}. Of {len(self.draws)} structureless draws "
            f"(highest {fmt.fixed(max(self.draws), 3)}), {reached} reached it."
        )

    def table(self) -> Table:
        """Give the draws in order, and the observed value."""
        rows = [(Cell("Observed", is_marked=True), *numbers(fmt.fixed(self.observed, 4)))]
        rows += [
            (Cell(f"Draw {i}"), *numbers(fmt.fixed(d, 4)))
            for i, d in enumerate(sorted(self.draws, reverse=True), 1)
        ]
        return Table(self.title, (Cell("Data"), *numbers(self.axis)), tuple(rows))


@dataclass(frozen=True, slots=True)
class Estimate:
    """A segment's estimate with its 95 % interval, in figures and in words."""

    label: str
    look: Look
    mean: float
    low: float
    high: float
    n: int | None
    text: str
    interval_text: str


@dataclass(frozen=True, slots=True)
class Intervals:
    """An outcome of each segment with its interval, against everyone's."""

    key: str
    title: str
    estimates: tuple[Estimate, ...]
    overall: float
    overall_text: str
    as_share: bool

    def summary(self) -> str:
        """Say the ends of the range, and everyone's."""
        low = min(self.estimates, key=lambda e: e.mean)
        high = max(self.estimates, key=lambda e: e.mean)
        return (
            f"From {low.text} ({low.label}) to {high.text} ({high.label}); "
            f"everyone: {self.overall_text}."
        )

    def table(self) -> Table:
        """Give one row per segment."""
        head = (Cell("Segment"), *numbers(self.title, "95 % interval", "Known for"))
        rows = tuple(
            (Cell(e.label, slot=e.look.slot), *numbers(e.text, e.interval_text, fmt.whole(e.n)))
            for e in self.estimates
        )
        everyone = (Cell("Everyone", is_marked=True), *numbers(self.overall_text, "", ""))
        return Table(f"{self.title} by segment", head, (*rows, everyone))


AnyChart = Heatmap | Snake | Map | Bars | LineWithBand | Strip | Intervals
