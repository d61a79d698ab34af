"""Sessions by id, and visits by pauses."""

from __future__ import annotations

import pytest

from logs import computed

TIMES = ("10:00", "10:30", "10:31", "11:01:01", "12:00")
LOG = [{"at": f"2024-06-01 {t}"} for t in TIMES]


def test_a_pause_longer_than_half_an_hour_ends_a_visit() -> None:
    assert computed(LOG, "n_visits", "events_per_visit", "bounce_share") == [
        3.0,
        pytest.approx(5 / 3),
        pytest.approx(2 / 3),
    ]
    assert computed(LOG, "visit_minutes") == pytest.approx(31 / 3)


def test_the_pause_is_the_projects() -> None:
    assert computed(LOG, "n_visits", window={"pause_minutes": 60.0}) == 1.0


def test_events_of_one_instant_are_one_visit_in_whatever_order_they_lie() -> None:
    log = [{"at": "2024-06-01 10:00"}] * 3 + [{"at": "2024-06-01 12:00"}] * 3
    assert computed(log, "n_visits", "events_per_visit") == [2.0, 3.0]


def test_sessions_with_an_id_last_as_long_as_their_events() -> None:
    log = [{**row, "session_id": s} for row, s in zip(LOG, "aaabb", strict=True)]
    assert computed(log, "n_sessions", "session_minutes", "bounce_share") == [
        2.0,
        pytest.approx((31 + 58 + 59 / 60) / 2),
        0.0,
    ]
