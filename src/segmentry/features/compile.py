"""Specs into one Ibis expression: a row per entity, a column per feature.

What lives here: the sharing of aggregates between features and the finishing expressions. Only
constructs are used that are equal on DuckDB, PostgreSQL and Spark: integer arithmetic on seconds
and microseconds, exact quantiles, sums of decimals. What does not: which features (``choose``),
where events come from (``pipeline``).

Aggregates are computed in parts that are joined by entity, because what one part has to carry
along costs all others: *rows* (plain aggregates of all events), *moments* (events in order of time,
which a window function has to sort) and one part for each field whose values are held apart.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property, reduce
from operator import add
from typing import TYPE_CHECKING, Any

from segmentry.domain.feature import (
    Aggregate,
    Change,
    DaysBeforeCut,
    Drawn,
    FeatureSpec,
    Measure,
    Ratio,
    Span,
    aggregates_of,
)
from segmentry.domain.table import ENTITY
from segmentry.domain.window import Window
from segmentry.features.zones import MICROS, days_run_backwards, offset_at

if TYPE_CHECKING:
    import ibis.expr.types as ir

DAY_MICROS = 86_400 * MICROS
MONEY = "decimal(38, 9)"
"""Amounts are summed in this type, so that a sum does not depend on the order of its rows."""
WEIGHT = "decimal(18, 9)"
"""Decay weights are rounded to this type before they are summed, for the same reason."""

FEW_WORDS = 16
"""Words of a field up to which each is counted in a column of its own."""

Codes = Mapping[str, Mapping[str, int]]
"""The number that stands for each word of a label field."""

_APART = frozenset({Measure.TOP, Measure.DISTINCT})
_COUNTS = frozenset({Measure.COUNT, Measure.DISTINCT, Measure.LEVEL, Measure.REST, Measure.TOP})
_ZERO_OF_NOTHING = _COUNTS - {Measure.TOP} | {Measure.DECAYED}
"""Aggregates that are zero, not unknown, where there is no row."""


def compile_features(
    specs: Sequence[FeatureSpec],
    events: ir.Table,
    window: Window | None,
    *,
    time_zone: str,
    codes: Codes | None = None,
) -> ir.Table:
    """Write features as one expression over canonical events.

    Parameters
    ----------
    specs : sequence of FeatureSpec
        Names are unique.
    events : ibis table
        Columns ``entity_id`` and ``micros`` (microseconds since 1970 in UTC), neither null, and
        those of the canonical fields that the specs need.
    window : Window or None
        Events at or after its cut do not exist. None for events without time, which then need no
        ``micros``; no spec may ask for an instant or a span.
    time_zone : str
        Where days begin and end.
    codes : mapping of str to mapping of str to int, optional
        For label fields that hold numbers in place of words: the number of each word. A word
        without a number is in no event.

    Returns
    -------
    ibis table
        ``entity_id`` and one float64 column per spec; a row for each entity with an event
        before the cut. Equal for any number of threads.
    """
    compiler = _Compiler(events, window, time_zone, codes or {})
    aggregates = list(dict.fromkeys(a for s in specs for a in aggregates_of(s)))
    names = {a: f"aggregate {i}" for i, a in enumerate(aggregates)}
    grouped = compiler.grouped(names)
    values = {s.name: compiler.finished(s, grouped, names) for s in specs}
    return grouped.select(ENTITY, **values)


def micros_of(at: ir.TimestampValue) -> ir.NumericValue:
    """Write a timestamp as whole microseconds since 1970."""
    return at.truncate("s").epoch_seconds() * MICROS + at.microsecond()


def instant(at: datetime) -> int:
    """Give an instant in microseconds since 1970."""
    whole = at.replace(microsecond=0)
    return int(whole.timestamp()) * MICROS + at.microsecond


@dataclass(frozen=True, slots=True)
class _Part:
    """Aggregates that are computed together: those of a field's values inside a span, or others."""

    of: str | None
    span: Span = "lookback"


_ROWS, _MOMENTS = _Part("all rows", "history"), _Part("rows in order", "history")


@dataclass(frozen=True)
class _Compiler:
    """Writes the aggregates of one set of events at one cut."""

    events: ir.Table
    window: Window | None
    time_zone: str
    codes: Codes = field(default_factory=dict)

    @cached_property
    def cut(self) -> int:
        """The cut in microseconds since 1970."""
        if self.window is None:
            msg = "events without time have no cut"
            raise ValueError(msg)
        return instant(self.window.as_of)

    @cached_property
    def _rows(self) -> ir.Table:
        """Give the events before the cut."""
        if self.window is None:
            return self.events
        return self.events.filter(self.events["micros"] < self.cut)

    @cached_property
    def _days_are_in_order(self) -> bool:
        return not days_run_backwards(self.time_zone, until=self.cut)

    def grouped(self, names: Mapping[Aggregate, str]) -> ir.Table:
        """Write the aggregates, one row per entity."""
        parts: dict[_Part, dict[str, Aggregate]] = {}
        held_apart = {_Part(a.of, a.span) for a in names if a.measure in _APART}
        for aggregate, name in names.items():
            parts.setdefault(self._part_of(aggregate, held_apart), {})[name] = aggregate
        result = self._plain(parts.pop(_ROWS, {}))
        for part, wanted in parts.items():
            other = self._moments(wanted) if part == _MOMENTS else self._values(part, wanted)
            joined = result.left_join(other, ENTITY)
            own = {n: result[n] for n in result.columns}
            result = joined.select(**own, **{n: other[n] for n in wanted})
        return result

    def _part_of(self, aggregate: Aggregate, held_apart: set[_Part]) -> _Part:
        measure = aggregate.measure
        if measure is Measure.MEDIAN_GAP:
            return _MOMENTS
        if measure is Measure.ACTIVE_DAYS and self._days_are_in_order:
            return _MOMENTS
        part = _Part(aggregate.of, aggregate.span)
        return part if part in held_apart and measure in _COUNTS else _ROWS

    def _plain(self, wanted: Mapping[str, Aggregate]) -> ir.Table:
        """Write the part that needs nothing but one pass over the rows."""
        import ibis

        rows, measures = self._rows, {a.measure for a in wanted.values()}
        if measures & {Measure.ACTIVE_DAYS, Measure.WEEKEND}:
            rows = rows.mutate(local_day=self._local_day(rows["micros"]))
        if self.window is not None and Measure.DECAYED in measures:
            half_life = self.window.decay_half_life_days * DAY_MICROS
            weight = ibis.literal(0.5).pow((self.cut - rows["micros"]) / half_life)
            rows = rows.mutate(weight=weight.cast(WEIGHT))
        values = {name: self._aggregate(rows, a) for name, a in wanted.items()}
        return rows.group_by(ENTITY).aggregate(**values)

    def _local_day(self, micros: ir.NumericValue) -> ir.NumericValue:
        local = micros + offset_at(micros, self.time_zone, until=self.cut)
        return (local / DAY_MICROS).floor()

    def _inside(self, rows: ir.Table, span: Span) -> ir.BooleanValue | None:
        """Write whether a row lies in a span; None where every row does."""
        return None if self.window is None else self._between(rows["micros"], span, self.window)

    def _between(
        self, micros: ir.NumericValue, span: Span, window: Window
    ) -> ir.BooleanValue | None:
        start = window.start_of(span)
        conditions = [] if start is None else [micros >= instant(start)]
        if span == "prior":
            conditions.append(micros < instant(window.end_of(span)))
        if not conditions:
            return None
        return conditions[0] if len(conditions) == 1 else conditions[0] & conditions[1]

    def _aggregate(self, rows: ir.Table, aggregate: Aggregate) -> Any:
        inside, of = self._inside(rows, aggregate.span), aggregate.of
        match aggregate.measure:
            case Measure.COUNT:
                value = rows.count(where=inside) if of is None else rows[of].count(where=inside)
            case Measure.SUM:
                value = self._sum(rows, of, inside)
            case Measure.FIRST:
                value = rows["micros"].min(where=inside)
            case Measure.LAST:
                value = rows["micros"].max(where=inside)
            case Measure.ACTIVE_DAYS:
                value = rows["local_day"].nunique(where=inside)
            case Measure.WEEKEND:
                # 1970-01-01 was a Thursday, so from it on Saturday and Sunday are days 2 and 3.
                weekend = ((rows["local_day"] % 7 + 7) % 7).isin([2, 3])
                value = rows.count(where=weekend if inside is None else weekend & inside)
            case Measure.DECAYED:
                value = rows["weight"].sum(where=inside)
            case _:
                named = self._is_level(rows, aggregate)
                value = rows.count(where=named if inside is None else named & inside)
        return value

    def _sum(self, rows: ir.Table, of: str | None, inside: ir.BooleanValue | None) -> Any:
        """Write an exact sum: 0 where nothing happened, null where nothing is known."""
        import ibis

        values = rows[of]
        # Whole numbers are added up exactly as they are.
        numbers = values if values.type().is_integer() else values.cast(MONEY)
        total = numbers.sum(where=inside)
        nothing_known = (rows.count(where=inside) > 0) & (values.count(where=inside) == 0)
        return ibis.cases(
            (nothing_known, ibis.null("float64")), else_=total.cast("float64").fill_null(0.0)
        )

    def _is_level(self, rows: ir.Table, aggregate: Aggregate) -> ir.BooleanValue:
        """Write whether a row holds one of the levels, or a known value that is none of them."""
        import ibis

        of = aggregate.of or ""
        value, known = rows[of], self.codes.get(of)
        levels: list[Any] = list(aggregate.levels)
        if known is not None:
            levels = [known[level] for level in levels if level in known]
        named = value.isin(levels) if levels else ibis.literal(False)  # noqa: FBT003
        return value.notnull() & ~named if aggregate.measure is Measure.REST else named

    def _moments(self, wanted: Mapping[str, Aggregate]) -> ir.Table:
        """Write what needs the instant of the event before."""
        import ibis

        rows = self._rows.select(ENTITY, "micros")
        in_order = ibis.window(group_by=ENTITY, order_by=rows["micros"])
        rows = rows.mutate(before=rows["micros"].lag().over(in_order))
        values = {}
        for name, aggregate in wanted.items():
            is_gap = aggregate.measure is Measure.MEDIAN_GAP
            value = self._median_gap if is_gap else self._active_days
            values[name] = value(rows, aggregate.span)
        return rows.group_by(ENTITY).aggregate(**values)

    def _median_gap(self, rows: ir.Table, span: Span) -> Any:
        """Write the median of the days between consecutive distinct instants, both in the span."""
        before, micros = rows["before"], rows["micros"]
        counted = before < micros
        inside = self._between(before, span, self.window) if self.window else None
        gaps = (micros - before) / DAY_MICROS
        return gaps.quantile(0.5, where=counted if inside is None else counted & inside)

    def _active_days(self, rows: ir.Table, span: Span) -> Any:
        """Count the rows that are the first of their day, and in the span."""
        before, micros = rows["before"], rows["micros"]
        is_first = before.isnull() | (self._local_day(before) != self._local_day(micros))
        if self.window is None:
            return rows.count(where=is_first)
        inside = self._between(micros, span, self.window)
        was_inside = self._between(before, span, self.window)
        if inside is None or was_inside is None:
            return rows.count(where=is_first)
        return rows.count(where=inside & (is_first | ~was_inside))

    def _values(self, part: _Part, wanted: Mapping[str, Aggregate]) -> ir.Table:
        """Write what needs the values of one field held apart."""
        rows, of = self._rows, part.of or ""
        inside = self._inside(rows, part.span)
        known = rows[of].notnull()
        rows = rows.filter(known if inside is None else known & inside)
        if {a.measure for a in wanted.values()} == {Measure.DISTINCT}:
            distinct = dict.fromkeys(wanted, rows[of].nunique())
            return rows.group_by(ENTITY).aggregate(**distinct)
        if len(self.codes.get(of, ())) in range(1, FEW_WORDS + 1):
            return self._few_values(rows, of, wanted)
        counted = rows.group_by(ENTITY, of).aggregate(n=rows.count())
        values: dict[str, Any] = {}
        for name, aggregate in wanted.items():
            match aggregate.measure:
                case Measure.TOP:
                    values[name] = counted["n"].max()
                case Measure.DISTINCT:
                    values[name] = counted.count()
                case Measure.COUNT:
                    values[name] = counted["n"].sum()
                case _:
                    values[name] = counted["n"].sum(where=self._is_level(counted, aggregate))
        return counted.group_by(ENTITY).aggregate(**values)

    def _few_values(self, rows: ir.Table, of: str, wanted: Mapping[str, Aggregate]) -> ir.Table:
        """Write the same where words are few: a column for each is faster than a row for each."""
        import ibis

        codes = self.codes[of]
        counts = {f"n {code}": rows.count(where=rows[of] == code) for code in codes.values()}
        wide = rows.group_by(ENTITY).aggregate(**counts)
        values: dict[str, Any] = {}
        for name, aggregate in wanted.items():
            named = {codes[level] for level in aggregate.levels if level in codes}
            is_rest = aggregate.measure is Measure.REST
            match aggregate.measure:
                case Measure.TOP:
                    values[name] = ibis.greatest(*(wide[c] for c in counts))
                case Measure.DISTINCT:
                    values[name] = _added((wide[c] > 0).cast("int64") for c in counts)
                case Measure.COUNT:
                    values[name] = _added(wide[c] for c in counts)
                case _:
                    chosen = (c for c in codes.values() if (c in named) is not is_rest)
                    values[name] = _added(wide[f"n {c}"] for c in chosen)
        return wide.select(ENTITY, **values)

    def finished(
        self, spec: FeatureSpec, grouped: ir.Table, names: Mapping[Aggregate, str]
    ) -> ir.FloatingValue:
        """Write a feature out of its aggregates."""
        finish = spec.finish
        if isinstance(finish, DaysBeforeCut):
            days = (self.cut - grouped[names[finish.a]]) / DAY_MICROS
            return days.cast("float64")
        number = _number(finish.a, grouped, names)
        if isinstance(finish, Ratio | Change | Drawn):
            b = _number(finish.b, grouped, names)
            if isinstance(finish, Ratio):
                return number / (b.nullif(0.0) if finish.least == 1 else _from(b, finish.least))
            if isinstance(finish, Drawn):
                known = b.nullif(0.0)
                return (number + finish.prior) / (known + finish.strength)
            return (number - b) / (number + b + 2.0)
        return number


def _from(number: ir.FloatingValue, least: int) -> ir.FloatingValue:
    """Write a number that is null below a bound."""
    import ibis

    return (number >= least).ifelse(number, ibis.null("float64"))


def _added(values: Iterable[Any]) -> Any:
    import ibis

    return reduce(add, values, ibis.literal(0))


def _number(
    aggregate: Aggregate, grouped: ir.Table, names: Mapping[Aggregate, str]
) -> ir.FloatingValue:
    number = grouped[names[aggregate]].cast("float64")
    return number.fill_null(0.0) if aggregate.measure in _ZERO_OF_NOTHING else number
