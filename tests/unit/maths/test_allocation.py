"""Allocation beside trying everything, and its prices beside the dual values of HiGHS."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from segmentry.errors import MathsError
from segmentry.maths.allocation import best_counts, shadow_prices, sum_interval


@st.composite
def problems(draw):
    n = draw(st.integers(1, 3))
    gains = [draw(st.integers(-4, 20)) / 2 for _ in range(n)]
    most = [draw(st.integers(0, 5)) for _ in range(n)]
    needs = [[draw(st.integers(0, 12)) / 4 for _ in range(n)] for _ in range(2)]
    capacities = [draw(st.integers(0, 40)) / 4 for _ in range(2)]
    return tuple(np.array(a, dtype=float) for a in (gains, most, needs, capacities))


@settings(deadline=None, max_examples=60)
@given(problems())
def test_nothing_that_can_be_done_brings_more(problem):
    gains, most, needs, capacities = problem
    most = most.astype(np.int64)
    counts = best_counts(gains, most, needs, capacities)
    every = np.array(list(product(*(range(m + 1) for m in most))))
    possible = every[(every @ needs.T <= capacities + 1e-9).all(axis=1)]
    assert (counts >= 0).all()
    assert (counts <= most).all()
    assert (needs @ counts <= capacities + 1e-9).all()
    assert gains @ counts == pytest.approx((possible @ gains).max())


def test_nobody_is_taken_who_brings_nothing():
    counts = best_counts(np.array([0.0, -1.0]), np.array([9, 9]), np.zeros((1, 2)), np.ones(1))
    assert counts.tolist() == [0, 0]


def test_prices_are_the_dual_values_where_these_are_unique():
    gains, most = np.array([5.0, 3.0, 4.0]), np.array([40, 100, 60])
    needs = np.array([[2.0, 1.0, 3.0], [0.5, 0.25, 0.1]])
    capacities = np.array([130.5, 33.3])
    told = linprog(
        -gains, needs, capacities, bounds=np.column_stack([np.zeros(3), most]), method="highs"
    )
    prices = shadow_prices(gains, most, needs, capacities)
    np.testing.assert_allclose(prices, -told.ineqlin.marginals)
    assert (prices > 0).any()


def test_what_is_not_short_has_no_price():
    gains, most = np.array([5.0]), np.array([10])
    prices = shadow_prices(gains, most, np.array([[1.0], [1.0]]), np.array([50.0, 4.0]))
    assert prices.tolist() == [0.0, 5.0]


@pytest.mark.parametrize(
    ("needs", "capacities", "says"),
    [
        (np.ones((1, 3)), np.ones(1), "do not match"),
        (-np.ones((1, 2)), np.ones(1), "are 0 or more"),
        (np.ones((1, 2)), -np.ones(1), "are 0 or more"),
    ],
)
def test_what_makes_no_sense_is_refused(needs, capacities, says):
    with pytest.raises(MathsError, match=says):
        best_counts(np.ones(2), np.ones(2, dtype=np.int64), needs, capacities)


def test_the_interval_of_a_sum_covers_at_its_level():
    rng = np.random.default_rng(0)
    errors = np.array([1.0, 3.0, 2.0])
    drawn = rng.standard_normal((4_000, 3)) * errors
    ends = np.array([sum_interval(v, v - 1.96 * errors, v + 1.96 * errors) for v in drawn])
    covered = ((ends[:, 0] <= 0) & (ends[:, 1] >= 0)).mean()
    assert covered == pytest.approx(0.95, abs=0.012)


def test_nothing_adds_up_to_nothing():
    assert sum_interval(np.empty(0), np.empty(0), np.empty(0)) == (0.0, 0.0)
