"""Intervals at their edges; published values and scipy are oracle tests."""

from __future__ import annotations

import numpy as np
import pytest

from segmentry.errors import MathsError
from segmentry.maths.effect import cohens_h
from segmentry.maths.intervals import (
    bootstrap_mean_interval,
    mean_interval,
    newcombe_interval,
    normal_quantile,
    paired_difference_interval,
    share_against_all_interval,
    student_quantile,
    studentised_interval,
    wilson_interval,
)


def test_nobody_of_ten_still_leaves_room_above_zero():
    low, high = wilson_interval(0, 10)
    assert low == 0.0
    assert 0.2 < high < 0.3


def test_no_rows_say_nothing_of_a_share():
    assert wilson_interval(0, 0) == (0.0, 1.0)


def test_more_successes_than_rows_are_refused():
    with pytest.raises(MathsError, match=r"successes must lie in 0 \.\. 5"):
        wilson_interval(6, 5)


def test_a_higher_level_gives_a_wider_interval():
    narrow, wide = wilson_interval(30, 100, level=0.8), wilson_interval(30, 100, level=0.99)
    assert wide[0] < narrow[0] < narrow[1] < wide[1]


def test_swapping_two_samples_mirrors_the_interval_of_their_difference():
    low, high = newcombe_interval(20, 60, 31, 90)
    assert newcombe_interval(31, 90, 20, 60) == pytest.approx((-high, -low))


def test_a_part_that_is_the_whole_differs_by_nothing():
    assert share_against_all_interval(4, 10, 4, 10) == (0.0, 0.0)


def test_the_interval_against_all_holds_the_estimate_and_grows_with_fewer_rows():
    wide = share_against_all_interval(8, 10, 30, 100)
    narrow = share_against_all_interval(80, 100, 300, 1000)
    h = cohens_h(0.8, 0.3)
    assert wide[0] < narrow[0] < h < narrow[1] < wide[1]


def test_a_level_that_nobody_else_has_is_certainly_more_frequent():
    low, high = share_against_all_interval(50, 50, 50, 200)
    assert 0.0 < low < cohens_h(1.0, 0.25) <= high


def test_one_value_is_its_own_mean_without_an_interval():
    assert mean_interval(np.array([4.0])) == (4.0, 4.0)


def test_an_empty_sample_is_refused():
    with pytest.raises(MathsError, match="an empty sample has no mean"):
        mean_interval(np.array([]))


def test_the_bootstrap_reaches_further_on_the_side_of_the_long_tail():
    values = np.random.default_rng(1).lognormal(sigma=1.5, size=80)
    low, high = bootstrap_mean_interval(values, np.random.default_rng(0))
    assert high - values.mean() > values.mean() - low > 0


def test_the_bootstrap_falls_back_on_few_rows_and_on_constant_ones():
    few = np.array([1.0, 2.0, 3.0])
    rng = np.random.default_rng(0)
    assert bootstrap_mean_interval(few, rng) == mean_interval(few)
    assert bootstrap_mean_interval(np.full(50, 2.0), rng) == (2.0, 2.0)


def test_a_sample_of_rare_spenders_has_a_finite_interval():
    values = np.concatenate([np.zeros(400), [90.0]])
    low, high = bootstrap_mean_interval(values, np.random.default_rng(0))
    assert np.isfinite([low, high]).all()
    assert low <= values.mean() <= high


def test_students_quantile_nears_the_normal_one():
    assert student_quantile(np.array([1e6]))[0] == pytest.approx(normal_quantile(), abs=1e-4)
    assert student_quantile(np.array([1.0]))[0] > 12


def test_the_interval_of_any_estimate_is_that_of_the_mean_where_the_estimate_is_the_mean():
    values = np.random.default_rng(3).exponential(size=40)

    def mean(rows):
        own = values[rows]
        return float(own.mean()), float(own.std(ddof=1)) / np.sqrt(len(own))

    found = studentised_interval(mean, 40, np.random.default_rng(1))
    assert found == pytest.approx(bootstrap_mean_interval(values, np.random.default_rng(1)))


def test_rows_without_an_estimate_have_no_interval():
    with pytest.raises(MathsError, match="no estimate has no interval"):
        studentised_interval(lambda _: None, 5, np.random.default_rng(0))


def test_a_paired_change_is_bounded_as_by_hand() -> None:
    # 16 gained, 11 lost of 200: 5 / 202 -+ 1.96 / 202 * sqrt(28 - 25 / 202).
    low, high = paired_difference_interval(16, 11, 200)
    half = 1.959964 / 202 * (28 - 25 / 202) ** 0.5
    assert (low, high) == pytest.approx((5 / 202 - half, 5 / 202 + half))
    with pytest.raises(MathsError, match="cannot have gained"):
        paired_difference_interval(5, 6, 10)


def test_intervals_of_paired_changes_cover_at_their_rate() -> None:
    rng, n, truth = np.random.default_rng(3), 120, 0.15 - 0.08
    draws = rng.multinomial(n, [0.15, 0.08, 0.77], size=2_000)
    bounds = [paired_difference_interval(int(a), int(b), n) for a, b, _ in draws]
    covered = np.mean([low <= truth <= high for low, high in bounds])
    assert 0.935 <= covered <= 0.97
