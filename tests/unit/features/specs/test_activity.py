"""Recency, frequency and their windows."""

from __future__ import annotations

import pytest

from logs import computed

LOG = [{"at": "2024-05-02"}, {"at": "2024-06-01 12:00"}, {"at": "2024-06-30 18:00"}]


def test_recency_and_tenure_are_fractions_of_days_before_the_cut() -> None:
    assert computed(LOG, "recency_days", "tenure_days") == [0.25, 60.0]


def test_events_are_counted_inside_their_window() -> None:
    assert computed(LOG, "n_events", "n_events_recent", "n_events_90d") == [3.0, 2.0, 3.0]


def test_events_per_month_are_per_thirty_days_since_the_first() -> None:
    assert computed(LOG, "events_per_month") == pytest.approx(30 * 3 / 61)
