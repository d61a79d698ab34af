"""Our methods against other implementations of the same definitions."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
from scipy.cluster.hierarchy import fcluster, linkage
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.metrics import adjusted_rand_score, silhouette_samples
from sklearn.mixture import GaussianMixture
from sklearn.tree import DecisionTreeClassifier

from builders import blobs
from segmentry.maths.comparison import Yardstick
from segmentry.maths.dendrogram import cut_linkage
from segmentry.maths.discriminant import fit_discriminant
from segmentry.maths.mixture import fit_mixture
from segmentry.maths.trees import grow_tree
from segmentry.maths.ward import ward_linkage

X, TRUTH = blobs(600, k=4, d=5, gap=3.0)


@pytest.mark.parametrize(
    ("covariances", "theirs"),
    [("full", "full"), ("tied", "tied"), ("diagonal", "diag"), ("spherical", "spherical")],
)
def test_a_mixture_is_that_of_scikit_learn_from_the_same_start(covariances, theirs):
    model = GaussianMixture(4, covariance_type=theirs, reg_covar=0.01, tol=1e-4, max_iter=100)
    start = np.eye(4)[TRUTH]
    model._initialize_parameters = lambda rows, *_, **__: model._initialize(rows, start)
    model.fit(X)
    ours = fit_mixture(X, TRUTH, covariances=covariances, ridge=0.01, tolerance=1e-4)
    assert ours.log_likelihood / len(X) == pytest.approx(model.lower_bound_, abs=1e-9)
    assert ours.n_parameters == model._n_parameters()
    assert (ours.labels(X) == model.predict(X)).mean() > 0.995


@pytest.mark.parametrize("seed", range(3))
def test_ward_is_that_of_scipy(seed):
    points = np.random.default_rng(seed).normal(size=(300, 4))
    ours, theirs = ward_linkage(points), linkage(points, "ward")
    np.testing.assert_allclose(np.sqrt(2 * ours[:, 2]), theirs[:, 2], rtol=1e-9)
    for k in (2, 5, 20):
        labels = fcluster(theirs, k, "maxclust")
        assert adjusted_rand_score(cut_linkage(ours, k), labels) == 1.0


def test_a_discriminant_is_that_of_scikit_learn():
    theirs = LinearDiscriminantAnalysis(solver="lsqr").fit(X[:400], TRUTH[:400])
    ours = fit_discriminant(X[:400], TRUTH[:400])
    assert (ours.labels(X[400:]) == theirs.predict(X[400:])).mean() > 0.99


@pytest.mark.parametrize("has_gaps", [False, True])
@pytest.mark.parametrize("seed", range(3))
def test_a_tree_is_as_good_as_that_of_scikit_learn(seed, has_gaps):
    rng = np.random.default_rng(seed)
    rows = X + rng.normal(size=X.shape)
    if has_gaps:
        rows[rng.random(rows.shape) < 0.1] = np.nan
    theirs = DecisionTreeClassifier(max_depth=4, min_samples_leaf=10, random_state=0)
    theirs.fit(rows, TRUTH)
    ours = grow_tree(rows, TRUTH, depth=4, least_leaf=10)
    right = [(found == TRUTH).mean() for found in (ours.labels(rows), theirs.predict(rows))]
    if not has_gaps:
        # Two equally good questions may be taken in another order; the first one is not one.
        assert ours.nodes[0].split.column == theirs.tree_.feature[0]
        assert ours.nodes[0].split.threshold == pytest.approx(theirs.tree_.threshold[0])
    assert right[0] == pytest.approx(right[1], abs=0.015)


def test_silhouettes_of_the_yardstick_are_those_of_scikit_learn():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # theirs divides by zero for lone rows
        expected = silhouette_samples(X, TRUTH)
    stick = Yardstick.over(X, np.random.default_rng(0))
    np.testing.assert_allclose(stick.measure([TRUTH])[0].values, expected[stick.rows], atol=1e-9)
