"""``Hierarchy`` behaves as scikit-learn asks, and its tree is scipy's."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pandas as pd
import pytest
from scipy.cluster.hierarchy import dendrogram, fcluster
from scipy.cluster.hierarchy import linkage as theirs
from sklearn.cluster import AgglomerativeClustering
from sklearn.utils.estimator_checks import estimator_checks_generator

from clouds import blobs, normal_cloud
from segmentry import Hierarchy
from segmentry.hierarchy import SIZES
from segmentry.maths.agreement import adjusted_rand_index

ELSEWHERE = ("check_array_api_input", "check_sample_weight_equivalence")
"""Array namespaces need an environment variable before SciPy is imported. Weights of nothing are
refused here; that a weight is so many equal rows is tested below."""

CLASSICAL = ("ward", "average", "complete", "single")


@pytest.mark.parametrize(
    "check",
    [
        pytest.param(check, id=f"{getattr(check, 'func', check).__name__}-{i}")
        for i, (_, check) in enumerate(estimator_checks_generator(Hierarchy(), mark=None))
        if not getattr(check, "func", check).__name__.startswith(ELSEWHERE)
    ],
)
def test_scikit_learn_finds_nothing_to_object_to(check) -> None:
    check(Hierarchy())


@pytest.mark.parametrize("linkage", CLASSICAL)
def test_the_exact_tree_and_its_cuts_are_those_of_scipy_and_scikit_learn(linkage) -> None:
    X = normal_cloud(150, 3, seed=4)
    found = Hierarchy(5, linkage=linkage, random_state=0).fit(X)
    tree = theirs(X, linkage)
    np.testing.assert_allclose(found.dendrogram_, tree, rtol=1e-7)
    other = AgglomerativeClustering(5, linkage=linkage).fit(X).labels_
    assert adjusted_rand_index(found.labels_, other) == 1.0
    for k in (1, 2, 9, 150):
        cut = fcluster(tree, k, "maxclust")
        assert adjusted_rand_index(found.cut(k), cut) == 1.0


@pytest.mark.parametrize("linkage", SIZES)
def test_any_number_of_clusters_comes_from_one_tree(linkage) -> None:
    X = blobs(6_000, 5, 4, seed=1)
    found = Hierarchy(5, linkage=linkage, random_state=0).fit(X)
    assert not found.is_exact_
    assert dendrogram(found.dendrogram_, no_plot=True, p=9, truncate_mode="lastp")["ivl"]
    assert found.merge_weights_[-1] == 6_000
    np.testing.assert_array_equal(found.leaf_weights_, np.bincount(found.leaves_))
    np.testing.assert_allclose(found.leaf_weights_ @ found.leaf_centers_, X.sum(axis=0), atol=1e-8)
    coarse, fine = found.cut(3), found.cut(9)
    assert len(np.unique(fine)) == 9
    assert all(len(np.unique(coarse[fine == g])) == 1 for g in range(9))
    np.testing.assert_array_equal(found.cut(5), found.labels_)
    for cut in (coarse, fine):
        sizes = np.bincount(cut)
        assert (np.diff(sizes) <= 0).all()


@pytest.mark.parametrize("linkage", CLASSICAL)
def test_a_weight_is_so_many_equal_rows(linkage) -> None:
    X = normal_cloud(120, 3, seed=2)
    weights = np.random.default_rng(0).integers(1, 4, len(X))
    heavy = Hierarchy(6, linkage=linkage, random_state=0).fit(X, sample_weight=weights)
    copies = np.repeat(np.arange(len(X)), weights)
    repeated = Hierarchy(6, linkage=linkage, random_state=0).fit(X[copies])
    assert adjusted_rand_index(heavy.labels_[copies], repeated.labels_) == 1.0
    np.testing.assert_allclose(
        heavy.dendrogram_[:, 2], repeated.dendrogram_[-len(heavy.dendrogram_) :, 2], rtol=1e-6
    )
    assert heavy.merge_weights_[-1] == weights.sum()


def test_robust_linkage_counts_weights_in_its_bound() -> None:
    # Without weights the lone row merges first; a row that stands for many is no small cluster.
    X = np.array([[0.0], [1.0], [2.1], [6.1], [7.3], [8.6], [17.6]])
    tree = Hierarchy(2, linkage="robust", gini_bound=0.1, random_state=0)
    assert np.bincount(tree.fit(X).labels_).tolist() == [4, 3]
    heavy = tree.fit(X, sample_weight=[1, 1, 1, 1, 1, 1, 6]).labels_
    assert heavy.tolist() == [0, 0, 0, 0, 0, 0, 1]


def test_the_number_of_threads_changes_nothing() -> None:
    X = normal_cloud(6_000, 4, seed=3)
    one, two = (Hierarchy(4, random_state=0, n_jobs=n).fit(X) for n in (1, 2))
    np.testing.assert_array_equal(one.labels_, two.labels_)
    np.testing.assert_array_equal(one.prototypes_, two.prototypes_)


@pytest.mark.parametrize("n_rows", [900, 24_000])
def test_fidelity_is_what_predict_keeps_of_the_labels(n_rows) -> None:
    X = normal_cloud(n_rows, 3, seed=1)
    found = Hierarchy(4, random_state=0).fit(X)
    kept = float((found.predict(X) == found.labels_).mean())
    assert found.fidelity_ == pytest.approx(kept, abs=1e-12 if n_rows < 20_000 else 0.01)
    assert 0.5 < found.fidelity_ < 1.0


def test_one_row_alone_gets_the_answer_that_it_gets_in_a_batch() -> None:
    X = normal_cloud(500, 3, seed=1)
    found = Hierarchy(4, random_state=0).fit(X)
    together = found.predict(X)
    assert [int(found.predict(X[i : i + 1])[0]) for i in range(200)] == together[:200].tolist()


def test_every_cluster_can_be_predicted_however_rare() -> None:
    X = np.vstack([normal_cloud(30_000, 2, seed=1), [[500.0, 0.0]]])
    found = Hierarchy(2, linkage="single", random_state=0).fit(X)
    assert np.bincount(found.labels_).tolist() == [30_000, 1]
    assert found.predict([[490.0, 0.0]]).tolist() == [1]


def test_more_leaves_make_the_tree_exact() -> None:
    X = normal_cloud(3_500, 2, seed=5)
    assert not Hierarchy(4, linkage="average", random_state=0).fit(X).is_exact_
    found = Hierarchy(4, linkage="average", exact_rows=4_000, random_state=0).fit(X)
    assert found.is_exact_
    assert adjusted_rand_index(found.labels_, fcluster(theirs(X, "average"), 4, "maxclust")) == 1.0


def test_single_precision_and_names_are_taken() -> None:
    X = blobs(6_000, 5, 4, seed=1)
    frame = pd.DataFrame(X.astype(np.float32), columns=[f"x{j}" for j in range(X.shape[1])])
    found = Hierarchy(5, random_state=0).fit(frame)
    assert found.feature_names_in_.tolist() == list(frame.columns)
    assert adjusted_rand_index(found.labels_, Hierarchy(5, random_state=0).fit(X).labels_) > 0.99


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"n_clusters": 0}, "n_clusters must be a whole number from 1"),
        ({"exact_rows": 1.5}, "exact_rows must be a whole number from 1"),
        ({"linkage": "median"}, "linkage must be one of 'ward', 'robust'"),
        ({"linkage": "robust", "gini_bound": 2.0}, "Gini's index lies between 0 and 1"),
        ({"n_clusters": 41}, "40 rows cannot make 41 clusters"),
        ({"linkage": "average", "exact_rows": 9_000}, "6000 points at most, not of 6500"),
    ],
)
def test_parameters_are_checked(parameters, message) -> None:
    n = 6_500 if "exact_rows" in parameters else 40
    with pytest.raises(ValueError, match=message):
        Hierarchy(**parameters).fit(normal_cloud(n, 2, seed=0))


def test_rows_that_will_not_do_are_told() -> None:
    X = normal_cloud(40, 2, seed=0)
    with pytest.raises(ValueError, match="sample_weight must be positive, not 0"):
        Hierarchy(2).fit(X, sample_weight=np.arange(40.0))
    with pytest.raises(ValueError, match="2 leaves that differ, which cannot make 3 clusters"):
        Hierarchy(3).fit(np.repeat([[0.0], [1.0]], 5, axis=0))
    X[3, 1] = np.nan
    with pytest.raises(ValueError, match="Input X contains NaN"):
        Hierarchy(2).fit(X)


def test_cuts_beyond_the_leaves_say_what_to_raise() -> None:
    found = Hierarchy(4, linkage="single", random_state=0).fit(normal_cloud(3_500, 2, seed=5))
    with pytest.raises(ValueError, match="they stand for 3500 rows: raise exact_rows for more"):
        found.cut(3_000)


def test_importing_the_package_does_not_import_it() -> None:
    ask = (
        "import segmentry, sys; assert 'segmentry.hierarchy' not in sys.modules; "
        "segmentry.Hierarchy"
    )
    subprocess.run([sys.executable, "-c", ask], check=True)
