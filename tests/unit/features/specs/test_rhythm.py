"""When, how regularly, and in which season."""

from __future__ import annotations

from datetime import datetime, timedelta
from statistics import fmean, pstdev

import pytest

from logs import computed

START = datetime.fromisoformat("2024-06-01 10:00")


def log_of(*days: float) -> list[dict[str, str]]:
    return [{"at": (START + timedelta(days=d)).isoformat()} for d in days]


def test_a_clock_is_regular_and_not_bursty() -> None:
    assert computed(log_of(0, 2, 4, 6, 8), "regularity", "burstiness") == [1.0, -1.0]


def test_uneven_gaps_are_measured_by_their_spread() -> None:
    gaps = [1.0, 5.0, 2.0, 8.0]
    spread, mean = pstdev(gaps), fmean(gaps)
    found = computed(log_of(0, 1, 6, 8, 16), "regularity", "burstiness", "gap_mean_days")
    assert found == pytest.approx([1 / (1 + spread / mean), (spread - mean) / (spread + mean), 4])


def test_three_gaps_are_the_fewest_that_tell_of_regularity() -> None:
    assert computed(log_of(0, 1, 2), "regularity") is None


def test_the_longest_silence_may_be_the_one_that_lasts() -> None:
    assert computed(log_of(0, 9, 10), "longest_silence_days") == pytest.approx(19 + 14 / 24)
    assert computed(log_of(-100, 10), "longest_silence_days") == 110.0


def test_days_in_a_row_make_a_streak() -> None:
    log = log_of(0, 1, 2, 2.1, 5, 6, 28, 29)
    assert computed(log, "longest_streak_days", "current_streak_days") == [3.0, 2.0]
    assert computed(log_of(0, 1), "current_streak_days") == 0.0


def test_hours_are_those_of_the_projects_clock() -> None:
    log = log_of(0, 1, 2, 3, 4)
    assert computed(log, "morning_share", "office_hours_share", "hour_concentration") == [
        1.0,
        pytest.approx(3 / 5),
        pytest.approx(1.0, abs=1e-9),
    ]
    parts = [f"{p}_share" for p in ("morning", "afternoon", "evening", "night")]
    assert computed(log, *parts, zone="Asia/Tokyo") == [0.0, 0.0, 1.0, 0.0]


def test_a_season_shows_only_after_a_year() -> None:
    june = log_of(0, 1, 2, -366, -365)
    assert computed(june, "seasonality_strength") == pytest.approx(1.0, abs=0.2)
    assert computed(log_of(0, 1, 2, 3, 4), "seasonality_strength") is None
    spread = log_of(*(-30.44 * i for i in range(24)))
    assert computed(spread, "seasonality_strength") == pytest.approx(0.0, abs=0.1)


def test_a_week_has_a_profile_and_a_favourite_day() -> None:
    # The first of June 2024 is a Saturday.
    log = log_of(0, 7, 14, 1, 3)
    assert computed(log, "saturday_share", "sunday_share", "monday_share", "tuesday_share") == [
        pytest.approx(3 / 5),
        pytest.approx(1 / 5),
        0.0,
        pytest.approx(1 / 5),
    ]
    assert computed(log, "weekday_concentration") == pytest.approx((9 + 1 + 1) / 25)
    assert computed(log_of(0, 1, 2, 3), "monday_share", "weekday_concentration") == [None, None]


def test_what_follows_a_purchase_may_be_late_or_never_come() -> None:
    kinds = ("view", "purchase", "view", "purchase", "view", "purchase")
    log = [r | {"kind": k} for r, k in zip(log_of(0, 1, 3, 7, 8, 9), kinds, strict=True)]
    asked = ("days_after_purchase", "days_after_view", "days_between_purchases")
    assert computed(log, *asked) == [1.5, 1.0, 4.0]
    assert computed(log[:2], *asked) == [None, 1.0, None]


def test_gaps_of_less_than_a_second_and_of_a_century_have_a_spread() -> None:
    close = [{"at": f"2024-06-01 10:00:00.{i}"} for i in (1, 2, 4, 7)]
    assert computed(close, "regularity", "burstiness") == [1.0, -1.0]
    assert computed(close, "gap_mean_days") == pytest.approx(0.2 / 86_400, abs=1e-9)
    assert 0 < computed(log_of(-45_000, -3, -2, -1), "regularity") < 0.5


def test_a_row_that_stands_there_twice_follows_itself_and_nothing_else() -> None:
    log = [r | {"kind": k} for r, k in zip(log_of(0, 3, 3, 13), "vppv", strict=True)]
    kinds = {"purchase": ("p",), "view": ("v",)}
    for n in (1, 2, 5):
        twice = [log[0], *log[1:3] * n, log[3]]
        assert computed(twice, "days_after_purchase", "days_after_view", kinds=kinds) == [10, 3]
