"""Factor models against scikit-learn's and planted loadings."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.decomposition import FactorAnalysis

from segmentry.maths.factors import (
    factor_loadings,
    score_weights,
    varimax,
    with_settled_signs,
)

PLANTED = np.array(
    [[0.9, 0.0], [0.8, 0.1], [0.7, 0.0], [0.0, 0.85], [0.1, 0.75], [0.0, 0.6]],
)


def draws(n: int = 4_000, seed: int = 0) -> np.ndarray:
    rng = np.random.default_rng(seed)
    own = np.sqrt(1.0 - (PLANTED**2).sum(axis=1))
    X = rng.normal(size=(n, 2)) @ PLANTED.T + rng.normal(size=(n, 6)) * own
    return X - X.mean(axis=0)


X = draws()
COVARIANCE = X.T @ X / len(X)


def test_the_fit_is_the_maximum_that_scikit_learn_finds():
    loadings, own = factor_loadings(COVARIANCE, 2)
    theirs = FactorAnalysis(2, svd_method="lapack", tol=1e-8, max_iter=10_000).fit(X)
    ours = loadings @ loadings.T + np.diag(own)
    np.testing.assert_allclose(ours, theirs.get_covariance(), atol=2e-3)
    np.testing.assert_allclose(own, theirs.noise_variance_, atol=2e-3)


def test_rotation_brings_planted_loadings_back():
    loadings, _ = factor_loadings(COVARIANCE, 2)
    np.testing.assert_allclose(varimax(loadings), PLANTED, atol=0.06)


def test_rotation_is_that_of_scikit_learn_up_to_order_and_sign():
    theirs = FactorAnalysis(2, rotation="varimax", svd_method="lapack", tol=1e-8, max_iter=10_000)
    expected = theirs.fit(X).components_.T
    expected = expected[:, np.argsort(-(expected**2).sum(axis=0))]
    ours = varimax(factor_loadings(COVARIANCE, 2)[0])
    np.testing.assert_allclose(ours, with_settled_signs(expected), atol=0.01)


def test_rotation_keeps_what_each_column_shares():
    loadings, _ = factor_loadings(COVARIANCE, 2)
    turned = varimax(loadings)
    np.testing.assert_allclose((turned**2).sum(axis=1), (loadings**2).sum(axis=1))


def test_scores_are_those_of_scikit_learn():
    theirs = FactorAnalysis(2, svd_method="lapack", tol=1e-8, max_iter=10_000).fit(X)
    weights = score_weights(theirs.components_.T, theirs.noise_variance_)
    np.testing.assert_allclose(X @ weights, theirs.transform(X), atol=1e-10)


@pytest.mark.parametrize("count", [1, 6])
def test_one_factor_and_as_many_as_columns_are_fitted(count):
    loadings, own = factor_loadings(COVARIANCE, count)
    assert loadings.shape == (6, count)
    assert (own > 0).all()
    assert np.isfinite(varimax(loadings)).all()


def test_signs_are_settled_by_the_largest_weight():
    axes = np.array([[0.1, 0.9], [-0.8, 0.2]])
    np.testing.assert_array_equal(with_settled_signs(axes), [[-0.1, 0.9], [0.8, 0.2]])
