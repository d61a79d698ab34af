"""Periods after the judging cut fit its horizon."""

from __future__ import annotations

import pytest

from segmentry.pipeline.courses import FEWEST, MOST, Periods


@pytest.mark.parametrize(
    ("horizon", "days", "n"),
    [(3.0, 1.0, 3), (12.9, 1.0, 12), (30.0, 7.0, 4), (90.0, 7.0, 12), (365.0, 30.0, 12),
     (1_000.0, 91.0, 10), (3_650.0, 365.0, 10), (9_999.0, 365.0, 12)],
)  # fmt: skip
def test_a_horizon_holds_a_few_whole_periods(horizon: float, days: float, n: int) -> None:
    found = Periods.of(horizon)
    assert found == Periods(days, n)
    assert FEWEST <= n <= MOST
    assert found.days * found.n <= horizon


def test_a_short_horizon_has_no_curve() -> None:
    assert Periods.of(2.9) is None
