"""Specs into one Ibis expression: a row per entity, a column per feature.

What lives here: the sharing of aggregates between features and the finishing expressions. Only
constructs are used that are equal on DuckDB, PostgreSQL and Spark: integer arithmetic on seconds
and microseconds, exact quantiles, sums of decimals. What does not: which features (``catalogue``),
where events come from (``pipeline``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

from segmentry.domain.feature import (
    Aggregate,
    Change,
    DaysBeforeCut,
    FeatureSpec,
    Measure,
    Ratio,
    Span,
)
from segmentry.domain.table import ENTITY
from segmentry.domain.window import Window
from segmentry.features.zones import MICROS, offset_at

if TYPE_CHECKING:
    import ibis.expr.types as ir

DAY_MICROS = 86_400 * MICROS
MONEY = "decimal(38, 9)"
"""Amounts are summed in this type, so that a sum does not depend on the order of its rows."""
WEIGHT = "decimal(18, 9)"
"""Decay weights are rounded to this type before they are summed, for the same reason."""


def compile_features(
    specs: Sequence[FeatureSpec], events: ir.Table, window: Window, *, time_zone: str
) -> ir.Table:
    """Write features as one expression over canonical events.

    Parameters
    ----------
    specs : sequence of FeatureSpec
        Names are unique.
    events : ibis table
        Columns ``entity_id`` and ``at`` (timestamp in UTC), neither null, and those of the
        canonical fields that the specs need.
    window : Window
        Events at or after its cut do not exist.
    time_zone : str
        Where days begin and end.

    Returns
    -------
    ibis table
        ``entity_id`` and one float64 column per spec; a row for each entity with an event
        before the cut. Equal for any number of threads.
    """
    compiler = _Compiler(events, window, time_zone)
    aggregates = list(dict.fromkeys(a for s in specs for a in _aggregates_of(s)))
    names = {a: f"aggregate {i}" for i, a in enumerate(aggregates)}
    grouped = compiler.grouped({names[a]: a for a in aggregates})
    values = {s.name: compiler.finished(s, grouped, names) for s in specs}
    return grouped.select(ENTITY, **values)


def _aggregates_of(spec: FeatureSpec) -> tuple[Aggregate, ...]:
    finish = spec.finish
    if isinstance(finish, Ratio | Change):
        return (finish.a, finish.b)
    return (finish.a,)


def micros_of(at: ir.TimestampValue) -> ir.NumericValue:
    """Write a timestamp as whole microseconds since 1970."""
    return at.truncate("s").epoch_seconds() * MICROS + at.microsecond()


def _instant(at: datetime) -> int:
    whole = at.replace(microsecond=0)
    return int(whole.timestamp()) * MICROS + at.microsecond


@dataclass(frozen=True)
class _Compiler:
    """Writes the aggregates of one set of events at one cut."""

    events: ir.Table
    window: Window
    time_zone: str

    @cached_property
    def cut(self) -> int:
        """The cut in microseconds since 1970."""
        return _instant(self.window.as_of)

    def grouped(self, aggregates: dict[str, Aggregate]) -> ir.Table:
        """Write one pass over the events that computes all aggregates."""
        measures = {a.measure for a in aggregates.values()}
        rows = self._rows(measures)
        values = {name: self._aggregate(rows, a) for name, a in aggregates.items()}
        return rows.group_by(ENTITY).aggregate(**values)

    def _rows(self, measures: set[Measure]) -> ir.Table:
        """Give the events before the cut with what the aggregates need of each."""
        import ibis

        rows = self.events.mutate(micros=micros_of(self.events["at"]))
        rows = rows.filter(rows["micros"] < self.cut)
        if Measure.MEDIAN_GAP in measures:
            in_order = ibis.window(group_by=ENTITY, order_by=rows["micros"])
            rows = rows.mutate(micros_before=rows["micros"].lag().over(in_order))
        if measures & {Measure.ACTIVE_DAYS, Measure.WEEKEND}:
            local = rows["micros"] + offset_at(rows["micros"], self.time_zone, until=self.cut)
            rows = rows.mutate(local_day=(local / DAY_MICROS).floor())
        if Measure.DECAYED in measures:
            half_life = self.window.decay_half_life_days * DAY_MICROS
            weight = ibis.literal(0.5).pow((self.cut - rows["micros"]) / half_life)
            rows = rows.mutate(weight=weight.cast(WEIGHT))
        return rows

    def _inside(self, micros: ir.NumericValue, span: Span) -> ir.BooleanValue | None:
        """Write whether an instant lies in a span; None where every event does."""
        start = self.window.start_of(span)
        conditions = [] if start is None else [micros >= _instant(start)]
        if span == "prior":
            conditions.append(micros < _instant(self.window.end_of(span)))
        if not conditions:
            return None
        return conditions[0] if len(conditions) == 1 else conditions[0] & conditions[1]

    def _aggregate(self, rows: ir.Table, aggregate: Aggregate) -> Any:
        inside, of = self._inside(rows["micros"], aggregate.span), aggregate.of
        match aggregate.measure:
            case Measure.COUNT:
                value = rows.count(where=inside) if of is None else rows[of].count(where=inside)
            case Measure.SUM:
                value = self._sum(rows, of, inside)
            case Measure.FIRST:
                value = rows["micros"].min(where=inside)
            case Measure.LAST:
                value = rows["micros"].max(where=inside)
            case Measure.DISTINCT:
                value = rows[of].nunique(where=inside)
            case Measure.ACTIVE_DAYS:
                value = rows["local_day"].nunique(where=inside)
            case Measure.WEEKEND:
                # 1970-01-01 was a Thursday, so from it on Saturday and Sunday are days 2 and 3.
                weekend = ((rows["local_day"] % 7 + 7) % 7).isin([2, 3])
                value = rows.count(where=weekend if inside is None else weekend & inside)
            case Measure.MEDIAN_GAP:
                value = self._median_gap(rows, aggregate.span)
            case Measure.DECAYED:
                value = rows["weight"].sum(where=inside)
        return value

    def _sum(self, rows: ir.Table, of: str | None, inside: ir.BooleanValue | None) -> Any:
        """Write an exact sum: 0 where nothing happened, null where nothing is known."""
        import ibis

        values = rows[of]
        total = values.cast(MONEY).sum(where=inside)
        nothing_known = (rows.count(where=inside) > 0) & (values.count(where=inside) == 0)
        return ibis.cases(
            (nothing_known, ibis.null("float64")), else_=total.cast("float64").fill_null(0.0)
        )

    def _median_gap(self, rows: ir.Table, span: Span) -> Any:
        """Write the median of the days between consecutive distinct instants, both in the span."""
        before, micros = rows["micros_before"], rows["micros"]
        counted = before < micros
        inside = self._inside(before, span)
        gaps = (micros - before) / DAY_MICROS
        return gaps.quantile(0.5, where=counted if inside is None else counted & inside)

    def finished(
        self, spec: FeatureSpec, grouped: ir.Table, names: dict[Aggregate, str]
    ) -> ir.FloatingValue:
        """Write a feature out of its aggregates."""
        import ibis

        finish = spec.finish
        a = grouped[names[finish.a]]
        if isinstance(finish, DaysBeforeCut):
            return ((self.cut - a) / DAY_MICROS).cast("float64")
        number = a.cast("float64")
        if isinstance(finish, Ratio | Change):
            b = grouped[names[finish.b]].cast("float64")
            if isinstance(finish, Ratio):
                return number / b.nullif(0.0)
            both = number + b
            return ibis.cases((both == 0, 0.0), else_=(number - b) / both.nullif(0.0))
        return number.fill_null(0.0) if _is_zero_of_nothing(finish.a) else number


def _is_zero_of_nothing(aggregate: Aggregate) -> bool:
    """Say whether an aggregate over no rows is zero, not unknown."""
    return aggregate.measure is Measure.DECAYED
