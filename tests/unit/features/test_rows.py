"""What is computed from an instant, on clocks that jump."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import ibis
import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from logs import CUT
from segmentry.domain.formula import Computed
from segmentry.domain.window import Window
from segmentry.features.rows import Rows

CONNECTION = ibis.duckdb.connect()
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
FIRST, LAST = (datetime.fromisoformat(day) for day in ("1960-01-01", "2024-06-30"))


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.datetimes(FIRST, LAST), min_size=1, max_size=20),
    st.sampled_from(["UTC", "Europe/Berlin", "America/St_Johns", "Asia/Kathmandu"]),
)
def test_hours_and_weekdays_are_those_of_the_wall_clock(times: list[datetime], zone: str) -> None:
    instants = [t.replace(tzinfo=UTC) for t in times]
    micros = [(t - EPOCH) // timedelta(microseconds=1) for t in instants]
    table = pa.table({"entity_id": list(range(len(micros))), "micros": micros})
    about = Rows(ibis.memtable(table), Window(CUT), zone)
    found = about.with_computed(about.before_cut, [Computed.HOUR, Computed.WEEKDAY, Computed.WEEK])
    rows = CONNECTION.to_pyarrow(found.order_by("entity_id")).to_pylist()
    local = [t.astimezone(ZoneInfo(zone)) for t in instants]
    assert [(r["hour"], r["weekday"]) for r in rows] == [(t.hour, t.isoweekday()) for t in local]
    weeks = [(CUT - t - timedelta(microseconds=1)) // timedelta(weeks=1) for t in instants]
    assert [r["week"] for r in rows] == weeks


def test_a_label_before_is_that_of_the_event_before_and_ties_stand_in_order() -> None:
    log = pa.table(
        {"entity_id": [1, 1, 1, 2], "micros": [20, 10, 20, 5], "kind": ["b", "c", "a", None]}
    )
    about = Rows(ibis.memtable(log), Window(CUT), "UTC")
    steps = CONNECTION.to_pyarrow(about.steps("kind").order_by("micros", "kind")).to_pylist()
    assert [(r["kind"], r["before"]) for r in steps] == [("c", None), ("a", "c"), ("b", "a")]
