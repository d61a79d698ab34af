"""Gamma-gamma: laws, recovery and the test of its assumption; integration is an oracle test."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import pearsonr

from repeaters import drawn_means
from segmentry.errors import MathsError
from segmentry.maths.spend import (
    Spend,
    dependence,
    expected_value,
    fit_spend,
    log_gradient,
    log_likelihood,
)

RNG = np.random.default_rng(8)
X = 1.0 + RNG.poisson(RNG.gamma(0.8, 3.0, 3_000))
M, TRUE = drawn_means(RNG, X)
FIT = fit_spend(X, M)
MODEL = Spend(6.25, 3.74, 15.44)
SOME = settings(max_examples=50, deadline=None)


def test_planted_parameters_are_found_again():
    assert FIT.is_converged
    errors = np.sqrt(np.diag(np.array(FIT.model.covariance)))
    assert (np.abs(np.log(FIT.model.values) - np.log(MODEL.values)) < 4 * errors).all()
    assert (errors < 0.2).all()


def test_no_other_parameters_are_more_likely():
    best = log_likelihood(FIT.model, X, M).sum()
    assert best == pytest.approx(FIT.log_likelihood, rel=1e-12)
    for i in range(3):
        for step in (-0.02, 0.02):
            values = np.array(FIT.model.values)
            values[i] *= np.exp(step)
            assert log_likelihood(Spend.of(values), X, M).sum() < best


def test_a_currency_changes_nothing_but_gamma():
    p, q, gamma = FIT.model.values
    cents = fit_spend(X, M * 100.0)
    np.testing.assert_allclose(cents.model.values, (p, q, gamma * 100.0), rtol=1e-8)
    np.testing.assert_allclose(cents.model.covariance, FIT.model.covariance, rtol=1e-5)
    np.testing.assert_allclose(
        expected_value(cents.model, X, M * 100.0), expected_value(FIT.model, X, M) * 100.0
    )


def test_the_order_of_rows_changes_nothing():
    order = np.random.default_rng(0).permutation(len(X))
    assert fit_spend(X[order], M[order]) == FIT


def test_a_weight_is_so_many_equal_rows():
    weights = np.random.default_rng(1).integers(0, 4, len(X))
    weighed = fit_spend(X, M, weights.astype(float))
    repeated = fit_spend(np.repeat(X, weights), np.repeat(M, weights))
    np.testing.assert_allclose(weighed.model.values, repeated.model.values, rtol=1e-8)
    ours = dependence(X, M, weights.astype(float))
    theirs = dependence(np.repeat(X, weights), np.repeat(M, weights))
    for name in ("correlation", "low", "high", "pearson"):
        assert getattr(ours, name) == pytest.approx(getattr(theirs, name), rel=1e-9)


@SOME
@given(
    st.tuples(st.floats(0.1, 50.0), st.floats(1.1, 50.0), st.floats(0.1, 1e4)),
    st.integers(1, 1_000),
    st.floats(0.01, 1e5),
)
def test_what_is_expected_lies_between_everybody_and_oneself(values, x, m):
    model = Spend(*values)
    found = expected_value(model, np.array([float(x), 0.0]), np.array([m, np.nan]))
    low, high = sorted((model.mean, m))
    assert low * (1 - 1e-9) <= found[0] <= high * (1 + 1e-9)
    assert found[1] == pytest.approx(model.mean, rel=1e-9)


def test_many_purchases_speak_for_themselves():
    found = expected_value(MODEL, np.array([1.0, 10.0, 1e6]), np.full(3, 90.0))
    assert (np.diff(found) > 0).all()
    assert found[2] == pytest.approx(90.0, rel=1e-4)


def test_expectations_are_right_on_average_where_the_story_is_true():
    said = expected_value(MODEL, X, M)
    for members in (X == 1, (X > 1) & (X < 5), X >= 5):
        missed = TRUE[members] - said[members]
        assert abs(missed.mean()) < 4 * missed.std() / members.sum() ** 0.5


def test_gradients_are_those_of_the_expectation():
    gradient = log_gradient(MODEL, np.r_[0.0, X], np.r_[np.nan, M])
    for i in range(3):
        values = np.tile(MODEL.values, (2, 1))
        values[:, i] *= np.exp([1e-5, -1e-5])
        up, down = (expected_value(Spend.of(v), np.r_[0.0, X], np.r_[np.nan, M]) for v in values)
        np.testing.assert_allclose(gradient[:, i], np.log(up / down) / 2e-5, rtol=1e-5, atol=1e-8)


def test_without_a_mean_over_entities_there_is_none():
    heavy = Spend(2.0, 0.9, 5.0)
    assert heavy.mean == np.inf
    assert np.isinf(expected_value(heavy, np.zeros(1), np.zeros(1))[0])
    assert np.isfinite(expected_value(heavy, np.ones(1), np.ones(1))[0])


def test_independent_values_are_called_so_at_the_rate_of_the_level():
    rng, hits = np.random.default_rng(2), 0
    for _ in range(300):
        x = 1.0 + rng.poisson(rng.gamma(0.8, 3.0, 400))
        found = dependence(x, drawn_means(rng, x)[0])
        hits += found.low <= 0.0 <= found.high
    assert 0.90 <= hits / 300 <= 0.985


def test_values_that_grow_with_the_number_are_seen():
    found = dependence(X, M * X**0.5)
    assert found.low > 0.2
    assert found.correlation > 0.3
    assert dependence(X, M / X**0.5).high < -0.2


def test_the_papers_correlation_is_pearsons():
    assert dependence(X, M).pearson == pytest.approx(pearsonr(X, M).statistic, rel=1e-9)


def test_what_does_not_vary_goes_along_with_nothing():
    found = dependence(np.full(5, 2.0), M[:5])
    assert (found.correlation, found.low, found.high, found.pearson) == (0.0, 0.0, 0.0, 0.0)


def test_equal_values_leave_a_parameter_on_its_bound():
    found = fit_spend(X, np.full(len(X), 9.99))
    assert not found.is_converged
    assert found.at_bound


@pytest.mark.parametrize(
    ("x", "m"), [([0.0], [5.0]), ([1.0], [0.0]), ([1.0], [np.nan]), ([1.0], [-3.0])]
)
def test_means_that_cannot_be_are_refused(x, m):
    with pytest.raises(MathsError, match="every mean needs one purchase or more"):
        fit_spend(np.array(x), np.array(m))
    with pytest.raises(MathsError, match="must be as long"):
        fit_spend(np.ones(3), np.ones(2))


def test_intervals_hold_the_estimate():
    for name, (low, high) in FIT.model.intervals().items():
        assert low < getattr(FIT.model, name) < high
