"""When simulated users act."""

from __future__ import annotations

import numpy as np
import pytest

from segmentry.seeds import stream
from segmentry.simulate.timeline import (
    END,
    Hours,
    Rhythm,
    Season,
    Visits,
    Week,
    lay_visits,
    n_log_days,
    start_of_log,
)
from simulated import LOG_DAYS, block

FLAT = Rhythm((1.0,) * 12, (1.0,) * 5, (1.0,) * 2, (1.0,) * 24)
USUAL = {
    "visits_per_week": 1.4,
    "tenure_share": 0.8,
    "silent_share": 0.1,
    "growth": 0.0,
    "regularity": 3.0,
    "weekend_share": 2 / 7,
}


def visits(rhythm: Rhythm = FLAT, n_users: int = 500, **natural: float) -> Visits:
    parameters = {name: np.full(n_users, value) for name, value in (USUAL | natural).items()}
    return lay_visits(parameters, rhythm, days=LOG_DAYS, rng=stream(0, "test"))


def edges(made: Visits) -> tuple[np.ndarray, np.ndarray]:
    first = np.flatnonzero(np.diff(made.user, prepend=-1))
    return made.at_days[first], made.at_days[np.append(first[1:], len(made)) - 1]


def test_the_log_holds_whole_weeks_and_ends_on_a_fixed_monday() -> None:
    assert n_log_days(365) == LOG_DAYS
    assert END.isoformat() == "2025-06-30T00:00:00"
    assert END.weekday() == start_of_log(LOG_DAYS).weekday() == 0


@pytest.mark.parametrize("scenario", ["retail", "saas", "media"])
def test_first_and_last_visit_mark_the_active_period(scenario: str) -> None:
    _, made = block(scenario, tenure_share=0.6, silent_share=0.25)
    first, last = edges(made.visits)
    np.testing.assert_allclose(LOG_DAYS - first, 0.6 * LOG_DAYS, atol=1e-6)
    np.testing.assert_allclose(LOG_DAYS - last, 0.25 * 0.6 * LOG_DAYS, atol=1e-6)


def test_visits_of_a_user_follow_each_other_in_time() -> None:
    made = visits()
    same = made.user[1:] == made.user[:-1]
    assert (np.diff(made.at_days)[same] >= 0).all()
    assert (np.diff(made.user) >= 0).all()


def test_users_come_as_often_as_their_rate_says() -> None:
    made = visits()
    expected = 1.4 * LOG_DAYS * 0.8 * 0.9 / 7
    assert len(made) / 500 == pytest.approx(expected, rel=0.02)


def test_everybody_comes_at_least_twice() -> None:
    made = visits(visits_per_week=0.001)
    assert np.bincount(made.user).min() == 2


def test_regular_users_have_steadier_gaps() -> None:
    def unevenness(regularity: float) -> float:
        made = visits(regularity=regularity)
        gaps = np.diff(made.at_days)[made.user[1:] == made.user[:-1]]
        return float(gaps.std() / gaps.mean())

    assert unevenness(1.0) == pytest.approx(1.0, abs=0.1)
    assert unevenness(9.0) == pytest.approx(1 / 3, abs=0.05)


def test_growth_moves_visits_towards_the_end() -> None:
    made = visits(growth=np.log(4.0))
    middle = LOG_DAYS * (1 - 0.8) + 0.5 * LOG_DAYS * 0.8 * 0.9
    later = float((made.at_days > middle).mean())
    # The rate grows fourfold: the later half holds (4 - 2) / (4 - 1) of the visits.
    assert later == pytest.approx(2 / 3, abs=0.02)


@pytest.mark.parametrize("share", [0.1, 0.6])
def test_the_week_ends_as_the_user_likes(share: float) -> None:
    made = visits(weekend_share=share)
    weekend = np.floor(made.at_days) % 7 >= 5
    assert float(weekend.mean()) == pytest.approx(share, abs=0.02)


def test_busy_weekdays_months_and_hours_hold_more_visits() -> None:
    months = (1.0,) * 10 + (2.0, 2.0)
    hours = (1.0,) * 12 + (3.0,) * 12
    rhythm = Rhythm(months, (1.0, 1.0, 1.0, 1.0, 3.0), (1.0, 1.0), hours)
    made = visits(rhythm, tenure_share=0.999, silent_share=0.001)
    weekday = np.bincount((np.floor(made.at_days) % 7).astype(int))
    month = (np.datetime64(start_of_log(LOG_DAYS)) + made.at_days.astype("timedelta64[D]")).astype(
        "datetime64[M]"
    )
    busy = np.isin(month.astype(int) % 12, [10, 11])
    assert weekday[4] / weekday[:4].mean() == pytest.approx(3.0, rel=0.08)
    # Levels bend from the middle of one month to the middle of the next: 1.875 on average.
    assert busy.mean() / (61 / 364) == pytest.approx(1.875 / (14 / 12), rel=0.04)
    assert float((made.at_days % 1.0 >= 0.5).mean()) == pytest.approx(0.75, abs=0.02)


def test_calendar_and_even_time_are_each_others_way_back() -> None:
    rhythm = Rhythm(tuple(range(1, 13)), (1, 2, 3, 4, 5), (2, 1), tuple(range(1, 25)))
    at = np.linspace(0.0, LOG_DAYS - 0.01, 997)
    share = np.full(997, 0.4)
    season, week, hours = Season.of(rhythm, LOG_DAYS), Week.of(rhythm), Hours.of(rhythm)
    np.testing.assert_allclose(season.calendar(season.even(at)), at, atol=1e-9)
    np.testing.assert_allclose(week.calendar(week.even(at, share), share), at, atol=1e-9)
    np.testing.assert_allclose(hours.calendar(hours.even(at)), at, atol=1e-9)
