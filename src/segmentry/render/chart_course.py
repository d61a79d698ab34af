"""How segments go on after a day: one line per segment, period by period, with intervals.

What lives here: the spec with its sentence and table. What does not: which figures it shows
(``figures_course``), and drawing (``draw_course``).
"""

from __future__ import annotations

from dataclasses import dataclass

from segmentry.render import format as fmt
from segmentry.render.chart import Cell, Table, numbers
from segmentry.render.palette import Look

WITHHELD = "few"
"""Stands for a figure that would tell of fewer than ten."""


@dataclass(frozen=True, slots=True)
class Step:
    """A figure with its interval at the end of a period; None where it is withheld."""

    mean: float | None = None
    low: float | None = None
    high: float | None = None
    text: str = WITHHELD
    interval_text: str = ""

    @property
    def told(self) -> str:
        """Say figure and interval."""
        return f"{self.text} ({self.interval_text})" if self.interval_text else self.text


@dataclass(frozen=True, slots=True)
class Line:
    """A segment, or everyone where it has no look, at each period."""

    label: str
    look: Look | None
    n: int
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Course:
    """Lines over periods of equal length.

    ``unit`` names a period, such as *week*; where no word does, it is empty, and periods are called
    by their ``days``. Days in place of periods stand in ``labels``.
    """

    key: str
    title: str
    unit: str
    lines: tuple[Line, ...]
    as_share: bool
    days: float = 1.0
    labels: tuple[str, ...] = ()

    @property
    def periods(self) -> tuple[str, ...]:
        """Name the periods."""
        if self.labels:
            return self.labels
        n = len(self.lines[0].steps) if self.lines else 0
        if self.unit:
            return tuple(f"{self.unit} {i + 1}" for i in range(n))
        ends = [(i * self.days + 1, (i + 1) * self.days) for i in range(n)]
        return tuple(f"days {low:g} to {high:g}" for low, high in ends)

    def summary(self) -> str:
        """Say where the segments stand at the end, and everyone, each with its interval."""
        last = [(line.steps[-1].mean, line) for line in self.lines]
        own = [(mean, line) for mean, line in last if mean is not None and line.look is not None]
        if not own:
            return "No segment is large enough to be told."
        (_, high), (_, low) = max(own, key=lambda o: o[0]), min(own, key=lambda o: o[0])
        every = "".join(
            f"; everyone: {line.steps[-1].told}" for _, line in last if line.look is None
        )
        n_few = sum(mean is None for mean, line in last if line.look is not None)
        if n_few:
            every += f"; withheld: {fmt.whole(n_few)} of so few that they would tell of single ones"
        place = f"{'On' if self.labels else 'In'} {self.periods[-1]}"
        if high is low:
            return f"{place}, {high.label}: {high.steps[-1].told}{every}."
        return (
            f"{place}, lowest {low.label}: {low.steps[-1].told}; highest {high.label}: "
            f"{high.steps[-1].told}{every}."
        )

    def table(self) -> Table:
        """Give one row per segment, and everyone; figures with their intervals."""
        head = (Cell("Segment"), *numbers("Members", *(fmt.sentence(p) for p in self.periods)))
        rows = tuple(
            (
                Cell(
                    line.label,
                    slot=None if line.look is None else line.look.slot,
                    is_marked=line.look is None,
                ),
                *numbers(fmt.whole(line.n), *(s.told for s in line.steps)),
            )
            for line in self.lines
        )
        return Table(f"{self.title}, with 95\u202f% intervals", head, rows)
