"""What came from entities before and after the judging cut, counted where events lie.

What lives here: which events are tickets and messages, and sums either side of the cut; recurring
value out of the states at both ends. What does not: figures of segments (``judge.business``).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from segmentry.domain.arrays import codes_of, floats_of
from segmentry.domain.business import Flows
from segmentry.domain.project import Project
from segmentry.domain.role import Kind
from segmentry.domain.table import ENTITY, FeatureTable
from segmentry.pipeline.changes import is_sum_of_open
from segmentry.pipeline.events import Events

if TYPE_CHECKING:
    import ibis.expr.types as ir
    import pyarrow as pa

BEFORE, TICKETS, HOURS, MESSAGES = "flow: before", "flow: tickets", "flow: hours", "flow: messages"
"""Columns of what is counted, which no field of events is called."""

RECURRING = (r"(^|_)mrr(_|$)", r"(^|_)arr(_|$)", r"(^|_)recurring(_|$)")
"""What columns of recurring value are called, by the month first."""

SOLVED = "resolution_seconds"


def sums_after(later: ir.Table, events: Events, project: Project) -> dict[str, Any]:
    """Give what is added up of what followed: tickets, their hours, messages.

    Parameters
    ----------
    later : ibis table
        What happened from the cut on.
    events : Events
    project : Project
        Says which kinds of events are tickets and messages.
    """
    found: dict[str, Any] = {}
    tickets, messages = (_codes(events, project, m) for m in ("ticket", "send"))
    if tickets:
        is_ticket = later["kind"].isin(tickets)
        found[TICKETS] = later.count(where=is_ticket).cast("float64")
        if SOLVED in later.columns:
            found[HOURS] = later[SOLVED].sum(where=is_ticket).cast("float64")
    if messages:
        found[MESSAGES] = later.count(where=later["kind"].isin(messages)).cast("float64")
    return found


def _codes(events: Events, project: Project, meaning: str) -> list[int]:
    known = events.codes.get("kind", {})
    return [known[k] for k in project.features.kinds.get(meaning, ()) if k in known]


def sums_before(rows: ir.Table, start: Any, cut: Any) -> ir.Table | None:
    """Add up the value of each entity in the horizon before the cut; None without amounts."""
    if "amount" not in rows.columns:
        return None
    inside = rows.filter((rows["micros"] >= start) & (rows["micros"] < cut))
    return inside.group_by(ENTITY).aggregate(**{BEFORE: inside["amount"].sum().cast("float64")})


def flows_of(
    entities: pa.Array, after: pa.Table, before: pa.Table | None, *, has_value: bool
) -> Flows | None:
    """Put sums beside entities; who is not in them brought nothing. None where nothing is told."""
    hours = _beside(entities, after, HOURS)
    found = Flows(
        before=None if before is None else _beside(entities, before, BEFORE),
        after=_beside(entities, after, "value_after") if has_value else None,
        tickets=_beside(entities, after, TICKETS),
        ticket_hours=None if hours is None else hours / 3_600.0,
        messages=_beside(entities, after, MESSAGES),
    )
    told = (found.before, found.tickets, found.messages)
    return found if any(v is not None for v in told) else None


def _beside(entities: pa.Array, counted: pa.Table, name: str) -> NDArray[np.float64] | None:
    import pyarrow.compute as pc

    if name not in counted.column_names:
        return None
    places = pc.index_in(entities, value_set=counted[ENTITY].combine_chunks())
    return floats_of(counted[name].combine_chunks().take(places).fill_null(0.0))


def with_recurring(flows: Flows | None, then: FeatureTable, now: FeatureTable) -> Flows | None:
    """Add recurring value at the judging cut and at the scoring cut, where a table tells both.

    Parameters
    ----------
    flows : Flows or None
        Along the rows of ``then``.
    then, now : FeatureTable
        At the judging cut and at the scoring cut, a horizon later.
    """
    import pyarrow.compute as pc

    name = recurring_column([then, now])
    if name is None:
        return flows
    places = pc.index_in(then.entity_ids, value_set=now.entity_ids)
    rows = codes_of(pc.fill_null(places, -1))
    after = np.where(rows >= 0, np.nan_to_num(now.numbers(name))[rows], 0.0)
    before = np.nan_to_num(then.numbers(name))
    told = flows or Flows()
    return Flows(
        told.before, told.after, np.maximum(before, 0.0), after, told.tickets, told.ticket_hours,
        told.messages,
    )  # fmt: skip


def recurring_column(tables: Sequence[FeatureTable]) -> str | None:
    """Name the column of recurring value that all tables have; None where there is none.

    It is a sum over the rows of a table of changes that are open at the cut, so that what has ended
    counts no more; by its name it recurs.
    """
    shared = [
        c.name
        for c in tables[0].columns
        if c.kind is Kind.NUMBER
        and is_sum_of_open(c)
        and all(c.name in t.data.column_names for t in tables)
    ]
    for pattern in RECURRING:
        for name in shared:
            if re.search(pattern, name.lower()):
                return name
    return None
