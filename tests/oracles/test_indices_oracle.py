"""Our arrays against scikit-learn and scipy (both BSD-3), and against published numbers."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats
from sklearn import metrics
from sklearn.cluster import KMeans

from builders import blobs
from segmentry.cluster.kmeans import refine_kmeans
from segmentry.maths.agreement import adjusted_rand_index, contingency
from segmentry.maths.indices import centre_indices
from segmentry.maths.prototypes import squared_distances
from segmentry.maths.scaling import transformed
from segmentry.prepare.correlation import rank_correlations

SIZES = pytest.mark.parametrize(("n", "d", "k"), [(12, 1, 2), (300, 5, 4), (2_000, 20, 9)])


@pytest.mark.parametrize(("n", "k", "m"), [(10, 2, 3), (500, 6, 6), (5_000, 3, 40)])
def test_the_adjusted_rand_index_equals_that_of_scikit_learn(n, k, m):
    rng = np.random.default_rng(n)
    a = rng.integers(-1, k, n)
    b = np.where(rng.random(n) < 0.6, a, rng.integers(0, m, n))
    expected = metrics.adjusted_rand_score(a, b)
    assert adjusted_rand_index(a, b) == pytest.approx(expected, abs=1e-12)


def test_the_contingency_table_equals_that_of_scikit_learn():
    a, b = np.random.default_rng(0).integers(-2, 5, (2, 400))
    expected = metrics.cluster.contingency_matrix(a, b)
    np.testing.assert_array_equal(contingency(a, b), expected)


def test_the_adjusted_rand_index_of_a_published_table():
    # Yeung and Ruzzo (2001), Details of the adjusted Rand index, table 2: 0.313.
    counts = np.array([[1, 1, 0], [1, 2, 1], [0, 0, 4]])
    a, b = (np.repeat(axis.ravel(), counts.ravel()) for axis in np.indices(counts.shape))
    assert adjusted_rand_index(a, b) == pytest.approx(0.313, abs=5e-4)


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        ([0, 0, 1, 2], [0, 0, 1, 1], 0.57),
        ([0, 0, 1, 1], [0, 0, 1, 2], 0.57),
        ([0, 0, 0, 0], [0, 1, 2, 3], 0.0),
        ([0, 0, 1, 1], [0, 1, 0, 1], -0.5),
        ([0, 0, 0, 1, 1, 1], [0, 0, 1, 1, 2, 2], 0.24),
    ],
)
def test_the_adjusted_rand_index_of_the_examples_in_scikit_learns_manual(a, b, expected):
    assert adjusted_rand_index(np.array(a), np.array(b)) == pytest.approx(expected, abs=5e-3)


@SIZES
def test_centre_indices_equal_those_of_scikit_learn(n, d, k):
    X, _ = blobs(n, d=d, k=k, gap=2.0, seed=n)
    labels = np.random.default_rng(n).permutation(np.arange(n) % k)
    found = centre_indices(X, labels)
    davies_bouldin = metrics.davies_bouldin_score(X, labels)
    calinski_harabasz = metrics.calinski_harabasz_score(X, labels)
    assert found.davies_bouldin == pytest.approx(davies_bouldin, rel=1e-10)
    assert found.calinski_harabasz == pytest.approx(calinski_harabasz, rel=1e-10)


def test_inertia_equals_that_of_scikit_learn():
    X, _ = blobs(400, k=4, gap=3.0)
    start = X[:4].copy()
    model = KMeans(4, init=start, n_init=1, max_iter=300).fit(X)
    ours = centre_indices(X, refine_kmeans(X, start).labels)
    assert ours.inertia == pytest.approx(model.inertia_, rel=1e-10)


@SIZES
def test_distances_equal_those_of_scipy(n, d, k):
    from scipy.spatial.distance import cdist

    rng = np.random.default_rng(n)
    X, P = rng.normal(size=(n, d)), rng.normal(size=(k, d))
    np.testing.assert_allclose(squared_distances(X, P), cdist(X, P, "sqeuclidean"), rtol=1e-12)


@pytest.mark.parametrize("exponent", [-2.3, -0.5, 0.0, 0.5, 1.0, 1.7, 2.0, 4.0])
def test_yeo_johnson_equals_that_of_scipy(exponent):
    values = np.r_[0.0, np.random.default_rng(0).normal(scale=10.0, size=500)]
    found = transformed(values, "yeo-johnson", exponent=exponent)
    np.testing.assert_allclose(found, stats.yeojohnson(values, lmbda=exponent), rtol=1e-11)


def test_yeo_johnson_near_an_exponent_of_zero_keeps_its_digits():
    values = np.geomspace(1e-6, 1e6, 50)
    found = transformed(values, "yeo-johnson", exponent=1e-10)
    np.testing.assert_allclose(found, np.log1p(values), rtol=1e-8)


def test_rank_correlations_equal_those_of_scipy():
    rng = np.random.default_rng(0)
    # Rounded, so that there are ties.
    X = (rng.normal(size=(300, 5)) @ rng.normal(size=(5, 5))).round(0)
    np.testing.assert_allclose(rank_correlations(X), stats.spearmanr(X).statistic, atol=1e-12)
