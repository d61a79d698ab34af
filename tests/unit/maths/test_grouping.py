"""Quick partitions measure silhouettes and valleys as their definitions say."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.cluster import KMeans

from clouds import blobs, normal_cloud, two_humps
from segmentry.maths.grouping import COUNTS, _lloyd, _scaled, _seeds, measure_grouping
from segmentry.maths.silhouette import silhouettes


def labels_of(X: np.ndarray, seed: int) -> list[np.ndarray]:
    scaled = _scaled(X)
    found = _lloyd(scaled, _seeds(scaled, max(COUNTS), np.random.default_rng(seed)))
    assert (found.members.sum(axis=0) == len(COUNTS)).all()
    ends = np.cumsum(COUNTS)
    return [
        found.members[end - k : end].argmax(axis=0) for k, end in zip(COUNTS, ends, strict=True)
    ]


def test_silhouettes_are_those_of_the_partitions_made() -> None:
    X = blobs(400, 3, 4, seed=0)
    found = measure_grouping(X, np.random.default_rng(1)).silhouettes
    expected = [silhouettes(X, labels).mean() for labels in labels_of(X, 1)]
    np.testing.assert_allclose(found, expected, atol=1e-5)


def test_partitions_have_the_number_of_groups_asked_for() -> None:
    X = normal_cloud(300, 2, seed=0)
    assert [len(np.unique(labels)) for labels in labels_of(X, 0)] == list(COUNTS)


def test_partitions_are_as_tight_as_those_of_scikit_learn() -> None:
    X = blobs(600, 3, 4, seed=3)
    for k, labels in zip(COUNTS, labels_of(X, 0), strict=True):
        means = np.stack([X[labels == g].mean(axis=0) for g in range(k)])
        own = float(((X - means[labels]) ** 2).sum())
        best = KMeans(k, n_init=5, random_state=0).fit(X).inertia_
        assert own <= 1.1 * best


def test_centres_are_the_means_of_their_rows() -> None:
    X = _scaled(blobs(300, 2, 4, accuracy=0.999, seed=1))
    found = _lloyd(X, _seeds(X, max(COUNTS), np.random.default_rng(0)))
    means = [X[row > 0].mean(axis=0) for row in found.members]
    np.testing.assert_allclose(found.centres, means, atol=1e-5)


def test_a_valley_is_deeper_between_two_humps_than_inside_one() -> None:
    rng = np.random.default_rng(0)
    apart = measure_grouping(two_humps(1_000, seed=0), rng).valleys
    together = measure_grouping(two_humps(1_000, gap=0.0, seed=0), rng).valleys
    assert apart.max() > 2 * together.max()


def test_a_cluster_of_a_few_outliers_makes_no_valley() -> None:
    X = np.r_[normal_cloud(500, 2, seed=0), np.full((8, 2), 40.0)]
    assert measure_grouping(X, np.random.default_rng(0)).valleys[0] == 0.0


@pytest.mark.parametrize("X", [np.zeros((80, 2)), np.repeat(np.eye(3), 30, axis=0)])
def test_rows_that_are_alike_leave_all_figures_finite(X: np.ndarray) -> None:
    found = measure_grouping(X, np.random.default_rng(0))
    assert np.isfinite(found.silhouettes).all()
    assert np.isfinite(found.valleys).all()


def test_moving_and_stretching_all_columns_changes_nothing() -> None:
    X = blobs(300, 3, 4, seed=2)
    found = measure_grouping(X, np.random.default_rng(3))
    moved = measure_grouping(4.0 * X + 16.0, np.random.default_rng(3))
    np.testing.assert_allclose(moved.silhouettes, found.silhouettes, atol=1e-6)
    np.testing.assert_allclose(moved.valleys, found.valleys, atol=1e-6)
