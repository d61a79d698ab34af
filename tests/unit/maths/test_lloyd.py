"""K-means is as tight as scikit-learn's, by the same passes."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.cluster import KMeans

from clouds import blobs, normal_cloud
from segmentry.errors import MathsError
from segmentry.maths import lloyd as module
from segmentry.maths.lloyd import greedy_seeds, kmeans, lloyd


def rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


def inertia(X: np.ndarray, labels: np.ndarray, centres: np.ndarray) -> float:
    return float(((X - centres[labels]) ** 2).sum())


@pytest.mark.parametrize("k", [2, 4, 7])
def test_ten_starts_are_as_tight_as_those_of_scikit_learn(k: int) -> None:
    X = normal_cloud(1_500, 5, seed=1)
    own = kmeans(X, k, rng=rng(), n_starts=10).inertia
    theirs = KMeans(k, n_init=10, random_state=0).fit(X).inertia_
    assert own <= 1.005 * theirs


def test_passes_from_known_centres_end_where_those_of_scikit_learn_do() -> None:
    X = blobs(900, 4, 5, seed=2)
    start = X[:5]
    own = lloyd(X, start)
    theirs = KMeans(5, init=start, n_init=1).fit(X)
    np.testing.assert_array_equal(own.labels, theirs.labels_)
    np.testing.assert_allclose(own.centres, theirs.cluster_centers_, atol=1e-9)
    assert own.inertia == pytest.approx(theirs.inertia_, rel=1e-9)


def test_labels_are_those_of_the_nearest_centre_and_inertia_is_their_sum() -> None:
    X = normal_cloud(400, 3, seed=3) * 7 + 100
    found = kmeans(X, 4, rng=rng(1))
    gaps = ((X[:, None, :] - found.centres) ** 2).sum(axis=2)
    np.testing.assert_array_equal(found.labels, gaps.argmin(axis=1))
    assert found.inertia == pytest.approx(inertia(X, found.labels, found.centres), rel=1e-9)


def test_blocks_change_nothing_but_the_last_bits(monkeypatch: pytest.MonkeyPatch) -> None:
    X = blobs(500, 3, 4, seed=4)
    whole = lloyd(X, X[:4])
    monkeypatch.setattr(module, "BLOCK_ROWS", 37)
    pieces = lloyd(X, X[:4])
    np.testing.assert_array_equal(whole.labels, pieces.labels)
    np.testing.assert_allclose(whole.centres, pieces.centres, atol=1e-12)


def test_a_centre_without_rows_takes_a_far_one() -> None:
    X = np.array([[0.0], [0.1], [5.0], [9.0]])
    found = lloyd(X, np.array([[0.0], [100.0], [200.0]]))
    assert sorted(np.bincount(found.labels, minlength=3)) == [1, 1, 2]


def test_rows_between_two_equal_centres_belong_to_the_first() -> None:
    found = lloyd(np.array([[0.0], [2.0]]), np.array([[1.0], [1.0]]), most_steps=1)
    assert found.inertia <= 2.0
    assert np.isfinite(found.centres).all()


def test_a_limit_of_passes_is_kept() -> None:
    X = normal_cloud(500, 4, seed=5)
    assert lloyd(X, X[:6], most_steps=2).n_steps == 2


def test_more_clusters_than_rows_are_refused() -> None:
    with pytest.raises(MathsError, match="3 rows cannot make 4 clusters"):
        kmeans(np.eye(3), 4, rng=rng())


def test_seeds_are_rows_far_apart() -> None:
    X = np.repeat(np.array([[0.0, 0.0], [10.0, 0.0], [0.0, 10.0]]), 50, axis=0)
    seeds = greedy_seeds(X, 3, rng(2))
    assert {tuple(s) for s in seeds} == {(0.0, 0.0), (10.0, 0.0), (0.0, 10.0)}


@pytest.mark.parametrize("far", [1e8, 1e10])
def test_groups_are_found_however_far_from_zero_they_lie(far: float) -> None:
    X = blobs(400, 5, 4, seed=3)
    near = [kmeans(X, 5, rng=rng(seed)) for seed in range(6)]
    moved = [kmeans(X + far, 5, rng=rng(seed)) for seed in range(6)]
    for one, other in zip(near, moved, strict=True):
        np.testing.assert_array_equal(one.labels, other.labels)


def test_rows_that_are_all_alike_still_give_seeds() -> None:
    assert greedy_seeds(np.ones((6, 2)), 3, rng()).shape == (3, 2)


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10_000), st.integers(2, 6), st.integers(1, 4))
def test_a_further_pass_never_loosens(seed: int, k: int, columns: int) -> None:
    X = rng(seed).normal(size=(60, columns))
    tightness = [lloyd(X, X[:k], most_steps=n).inertia for n in (1, 2, 5, 50)]
    assert all(b <= a + 1e-9 for a, b in pairwise(tightness))


def test_the_rows_and_the_first_centres_are_left_alone() -> None:
    X = normal_cloud(100, 2, seed=6)
    before, start = X.copy(), X[:3].copy()
    X.flags.writeable = start.flags.writeable = False
    lloyd(X, start)
    np.testing.assert_array_equal(X, before)
