"""Specs into one Ibis expression: a row per entity, a column per feature.

What lives here: the sharing of aggregates between features and the finishing formulas. Only
constructs are used that are equal on DuckDB, PostgreSQL and Spark: integer arithmetic on seconds
and microseconds, exact quantiles, sums of decimals. What does not: the rows that are gone over
(``rows``), which features (``choose``), where events come from (``pipeline``).

Aggregates are computed in parts that are joined by entity, because what one part has to carry
along costs all others: plain aggregates of all events, steps (which a window function has to sort),
groups of events, and one part for each field whose values are held apart.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from segmentry.domain.feature import Coded, FeatureSpec, aggregates_of
from segmentry.domain.formula import Aggregate, Computed, Learned, Measure, Over, Span
from segmentry.domain.table import ENTITY
from segmentry.domain.window import Window
from segmentry.features.finish import finished
from segmentry.features.reduce import reduction, summed
from segmentry.features.rows import Codes, Rows, inner_aggregates
from segmentry.features.values import VALUES, by_value

if TYPE_CHECKING:
    import ibis.expr.types as ir


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
        Names are unique; meanings are resolved into words. Those without a formula (learned by a
        model, or made by a function) are left out.
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
        ``entity_id`` and one column per spec, float64 or string; a row for each entity with an
        event before the cut. Equal for any number of threads.
    """
    compiler = _Compiler(Rows(events, window, time_zone, codes or {}))
    aggregates = list(dict.fromkeys(a for s in specs for a in aggregates_of(s)))
    names = {a: f"aggregate {i}" for i, a in enumerate(aggregates)}
    grouped = compiler.grouped(names)
    cut = compiler.rows.cut if window is not None else None
    values = {
        s.name: finished(s.formula, grouped, names, cut)
        for s in specs
        if not isinstance(s.formula, Learned | Coded)
    }
    return grouped.select(ENTITY, **values)


@dataclass(frozen=True, slots=True)
class _Part:
    """Aggregates that are computed together."""

    over: Over
    by: str | None = None
    span: Span = "history"
    values_of: str | None = None
    latest_of: str | None = None


_COMPUTED = frozenset(str(c) for c in Computed)
_PLAIN, _STEPS = _Part(Over.EVENTS), _Part(Over.STEPS)
Wanted = Mapping[str, Aggregate]


@dataclass(frozen=True)
class _Compiler:
    """Writes the aggregates of one set of events at one cut."""

    rows: Rows
    _held_apart: dict[str, set[Span]] = field(default_factory=dict)

    def grouped(self, names: Mapping[Aggregate, str]) -> ir.Table:
        """Write the aggregates, one row per entity."""
        for a in names:
            is_field = isinstance(a.of, str) and a.of not in _COMPUTED
            if a.measure in VALUES and not a.where and is_field:
                self._held_apart.setdefault(str(a.of), set()).add(a.span)
        parts: dict[_Part, dict[str, Aggregate]] = {}
        for aggregate, name in names.items():
            parts.setdefault(self._part_of(aggregate), {})[name] = aggregate
        result = self._plain(parts.pop(_PLAIN, {}))
        for part, wanted in parts.items():
            other = self._write[part.over](part, wanted)
            joined = result.left_join(other, ENTITY)
            own = {n: result[n] for n in result.columns}
            result = joined.select(**own, **{n: other[n] for n in wanted})
        return result

    @cached_property
    def _write(self) -> dict[Over, Callable[[_Part, Wanted], ir.Table]]:
        return {
            Over.EVENTS: self._apart,
            Over.STEPS: self._steps,
            Over.DAYS: self._days,
            Over.RUNS: self._runs,
            Over.VISITS: self._groups,
            Over.ORDERS: self._groups,
            Over.SESSIONS: self._groups,
        }

    def _part_of(self, a: Aggregate) -> _Part:
        if a.over is Over.EVENTS:
            return self._part_of_events(a)
        if a.over is Over.DAYS and self.rows.days_are_in_order:
            # Days that follow one another are counted beside the steps, which are sorted anyway.
            return _STEPS
        return _Part(a.over, a.by) if a.over is Over.STEPS else _Part(a.over, span=a.span)

    def _part_of_events(self, a: Aggregate) -> _Part:
        if not isinstance(a.of, str) and a.measure is not Measure.COUNT:
            return _PLAIN
        if a.measure in {Measure.LATEST, Measure.EARLIEST}:
            return _Part(Over.EVENTS, latest_of=str(a.of))
        if a.where and a.measure in VALUES - {Measure.DISTINCT}:
            msg = f"{a} cannot be computed: values of tested rows are only counted"
            raise ValueError(msg)
        label = _label_tested(a) if a.where else a.of
        counted = a.measure is Measure.COUNT or (a.measure in VALUES and not a.where)
        if counted and isinstance(label, str) and a.span in self._held_apart.get(label, ()):
            return _Part(Over.EVENTS, span=a.span, values_of=label)
        return _PLAIN

    def _plain(self, wanted: Wanted) -> ir.Table:
        """Write the part that needs nothing but one pass over the events."""
        rows = self.rows.with_computed(self.rows.before_cut, _fields(wanted))
        return self._aggregated(rows, wanted)

    def _aggregated(self, rows: ir.Table, wanted: Wanted) -> ir.Table:
        values = {}
        for name, a in wanted.items():
            inside = self.rows.inside(rows["micros"], a.span) if self.rows.window else None
            values[name] = reduction(rows, a, _both(inside, self.rows.holds(rows, a)))
        return rows.group_by(ENTITY).aggregate(**values)

    def _apart(self, part: _Part, wanted: Wanted) -> ir.Table:
        if part.latest_of is not None:
            return self._latest(part.latest_of, wanted)
        rows = self.rows.within(self.rows.before_cut, part.span)
        codes = self.rows.codes.get(part.values_of or "")
        return by_value(self.rows, rows, part.values_of or "", wanted, codes)

    def _latest(self, of: str, wanted: Wanted) -> ir.Table:
        """Write the first and last known values of a field."""
        import ibis

        rows = self.rows.with_computed(self.rows.before_cut, _fields(wanted))
        parts = []
        for name, a in wanted.items():
            told = self.rows.within(rows.filter(rows[of].notnull()), a.span)
            held = self.rows.holds(told, a)
            told = told if held is None else told.filter(held)
            when = told["micros"]
            order = [when.desc() if a.measure is Measure.LATEST else when, told[of].desc()]
            first = ibis.row_number().over(ibis.window(group_by=ENTITY, order_by=order))
            told = told.mutate(place=first)
            told = told.filter(told["place"] == 0)
            parts.append((name, told.select(ENTITY, value=told[of].cast("float64"))))
        result = rows.select(ENTITY).distinct()
        for name, one in parts:
            joined = result.left_join(one, ENTITY)
            own = {n: result[n] for n in result.columns}
            result = joined.select(**own, **{name: one["value"]})
        return result

    def _steps(self, part: _Part, wanted: Wanted) -> ir.Table:
        """Write what needs the event before."""
        also = sorted(_fields(wanted) & set(self.rows.events.columns) - {part.by, "micros"})
        rows = self.rows.steps(part.by, also)
        values = {}
        for name, a in wanted.items():
            if a.over is Over.DAYS:
                values[name] = self._active_days(rows, a.span)
                continue
            # The event before lies in the span too: a silence from outside tells of outside.
            is_step = rows["micros_before"].notnull()
            inside = self._inside_both(rows, a.span)
            where = _both(_both(is_step, inside), self.rows.holds(rows, a))
            values[name] = reduction(rows, a, where)
        return rows.group_by(ENTITY).aggregate(**values)

    def _inside_both(self, rows: ir.Table, span: Span) -> ir.BooleanValue | None:
        before = self.rows.inside(rows["micros_before"], span)
        return _both(before, self.rows.inside(rows["micros"], span))

    def _active_days(self, rows: ir.Table, span: Span) -> Any:
        """Count the rows that are the first of their day, and in the span."""
        before, micros = rows["micros_before"], rows["micros"]
        day = self.rows.local_day
        is_first = before.isnull() | (day(before) != day(micros))
        inside, was_inside = (self.rows.inside(x, span) for x in (micros, before))
        if inside is None or was_inside is None:
            return rows.count(where=is_first)
        return rows.count(where=inside & (is_first | ~was_inside))

    def _days(self, part: _Part, wanted: Wanted) -> ir.Table:
        days = self.rows.days(part.span)
        return days.group_by(ENTITY).aggregate(**dict.fromkeys(wanted, days.count()))

    def _runs(self, part: _Part, wanted: Wanted) -> ir.Table:
        runs = self.rows.runs(part.span)
        values = {n: reduction(runs, a, self.rows.holds(runs, a)) for n, a in wanted.items()}
        return runs.group_by(ENTITY).aggregate(**values)

    def _groups(self, part: _Part, wanted: Wanted) -> ir.Table:
        """Write aggregates over groups of events, out of aggregates of each group's events."""
        rows, holder = self.rows.grouped_rows(part.over, part.span)
        inner = inner_aggregates(wanted.values())
        rows = self.rows.with_computed(rows, {f for a in inner for f in _own_fields(a)})
        names = {a: f"inner {i}" for i, a in enumerate(inner)}
        values = {n: reduction(rows, a, self.rows.holds(rows, a)) for a, n in names.items()}
        if any("seconds" in _own_fields(a) for a in wanted.values()):
            values["seconds"] = (rows["micros"].max() - rows["micros"].min()) / 1e6
        groups = rows.group_by(ENTITY, holder).aggregate(n=rows.count(), **values)
        outer = {}
        for name, a in wanted.items():
            held = self.rows.holds(groups, a, names)
            of = names[a.of] if isinstance(a.of, Aggregate) else a.of
            outer[name] = summed(groups, a, of, held)
        return groups.group_by(ENTITY).aggregate(**outer)


def _both(a: Any, b: Any) -> Any:
    if a is None or b is None:
        return b if a is None else a
    return a & b


def _own_fields(a: Aggregate) -> set[str]:
    """Name the fields of rows that an aggregate looks at."""
    found = {a.of} if isinstance(a.of, str) else set()
    return found | {t.of for t in a.where if isinstance(t.of, str)}


def _fields(wanted: Wanted) -> set[str]:
    return {f for a in wanted.values() for f in _own_fields(a)}


def _label_tested(a: Aggregate) -> str | None:
    """Name the label whose levels alone are counted."""
    if a.of is not None or len(a.where) != 1:
        return None
    test = a.where[0]
    if test.operator not in {"in", "not in"} or not isinstance(test.of, str):
        return None
    return None if test.of in _COMPUTED else test.of
