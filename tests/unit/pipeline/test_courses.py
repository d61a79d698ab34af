"""Periods after the judging cut fit its horizon."""

from __future__ import annotations

import pytest

from segmentry.pipeline.courses import FEWEST, MOST, Periods


@pytest.mark.parametrize(
    ("horizon", "days", "n"),
    [(3.0, 1.0, 3), (12.9, 1.0, 12), (13.0, 2.0, 6), (20.9, 2.0, 10), (21.0, 7.0, 3),
     (30.0, 7.0, 4), (90.0, 7.0, 12), (365.0, 30.0, 12),
     (1_000.0, 91.0, 10), (3_650.0, 365.0, 10), (9_999.0, 365.0, 12)],
)  # fmt: skip
def test_a_horizon_holds_a_few_whole_periods(horizon: float, days: float, n: int) -> None:
    found = Periods.of(horizon)
    assert found == Periods(days, n)
    assert FEWEST <= n <= MOST
    assert found.days * found.n <= horizon


def test_every_horizon_of_three_days_or_more_has_a_curve() -> None:
    for horizon in range(3, 4_000):
        found = Periods.of(float(horizon))
        assert found is not None
        assert FEWEST <= found.n <= MOST
        assert 0 <= horizon - found.days * found.n < found.days


def test_a_short_horizon_has_no_curve() -> None:
    assert Periods.of(2.9) is None
