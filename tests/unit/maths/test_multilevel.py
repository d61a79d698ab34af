"""K-means over levels is as tight as many starts on all rows."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.cluster import KMeans

from clouds import blobs, heavy_cloud, normal_cloud, skewed_cloud
from segmentry.errors import MathsError
from segmentry.maths import multilevel as module
from segmentry.maths.multilevel import kmeans_levels, kmeans_sweep, one_more
from segmentry.maths.rowset import rowset


def rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


@pytest.fixture
def low_levels(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a few thousand rows go through all levels."""
    for name, value in (("TRIAL_ROWS", 800), ("START_ROWS", 1_500), ("NEXT_ROWS", (3_000, 9_000))):
        monkeypatch.setattr(module, name, value)


FAMILIES = {
    "blobs": blobs(6_000, 6, 5, seed=1),
    "one cloud": normal_cloud(6_000, 4, seed=2),
    "skewed": skewed_cloud(6_000, seed=3),
    "heavy tails": heavy_cloud(6_000, seed=4),
}


@pytest.mark.usefixtures("low_levels")
@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("k", [2, 5])
def test_levels_are_as_tight_as_ten_starts_of_scikit_learn(family: str, k: int) -> None:
    X = FAMILIES[family]
    theirs = KMeans(k, n_init=10, random_state=0).fit(X).inertia_
    assert kmeans_levels(X, k, rng=rng()).inertia <= 1.01 * theirs


@pytest.mark.usefixtures("low_levels")
def test_a_sweep_is_as_tight_as_scikit_learn_for_each_number() -> None:
    X = FAMILIES["one cloud"]
    for k, found in zip(range(2, 9), kmeans_sweep(X, range(2, 9), rng=rng()), strict=True):
        theirs = KMeans(k, n_init=3, random_state=0).fit(X).inertia_
        assert found.inertia <= 1.01 * theirs
        assert found.centres.shape == (k, 4)


@pytest.mark.usefixtures("low_levels")
def test_labels_are_those_of_the_nearest_centre_and_inertia_is_their_sum() -> None:
    X = FAMILIES["blobs"] * 7 + 100
    found = kmeans_levels(X, 4, rng=rng(1))
    gaps = ((X[:, None, :] - found.centres) ** 2).sum(axis=2)
    assert (found.labels == gaps.argmin(axis=1)).mean() > 0.9999
    assert found.inertia == pytest.approx(gaps.min(axis=1).sum(), rel=1e-5)


@pytest.mark.usefixtures("low_levels")
def test_the_number_of_threads_changes_nothing() -> None:
    X = FAMILIES["skewed"]
    for fit in (lambda h: kmeans_levels(X, 5, rng=rng(), hands=h), lambda h: swept(X, h)):
        one, three = fit(1), fit(3)
        np.testing.assert_array_equal(one.labels, three.labels)
        np.testing.assert_array_equal(one.centres, three.centres)


def swept(X: np.ndarray, hands: int):
    return kmeans_sweep(X, (3, 4), rng=rng(), hands=hands)[1]


def test_a_weight_is_so_many_equal_rows() -> None:
    X = blobs(400, 3, 3, seed=5)
    counts = rng(2).integers(1, 5, 400)
    one = kmeans_levels(X, 3, rng=rng(), weights=counts.astype(float))
    many = kmeans_levels(np.repeat(X, counts, axis=0), 3, rng=rng())
    assert one.inertia == pytest.approx(many.inertia, rel=1e-4)


def test_single_and_double_precision_agree() -> None:
    X = FAMILIES["blobs"]
    one, two = (kmeans_levels(X.astype(t), 5, rng=rng()) for t in (np.float32, np.float64))
    np.testing.assert_allclose(one.centres, two.centres, atol=1e-4)


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 1_000), st.floats(-1e3, 1e3), st.sampled_from([1e-9, 1e-3, 1e3, 1e9]))
def test_a_shift_and_a_stretch_move_centres_along(seed: int, shift: float, stretch: float) -> None:
    X = blobs(300, 3, 3, seed=seed)
    plain = kmeans_levels(X, 3, rng=rng())
    moved = kmeans_levels((X + shift) * stretch, 3, rng=rng())
    assert moved.inertia == pytest.approx(plain.inertia * stretch**2, rel=1e-2)


@pytest.mark.parametrize(("n", "k"), [(1, 1), (2, 1), (2, 2), (3, 2)])
def test_few_rows_are_partitioned(n: int, k: int) -> None:
    X = np.arange(float(n))[:, None] ** 2
    found = kmeans_levels(X, k, rng=rng())
    assert len(set(found.labels.tolist())) == k


def test_rows_all_alike_cost_nothing() -> None:
    found = kmeans_levels(np.full((40, 3), 1e9), 3, rng=rng())
    assert found.inertia == 0.0
    np.testing.assert_array_equal(found.centres, np.full((3, 3), 1e9))


def test_tight_clusters_far_apart_keep_their_digits() -> None:
    X = np.repeat([[0.0], [1e6]], 50, axis=0) + np.tile([[-1.0], [1.0]], (50, 1))
    assert kmeans_levels(X, 2, rng=rng()).inertia == pytest.approx(100.0, rel=1e-2)


def test_a_constant_column_changes_nothing() -> None:
    X = blobs(300, 3, 3, seed=6)
    wide = np.hstack([X, np.full((300, 1), 3.0)])
    assert kmeans_levels(wide, 3, rng=rng()).inertia == pytest.approx(
        kmeans_levels(X, 3, rng=rng()).inertia, rel=1e-4
    )


def test_one_more_row_is_one_that_lies_apart() -> None:
    X = np.vstack([np.zeros((50, 2)), np.full((2, 2), 9.0)]).astype(np.float32)
    rows = rowset(X)
    added = one_more(rows, rows.inward(np.zeros((1, 2))), rng())
    np.testing.assert_allclose(rows.outward(added[1]), [9.0, 9.0])


def test_one_more_row_where_all_are_alike_is_any() -> None:
    rows = rowset(np.ones((4, 2), dtype=np.float32), np.ones(4))
    assert one_more(rows, rows.values[:1].astype(float), rng()).shape == (2, 2)


@pytest.mark.parametrize("k", [0, 4])
def test_numbers_that_rows_cannot_make_are_refused(k: int) -> None:
    with pytest.raises(MathsError, match=f"3 rows cannot make {k} clusters"):
        kmeans_levels(np.eye(3), k, rng=rng())
    with pytest.raises(MathsError, match=f"3 rows cannot make {k} clusters"):
        kmeans_sweep(np.eye(3), (k,), rng=rng())


def test_the_rows_are_left_alone() -> None:
    X = blobs(300, 3, 3, seed=7)
    X.flags.writeable = False
    kmeans_levels(X, 3, rng=rng())
