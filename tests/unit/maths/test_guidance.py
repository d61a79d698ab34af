"""What columns tell of an outcome, and the factors that follow."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.linear_model import Ridge
from sklearn.model_selection import cross_val_predict

from segmentry.errors import MathsError
from segmentry.maths.guidance import STRENGTH, guiding_factors, told_by

N = 600


def rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


def test_what_tells_is_told_and_what_does_not_is_not():
    X = rng().normal(size=(N, 4)) * [1.0, 50.0, 1.0, 1.0]
    y = (X[:, 1] / 50.0 + rng(1).normal(size=N) > 0.5).astype(float)
    told = told_by(X, [0, 1, 2, 3], y[:, None], rng=rng())
    assert told.shares.argmax() == 1
    assert told.shares[1] > 10 * np.delete(told.shares, 1).max()


def test_shares_are_scikit_learns_ridge_put_into_pratts_formula():
    X = rng().normal(size=(N, 5)) @ rng(3).normal(size=(5, 5))
    y = X @ [1.0, -0.5, 0.0, 0.3, 0.0] + rng(2).normal(size=N)
    told = told_by(X, [0, 1, 2, 3, 4], y[:, None], rng=rng())
    Z = (X - X.mean(axis=0)) / X.std(axis=0)
    ranks = y.argsort().argsort().astype(float)
    target = (ranks - ranks.mean()) / ranks.std()
    fitted = Ridge(alpha=told.penalty * N).fit(Z, target)
    pratt = fitted.coef_ * (Z * target[:, None]).mean(axis=0)
    np.testing.assert_allclose(told.shares, np.maximum(pratt, 0.0), atol=1e-10)
    forecast = X @ told.coefficients[:, 0] + told.intercepts[0]
    np.testing.assert_allclose(forecast, fitted.predict(Z), atol=1e-8)


def test_the_correlation_is_of_rows_that_were_not_seen():
    # Many columns, few rows: the regression repeats the rows that it has seen, and tells no others.
    X, y = rng().normal(size=(60, 40)), rng(1).normal(size=60)
    told = told_by(X, list(range(40)), y[:, None], rng=rng())
    forecast = X @ told.coefficients[:, 0]
    assert np.corrcoef(forecast, y)[0, 1] > 0.4
    assert told.correlation < 0.3
    assert not told.shares.any()


def test_unseen_forecasts_agree_with_those_of_scikit_learn():
    X = rng().normal(size=(N, 3))
    y = X[:, 0] + rng(1).normal(size=N)
    told = told_by(X, [0, 1, 2], y[:, None], rng=rng())
    again = cross_val_predict(Ridge(alpha=told.penalty * 0.8 * N), X, y, cv=5)
    assert told.correlation == pytest.approx(np.corrcoef(again, y)[0, 1], abs=0.03)


def test_levels_count_together_and_a_group_of_columns_counts_as_one():
    levels = rng().integers(0, 3, N)
    X = np.column_stack([np.eye(3)[levels], rng(1).normal(size=N)])
    outcome = np.eye(3)[np.where(rng(2).random(N) < 0.7, levels, 0)]
    told = told_by(X, [0, 0, 0, 1], outcome, rng=rng())
    assert told.shares.shape == (2,)
    assert told.coefficients.shape == (4, 3)
    assert told.shares[0] > 20 * told.shares[1]


def test_a_column_that_only_corrects_another_is_not_the_most_important():
    # Both hold the same disturbance, and only one the signal: they get opposite signs.
    signal, disturbance = rng().normal(size=(2, N))
    X = np.column_stack([signal + 3.0 * disturbance, disturbance])
    told = told_by(X, [0, 1], (signal + 0.1 * rng(1).normal(size=N))[:, None], rng=rng())
    assert told.coefficients[0, 0] > 0 > told.coefficients[1, 0]
    assert told.shares[0] > 0.5
    assert told.shares[1] < 0.1


def test_columns_that_never_change_tell_nothing():
    X = np.column_stack([np.ones(N), rng().normal(size=N)])
    told = told_by(X, [0, 1], X[:, 1:], rng=rng())
    assert told.shares[0] == 0.0
    assert told.correlation > 0.9


def test_what_does_not_match_is_refused():
    with pytest.raises(MathsError, match="do not match"):
        told_by(np.zeros((20, 2)), [0], np.zeros((20, 1)), rng=rng())
    with pytest.raises(MathsError, match="do not match"):
        told_by(np.zeros((5, 1)), [0], np.zeros((5, 1)), rng=rng())


parts = st.lists(st.floats(0.0, 1.0), min_size=1, max_size=12)


@settings(max_examples=60)
@given(parts, st.integers(0, 100))
def test_factors_keep_the_mean_square_and_their_order_within_bounds(shares, seed):
    own = np.array(shares)
    variances = rng(seed).uniform(0.1, 3.0, len(own))
    factors = guiding_factors(own, variances)
    assert float((factors**2 * variances).sum()) == pytest.approx(float(variances.sum()))
    assert factors.max() <= STRENGTH * factors.min() * (1 + 1e-9)
    assert (np.diff(factors[np.argsort(own, kind="stable")]) >= -1e-12).all()


def test_where_nothing_is_told_nothing_is_weighed():
    np.testing.assert_array_equal(guiding_factors(np.zeros(3), np.ones(3)), np.ones(3))
