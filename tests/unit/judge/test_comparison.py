"""Data beside its draws: p-values, verdicts, and when more draws are of no use."""

from __future__ import annotations

import numpy as np
import pytest

from segmentry.judge.comparison import ENOUGH_REACHED, Comparison, Sizes, Tail, p_value_of
from segmentry.maths.grouping import Grouping

SIZES = Sizes(clear=0.03, weak=0.02, strong=0.06)


def grouping(gain: float, valley: float) -> Grouping:
    return Grouping(np.array([0.3, 0.3 + gain]), np.array([0.0, valley]))


def compared(gain: float, valley: float, *, n: int = 99, sizes: Sizes = SIZES) -> Comparison:
    rng = np.random.default_rng(0)
    draws = tuple(grouping(rng.normal(0, 0.003), 1 + 0.2 * rng.random()) for _ in range(n))
    return Comparison(grouping(gain, valley), draws, sizes)


def test_a_p_value_counts_the_draws_that_reach_the_value() -> None:
    null = np.arange(99.0)
    assert p_value_of(96.5, null) == pytest.approx(3 / 100)
    assert p_value_of(-1.0, null) == 1.0
    assert Tail.of(96.5, null).n_reached == 2


def test_far_beyond_all_draws_the_tail_says_more_than_the_count() -> None:
    null = np.random.default_rng(0).normal(size=20)
    assert p_value_of(float(null.max()) + 0.01, null) == pytest.approx(1 / 21, abs=0.03)
    assert 1e-7 < p_value_of(30.0, null) < 1e-5


def test_the_tail_is_no_bolder_than_the_extremes_of_chance() -> None:
    rng = np.random.default_rng(1)
    draws = rng.gumbel(size=(4_000, 21))
    found = np.array([p_value_of(row[0], row[1:]) for row in draws])
    assert (found <= 0.002).mean() < 0.006


def test_both_silhouette_and_valley_have_to_stand_out() -> None:
    assert str(compared(0.1, 3.0).verdict) == "clear"
    assert str(compared(0.1, 0.4).verdict) == "none"
    assert str(compared(0.0, 3.0).verdict) == "none"
    assert compared(0.1, 0.4).tail.n_reached == 99


def test_a_small_gain_is_weak_and_a_smaller_one_nothing() -> None:
    assert [str(compared(g, 3.0).verdict) for g in (0.04, 0.025, 0.015)] == [
        "clear",
        "weak",
        "none",
    ]


def test_a_large_gain_without_a_valley_is_strong_where_sizes_say_so() -> None:
    assert compared(0.1, 0.4).is_strong
    assert not compared(0.1, 0.4, sizes=Sizes(0.03, 0.02)).is_strong


def test_the_best_cut_is_the_one_with_the_largest_gain() -> None:
    found = compared(0.1, 3.0)
    assert found.best == 1
    assert found.gain == found.gains[1] == pytest.approx(0.1, abs=0.002)


@pytest.mark.parametrize(("gain", "valley"), [(0.001, 3.0), (0.04, 0.4)])
def test_what_draws_reach_again_and_again_is_hopeless(gain: float, valley: float) -> None:
    found = compared(gain, valley, n=ENOUGH_REACHED + 5)
    assert found.is_hopeless
    assert not found.is_settled


def test_what_may_be_strong_is_not_given_up() -> None:
    assert not compared(0.1, 0.4).is_hopeless


def test_what_stands_far_out_is_settled() -> None:
    assert compared(0.1, 9.0, n=20).is_settled
    assert not compared(0.025, 9.0, n=20).is_settled
