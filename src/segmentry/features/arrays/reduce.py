"""Aggregates of rows in order: one number for each entity.

What lives here: each measure over each kind of rows. What does not: the rows (``rows``, ``over``),
formulas over aggregates (``finish``). Unknown is NaN here, and null outside.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from segmentry.domain.formula import Aggregate, Measure, Over, Span
from segmentry.features.arrays.column import Column
from segmentry.features.arrays.over import (
    day_begins,
    edges_by,
    grouped,
    runs,
    steps,
    steps_inside,
)
from segmentry.features.arrays.rows import Rows
from segmentry.features.rows import inner_aggregates
from segmentry.maths.stretches import (
    Mask,
    Numbers,
    counted,
    edges_of,
    extreme,
    medians,
    squared,
    summed,
    value_counts,
)

OF_VALUES = {Measure.DISTINCT, Measure.TOP, Measure.PAIRS, Measure.SURPRISE}


@dataclass
class Reducer:
    """Computes aggregates of one set of events at one cut; what several need is kept."""

    events: Rows
    _steps: dict[str | None, Rows] = field(default_factory=dict)

    def of(self, a: Aggregate) -> Numbers:
        """Compute an aggregate: a number for each entity, NaN where there is none."""
        match a.over:
            case Over.EVENTS if a.measure in {Measure.LATEST, Measure.EARLIEST}:
                return _latest(self.events, a)
            case Over.EVENTS:
                return _of_events(self.events, a)
            case Over.STEPS:
                return self._of_steps(a)
            case Over.DAYS:
                return self._of_days(a.span)
            case Over.RUNS:
                return _of_events(runs(self.events.within(a.span)), a)
        msg = f"{a} is computed with others of its kind"
        raise ValueError(msg)

    def of_groups(self, over: Over, span: Span, wanted: Sequence[Aggregate]) -> list[Numbers]:
        """Compute aggregates over groups of events, out of aggregates of each group's events."""
        inner = inner_aggregates(wanted)
        fields = {f for a in inner for f in _fields(a)}
        rows, owner = grouped(self.events, over, span, fields)
        names = {a: f"inner {i}" for i, a in enumerate(inner)}
        # All of a group's rows count: the span has been looked at already.
        rows = replace(rows, clock=None)
        columns = {n: _as_column(_of_events(rows, a)) for a, n in names.items()}
        if any("seconds" in _fields(a) for a in wanted):
            columns["seconds"] = Column(_lengths(rows), divisor=10**6)
        groups = Rows(edges_by(owner, self.events.n_groups), columns)
        found = []
        for a in wanted:
            of = names[a.of] if isinstance(a.of, Aggregate) else a.of
            found.append(reduced(groups, a, of, groups.holds(a, names)))
        return found

    def _of_steps(self, a: Aggregate) -> Numbers:
        if a.by not in self._steps:
            self._steps[a.by] = steps(self.events, a.by)
        found = self._steps[a.by]
        inside = steps_inside(self.events, found, a.span)
        held = found.holds(a)
        held = held if inside is None else inside if held is None else inside & held
        return reduced(found, a, a.of if isinstance(a.of, str) else None, held)

    def _of_days(self, span: Span) -> Numbers:
        owner, _ = day_begins(self.events.within(span))
        return np.bincount(owner, minlength=self.events.n_groups).astype(np.float64)


def _lengths(rows: Rows) -> NDArray[np.int64]:
    """Give the microseconds from the first to the last row of each group, in whatever order.

    No group is empty: each is made by the rows that are in it.
    """
    if not rows.n_groups:
        return np.zeros(0, np.int64)
    begins = rows.edges[:-1]
    return np.maximum.reduceat(rows.micros, begins) - np.minimum.reduceat(rows.micros, begins)


def _as_column(numbers: Numbers) -> Column:
    known = ~np.isnan(numbers)
    if known.all():
        return Column(numbers)
    return Column(np.where(known, numbers, 0.0), known)


def _fields(a: Aggregate) -> set[str]:
    found = {a.of} if isinstance(a.of, str) else set()
    return found | {t.of for t in a.where if isinstance(t.of, str)}


def _of_events(rows: Rows, a: Aggregate) -> Numbers:
    """Reduce rows that know the fields of an aggregate and the tests it makes."""
    return reduced(rows, a, a.of if isinstance(a.of, str) else None, rows.holds(a))


def reduced(rows: Rows, a: Aggregate, name: str | None, mask: Mask | None) -> Numbers:
    """Reduce the rows of each group to one number.

    Parameters
    ----------
    rows : Rows
    a : Aggregate
        Says how, over which span.
    name : str or None
        The column; None where rows are counted by themselves, or their instants looked at.
    mask : ndarray of bool or None
        Which rows count; None for all.
    """
    if name is None:
        return _of_rows(rows, a, mask)
    column = rows[name]
    known = column.known if mask is None else mask if column.known is None else mask & column.known
    if a.measure is Measure.COUNT:
        return _counted(rows, known, a.span)
    if a.measure is Measure.SUM or a.measure is Measure.SQUARES:
        return _total(rows, a, column, mask, known)
    inside = rows.inside(a.span)
    known = inside if known is None else known if inside is None else known & inside
    if a.measure in OF_VALUES:
        return _of_values(rows, a.measure, column, known)
    values, owner = column.values, rows.owner
    if known is not None:
        place = np.flatnonzero(known)
        values, owner = values[place], owner[place]
    found = _REDUCTIONS[a.measure](values, owner, rows.n_groups)
    return found if column.divisor == 1 else found / column.divisor


_REDUCTIONS: dict[Measure, Callable[[NDArray[np.generic], NDArray[np.int32], int], Numbers]] = {
    Measure.LEAST: lambda v, g, n: extreme(v, g, n, "least"),
    Measure.MOST: lambda v, g, n: extreme(v, g, n, "most"),
    Measure.MEDIAN: medians,
}


def _of_rows(rows: Rows, a: Aggregate, mask: Mask | None) -> Numbers:
    """Reduce rows by themselves: how many, and when."""
    if a.measure is Measure.COUNT:
        return _counted(rows, mask, a.span)
    if a.measure not in {Measure.FIRST, Measure.LAST}:
        msg = f"{a} cannot be computed"
        raise ValueError(msg)
    low, high = rows.stretch(a.span)
    result = np.full(rows.n_groups, np.nan)
    if mask is None and rows.clock is not None:
        there = np.flatnonzero(high > low)
        place = low[there] if a.measure is Measure.FIRST else high[there] - 1
        result[there] = rows.micros[place]
        return result
    inside = rows.inside(a.span)
    kept = mask if inside is None else inside if mask is None else inside & mask
    place = np.arange(len(rows.micros)) if kept is None else np.flatnonzero(kept)
    which: Literal["least", "most"] = "least" if a.measure is Measure.FIRST else "most"
    return extreme(rows.micros[place], rows.owner[place], rows.n_groups, which)


def _counted(rows: Rows, mask: Mask | None, span: Span) -> Numbers:
    low, high = rows.stretch(span)
    n = high - low if mask is None else counted(mask, low, high)
    return n.astype(np.float64)


def _total(
    rows: Rows, a: Aggregate, column: Column, mask: Mask | None, known: Mask | None
) -> Numbers:
    """Add up: over events 0 where nothing happened, null where nothing is known."""
    low, high = rows.stretch(a.span)
    if a.measure is Measure.SQUARES:
        whole = np.rint(column.numbers).astype(np.int64)
        total = squared(whole if known is None else np.where(known, whole, 0), low, high)
    else:
        exact = column.exact
        values = exact.values if known is None else np.where(known, exact.values, 0)
        total = summed(values, low, high) / exact.divisor
    n = high - low if known is None else counted(known, low, high)
    if a.over is Over.EVENTS and a.measure is Measure.SUM:
        n_rows = high - low if mask is None else counted(mask, low, high)
        return np.where((n == 0) & (n_rows > 0), np.nan, total)
    return np.where(n == 0, np.nan, total)


def _of_values(rows: Rows, measure: Measure, column: Column, known: Mask | None) -> Numbers:
    """Reduce the values of a field, held apart."""
    values, owner = column.values, rows.owner
    if known is not None:
        place = np.flatnonzero(known)
        values, owner = values[place], owner[place]
    group, _, n = value_counts(_whole(values), owner)
    if measure is Measure.TOP:
        return extreme(n, group, rows.n_groups, "most")
    if measure is Measure.DISTINCT:
        return np.bincount(group, minlength=rows.n_groups).astype(np.float64)
    result = np.zeros(rows.n_groups)
    edges = edges_of(group)[:-1]
    if len(edges):
        of = n * n if measure is Measure.PAIRS else n * np.log(n)
        result[group[edges]] = np.add.reduceat(of, edges)
    return result


def _whole(values: NDArray[np.generic]) -> NDArray[np.int64]:
    """Give floats as whole numbers that are equal where they are: their bits."""
    if values.dtype.kind != "f":
        return values  # type: ignore[return-value]
    # Zero has two forms, which are equal.
    return (values.astype(np.float64) + 0.0).view(np.int64)


def _latest(events: Rows, a: Aggregate) -> Numbers:
    """Give the known value of the latest (or earliest) event that has one, of several the most."""
    column = events[str(a.of)]
    told = column.known
    for other in (events.inside(a.span), events.holds(a)):
        told = other if told is None else told if other is None else told & other
    place = np.arange(len(events.micros)) if told is None else np.flatnonzero(told)
    result = np.full(events.n_groups, np.nan)
    if not len(place):
        return result
    owner, micros = events.owner[place], events.micros[place]
    edges = edges_of(owner)
    end = edges[1:] - 1 if a.measure is Measure.LATEST else edges[:-1]
    at = np.repeat(micros[end], np.diff(edges))
    same = np.flatnonzero(micros == at)
    found = extreme(column.values[place[same]], owner[same], events.n_groups, "most")
    return found if column.divisor == 1 else found / column.divisor
