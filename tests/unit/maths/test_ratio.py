"""Ratios and their intervals against scipy, and against what they promise."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import bootstrap

from segmentry.errors import MathsError
from segmentry.maths.ratio import ratio_interval


def rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


def drawn(n: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Draw values before, and after: about nine tenths of it on average, some gone."""
    chance = rng(seed)
    before = chance.gamma(1.2, 50.0, n)
    return before * (chance.random(n) < 0.75) * chance.gamma(6.0, 0.2, n), before


def test_it_is_close_to_the_bootstrap_of_scipy() -> None:
    top, bottom = drawn(400, 1)
    ratio, low, high = ratio_interval(top, bottom, rng())
    assert ratio == top.sum() / bottom.sum()

    def of(a: np.ndarray, b: np.ndarray, axis: int) -> np.ndarray:
        return a.sum(axis=axis) / b.sum(axis=axis)

    other = bootstrap(
        (top, bottom), of, paired=True, vectorized=True, method="BCa", rng=rng(3), n_resamples=2_000
    ).confidence_interval
    assert (low, high) == pytest.approx((other.low, other.high), abs=0.03)


def test_large_samples_take_the_linearised_error() -> None:
    top, bottom = drawn(2_500, 2)
    ratio, low, high = ratio_interval(top, bottom, rng())
    left = top - ratio * bottom
    error = np.sqrt((left**2).sum() / (len(top) - 1)) / (bottom.mean() * np.sqrt(len(top)))
    assert (high - low) / 2 == pytest.approx(1.961 * error, rel=1e-3)
    assert (low + high) / 2 == pytest.approx(ratio)


def test_it_holds_the_truth_about_as_often_as_it_says() -> None:
    truth = 0.75 * 6.0 * 0.2
    held = 0
    for seed in range(120):
        _, low, high = ratio_interval(*drawn(60, seed), rng(seed))
        held += low <= truth <= high
    # 95 % of 120 are 114; fewer than 105 happens once in a thousand times.
    assert 105 <= held <= 120


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 9_999), st.integers(2, 40), st.floats(0.01, 1_000))
def test_units_do_not_matter_and_the_ratio_lies_inside(seed: int, n: int, unit: float) -> None:
    top, bottom = drawn(n, seed)
    ratio, low, high = ratio_interval(top, bottom, rng(seed))
    scaled = ratio_interval(unit * top, unit * bottom, rng(seed))
    assert scaled == pytest.approx((ratio, low, high), rel=1e-6, abs=1e-9)
    assert 0.0 <= low <= high


def test_a_ratio_that_does_not_scatter_has_no_width() -> None:
    bottom = np.arange(1.0, 21.0)
    assert ratio_interval(2 * bottom, bottom, rng()) == (2.0, 2.0, 2.0)
    assert ratio_interval(np.array([3.0]), np.array([2.0]), rng()) == (1.5, 1.5, 1.5)


def test_nothing_to_divide_by_is_refused() -> None:
    with pytest.raises(MathsError, match="something to divide by"):
        ratio_interval(np.ones(3), np.zeros(3), rng())
