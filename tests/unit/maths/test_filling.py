"""Ridge regression and nearest neighbours against scikit-learn's."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.linear_model import Ridge
from sklearn.neighbors import KNeighborsRegressor

from segmentry.maths.filling import linear, nearest_means, ridge

RNG = np.random.default_rng(0)
X = RNG.normal(size=(300, 4))
Y = X @ [1.0, -2.0, 0.0, 0.5] + 3.0 + RNG.normal(size=300)
NEW = RNG.normal(size=(50, 4))


@pytest.mark.parametrize("penalty", [1e-6, 3.0, 1_000.0])
def test_ridge_is_that_of_scikit_learn(penalty):
    weights, start = ridge(X, Y, penalty=penalty)
    theirs = Ridge(alpha=penalty).fit(X, Y)
    np.testing.assert_allclose(weights, theirs.coef_, atol=1e-9)
    np.testing.assert_allclose(linear(NEW, weights, start), theirs.predict(NEW), atol=1e-9)


@pytest.mark.parametrize("k", [1, 5, 300])
def test_neighbours_are_those_of_scikit_learn(k):
    theirs = KNeighborsRegressor(n_neighbors=k, algorithm="brute").fit(X, Y)
    np.testing.assert_allclose(
        nearest_means(NEW, X, Y, n_neighbours=k), theirs.predict(NEW), atol=1e-9
    )


def test_one_row_and_many_agree_to_the_bit():
    weights, start = ridge(X, Y, penalty=1.0)
    whole = linear(NEW, weights, start)
    near = nearest_means(NEW, X, Y, n_neighbours=5)
    for i in range(len(NEW)):
        assert linear(NEW[i : i + 1], weights, start)[0] == whole[i]
        assert nearest_means(NEW[i : i + 1], X, Y, n_neighbours=5)[0] == near[i]


def test_of_equally_near_donors_the_first_counts():
    donors = np.array([[1.0], [-1.0], [5.0]])
    found = nearest_means(np.zeros((1, 1)), donors, np.array([7.0, 9.0, 0.0]), n_neighbours=1)
    assert found[0] == 7.0
