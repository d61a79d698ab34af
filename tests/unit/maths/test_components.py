from __future__ import annotations

import numpy as np
import pytest
from sklearn.decomposition import PCA

from segmentry.maths.components import WIDE, leading_components


@pytest.mark.parametrize("n_columns", [5, WIDE + 20])
def test_components_are_those_of_scikit_learn(n_columns):
    rng = np.random.default_rng(0)
    X = rng.normal(size=(400, n_columns)) * np.linspace(5.0, 1.0, n_columns)
    centred = X - X.mean(axis=0)
    variances, directions = leading_components(centred, 2)
    reference = PCA(2).fit(X)
    np.testing.assert_allclose(variances, reference.explained_variance_, rtol=1e-6)
    overlap = np.abs((directions * reference.components_.T).sum(axis=0))
    np.testing.assert_allclose(overlap, 1.0, atol=1e-4)


def test_one_column_has_one_component():
    variances, directions = leading_components(np.array([[-1.0], [1.0]]), 2)
    assert variances.tolist() == [2.0]
    assert abs(directions[0, 0]) == 1.0
