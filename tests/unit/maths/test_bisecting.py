"""Divisions are nested, and as tight as scikit-learn's."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.cluster import BisectingKMeans

from clouds import blobs, heavy_cloud, normal_cloud
from segmentry.errors import MathsError
from segmentry.maths.bisecting import kmeans_bisecting


def rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


@pytest.mark.parametrize(
    "X", [blobs(2_000, 4, 5, seed=1), normal_cloud(2_000, 3, seed=2), heavy_cloud(2_000, seed=3)]
)
@pytest.mark.parametrize("k", [2, 6])
def test_it_is_as_tight_as_scikit_learn(X: np.ndarray, k: int) -> None:
    theirs = BisectingKMeans(k, n_init=5, random_state=0).fit(X).inertia_
    assert kmeans_bisecting(X, k, rng=rng()).inertia <= 1.01 * theirs


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10_000), st.integers(2, 7), st.booleans())
def test_clusters_are_nested_means(seed: int, k: int, is_weighted: bool) -> None:
    X = rng(seed).normal(size=(80, 2)) ** 3
    weights = rng(seed).integers(1, 5, 80).astype(float) if is_weighted else np.ones(80)
    found = kmeans_bisecting(X, k, rng=rng(), weights=weights)
    inertia = 0.0
    for j in range(k):
        part, own = X[found.labels == j], weights[found.labels == j]
        np.testing.assert_allclose(
            found.centres[j], np.average(part, axis=0, weights=own), 1e-3, 1e-4
        )
        inertia += float(own @ ((part - found.centres[j]) ** 2).sum(axis=1))
    assert found.inertia == pytest.approx(inertia, rel=1e-3)
    for fewer in range(1, k):
        pairs = set(zip(found.cut(fewer + 1).tolist(), found.cut(fewer).tolist(), strict=True))
        assert len(pairs) == fewer + 1


def test_an_earlier_cut_is_what_fewer_divisions_give() -> None:
    X = blobs(600, 3, 4, seed=4)
    whole = kmeans_bisecting(X, 6, rng=rng())
    np.testing.assert_array_equal(whole.cut(3), kmeans_bisecting(X, 3, rng=rng()).labels)


def test_the_loosest_part_is_divided() -> None:
    X = np.array([[0.0], [0.1], [50.0], [60.0]])
    assert kmeans_bisecting(X, 3, rng=rng()).cut(3).tolist() in (
        [0, 0, 1, 2],
        [0, 0, 2, 1],
        [1, 1, 0, 2],
        [1, 1, 2, 0],
    )


def test_the_number_of_threads_changes_nothing() -> None:
    X = normal_cloud(30_000, 3, seed=5)
    one, three = (kmeans_bisecting(X, 4, rng=rng(), hands=h) for h in (1, 3))
    np.testing.assert_array_equal(one.labels, three.labels)


def test_one_cluster_is_everyone() -> None:
    X = normal_cloud(50, 2, seed=6)
    found = kmeans_bisecting(X, 1, rng=rng())
    assert found.inertia == pytest.approx(((X - X.mean(axis=0)) ** 2).sum(), rel=1e-4)
    assert found.cut(1).tolist() == [0] * 50


def test_rows_too_alike_are_refused() -> None:
    with pytest.raises(MathsError, match="2 distinct rows cannot make 3 clusters"):
        kmeans_bisecting(np.repeat(np.eye(2), 5, axis=0), 3, rng=rng())


def test_numbers_out_of_range_are_refused() -> None:
    with pytest.raises(MathsError, match="3 rows cannot make 4 clusters"):
        kmeans_bisecting(np.eye(3), 4, rng=rng())
    with pytest.raises(MathsError, match="2 clusters cannot be cut into 3"):
        kmeans_bisecting(np.eye(3), 2, rng=rng()).cut(3)
