"""Rows made of events: steps from one to the next, local days, runs of days, groups.

What lives here: the relations that ``Over`` names, as rows in order. What does not: aggregates of
them (``reduce``). The meaning of everything is that of ``features.rows``.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from segmentry.domain.formula import GROUPS, Over, Span
from segmentry.features.arrays.column import Column
from segmentry.features.arrays.rows import Rows
from segmentry.features.rows import DAY_MICROS
from segmentry.features.zones import MICROS
from segmentry.maths.stretches import Mask, counted, ordered_by


def steps(events: Rows, by: str | None) -> Rows:
    """Give each event but the first beside the one before it.

    The rows of an entity are one fewer than its events; those of one instant stand in the order of
    their labels.
    """
    rows = events
    if by is not None:
        rows = _by_label(rows.only(rows[by].known), by)
    is_step = np.ones(len(rows.micros), np.bool_)
    is_step[rows.edges[:-1][np.diff(rows.edges) > 0]] = False
    later = np.flatnonzero(is_step)
    before = later - 1
    gap = rows.micros[later] - rows.micros[before]
    columns = {name: c.take(later) for name, c in rows.columns.items()}
    columns["micros_before"] = Column(rows.micros[before])
    columns["gap"] = Column(gap, divisor=DAY_MICROS)
    # Upwards, so that a gap is never nothing: the spread of gaps is told beside their mean.
    columns["gap_seconds"] = Column(-(-gap // MICROS))
    if by is not None:
        columns["before"] = rows[by].take(before)
    n = counted(is_step, rows.edges[:-1], rows.edges[1:])
    return Rows(np.concatenate(([0], np.cumsum(n))), columns, rows.clock, rows.codes)


def _by_label(rows: Rows, by: str) -> Rows:
    """Put the events of one instant in the order of their labels."""
    micros, owner, label = rows.micros, rows.owner, rows[by].values
    tied = (owner[1:] == owner[:-1]) & (micros[1:] == micros[:-1])
    if not (tied & (label[1:] < label[:-1])).any():
        return rows
    # Only rows of such instants move, each within its own.
    instant = np.concatenate(([0], np.cumsum(~tied)))
    order = np.arange(len(micros))
    is_in = np.concatenate((tied, [False])) | np.concatenate(([False], tied))
    moved = np.flatnonzero(is_in)
    order[moved] = moved[np.lexsort((label[moved], instant[moved]))]
    return replace(rows, columns={n: c.take(order) for n, c in rows.columns.items()}, _made={})


def steps_inside(events: Rows, found: Rows, span: Span) -> Mask | None:
    """Say of each step whether both of its events lie in a span; None where all do."""
    clock = events.timed
    start, end = clock.bounds(span)
    told: Mask | None = None
    if start is not None:
        told = found["micros_before"].values >= start
    if end is not None:
        until = found.micros < end
        told = until if told is None else told & until
    return told


def day_begins(rows: Rows) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Give the distinct local days of each group: the group of each, and its number."""
    day, owner = rows["local_day"].values, rows.owner
    if not len(day):
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    same_owner = owner[1:] == owner[:-1]
    if (same_owner & (day[1:] < day[:-1])).any():
        # A clock that was put back led from one day into the day before.
        order = np.lexsort((day, owner))
        day = day[order]
    first = np.concatenate(([True], ~(same_owner & (day[1:] == day[:-1]))))
    return owner[first].astype(np.int64), day[first]


def runs(rows: Rows) -> Rows:
    """Give each run of local days with events: its days, and the days from its last to the cut."""
    owner, day = day_begins(rows)
    follows = (owner[1:] == owner[:-1]) & (day[1:] == day[:-1] + 1)
    first = np.flatnonzero(np.concatenate((np.ones(min(len(day), 1), np.bool_), ~follows)))
    ends = np.append(first[1:], len(day)) if len(first) else first
    columns = {
        "days": Column(ends - first),
        "age": Column(rows.timed.today - day[ends - 1]),
    }
    return Rows(edges_by(owner[first], rows.n_groups), columns)


def grouped(
    events: Rows, over: Over, span: Span, fields: Iterable[str]
) -> tuple[Rows, NDArray[np.int64]]:
    """Give the events of a span by visit, order or session, and the entity of each of these.

    The events of an order or session stand in any order; those of a visit in order of time.
    ``fields`` are those that are looked at; what is computed is so before groups are told apart.
    """
    holder = GROUPS[over]
    rows = events.within(span)
    wanted = {*fields, *([holder] if holder else []), *(["micros"] if rows.clock else [])}
    rows = replace(rows, columns={name: rows[name] for name in sorted(wanted)}, _made={})
    return _by_pause(rows) if holder is None else _by_holder(rows.only(rows[holder].known), holder)


def _by_pause(rows: Rows) -> tuple[Rows, NDArray[np.int64]]:
    pause = round(rows.timed.window.pause_minutes * 60 * MICROS)
    owner, micros = rows.owner, rows.micros
    goes_on = (owner[1:] == owner[:-1]) & (micros[1:] - micros[:-1] <= pause)
    return _told_apart(rows, owner, goes_on)


def _by_holder(rows: Rows, holder: str) -> tuple[Rows, NDArray[np.int64]]:
    owner, held = rows.owner, rows[holder].values
    order = ordered_by(owner.astype(np.int64), held)
    owner, held = owner[order], held[order]
    rows = replace(rows, columns={n: c.take(order) for n, c in rows.columns.items()}, _made={})
    return _told_apart(rows, owner, (owner[1:] == owner[:-1]) & (held[1:] == held[:-1]))


def _told_apart(
    rows: Rows, owner: NDArray[np.int32], goes_on: Mask
) -> tuple[Rows, NDArray[np.int64]]:
    """Let a group begin wherever the one before does not go on."""
    n = len(owner)
    begins = np.flatnonzero(np.concatenate((np.ones(min(n, 1), np.bool_), ~goes_on)))
    found = replace(rows, edges=np.append(begins, n), _made={})
    return found, owner[begins].astype(np.int64)


def edges_by(owner: NDArray[np.int64], n_groups: int) -> NDArray[np.int64]:
    """Give the edges of groups out of the ascending owners of their rows."""
    n = np.bincount(owner, minlength=n_groups) if len(owner) else np.zeros(n_groups, np.int64)
    return np.concatenate(([0], np.cumsum(n)))
