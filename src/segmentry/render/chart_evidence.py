"""Charts of how far the segments may be trusted: scores, null draws, intervals, silhouettes.

What lives here: specs with their sentence and table. What does not: charts of what the segments
are like (``chart_segments``), and drawing (``draw_evidence``).
"""

from __future__ import annotations

from dataclasses import dataclass

from segmentry.render import format as fmt
from segmentry.render.chart import Cell, Table, named, numbers
from segmentry.render.palette import Look


@dataclass(frozen=True, slots=True)
class Band:
    """A method's line with its interval; None where a value or an end of it is unknown."""

    label: str
    values: tuple[float | None, ...]
    low: tuple[float | None, ...] = ()
    high: tuple[float | None, ...] = ()


@dataclass(frozen=True, slots=True)
class LineWithBand:
    """A score over the number of segments, one line per method, the chosen candidate marked.

    ``better`` is ``higher``, ``lower`` or ``bend``: how the score is read. ``marked`` is the
    chosen number of segments, ``marked_band`` the method that was chosen with it. ``term`` is the
    score's name in the glossary.
    """

    key: str
    title: str
    xs: tuple[int, ...]
    bands: tuple[Band, ...]
    marked: int | None
    better: str
    as_share: bool = False
    marked_band: str = ""
    term: str = ""

    def _text(self, value: float | None) -> str:
        if self.as_share:
            return fmt.share(value)
        return fmt.plain(value, 4) if value is not None and abs(value) >= 100 else fmt.fixed(value)

    def _chosen(self) -> float | None:
        """Give the chosen candidate's score; of the first method where none is named."""
        bands = [b for b in self.bands if b.label == self.marked_band] or self.bands[:1]
        if not bands or self.marked not in self.xs:
            return None
        return bands[0].values[self.xs.index(self.marked)]

    def summary(self) -> str:
        """Say the score of the chosen number of segments, and the best of all."""
        known = [
            (v, x, band.label)
            for band in self.bands
            for x, v in zip(self.xs, band.values, strict=True)
            if v is not None
        ]
        if not known:
            return "Not known for any candidate."
        best, x, method = (max if self.better == "higher" else min)(known)
        chosen = self._chosen()
        told = f"{self._text(chosen)} at {self.marked}" if chosen is not None else "Not known"
        if self.better == "bend":
            return f"{told}. It always falls: look for a bend."
        if chosen == best:
            return f"{told}, the best of all."
        of = f" ({method})" if len(self.bands) > 1 else ""
        return f"{told}; the best is {self._text(best)} at {x}{of}."

    @property
    def reading(self) -> str:
        """Say in two or three words how the score is read."""
        return {"higher": "higher is better", "lower": "lower is better"}.get(
            self.better, "a bend is a hint"
        )

    def table(self) -> Table:
        """Give one row per number of segments."""
        head: list[Cell] = [Cell("Segments")]
        for band in self.bands:
            label = band.label if len(self.bands) > 1 else self.title
            head += numbers(label, *(("95\u202f% interval",) if band.low else ()))
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
            return f"Your data: {fmt.fixed(self.observed, 3)}; no draws to compare with."
        beaten = sum(d >= self.observed for d in self.draws)
        reached = "none" if beaten == 0 else fmt.whole(beaten)
        return (
            f"Your data reaches {fmt.fixed(self.observed, 3)}. Of {len(self.draws)} data sets made "
            f"up without groups (highest {fmt.fixed(max(self.draws), 3)}), {reached} "
            f"{'reaches' if beaten == 1 else 'reach'} as much."
        )

    def table(self) -> Table:
        """Give the observed value, and where the draws lie: each of them would tell nothing."""
        told = [("Your data", self.observed)]
        draws = sorted(self.draws, reverse=True)
        if draws:
            last = len(draws) - 1
            told += [
                (f"Without groups, highest of {len(draws)}", draws[0]),
                ("Without groups, one in twenty higher", draws[last // 20]),
                ("Without groups, in the middle", draws[last // 2]),
                ("Without groups, lowest", draws[last]),
            ]
        rows = tuple(
            (Cell(label, is_marked=i == 0), *numbers(fmt.fixed(value, 4)))
            for i, (label, value) in enumerate(told)
        )
        return Table(self.title, (Cell("Data"), *numbers(self.axis)), rows)


@dataclass(frozen=True, slots=True)
class Estimate:
    """A segment's estimate with its interval or range, in figures and in words."""

    label: str
    look: Look
    mean: float
    low: float
    high: float
    n: int | None
    text: str
    interval_text: str
    verdict: str = ""
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Intervals:
    """A forest plot: each segment's estimate with its interval, against everyone's if known.

    ``limits`` fixes the axis; ``column`` heads the estimates in the table, and ``spread`` what
    lies around them, where that is no 95 % interval.
    """

    key: str
    title: str
    estimates: tuple[Estimate, ...]
    overall: float | None
    overall_text: str
    as_share: bool
    limits: tuple[float, float] | None = None
    column: str = ""
    term: str = ""
    spread: str = ""

    def summary(self) -> str:
        """Say the ends of the range, and everyone's."""
        low = min(self.estimates, key=lambda e: e.mean)
        high = max(self.estimates, key=lambda e: e.mean)
        everyone = f"; everyone: {self.overall_text}" if self.overall is not None else ""
        if low is high:
            return f"{low.text} ({low.label}){everyone}."
        return f"From {low.text} ({low.label}) to {high.text} ({high.label}){everyone}."

    def table(self) -> Table:
        """Give one row per segment."""
        has_n = any(e.n is not None for e in self.estimates)
        has_verdict = any(e.verdict for e in self.estimates)
        head = (
            Cell("Segment"),
            *numbers(self.column or self.title),
            *(numbers(self.spread) if self.spread else [named("95\u202f% interval", "interval")]),
            *(numbers("Known for") if has_n else ()),
            *((Cell("Verdict"),) if has_verdict else ()),
        )
        rows = [self._row(e, has_n=has_n, has_verdict=has_verdict) for e in self.estimates]
        if self.overall is not None:
            blanks = (Cell(""),) * (len(head) - 2)
            rows.append((Cell("Everyone", is_marked=True), *numbers(self.overall_text), *blanks))
        return Table(f"{self.title} by segment", head, tuple(rows))

    def _row(self, e: Estimate, *, has_n: bool, has_verdict: bool) -> tuple[Cell, ...]:
        return (
            Cell(e.label, slot=e.look.slot),
            *numbers(e.text, e.interval_text),
            *(numbers(fmt.whole(e.n)) if has_n else ()),
            *((Cell(e.verdict, tone=e.tone),) if has_verdict else ()),
        )


@dataclass(frozen=True, slots=True)
class Shape:
    """The silhouettes of one segment: quantiles from the highest down, and their summary."""

    label: str
    look: Look
    share: float
    values: tuple[float, ...]
    mean: float | None
    low: float | None
    high: float | None
    below_zero: float | None


@dataclass(frozen=True, slots=True)
class Silhouettes:
    """The silhouette plot of Kaufman and Rousseeuw: each segment's values, sorted.

    References
    ----------
    Rousseeuw, P. J. (1987). Silhouettes: a graphical aid to the interpretation and validation of
    cluster analysis. Journal of Computational and Applied Mathematics 20, 53-65.
    """

    key: str
    title: str
    shapes: tuple[Shape, ...]
    n_rows: int | None = None
    term: str = "silhouette"

    def summary(self) -> str:
        """Say which segment is drawn most sharply, and which has most entities misplaced."""
        known = [s for s in self.shapes if s.mean is not None]
        if not known:
            return "There are no silhouettes to show."
        best = max(known, key=lambda s: s.mean or 0.0)
        worst = max(known, key=lambda s: s.below_zero or 0.0)
        told = f"The sharpest outline: {best.label} ({fmt.fixed(best.mean)} on average)"
        if not worst.below_zero:
            return f"{told}; nobody lies nearer to another segment."
        return (
            f"{told}; in {worst.label}, {fmt.share(worst.below_zero)} lie nearer to another "
            "segment than to their own."
        )

    def table(self) -> Table:
        """Give one row per segment."""
        head = (
            Cell("Segment"),
            named("Mean silhouette", "silhouette"),
            named("95\u202f% interval", "interval"),
            *numbers("Below zero", "Median", "Lowest shown"),
        )
        rows = tuple(
            (
                Cell(s.label, slot=s.look.slot),
                *numbers(
                    fmt.fixed(s.mean),
                    fmt.ABSENT
                    if s.low is None or s.high is None
                    else fmt.interval(fmt.fixed(s.low), fmt.fixed(s.high)),
                    fmt.share(s.below_zero),
                    fmt.fixed(s.values[len(s.values) // 2] if s.values else None),
                    fmt.fixed(s.values[-1] if s.values else None),
                ),
            )
            for s in self.shapes
        )
        return Table("Silhouettes by segment", head, rows)
