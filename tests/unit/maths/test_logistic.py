"""Logistic regression beside scikit-learn's, at the edges where a likelihood has no end."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import log_loss as sklearn_log_loss

from segmentry.errors import MathsError
from segmentry.maths.logistic import PENALTIES, chance, fit_logistic, log_loss


def drawn(n=400, p=5, seed=0):
    rng = np.random.default_rng(seed)
    X = rng.standard_normal((n, p)) * np.arange(1, p + 1) + 7.0
    odds = (X - 7.0) @ np.linspace(1.0, -1.0, p) / 2.0 - 0.5
    return X, rng.random(n) < chance(odds)


def test_it_is_that_of_scikit_learn_at_every_penalty():
    X, happened = drawn()
    scale = X.std(axis=0)
    for penalty, found in zip(PENALTIES, fit_logistic(X, happened), strict=True):
        other = LogisticRegression(C=1 / (len(X) * penalty), tol=1e-10, max_iter=10_000)
        other.fit(X / scale, happened)
        np.testing.assert_allclose(found.coefficients, other.coef_[0] / scale, rtol=2e-4)
        assert found.intercept == pytest.approx(float(other.intercept_[0]), rel=2e-4, abs=2e-4)


def test_columns_that_do_not_vary_or_repeat_others_do_no_harm():
    X, happened = drawn()
    (plain,) = fit_logistic(X, happened, (1e-3,))
    (wide,) = fit_logistic(np.column_stack([X, X[:, 0], np.full(len(X), 3.0)]), happened, (1e-3,))
    assert wide.coefficients[-1] == 0.0
    assert wide.coefficients[0] == pytest.approx(wide.coefficients[5])
    np.testing.assert_allclose(
        chance(plain.log_odds(X)), chance(wide.log_odds(np.column_stack([X, X[:, 0], X[:, 0]]))),
        atol=0.01,
    )  # fmt: skip


def test_answers_that_a_column_parts_wholly_stay_finite():
    X = np.arange(40.0)[:, None]
    for found in fit_logistic(X, X[:, 0] > 19):
        assert np.isfinite(found.log_odds(X)).all()


def test_the_mean_chance_is_the_share_that_happened():
    X, happened = drawn(seed=3)
    for found in fit_logistic(X, happened):
        assert chance(found.log_odds(X)).mean() == pytest.approx(happened.mean(), abs=1e-8)


@given(st.floats(-800, 800), st.floats(-800, 800))
def test_chances_rise_with_log_odds(one, other):
    low, high = sorted((one, other))
    told = chance(np.array([low, high]))
    assert 0.0 <= told[0] <= told[1] <= 1.0


def test_the_loss_is_that_of_scikit_learn():
    rng = np.random.default_rng(4)
    odds, happened = rng.standard_normal(50), rng.random(50) < 0.5
    told = sklearn_log_loss(happened, chance(odds))
    assert log_loss(odds, happened.astype(float)) == pytest.approx(told)


def test_shapes_that_do_not_match_are_refused():
    with pytest.raises(MathsError, match="do not match"):
        fit_logistic(np.ones((3, 1)), np.ones(4, dtype=bool))


def test_one_answer_alone_is_refused():
    with pytest.raises(MathsError, match="rows of both answers"):
        fit_logistic(np.arange(3.0)[:, None], np.ones(3, dtype=bool))
