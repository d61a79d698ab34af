"""Rows made of events: steps, days, runs, groups."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np

from segmentry.domain.formula import Over
from segmentry.domain.window import Window
from segmentry.features.arrays.column import Column
from segmentry.features.arrays.over import day_begins, grouped, runs, steps, steps_inside
from segmentry.features.arrays.rows import Clock, Rows
from segmentry.features.rows import instant

CUT = datetime(2024, 4, 1, tzinfo=UTC)


def rows(*hours_ago: list[float], zone: str = "UTC", **columns: list[int]) -> Rows:
    at = [instant(CUT - timedelta(hours=h)) for group in hours_ago for h in group]
    edges = np.cumsum([0, *(len(group) for group in hours_ago)])
    told = {n: Column(np.array(v, np.int64)) for n, v in columns.items()}
    clock = Clock(Window(CUT, recent_days=1.0, pause_minutes=30), zone)
    return Rows(edges, {"micros": Column(np.array(at, np.int64)), **told}, clock)


def test_every_event_but_the_first_is_a_step() -> None:
    found = steps(rows([50, 26, 26, 1], [], [7]), None)
    assert found.edges.tolist() == [0, 3, 3, 3]
    assert found["gap"].numbers.tolist() == [1.0, 0.0, 25 / 24]
    assert found["gap_seconds"].values.tolist() == [86_400, 0, 90_000]


def test_steps_by_a_label_skip_what_is_not_known_and_order_ties() -> None:
    events = rows([9, 5, 5, 3, 1], [4, 4], kind=[2, 1, 0, 7, 1, 3, 2])
    known = np.array([True, True, True, False, True, True, True])
    kind = Column(events["kind"].values, known)
    events = Rows(events.edges, {**events.columns, "kind": kind}, events.clock)
    found = steps(events, "kind")
    assert found.edges.tolist() == [0, 3, 4]
    assert found["before"].values.tolist() == [2, 0, 1, 2]
    assert found["kind"].values.tolist() == [0, 1, 1, 3]


def test_a_step_lies_in_a_span_where_both_events_do() -> None:
    events = rows([50, 20, 10])
    found = steps(events, None)
    inside = steps_inside(events, found, "recent")
    assert inside is not None
    assert inside.tolist() == [False, True]
    assert steps_inside(events, found, "history") is None


def test_days_are_told_once_even_where_a_clock_led_back_into_one() -> None:
    # In St. John's, 2010-11-07 00:01 became 2010-11-06 23:01.
    at = [datetime(2010, 11, 7, 2, 30, 30, tzinfo=UTC), datetime(2010, 11, 7, 2, 40, tzinfo=UTC),
          datetime(2010, 11, 7, 3, 40, tzinfo=UTC)]  # fmt: skip
    clock = Clock(Window(CUT), "America/St_Johns")
    events = Rows(np.array([0, 3]), {"micros": Column(np.array([instant(t) for t in at]))}, clock)
    days = events["local_day"].values
    assert (np.diff(days) < 0).any()
    owner, found = day_begins(events)
    assert owner.tolist() == [0, 0]
    assert found.tolist() == sorted(set(days.tolist()))


def test_runs_are_days_in_a_row() -> None:
    found = runs(rows([24 * 9, 24 * 5, 24 * 4.2, 24 * 4, 1], [], [30]))
    assert found.edges.tolist() == [0, 3, 3, 4]
    assert found["days"].values.tolist() == [1, 2, 1, 1]
    assert found["age"].values.tolist() == [8, 3, 0, 1]
    assert runs(rows([], [])).edges.tolist() == [0, 0, 0]


def test_visits_end_with_a_pause_and_orders_with_their_events() -> None:
    events = rows([5, 4.8, 2], [9], order_id=[2, 1, 2, 2])
    found, owner = grouped(events, Over.VISITS, "history", {"micros"})
    assert (found.edges.tolist(), owner.tolist()) == ([0, 2, 3, 4], [0, 0, 1])
    found, owner = grouped(events, Over.ORDERS, "history", {"micros"})
    assert (found.edges.tolist(), owner.tolist()) == ([0, 1, 3, 4], [0, 0, 1])
    assert found["order_id"].values.tolist() == [1, 2, 2, 2]
    wide = rows([3, 2, 1], order_id=[2**62, -(2**62), 2**62])
    assert grouped(wide, Over.ORDERS, "history", ())[0].edges.tolist() == [0, 1, 3]
