"""The words of a segment's health."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from segmentry.domain.bounded import Bounded
from segmentry.domain.health import RiskGroup, SegmentHealth, floor_of, health_words
from segmentry.domain.percent import SIGN


def test_a_segment_is_told_with_both_intervals() -> None:
    told = SegmentHealth(2, 80, Bounded(71.4, 66.0, 76.8), Bounded(0.25, 0.17, 0.35))
    assert health_words(told, 50.0) == (
        f"71 of 100 on average (66 to 77), 25{SIGN} below 50 (17{SIGN} to 35{SIGN})"
    )


def test_few_members_are_not_told() -> None:
    assert health_words(SegmentHealth(2, 9), 50.0) == "too few members to tell"


def test_a_share_of_few_is_not_told_beside_the_mean() -> None:
    words = health_words(SegmentHealth(2, 80, Bounded(71.4, 66.0, 76.8)), 50.0)
    assert words.startswith("71 of 100 on average (66 to 77); how many lie below 50 would tell")


def test_a_forecast_holds_inside_the_interval_of_what_came() -> None:
    assert RiskGroup(10, 0.3, 0.4, 0.2, 0.6).holds
    assert not RiskGroup(10, 0.1, 0.4, 0.2, 0.6).holds


@given(st.floats(0.01, 0.99))
def test_at_the_floor_the_odds_are_twice_everybodys(rate: float) -> None:
    chance = 2 * rate / (1 + rate)
    assert chance / (1 - chance) == pytest.approx(2 * rate / (1 - rate))
    assert floor_of(rate) == pytest.approx(100 * (1 - chance), abs=0.5001)
