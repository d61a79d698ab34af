"""Rows in order: the events of each entity by time, spans of them, and what is computed of them.

What lives here: sorting, spans as stretches of rows, computed fields, tests on rows. What does not:
rows that are made of events (``over``), aggregates (``reduce``). The meaning of everything is that
of ``features.rows``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property, reduce
from operator import and_
from typing import Any

import numpy as np
from numpy.typing import NDArray

from segmentry.domain.formula import Aggregate, Computed, Condition, Span
from segmentry.domain.window import Window
from segmentry.features.arrays.column import COMPARISONS, FINE, Column, fine
from segmentry.features.rows import (
    CIRCLES,
    DAY_MICROS,
    WHOLE_DAYS,
    YEAR_DAYS,
    Codes,
    day_before,
    instant,
)
from segmentry.features.zones import MICROS, steps_of
from segmentry.maths.stretches import Mask, Places, counted, owners

Stretch = tuple[Places, Places]
"""Where the rows of each group begin and end."""


@dataclass(frozen=True)
class Clock:
    """The cut, and the calendar around it."""

    window: Window
    time_zone: str

    @cached_property
    def cut(self) -> int:
        """The cut in microseconds since 1970."""
        return instant(self.window.as_of)

    @cached_property
    def today(self) -> int:
        """The number of the local day of the last instant before the cut."""
        return day_before(self.window.as_of, self.time_zone)

    def bounds(self, span: Span) -> tuple[int | None, int | None]:
        """Give the first instant of a span and the first after it; None where the cut bounds."""
        start, end = self.window.start_of(span), self.window.end_of(span)
        return (
            None if start is None else instant(start),
            None if end == self.window.as_of else instant(end),
        )

    def local(self, micros: NDArray[np.int64]) -> NDArray[np.int64]:
        """Give instants on the local clock."""
        first, steps = steps_of(self.time_zone)
        if not steps:
            return micros if not first else micros + first * MICROS
        since = np.array([s.since for s in steps], np.int64) * MICROS
        offsets = np.array([first, *(s.offset for s in steps)], np.int64) * MICROS
        low, high = (int(micros.min()), int(micros.max())) if len(micros) else (0, 0)
        a, b = np.searchsorted(since, [low, high], side="right")
        if a == b:
            return micros + int(offsets[a])
        return micros + offsets[np.searchsorted(since, micros, side="right")]


@dataclass(frozen=True)
class Rows:
    """Rows of groups that lie together, those of events in order of time."""

    edges: Places
    """Where the rows of each group begin; the number of rows stands last."""
    columns: Mapping[str, Column]
    clock: Clock | None = None
    """None where rows have no time, or are not events."""
    codes: Codes = field(default_factory=dict)
    _made: dict[str, Any] = field(default_factory=dict)

    @property
    def n_groups(self) -> int:
        """Count the groups."""
        return len(self.edges) - 1

    @cached_property
    def owner(self) -> NDArray[np.int32]:
        """The group of each row."""
        return owners(self.edges)

    @property
    def micros(self) -> NDArray[np.int64]:
        """The instants of the rows."""
        return self.columns["micros"].values

    @property
    def timed(self) -> Clock:
        """The clock of rows that have one."""
        if self.clock is None:
            msg = "events without time have no cut"
            raise ValueError(msg)
        return self.clock

    def __getitem__(self, name: str) -> Column:
        """Give a column, computed where it has to be."""
        if name in self.columns:
            return self.columns[name]
        if name not in self._made:
            self._made[name] = self._computed(name)
        return self._made[name]  # type: ignore[no-any-return]

    def stretch(self, span: Span) -> Stretch:
        """Give where the rows of a span begin and end in each group."""
        first, low, high = self.edges[:-1], self.edges[:-1], self.edges[1:]
        if self.clock is None:
            return low, high
        start, end = self.clock.bounds(span)
        if start is not None:
            low = first + self._before(start)
        if end is not None:
            high = first + self._before(end)
        return low, np.maximum(low, high)

    def _before(self, at: int) -> Places:
        """Count the rows of each group before an instant."""
        key = f"before {at}"
        if key not in self._made:
            self._made[key] = counted(self.micros < at, self.edges[:-1], self.edges[1:])
        return self._made[key]  # type: ignore[no-any-return]

    def inside(self, span: Span) -> Mask | None:
        """Say of each row whether it lies in a span; None where every one does."""
        if self.clock is None:
            return None
        start, end = self.clock.bounds(span)
        told = [] if start is None else [self.micros >= start]
        told += [] if end is None else [self.micros < end]
        return reduce(and_, told) if told else None

    def only(self, rows: Mask | None) -> Rows:
        """Keep some of the rows; groups without any stay, empty."""
        if rows is None:
            return self
        n = counted(rows, self.edges[:-1], self.edges[1:])
        edges = np.concatenate(([0], np.cumsum(n)))
        columns = {name: c.take(rows) for name, c in self.columns.items()}
        return Rows(edges, columns, self.clock, self.codes)

    def within(self, span: Span) -> Rows:
        """Keep the rows of a span."""
        inside = self.inside(span)
        if inside is None:
            # Not kept: what holds itself is given back late.
            return self
        key = f"within {span}"
        if key not in self._made:
            self._made[key] = self.only(inside)
        return self._made[key]  # type: ignore[no-any-return]

    def holds(self, a: Aggregate, names: Mapping[Aggregate, str] | None = None) -> Mask | None:
        """Say of each row whether it passes all tests of an aggregate; None where none are."""
        told = [self._holds(t, a.by, names or {}) for t in a.where]
        return reduce(and_, told) if told else None

    def _holds(self, test: Condition, by: str | None, names: Mapping[Aggregate, str]) -> Mask:
        name = names[test.of] if isinstance(test.of, Aggregate) else test.of
        key = f"test {name} {test.operator} {test.values} {test.bound} {by}"
        if key not in self._made:
            self._made[key] = self._tested(test, name, by)
        return self._made[key]  # type: ignore[no-any-return]

    def _tested(self, test: Condition, name: str, by: str | None) -> Mask:
        column = self[name]
        if test.operator in COMPARISONS:
            return column.compared(test.bound, test.operator)
        if test.operator == "repeats":
            before = self["before"]
            same = column.values == before.values
            return _all_known(same, column.known, before.known)
        named = column.is_one_of(self._places(test, by if name == "before" and by else name))
        if test.operator == "in":
            return named
        return ~named if column.known is None else ~named & column.known

    def _places(self, test: Condition, name: str) -> list[int]:
        """Give the numbers that stand for the values of a test."""
        known: Mapping[str, int] | None = self.codes.get(name)
        words = self[name].words
        if known is None and words is not None:
            known = {w: i for i, w in enumerate(words.to_pylist())}
        if known is None:
            return [int(v) for v in test.values]
        return [known[str(v)] for v in test.values if str(v) in known]

    def _computed(self, name: str) -> Column:
        if name == "local":
            return Column(self.timed.local(self.micros))
        if name == "local_day":
            return Column(self["local"].values // DAY_MICROS)
        if name in CIRCLES:
            place, n = CIRCLES[name]
            on = self[Computed.HOUR].values if n == 24 else _twelfth(self["local_day"].values)
            values = [round(float(f"{place(2 * np.pi * i / n):.9f}") * FINE) for i in range(n)]
            return Column(np.array(values, np.int64)[on], divisor=FINE)
        if name in WHOLE_DAYS or name in {
            Computed.PERIOD, Computed.WEIGHT, Computed.DECAYED_AMOUNT
        }:  # fmt: skip
            return self._of_age(name)
        return self._of_day(name)

    def _of_day(self, name: str) -> Column:
        day = self["local_day"].values
        match name:
            case Computed.WEEKDAY:
                # 1970-01-01 was a Thursday, the fourth day of its week.
                return Column((day + 3) % 7 + 1)
            case Computed.HOUR:
                return Column((self["local"].values - day * DAY_MICROS) // (3_600 * MICROS))
            case Computed.DAY_AGE:
                return Column(self.timed.today - day)
            case Computed.IS_LATER_DAY:
                oldest = np.repeat(_first_days(day, self.edges), np.diff(self.edges))
                return Column((day > oldest).astype(np.int8))
        msg = f"{name!r} is no field of these rows"
        raise KeyError(msg)

    def _of_age(self, name: str) -> Column:
        age = self.timed.cut - self.micros
        window = self.timed.window
        if name in {Computed.WEIGHT, Computed.DECAYED_AMOUNT}:
            weight = np.power(0.5, age / (window.decay_half_life_days * DAY_MICROS))
            if name == Computed.WEIGHT:
                return fine(weight)
            amount = self["amount"]
            numbers = weight * amount.numbers
            numbers = numbers if amount.known is None else np.where(amount.known, numbers, 0.0)
            return fine(numbers, amount.known)
        days = WHOLE_DAYS.get(name, window.recent_days)
        return Column((age - 1) // round(days * DAY_MICROS))


def _first_days(day: NDArray[np.int64], edges: Places) -> NDArray[np.int64]:
    """Give the first local day of each group: the least, where clocks may lead back."""
    result = np.zeros(len(edges) - 1, np.int64)
    there = np.flatnonzero(np.diff(edges))
    if len(there):
        result[there] = np.minimum.reduceat(day, edges[:-1][there])
    return result


def _twelfth(day: NDArray[np.int64]) -> NDArray[np.int64]:
    """Give which twelfth of a year of 365.2425 days a day since 1970 falls into."""
    years = day / YEAR_DAYS
    return np.floor((years - np.floor(years)) * 12).astype(np.int64)


def _all_known(found: Mask, *known: Mask | None) -> Mask:
    return reduce(and_, (k for k in known if k is not None), found)
