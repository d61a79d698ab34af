"""Components against scikit-learn's, and in words."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.decomposition import PCA, FactorAnalysis

from builders import feature_table
from segmentry.domain.audit import Audit
from segmentry.domain.preparation import Preparation, Reduce
from segmentry.errors import DataError
from segmentry.prepare.fit import fit_recipe
from segmentry.prepare.reduce import fit_reduction

RNG = np.random.default_rng(0)
HIDDEN = RNG.normal(size=(800, 2))
MIX = np.array([[0.9, 0.8, 0.7, 0.0, 0.0, 0.1], [0.0, 0.1, 0.0, 0.9, 0.8, 0.7]])
X = HIDDEN @ MIX + 0.4 * RNG.normal(size=(800, 6))
NAMES = tuple("abcdef")


def test_components_are_those_of_scikit_learn():
    found = fit_reduction(X, NAMES, Reduce("pca", 3))
    theirs = PCA(3).fit(X)
    expected = theirs.transform(X)
    ours = found.apply(X)
    signs = np.sign((ours * expected).sum(axis=0))
    np.testing.assert_allclose(ours, expected * signs, atol=1e-7)
    explained = [c.explained for c in found.components]
    np.testing.assert_allclose(explained, theirs.explained_variance_ratio_, atol=1e-5)


@pytest.mark.parametrize("share", [0.5, 0.9, 0.99])
def test_a_share_of_the_variance_takes_as_many_components_as_scikit_learn(share):
    found = fit_reduction(X, NAMES, Reduce("pca", share))
    assert len(found.components) == PCA(share).fit(X).n_components_


def test_factors_span_those_of_scikit_learn_and_are_turned_to_be_read():
    found = fit_reduction(X, NAMES, Reduce("factor", 2))
    theirs = FactorAnalysis(2, rotation="varimax", svd_method="lapack", tol=1e-8, max_iter=10_000)
    expected = theirs.fit_transform(X)
    r = np.corrcoef(found.apply(X).T, expected.T)[:2, 2:]
    np.testing.assert_allclose(np.sort(np.abs(r).max(axis=1)), [1.0, 1.0], atol=1e-3)
    strong = [
        {n for n, v in zip(NAMES, c.loadings, strict=True) if abs(v) > 0.6}
        for c in found.components
    ]
    assert sorted(map(sorted, strong)) == [["a", "b", "c"], ["d", "e", "f"]]


def test_a_component_says_what_it_is_made_of():
    first = fit_reduction(X, NAMES, Reduce("factor", 2)).components[0]
    assert first.name == "factor 1"
    assert first.sentence.startswith("factor 1 (")
    assert "high " in first.sentence


def test_loadings_are_correlations():
    found = fit_reduction(X, NAMES, Reduce("pca", 2))
    scores = found.apply(X)
    for i, component in enumerate(found.components):
        expected = [np.corrcoef(X[:, j], scores[:, i])[0, 1] for j in range(6)]
        np.testing.assert_allclose(component.loadings, expected, atol=1e-5)


def test_more_components_than_directions_are_refused():
    with pytest.raises(DataError, match=r"7 components .* 6 directions"):
        fit_reduction(X, NAMES, Reduce("pca", 7))


@pytest.mark.parametrize("method", ["pca", "factor"])
def test_a_recipe_reduces_and_keeps_the_features_behind_it(method):
    table = feature_table(dict(zip(NAMES, X.T, strict=True)))
    asked = Preparation(reduce=Reduce(method, 2))
    recipe = fit_recipe(table, weights={}, audit=Audit(), rng=RNG, asked=asked)
    matrix, prepared = recipe.apply(table), recipe.prepare(table)
    assert matrix.X.shape == (800, 2)
    assert matrix.names == recipe.names == recipe.reduction.names
    assert matrix.features == recipe.features == NAMES
    assert prepared.names == NAMES
    weights = np.array([c.weights for c in recipe.reduction.components]).T
    centre = np.array(recipe.reduction.centre)
    np.testing.assert_allclose(matrix.X, (prepared.X - centre) @ weights, atol=1e-9)
