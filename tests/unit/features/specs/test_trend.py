"""Where behaviour is going."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest

from logs import CUT, computed


def log_of(*counts: int) -> list[dict[str, str]]:
    """Write so many events into each of the last windows of thirty days, the latest last."""
    rows = []
    for back, n in enumerate(reversed(counts)):
        at = CUT - timedelta(days=30 * back + 15)
        rows += [{"at": at.replace(tzinfo=None).isoformat()}] * n
    return rows


@pytest.mark.parametrize(
    ("counts", "word"),
    [
        ((4, 4), "stable"),
        ((2, 8), "increasing"),
        ((8, 2), "declining"),
        ((5, 0), "dormant"),
        ((3, 0, 3), "revived"),
        ((3,), "new"),
    ],
)
def test_a_trajectory_has_one_word(counts: tuple[int, ...], word: str) -> None:
    assert computed(log_of(*counts), "trajectory") == word


@pytest.mark.parametrize("counts", [(1, 2, 3, 4, 5, 6), (0, 0, 0, 0, 0, 9), (7, 1, 0, 2, 2, 1)])
def test_the_slope_is_that_of_a_least_squares_line(counts: tuple[int, ...]) -> None:
    wanted = np.polyfit(np.arange(6), counts, 1)[0]
    assert computed(log_of(*counts), "slope") == pytest.approx(wanted, abs=1e-12)


def test_momentum_and_acceleration_compare_windows() -> None:
    log = log_of(0, 0, 0, 2, 4, 9)
    assert computed(log, "momentum") == pytest.approx(6 * 9 / 16)
    assert computed(log, "acceleration") == pytest.approx((9 - 8 + 2) / (9 + 8 + 2 + 4))
    assert computed(log, "recent_prior_ratio") == 2.0
    assert computed(log, "share_of_life_recent") == 9 / 15


def test_value_has_a_trend_of_its_own() -> None:
    log = [{"at": "2024-06-15", "amount": 30}, {"at": "2024-05-15", "amount": 10}]
    assert computed(log, "value_trend") == 0.5
    assert computed([{"at": "2023-01-01", "amount": 10}], "value_trend") is None


def test_value_fades_by_half_with_every_half_life() -> None:
    log = [{"at": "2024-05-02", "amount": 10}, {"at": "2024-03-03", "amount": 100}]
    assert computed(log, "decayed_value") == pytest.approx(5 + 25)


def test_returns_turn_no_trend_of_spending_inside_out() -> None:
    log = [{"at": "2024-06-20", "amount": 10}, {"at": "2024-05-20", "amount": -9}]
    assert computed(log, "value_trend") == 1.0
    assert computed(log[1:], "value_trend") is None
