from __future__ import annotations

import numpy as np
import pytest
from sklearn.decomposition import PCA

from segmentry.maths.components import WIDE, leading_components, leading_subspace


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


@pytest.mark.parametrize("shape", [(60, 300), (300, 60), (40, 8)])
def test_a_subspace_keeps_nearly_what_components_keep(shape: tuple[int, int]) -> None:
    rng = np.random.default_rng(3)
    X = rng.normal(size=(shape[0], 12)) @ rng.normal(size=(12, shape[1]))
    X += 0.1 * rng.normal(size=shape)
    X -= X.mean(axis=0)
    found = leading_subspace(X, 10, np.random.default_rng(0))
    count = min(10, *shape)
    assert found.shape == (shape[1], count)
    np.testing.assert_allclose(found.T @ found, np.eye(count), atol=1e-10)
    best = (np.linalg.svd(X, compute_uv=False)[:count] ** 2).sum()
    assert ((X @ found) ** 2).sum() > 0.999 * best
    spreads = (X @ found).var(axis=0)
    assert (np.diff(spreads) <= 1e-9).all()
