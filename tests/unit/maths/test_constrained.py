"""Sizes keep their bounds exactly, and clusters are tight within them."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clouds import blobs, normal_cloud, skewed_cloud
from segmentry.errors import MathsError
from segmentry.maths import constrained as module
from segmentry.maths.constrained import kmeans_sized
from segmentry.maths.multilevel import kmeans_levels


def rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


def tightest(X: np.ndarray, k: int, least: int, most: int) -> float:
    """Try all ways to share out a handful of rows."""
    best = np.inf
    for labels in product(range(k), repeat=len(X)):
        sizes = np.bincount(labels, minlength=k)
        if least <= sizes.min() and sizes.max() <= most:
            parts = (X[np.array(labels) == j] for j in range(k))
            best = min(best, sum(((p - p.mean(axis=0)) ** 2).sum() for p in parts if len(p)))
    return best


@settings(max_examples=30, deadline=None)
@given(
    st.integers(0, 10_000),
    st.integers(20, 400),
    st.integers(1, 6),
    st.floats(0, 1),
    st.floats(0, 1),
)
def test_bounds_hold_exactly(seed: int, n: int, k: int, low: float, high: float) -> None:
    X = rng(seed).normal(size=(n, 3)) ** 3
    min_share = low * (n // k) / n
    max_share = -(-n // k) / n + high * (1 - -(-n // k) / n)
    found = kmeans_sized(X, k, rng=rng(), min_share=min_share, max_share=max_share)
    sizes = np.bincount(found.labels, minlength=k)
    assert sizes.min() >= min_share * n - 1e-6
    assert sizes.max() <= max_share * n + 1e-6


@pytest.mark.parametrize("family", [skewed_cloud(9_001, seed=1), blobs(9_001, 4, 3, seed=2)])
def test_bounds_hold_where_centres_come_from_a_sample(family: np.ndarray, monkeypatch) -> None:
    monkeypatch.setattr(module, "SAMPLE_ROWS", 1_000)
    found = kmeans_sized(family, 4, rng=rng(), min_share=0.2, max_share=0.3)
    sizes = np.bincount(found.labels, minlength=4)
    assert sizes.min() >= 0.2 * 9_001
    assert sizes.max() <= 0.3 * 9_001


@pytest.mark.parametrize("seed", range(6))
def test_a_handful_of_rows_is_shared_out_as_tightly_as_can_be(seed: int) -> None:
    X = rng(seed).normal(size=(8, 2))
    best = min(
        kmeans_sized(X, 2, rng=rng(s), min_share=0.5, max_share=0.5).inertia for s in range(8)
    )
    assert best == pytest.approx(tightest(X, 2, 4, 4), rel=1e-4)


def test_bounds_that_nothing_reaches_give_plain_k_means() -> None:
    X = blobs(2_000, 4, 4, seed=3)
    plain = kmeans_levels(X, 4, rng=rng())
    found = kmeans_sized(X, 4, rng=rng(), min_share=0.01)
    assert found.inertia == pytest.approx(plain.inertia, rel=1e-3)


def test_no_row_swap_makes_it_tighter() -> None:
    X = normal_cloud(60, 2, seed=4)
    found = kmeans_sized(X, 3, rng=rng(), min_share=1 / 3, max_share=1 / 3)
    gaps = ((X[:, None, :] - found.centres) ** 2).sum(axis=2)
    own = gaps[np.arange(60), found.labels]
    swapped = gaps[:, found.labels] + gaps[:, found.labels].T
    assert (swapped >= own[:, None] + own - 0.05).all()


def test_centres_are_means_and_inertia_is_their_sum() -> None:
    X = skewed_cloud(3_000, seed=5) * 3 + 50
    found = kmeans_sized(X, 3, rng=rng(), min_share=0.3)
    for j in range(3):
        np.testing.assert_allclose(found.centres[j], X[found.labels == j].mean(axis=0), rtol=1e-4)
    gaps = ((X - found.centres[found.labels]) ** 2).sum()
    assert found.inertia == pytest.approx(gaps, rel=1e-4)


def test_the_number_of_threads_changes_nothing() -> None:
    X = skewed_cloud(30_000, seed=6)
    one, three = (kmeans_sized(X, 3, rng=rng(), min_share=0.2, hands=h) for h in (1, 3))
    np.testing.assert_array_equal(one.labels, three.labels)


@pytest.mark.parametrize("stretch", [1e-9, 1e9])
def test_a_stretch_changes_no_label(stretch: float) -> None:
    X = blobs(300, 3, 3, seed=7)
    plain = kmeans_sized(X, 3, rng=rng(), min_share=0.3)
    moved = kmeans_sized(X * stretch, 3, rng=rng(), min_share=0.3)
    assert moved.inertia == pytest.approx(plain.inertia * stretch**2, rel=1e-2)


def test_rows_all_alike_are_shared_out_evenly() -> None:
    found = kmeans_sized(np.ones((12, 2)), 3, rng=rng(), min_share=1 / 3, max_share=1 / 3)
    assert np.bincount(found.labels).tolist() == [4, 4, 4]


@pytest.mark.parametrize(("n", "k"), [(1, 1), (2, 2), (2, 1)])
def test_few_rows_are_partitioned(n: int, k: int) -> None:
    found = kmeans_sized(np.arange(float(n))[:, None], k, rng=rng(), min_share=1 / k)
    assert len(set(found.labels.tolist())) == k


@pytest.mark.parametrize(("low", "high"), [(0.4, 1.0), (0.0, 0.3), (0.3, 0.2)])
def test_bounds_that_no_sizes_keep_are_refused(low: float, high: float) -> None:
    with pytest.raises(MathsError, match="9 rows cannot make 3 clusters of"):
        kmeans_sized(np.eye(9), 3, rng=rng(), min_share=low, max_share=high)


def test_more_clusters_than_rows_are_refused() -> None:
    with pytest.raises(MathsError, match="3 rows cannot make 4 clusters"):
        kmeans_sized(np.eye(3), 4, rng=rng())
