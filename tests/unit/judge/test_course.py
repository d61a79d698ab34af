"""Curves are shares and means with intervals that hold; small groups are told of nobody."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats
from scipy.stats import binomtest

from segmentry.domain.course import Course
from segmentry.judge.course import courses_of
from segmentry.maths.suppression import FEWEST_TOLD


def rng() -> np.random.Generator:
    return np.random.default_rng(2)


def test_shares_and_their_intervals_are_those_of_scipy() -> None:
    active = (rng().random((600, 4)) < np.array([0.6, 0.4, 0.3, 0.2])).astype(float)
    segment = np.arange(600) % 3
    told = courses_of(Course(7.0, active), segment, (1, 2, 5), rng())
    assert [s.id for s in told.segments] == [1, 2, 5]
    assert told.everyone.n == 600
    for place, one in enumerate(told.segments):
        own = active[segment == place]
        for period, reached in enumerate(one.retained):
            expected = binomtest(int(own[:, period].sum()), len(own)).proportion_ci(method="wilson")
            assert reached.mean == own[:, period].mean()
            assert (reached.low, reached.high) == pytest.approx((expected.low, expected.high))
        assert one.value == ()


def test_value_adds_up_over_the_periods() -> None:
    value = rng().gamma(0.6, 20.0, (2_400, 3))
    segment = np.arange(2_400) % 2
    told = courses_of(Course(7.0, (value > 1).astype(float), value), segment, (1, 2), rng())
    own = value[segment == 1].cumsum(axis=1)
    for period, reached in enumerate(told.segments[1].value):
        expected = stats.ttest_1samp(own[:, period], 0).confidence_interval()
        assert reached.mean == pytest.approx(own[:, period].mean())
        assert (reached.low, reached.high) == pytest.approx((expected.low, expected.high))


def test_counts_of_a_few_are_withheld_and_do_not_follow_from_the_others() -> None:
    active = np.zeros((90, 2))
    active[: FEWEST_TOLD - 1, 0] = 1  # too few of the first segment
    active[30:50, 0] = 1
    active[60:75, 0] = 1
    active[[*range(20), *range(30, 50), *range(60, 80)], 1] = 1
    segment = np.repeat([0, 1, 2], 30)
    told = courses_of(Course(1.0, active), segment, (1, 2, 3), rng())
    first = [s.retained[0].mean for s in told.segments]
    # With the smallest of the others, so that neither is everyone's count less the rest.
    assert first == [None, 20 / 30, None]
    assert all(s.retained[1].mean is not None for s in told.segments)
    assert told.everyone.retained[0].mean is not None


def test_what_all_but_a_few_did_is_withheld_too() -> None:
    active = np.ones((200, 1))
    active[:3] = 0
    told = courses_of(Course(1.0, active), np.repeat([0, 1], 100), (1, 2), rng())
    assert told.segments[0].retained[0].mean is None


def test_what_few_have_spent_is_withheld() -> None:
    value = np.zeros((200, 2))
    value[:5, 0] = 40.0
    value[:60, 1] = 10.0
    value[100:160] = 3.0
    told = courses_of(
        Course(1.0, (value > 0).astype(float), value), np.repeat([0, 1], 100), (1, 2), rng()
    )
    assert told.segments[0].value[0].mean is None
    assert told.segments[0].value[1].mean == pytest.approx(8.0)


def test_what_few_spent_between_two_figures_is_withheld() -> None:
    value = np.zeros((300, 3))
    value[:60, 0] = value[100:160, 0] = value[200:250, 0] = 10.0
    value[60:63, 1] = value[100:160, 1] = value[200:250, 1] = 5.0
    value[:40, 2] = value[100:160, 2] = value[200:250, 2] = 7.0
    segment = np.repeat([0, 1, 2], 100)
    told = courses_of(Course(1.0, (value > 0).astype(float), value), segment, (1, 2, 3), rng())
    given = [[r.mean is not None for r in s.value] for s in told.segments]
    # Three began to spend in the second period; the smallest other goes with them.
    assert given == [[True, False, True], [True, True, True], [True, False, True]]


def test_everyone_is_withheld_where_few_of_all_did_something() -> None:
    active, value = np.zeros((200, 2)), np.zeros((200, 2))
    active[:4, 0] = value[:4, 0] = 1.0
    active[:90, 1] = value[:90, 1] = 1.0
    told = courses_of(Course(1.0, active, value), np.repeat([0, 1], 100), (1, 2), rng())
    for reached in (told.everyone.retained, told.everyone.value):
        assert [r.mean is None for r in reached] == [True, False]


def test_a_segment_without_members_at_the_cut_is_left_out() -> None:
    told = courses_of(Course(1.0, np.ones((40, 3))), np.zeros(40, dtype=np.int64), (1, 2), rng())
    assert [s.id for s in told.segments] == [1]


def test_the_same_chance_gives_the_same_curves() -> None:
    value = rng().gamma(0.6, 20.0, (300, 3))
    course = Course(7.0, (value > 1).astype(float), value)
    segment = np.arange(300) % 2
    assert courses_of(course, segment, (1, 2), rng()) == courses_of(course, segment, (1, 2), rng())
