"""Rows to go over: events with what is computed from their instant, steps, days, runs, groups.

What lives here: the relations that ``Over`` names, and the tests on their rows. What does not: the
aggregates of these rows (``compile``). Only constructs are used that are equal on DuckDB,
PostgreSQL and Spark.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cached_property, reduce
from math import cos, pi, sin
from operator import and_
from typing import TYPE_CHECKING, Any

from segmentry.domain.formula import (
    GROUPS,
    Aggregate,
    Computed,
    Condition,
    Over,
    Span,
)
from segmentry.domain.table import ENTITY
from segmentry.domain.window import Window
from segmentry.features.zones import MICROS, days_run_backwards, offset_at

if TYPE_CHECKING:
    import ibis.expr.types as ir

DAY_MICROS = 86_400 * MICROS
EXACT = "decimal(38, 9)"
"""Numbers with a fraction are summed in this type, so that a sum does not depend on the order."""
WHOLE = "decimal(38, 0)"
FACTOR = "decimal(19, 0)"
"""Two of these multiplied are no wider than the widest type."""
SHORT = "decimal(18, 9)"
"""As exact and half as wide: weights, and amounts up to a billion."""
YEAR_DAYS = 365.2425

Codes = Mapping[str, Mapping[str, int]]
"""The number that stands for each word of a label field."""

_OF_DAYS = (Computed.WEEKDAY, Computed.DAY_AGE)
WHOLE_DAYS: dict[str, float] = {Computed.DAY: 1.0, Computed.WEEK: 7.0}
_AGES = {Computed.WEIGHT, Computed.DECAYED_AMOUNT, Computed.PERIOD, *WHOLE_DAYS}
CIRCLES: dict[str, tuple[Callable[[float], float], int]] = {
    Computed.HOUR_COS: (cos, 24),
    Computed.HOUR_SIN: (sin, 24),
    Computed.YEAR_COS: (cos, 12),
    Computed.YEAR_SIN: (sin, 12),
}


def micros_of(at: ir.TimestampValue) -> ir.NumericValue:
    """Write a timestamp as whole microseconds since 1970."""
    return at.truncate("s").epoch_seconds() * MICROS + at.microsecond()


def instant(at: datetime) -> int:
    """Give an instant in microseconds since 1970."""
    whole = at.replace(microsecond=0)
    return int(whole.timestamp()) * MICROS + at.microsecond


def day_before(cut: datetime, time_zone: str) -> int:
    """Give the number of the local day of the last instant before a cut, 1970-01-01 being 0."""
    from zoneinfo import ZoneInfo

    local = (cut - timedelta(microseconds=1)).astimezone(ZoneInfo(time_zone)).date()
    return local.toordinal() - date(1970, 1, 1).toordinal()


@dataclass(frozen=True)
class Rows:
    """The rows of one set of events at one cut."""

    events: ir.Table
    window: Window | None
    time_zone: str
    codes: Codes = field(default_factory=dict)

    @cached_property
    def cut(self) -> int:
        """The cut in microseconds since 1970."""
        return instant(self._window.as_of)

    @property
    def _window(self) -> Window:
        if self.window is None:
            msg = "events without time have no cut"
            raise ValueError(msg)
        return self.window

    @cached_property
    def before_cut(self) -> ir.Table:
        """Give the events before the cut."""
        if self.window is None:
            return self.events
        return self.events.filter(self.events["micros"] < self.cut)

    @cached_property
    def days_are_in_order(self) -> bool:
        """Say whether a later instant is never on an earlier local day."""
        return not days_run_backwards(self.time_zone, until=self.cut)

    @cached_property
    def today(self) -> int:
        """The number of the local day of the last instant before the cut."""
        return day_before(self._window.as_of, self.time_zone)

    def with_computed(self, rows: ir.Table, wanted: Iterable[str]) -> ir.Table:
        """Put the computed fields that are wanted beside the events."""
        names = set(wanted)
        if Computed.IS_LATER_DAY in names:
            rows = self.with_computed(rows, [Computed.DAY_AGE])
        calendar = {*_OF_DAYS, Computed.YEAR_COS, Computed.YEAR_SIN} & names
        clock = {Computed.HOUR, Computed.HOUR_COS, Computed.HOUR_SIN} & names
        if calendar or clock or "local_day" in names:
            local = rows["micros"] + offset_at(rows["micros"], self.time_zone, until=self.cut)
            rows = rows.mutate(local=local)
            rows = rows.mutate(local_day=(rows["local"] / DAY_MICROS).floor().cast("int64"))
        wanted = sorted((names & set(Computed)) - set(rows.columns))
        values = {name: self._computed(rows, name) for name in wanted}
        return rows.mutate(**values) if values else rows

    def local_day(self, micros: ir.NumericValue) -> ir.NumericValue:
        """Write the number of the local day that an instant falls on."""
        local = micros + offset_at(micros, self.time_zone, until=self.cut)
        return (local / DAY_MICROS).floor()

    def _computed(self, rows: ir.Table, name: str) -> Any:
        import ibis

        if name in CIRCLES:
            place, n = CIRCLES[name]
            on = self._hour(rows) if n == 24 else _twelfth(rows["local_day"])
            values = [(on == i, _decimal(place(2 * pi * i / n))) for i in range(n)]
            return ibis.cases(*values, else_=_decimal(0.0))
        return self._of_age(rows, name) if name in _AGES else self._of_day(rows, name)

    def _of_day(self, rows: ir.Table, name: str) -> Any:
        import ibis

        if name == Computed.WEEKDAY:
            # 1970-01-01 was a Thursday, the fourth day of its week.
            return ((rows["local_day"] + 3) % 7 + 7) % 7 + 1
        if name == Computed.HOUR:
            return self._hour(rows)
        if name == Computed.DAY_AGE:
            return self.today - rows["local_day"]
        oldest = rows["day_age"].max().over(ibis.window(group_by=ENTITY))
        return (rows["day_age"] < oldest).cast("int64")

    def _of_age(self, rows: ir.Table, name: str) -> Any:
        age = self.cut - rows["micros"]
        if name == Computed.WEIGHT:
            return self._weight(age).cast(SHORT)
        if name == Computed.DECAYED_AMOUNT:
            return (self._weight(age) * rows["amount"].cast("float64")).cast(EXACT)
        days = WHOLE_DAYS.get(name, self._window.recent_days)
        return ((age - 1) / round(days * DAY_MICROS)).floor().cast("int64")

    def _weight(self, age: Any) -> Any:
        import ibis

        half_life = self._window.decay_half_life_days * DAY_MICROS
        return ibis.literal(0.5).pow(age / half_life)

    def _hour(self, rows: ir.Table) -> Any:
        within = rows["local"] - rows["local_day"] * DAY_MICROS
        return (within / (3_600 * MICROS)).floor().cast("int64")

    def inside(self, micros: Any, span: Span) -> ir.BooleanValue | None:
        """Write whether an instant before the cut lies in a span; None where every one does."""
        if self.window is None:
            return None
        start = self.window.start_of(span)
        conditions = [] if start is None else [micros >= instant(start)]
        end = self.window.end_of(span)
        if end != self.window.as_of:
            conditions.append(micros < instant(end))
        return reduce(and_, conditions) if conditions else None

    def within(self, rows: ir.Table, span: Span) -> ir.Table:
        """Keep the rows of a span."""
        inside = self.inside(rows["micros"], span) if self.window is not None else None
        return rows if inside is None else rows.filter(inside)

    def holds(
        self, rows: ir.Table, aggregate: Aggregate, names: Mapping[Aggregate, str] | None = None
    ) -> ir.BooleanValue | None:
        """Write whether a row passes all tests of an aggregate; None where there are none.

        ``names`` are the columns of aggregates that are tested.
        """
        told = [self._holds(rows, t, aggregate.by, names or {}) for t in aggregate.where]
        return reduce(and_, told) if told else None

    def _holds(
        self, rows: ir.Table, test: Condition, by: str | None, names: Mapping[Aggregate, str]
    ) -> ir.BooleanValue:
        import ibis

        name = names[test.of] if isinstance(test.of, Aggregate) else test.of
        value = rows[name]
        match test.operator:
            case "above":
                return value > test.bound
            case "below":
                return value < test.bound
            case "at least":
                return value >= test.bound
            case "at most":
                return value <= test.bound
            case "repeats":
                return value == rows["before"]
        levels: list[Any] = list(test.values)
        known = self.codes.get(by if name == "before" and by else name)
        if known is not None:
            levels = [known[str(level)] for level in levels if level in known]
        named = value.isin(levels) if levels else ibis.literal(False)  # noqa: FBT003
        return value.notnull() & ~named if test.operator == "not in" else named

    def steps(self, by: str | None, also: Iterable[str] = ()) -> ir.Table:
        """Give each event beside the instant of the one before, and its label with that before."""
        import ibis

        rows = self.before_cut
        if by is None:
            rows = rows.select(ENTITY, "micros")
        else:
            rows = rows.filter(rows[by].notnull()).select(ENTITY, "micros", by, *also)
        # Events of one instant stand in the order of their labels, whatever else is asked for.
        order = [rows["micros"], *([rows[by]] if by else [])]
        in_order = ibis.window(group_by=ENTITY, order_by=order)
        # In one pass: two passes may put rows that are equal in two orders, and mix what they tell.
        told = {"micros_before": "micros"} | ({"before": by} if by else {})
        rows = rows.mutate(**{n: rows[of].lag().over(in_order) for n, of in told.items()})
        gap = rows["micros"] - rows["micros_before"]
        # Upwards, so that a gap is never nothing: the spread of gaps is told beside their mean.
        seconds = (gap / MICROS).ceil().cast("int64")
        return rows.mutate(gap=gap / DAY_MICROS, gap_seconds=seconds)

    def days(self, span: Span) -> ir.Table:
        """Give the local days of each entity with an event in a span."""
        rows = self.with_computed(self.within(self.before_cut, span), ["local_day"])
        return rows.select(ENTITY, "local_day").distinct()

    def runs(self, span: Span) -> ir.Table:
        """Give each run of days with events: its days, and the days from its last to the cut."""
        import ibis

        days = self.days(span)
        place = ibis.row_number().over(ibis.window(group_by=ENTITY, order_by=days["local_day"]))
        days = days.mutate(run=days["local_day"] - place.cast("int64"))
        runs = days.group_by(ENTITY, "run").aggregate(
            days=days.count(), last=days["local_day"].max()
        )
        return runs.mutate(age=self.today - runs["last"])

    def grouped_rows(self, over: Over, span: Span) -> tuple[ir.Table, str]:
        """Give the events of a span with the name of the column that holds a group together."""
        import ibis

        holder = GROUPS[over]
        rows = self.within(self.before_cut, span)
        if holder is not None:
            return rows.filter(rows[holder].notnull()), holder
        in_order = ibis.window(group_by=ENTITY, order_by=rows["micros"])
        pause = round(self._window.pause_minutes * 60 * MICROS)
        before = rows["micros"].lag().over(in_order)
        rows = rows.mutate(micros_before=before)
        gap = rows["micros"] - rows["micros_before"]
        begins = ibis.cases((gap <= pause, 0), else_=1).cast("int64")
        rows = rows.mutate(begins=begins)
        # By range, not by rows: events of one instant belong together in whatever order they are.
        upto = ibis.range_window(group_by=ENTITY, order_by=rows["micros"], following=0)
        return rows.mutate(visit=rows["begins"].sum().over(upto)), "visit"


def inner_aggregates(aggregates: Iterable[Aggregate]) -> list[Aggregate]:
    """Give the aggregates of groups' events that others are made of, each once."""
    found: dict[Aggregate, None] = {}
    for a in aggregates:
        for of in (a.of, *(t.of for t in a.where)):
            if isinstance(of, Aggregate):
                found[of] = None
    return list(found)


def _twelfth(day: Any) -> Any:
    """Write which twelfth of a year of 365.2425 days a day since 1970 falls into."""
    years = day / YEAR_DAYS
    return ((years - years.floor()) * 12).floor().cast("int64")


def _decimal(value: float) -> Any:
    import ibis

    return ibis.literal(Decimal(f"{value:.9f}"), type=SHORT)
