from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from segmentry.errors import MathsError
from segmentry.maths.concentration import (
    DRAWS,
    concentration,
    concentration_interval,
    effective_number,
    lorenz_curve,
)

totals = st.lists(
    st.one_of(st.just(0.0), st.integers(1, 50).map(float), st.floats(0.01, 1e6)),
    min_size=1,
    max_size=40,
).filter(lambda v: sum(v) > 0)
SOME = settings(max_examples=60, deadline=None)


@SOME
@given(totals)
def test_measures_agree_with_their_definitions(values):
    v = np.array(values)
    found, n = concentration(v), len(v)
    differences = np.abs(v[:, None] - v[None, :]).sum() / (2 * n * n * v.mean())
    assert found.gini == pytest.approx(differences, rel=1e-9, abs=1e-12)
    shares = v[v > 0] / v.sum()
    wanted = np.exp(-(shares * np.log(shares)).sum())
    assert effective_number(v) == pytest.approx(wanted, rel=1e-9)
    assert found.effective_share == pytest.approx(wanted / n, rel=1e-9)


@SOME
@given(totals, st.floats(0.0, 1.0))
def test_the_lorenz_curve_is_that_of_the_sorted_sums(values, at):
    v = np.sort(np.array(values))
    sums = np.r_[0.0, np.cumsum(v)] / v.sum()
    wanted = np.interp(at, np.linspace(0.0, 1.0, len(v) + 1), sums)
    found = lorenz_curve(np.array(values), np.array([at, 0.0, 1.0]))
    np.testing.assert_allclose(found, [wanted, 0.0, 1.0], atol=1e-9)
    assert found[0] <= at + 1e-9


@SOME
@given(totals, st.floats(0.01, 100.0), st.randoms(use_true_random=False))
def test_neither_unit_nor_order_matters(values, unit, chance):
    shuffled = list(values)
    chance.shuffle(shuffled)
    one, other = concentration(np.array(values)), concentration(np.array(shuffled) * unit)
    for name in ("gini", "top_10", "top_20", "effective_share"):
        assert getattr(one, name) == pytest.approx(getattr(other, name), rel=1e-8, abs=1e-10)


@SOME
@given(totals, st.data())
def test_a_weight_is_so_many_equal_entities(values, data):
    n = len(values)
    weights = np.array(data.draw(st.lists(st.integers(1, 5), min_size=n, max_size=n)))
    weighed = concentration(np.array(values), weights.astype(float))
    repeated = concentration(np.repeat(values, weights))
    for name in ("gini", "top_10", "top_20", "effective_share"):
        assert getattr(weighed, name) == pytest.approx(getattr(repeated, name), abs=1e-9)


def test_shares_of_the_largest_are_sums_over_them():
    v = np.random.default_rng(0).lognormal(sigma=1.5, size=200)
    largest = np.sort(v)[::-1]
    found = concentration(v)
    assert found.top_10 == pytest.approx(largest[:20].sum() / v.sum())
    assert found.top_20 == pytest.approx(largest[:40].sum() / v.sum())


def test_one_who_has_everything_and_all_who_have_the_same():
    alone = concentration(np.r_[np.zeros(99), 5.0])
    assert alone.gini == pytest.approx(0.99)
    assert alone.top_10 == pytest.approx(1.0)
    assert effective_number(np.r_[np.zeros(99), 5.0]) == pytest.approx(1.0)
    equal = concentration(np.full(100, 5.0))
    assert equal.gini == pytest.approx(0.0, abs=1e-12)
    assert equal.top_10 == pytest.approx(0.1)
    assert effective_number(np.full(100, 5.0)) == pytest.approx(100.0)


def test_intervals_hold_the_truth_at_about_their_rate():
    from scipy.special import ndtr

    sigma, hits = 0.8, np.zeros(2)
    # Of a lognormal: Gini, and the share of the largest tenth.
    truth = 2.0 * ndtr(sigma / 2**0.5) - 1.0, ndtr(sigma - 1.2815515655446004)
    for seed in range(60):
        rng = np.random.default_rng(seed)
        low, high = concentration_interval(rng.lognormal(sigma=sigma, size=400), rng, n_draws=149)
        hits += [low.gini <= truth[0] <= high.gini, low.top_10 <= truth[1] <= high.top_10]
    assert (hits / 60 >= 0.85).all()


def test_the_same_stream_gives_the_same_interval_and_weights_stand_for_rows():
    values = np.random.default_rng(1).lognormal(size=100)
    weights = np.random.default_rng(2).integers(1, 4, 100)
    one = concentration_interval(values, np.random.default_rng(0), weights.astype(float))
    other = concentration_interval(np.repeat(values, weights), np.random.default_rng(0))
    assert one == other
    assert DRAWS == 999
    assert one[0].gini < concentration(values, weights.astype(float)).gini < one[1].gini


def test_a_draw_of_those_who_have_nothing_is_left_out():
    low, high = concentration_interval(np.r_[np.zeros(3), 1.0], np.random.default_rng(0))
    assert 0.0 <= low.gini <= high.gini <= 1.0


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ([1.0, -1.0], "values of 0 or more"),
        ([1.0, np.nan], "values of 0 or more"),
        ([0.0, 0.0], "nothing to be spread"),
        ([], "a row or more"),
    ],
)
def test_what_is_no_total_is_refused(values, words):
    with pytest.raises(MathsError, match=words):
        concentration(np.array(values))


def test_parts_of_entities_cannot_be_drawn():
    with pytest.raises(MathsError, match="weights must be whole numbers"):
        concentration_interval(np.ones(2), np.random.default_rng(0), np.array([0.5, 1.0]))
