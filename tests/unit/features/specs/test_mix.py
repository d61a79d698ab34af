"""How many different things, and how evenly."""

from __future__ import annotations

import pytest
from scipy.stats import entropy

from logs import computed

LOG = [{"at": "2024-06-01", "category": c, "channel": "web"} for c in "aaab"]


def test_entropy_is_that_of_the_shares() -> None:
    assert computed(LOG, "category_entropy") == pytest.approx(entropy([3, 1]))
    assert computed(LOG, "channel_entropy") == 0.0


def test_concentration_is_the_sum_of_squared_shares() -> None:
    assert computed(LOG, "category_concentration") == pytest.approx(0.75**2 + 0.25**2)


def test_what_is_not_known_is_not_mixed() -> None:
    log = [{"at": "2024-06-01"}, {"at": "2024-06-02", "category": None}]
    assert computed(log, "category_entropy", "category_concentration", also=["category"]) == [
        None,
        None,
    ]


def test_a_switch_is_another_channel_than_before() -> None:
    log = [{"at": f"2024-06-0{i}", "channel": c} for i, c in enumerate("aabba", 1)]
    assert computed(log, "switches_channel_share", "n_channels") == [0.5, 2.0]
    assert computed(log[:1], "switches_channel_share") is None


def test_ratios_cross_features() -> None:
    log = [
        {"at": "2024-06-01", "order_id": "a", "session_id": "s", "item": "x"},
        {"at": "2024-06-01", "order_id": None, "session_id": "t", "item": "x"},
    ]
    names = ("events_per_order", "orders_per_session", "events_per_item")
    assert computed(log, *names) == [2.0, 0.5, 2.0]
