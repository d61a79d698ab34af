"""Our silhouette against scikit-learn's, an independent implementation (BSD-3)."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import silhouette_samples

from segmentry.maths.silhouette import silhouettes


@pytest.mark.parametrize(("n", "d", "k"), [(20, 1, 2), (300, 5, 4), (900, 12, 9), (250, 90, 3)])
def test_silhouettes_equal_those_of_scikit_learn(n, d, k):
    rng = np.random.default_rng(n)
    labels = rng.integers(0, k, n)
    X = 2.0 * rng.normal(size=(k, d))[labels] + rng.normal(size=(n, d))
    np.testing.assert_allclose(
        silhouettes(X, labels), silhouette_samples(X, labels), rtol=0, atol=1e-12
    )


def test_singletons_equal_those_of_scikit_learn():
    rng = np.random.default_rng(5)
    X = rng.normal(size=(60, 3))
    labels = np.r_[np.arange(4), rng.integers(4, 7, 56)]
    np.testing.assert_allclose(
        silhouettes(X, labels), silhouette_samples(X, labels), rtol=0, atol=1e-12
    )
