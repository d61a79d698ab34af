"""Breadth and depth of use, stickiness, seats."""

from __future__ import annotations

import pytest

from logs import computed


def test_meanings_are_counted_and_shared() -> None:
    log = [
        {"at": "2024-06-01", "kind": k, "item": i}
        for k, i in (("integrate", "slack"), ("integrate", "jira"), ("api", None), ("login", None))
    ]
    names = ("n_integrations", "integrations_used", "integrations_share", "n_api", "logins_share")
    assert computed(log, *names) == [2.0, 2.0, 0.5, 1.0, 0.25]


def test_time_to_first_value_counts_from_the_first_event() -> None:
    log = [{"at": "2024-06-01", "kind": "login"}, {"at": "2024-06-04 12:00", "kind": "value"}]
    assert computed(log, "time_to_first_value_days") == 3.5
    assert computed(log[:1], "time_to_first_value_days") is None


def test_stickiness_is_use_on_days_and_in_weeks() -> None:
    log = [{"at": f"2024-06-{d}"} for d in ("30", "29", "12", "03", "02")] + [{"at": "2024-01-01"}]
    names = ("stickiness", "stickiness_weekly", "active_days_7d")
    assert computed(log, *names) == [pytest.approx(5 / 30), 0.75, 2.0]


def test_seats_are_those_last_known_and_used_by_users_of_the_last_month() -> None:
    log = [
        {"at": "2024-05-02", "seats": 5},
        {"at": "2024-06-02", "seats": 10},
        {"at": "2024-06-20", "user": "u"},
        {"at": "2024-06-30 12:00", "user": "v"},
        {"at": "2024-01-20", "user": "w"},
    ]
    names = ("seats", "seats_used_share", "n_users_1d", "users_daily_monthly")
    assert computed(log, *names) == [10.0, 0.2, 1.0, 0.5]
    assert computed(log, "expansion_velocity") == pytest.approx(30 * 5 / (163 + 1))


def test_time_spent_is_in_minutes() -> None:
    log = [{"at": "2024-06-01", "item": i, "duration_seconds": 90} for i in "xy"]
    assert computed(log, "minutes_total", "minutes_per_item") == [3.0, 1.5]


def test_use_at_any_hour_of_every_day_is_never_more_than_all_days() -> None:
    log = [{"at": f"2024-06-{d:02d} {h}"} for d in range(1, 31) for h in ("00:30", "23:30")]
    # Midnight of the cut is nine in the morning in Tokyo: so many days touch one day more.
    found = computed(log, "stickiness", "active_days_7d", zone="Asia/Tokyo")
    assert found == [1.0, 7.0]


def test_what_was_done_with_no_item_is_no_use_of_an_item() -> None:
    log = [
        {"at": "2024-06-01", "item": "a", "quantity": 2, "duration_seconds": 60},
        {"at": "2024-06-01", "item": None, "quantity": 50, "duration_seconds": 6000},
    ]
    assert computed(log, "quantity_per_item", "minutes_per_item") == [2.0, 1.0]
