"""The judging cut: the same features earlier, and what entities did afterwards.

What lives here: where that cut lies, the features at it, and the counting of what followed. What
does not: comparing segments by it (``heldout``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np

from segmentry.domain.arrays import floats_of
from segmentry.domain.audit import Audit, Finding
from segmentry.domain.feature import FeatureSpec
from segmentry.domain.judging import Followed, Judging
from segmentry.domain.project import Outcome, Project
from segmentry.domain.table import ENTITY, FeatureColumn, FeatureTable
from segmentry.domain.window import Window
from segmentry.engines.base import Engine
from segmentry.features.rows import instant
from segmentry.pipeline.behaviour import build, sample_of, sampled_entities
from segmentry.pipeline.courses import EVENTS, MONEY, Periods
from segmentry.pipeline.events import Events
from segmentry.pipeline.flows import SOLVED, flows_of, sums_after, sums_before

if TYPE_CHECKING:
    import ibis.expr.types as ir
    import pyarrow as pa

    from segmentry.pipeline.accounts import RollUp

DEFAULT_DAYS = 30.0
SHARE_OF_HISTORY = 0.25
"""The default horizon is 30 days, and at most a quarter of the history."""

HORIZONS_OF_HISTORY = 3.0
"""Horizons that the history must have: two to learn from, one to be judged by."""


@dataclass(frozen=True)
class After:
    """What followed, before it is put beside the features at the judging cut."""

    window: Window
    until: datetime
    counted: pa.Table
    before: pa.Table | None
    """Value in the horizon before the judging cut, where events have amounts."""
    periods: Periods | None
    told: tuple[Followed, ...]
    """With empty values: what the columns of ``counted`` mean."""
    is_sample: bool

    def of(self, table: FeatureTable) -> Judging:
        """Put what followed beside the entities of a table; who is not in it did nothing."""
        import pyarrow.compute as pc

        places = pc.index_in(table.entity_ids, value_set=self.counted[ENTITY])
        followed = []
        for told in self.told:
            values = self.counted[told.name].combine_chunks().take(places).fill_null(0.0)
            numbers = floats_of(values)
            followed.append(Followed(told.name, told.sentence, told.unit, told.is_share, numbers))
        course = None
        if self.periods is not None:
            course = self.periods.course(self.counted, table.entity_ids)
        flows = flows_of(
            table.entity_ids, self.counted, self.before, has_value=self.before is not None
        )
        return Judging(
            table, self.window, self.until, tuple(followed), self.is_sample, course, flows
        )


def horizon_of(project: Project, since: datetime, window: Window, audit: Audit) -> float | None:
    """Choose how many days before the cut the judging cut lies.

    Parameters
    ----------
    project : Project
        Its horizon and the horizons of its outcomes go before the default.
    since : datetime
        Where the bulk of the events begins.
    window : Window
    audit : Audit
        Is told where the history is too short.

    Returns
    -------
    float or None
        None where the history has fewer than three horizons.
    """
    history = (window.as_of - since) / timedelta(days=1)
    most = history / HORIZONS_OF_HISTORY
    asked = project.windows.outcome_days
    declared = [o.horizon_days for o in project.outcomes if o.event and o.horizon_days]
    wanted = max([d for d in (asked, *declared) if d and d <= most], default=None)
    if wanted is None and asked is None:
        wanted = min(DEFAULT_DAYS, SHARE_OF_HISTORY * history)
    if wanted is None or wanted <= 0:
        days = asked or DEFAULT_DAYS
        sentence = (
            f"The events span {history:.0f} days, fewer than {HORIZONS_OF_HISTORY:.0f} times the "
            f"{days:g} days of windows.outcome, so segments are not judged by what followed."
        )
        audit.add(Finding("no_judging_cut", sentence, done="not judged"))
        tell_unmeasured(project, audit, "the history is too short for its horizon")
        return None
    return float(wanted)


def tell_unmeasured(project: Project, audit: Audit, why: str, measured: Sequence[str] = ()) -> None:
    """Tell which outcomes that are events were not measured, and why."""
    for outcome in project.outcomes:
        if outcome.event is not None and outcome.name not in measured:
            audit.add(
                Finding(
                    "outcome_not_measured",
                    f"The outcome {outcome.name!r} could not be measured: {why}.",
                    "warning",
                    done="not measured",
                )
            )


def look_back(
    events: Events,
    specs: Sequence[FeatureSpec],
    project: Project,
    window: Window,
    engine: Engine,
    audit: Audit,
    roll: RollUp | None = None,
) -> tuple[pa.Table, tuple[FeatureColumn, ...], After] | None:
    """Build the features at the judging cut, and count what followed until the cut.

    A sample of the entities is enough for means with intervals, and keeps the cost small. Users
    are all looked at where they are rolled up to accounts: a part of them is not the account.

    Returns
    -------
    data : pyarrow.Table
        Features of those known by the judging cut.
    columns : tuple of FeatureColumn
    after : After

    None where nobody was known by then.
    """
    then = window.judging()
    if then is None or then.outcome_days is None:
        return None
    until = then.as_of + timedelta(days=then.outcome_days)
    cut = instant(then.as_of)
    # Kept, because it is a fraction of all events and is read several times.
    known = events.table.filter(events.table["micros"] < instant(window.as_of))
    chosen = sampled_entities(events, known, engine) if roll is None else None
    rows = engine.keep(sample_of(events.table, chosen)) if roll is None else events.table
    before = rows.filter(rows["micros"] < cut)
    n_events = int(engine.to_arrow(before.aggregate(n=before.count()))["n"][0].as_py())
    if n_events == 0:
        return None
    data, columns = build(events, before, specs, project, then, engine, n_events=n_events)
    if roll is not None:
        data, columns = roll.table(data, columns, before, then, tell=False)
        if data.num_rows == 0:
            return None
    later = _followed(events, rows, chosen, cut, instant(until))
    outcomes = _measurable(events, project, then, audit)
    values: dict[str, Any] = {"events_after": later[COUNTS].sum().cast("float64")}
    if "amount" in events.fields:
        values["value_after"] = later["amount"].sum(where=later[COUNTS] == 1).cast("float64")
    for outcome, code in outcomes:
        ends = instant(then.as_of + timedelta(days=outcome.horizon_days or then.outcome_days))
        happened = (later["kind"] == code) & (later["micros"] < ends)
        values[outcome.name] = later.count(where=happened).cast("float64")
    periods = Periods.of(then.outcome_days)
    if periods is not None:
        values |= periods.counts(later, COUNTS, cut)
    values |= sums_after(later, events, project)
    counted = engine.to_arrow(later.group_by(ENTITY).aggregate(**values))
    told = _told(events, project, then, [o for o, _ in outcomes])
    named = events.named(counted)
    counts = _with_shares(named if roll is None else roll.counts(named, then), told)
    start = instant(then.as_of - timedelta(days=then.outcome_days))
    spent = sums_before(rows, start, cut) if "amount" in events.fields else None
    paid = None if spent is None else events.named(engine.to_arrow(spent))
    if paid is not None and roll is not None:
        paid = roll.counts(paid, then)
    after = After(then, until, counts, paid, periods, told, chosen is not None)
    return data, columns, after


KEPT = (EVENTS, MONEY, "flow: ")
"""Begin the names of what is counted beside outcomes."""

COUNTS = "counts"
"""1 for events that make features, 0 for those that are counted as outcomes alone."""


def _followed(
    events: Events, rows: ir.Table, chosen: ir.Table | None, cut: Any, until: Any
) -> ir.Table:
    """Give what happened from a cut on, events that are outcomes alone among it."""
    import ibis

    parts = [(rows, 1)]
    if events.outcomes is not None:
        parts.append((sample_of(events.outcomes, chosen), 0))
    types = {n: rows.schema()[n] for n in ("amount", SOLVED) if n in rows.columns}
    types |= {"kind": ibis.dtype("int64")} if "kind" in events.words else {}
    whole = []
    for part, counts in parts:
        later = part.filter((part["micros"] >= cut) & (part["micros"] < until))
        values = {
            name: later[name].cast(type_) if name in later.columns else ibis.null(type_)
            for name, type_ in types.items()
        }
        entity, micros = later[ENTITY].cast("int64"), later["micros"].cast("int64")
        flag = ibis.literal(counts, "int64")
        whole.append(later.select(**{ENTITY: entity, "micros": micros, COUNTS: flag, **values}))
    return whole[0] if len(whole) == 1 else ibis.union(*whole)


def _measurable(
    events: Events, project: Project, then: Window, audit: Audit
) -> list[tuple[Outcome, int]]:
    """Give the outcomes that are events which occur, and the number of their kind."""
    kinds = events.codes.get("kind", {})
    horizon = then.outcome_days or 0.0
    found = []
    for outcome in project.outcomes:
        if outcome.event is None:
            continue
        if outcome.event not in kinds:
            why = f"no event is of the kind {outcome.event!r}"
        elif (outcome.horizon_days or 0.0) > horizon:
            why = "the history is too short for its horizon"
        else:
            found.append((outcome, kinds[outcome.event]))
            continue
        tell_unmeasured(project, audit, why, [o.name for o in project.outcomes if o != outcome])
    return found


def _told(
    events: Events, project: Project, then: Window, outcomes: Sequence[Outcome]
) -> tuple[Followed, ...]:
    """Say what is counted after the judging cut."""
    days = f"the {then.outcome_days:g} days after the judging cut."
    told = [
        _one("active_after", f"Share with any event in {days}", "share"),
        _one("events_after", f"Average number of events per entity in {days}", "events"),
    ]
    if "amount" in events.fields:
        unit = project.currency or "money"
        sentence = f"Average total value per entity in {days} Who had no event counts as 0."
        told.append(_one("value_after", sentence, unit))
    for outcome in outcomes:
        within = f"{outcome.horizon_days or then.outcome_days:g} days"
        sentence = f"Share with an event '{outcome.event}' within {within} after the judging cut."
        told.append(_one(outcome.name, sentence, "share"))
    return tuple(told)


def _one(name: str, sentence: str, unit: str) -> Followed:
    return Followed(name, sentence, unit, is_share=unit == "share", values=np.empty(0))


def _with_shares(counted: pa.Table, told: Sequence[Followed]) -> pa.Table:
    """Turn counts into zeros and ones where a share is told."""
    import pyarrow as pa
    import pyarrow.compute as pc

    columns: dict[str, Any] = {
        n: counted[n] for n in counted.column_names if n == ENTITY or n.startswith(KEPT)
    }
    for one in told:
        source = "events_after" if one.name == "active_after" else one.name
        values = counted[source]
        columns[one.name] = pc.greater(values, 0).cast(pa.float64()) if one.is_share else values
    return pa.table(columns)
