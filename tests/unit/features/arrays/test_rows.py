"""Rows in order: spans, tests, what is computed of an instant."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
import pytest

from segmentry.domain.formula import Aggregate, Computed, Condition, Measure
from segmentry.domain.window import Window
from segmentry.features.arrays.column import Column
from segmentry.features.arrays.rows import Clock, Rows
from segmentry.features.rows import instant

CUT = datetime(2024, 4, 1, tzinfo=UTC)
BERLIN = "Europe/Berlin"


def rows(*days_ago: list[float], zone: str = "UTC", **columns: Column) -> Rows:
    at = [sorted(CUT - timedelta(days=d) for d in group) for group in days_ago]
    micros = np.array([instant(t) for group in at for t in group], np.int64)
    edges = np.cumsum([0, *(len(group) for group in at)])
    clock = Clock(Window(CUT, recent_days=10.0), zone)
    return Rows(edges, {"micros": Column(micros), **columns}, clock)


def test_a_span_is_a_stretch_of_each_group() -> None:
    found = rows([25, 15, 10, 1], [40], [])
    for span, low, high in (
        ("history", [0, 4, 5], [4, 5, 5]),
        ("recent", [2, 5, 5], [4, 5, 5]),
        ("prior", [1, 5, 5], [2, 5, 5]),
    ):
        a, b = found.stretch(span)
        assert (a.tolist(), b.tolist()) == (low, high), span
        inside = found.inside(span)
        n = [int((b - a).sum()), 5 if inside is None else int(inside.sum())]
        assert n[0] == n[1]
    assert found.within("recent").edges.tolist() == [0, 2, 2, 2]


def test_the_local_clock_is_that_of_the_zone() -> None:
    # The last Sunday of March 2024 had 23 hours in Berlin.
    found = rows([0.5 + i / 24 for i in range(40)], zone=BERLIN)
    local = [datetime.fromtimestamp(m / 1e6, ZoneInfo(BERLIN)) for m in found.micros.tolist()]
    assert found[Computed.HOUR].values.tolist() == [t.hour for t in local]
    assert found[Computed.WEEKDAY].values.tolist() == [t.isoweekday() for t in local]
    ages = [(date(2024, 4, 1) - t.date()).days for t in local]
    assert found[Computed.DAY_AGE].values.tolist() == ages
    later = [int(t.date() > local[0].date()) for t in local]
    assert found[Computed.IS_LATER_DAY].values.tolist() == later


def test_weights_fall_by_half() -> None:
    found = rows([60, 0.0001])
    assert found[Computed.WEIGHT].numbers == pytest.approx([0.5, 1.0], abs=1e-5)


def test_tests_are_passed_by_what_is_known() -> None:
    kind = Column(
        np.array([0, 1, 0, 2]), np.array([True, True, False, True]), words=pa.array(list("abc"))
    )
    found = rows([4, 3, 2, 1], kind=kind)
    for operator, values, wanted in (
        ("in", ("a", "c"), [True, False, False, True]),
        ("not in", ("a", "elsewhere"), [False, True, False, True]),
        ("not in", (), [True, True, False, True]),
        ("in", ("elsewhere",), [False] * 4),
    ):
        test = Condition("kind", operator, values)  # type: ignore[arg-type]
        held = found.holds(Aggregate(Measure.COUNT, where=(test,)))
        assert held is not None
        assert held.tolist() == wanted


def test_rows_without_a_clock_have_no_instants() -> None:
    found = Rows(np.array([0, 2]), {"amount": Column(np.array([1, 2]))})
    assert found.inside("recent") is None
    assert found.stretch("recent")[1].tolist() == [2]
    with pytest.raises(ValueError, match="no cut"):
        found[Computed.DAY]
    with pytest.raises(ValueError, match="no cut"):
        found["elsewhere"]
