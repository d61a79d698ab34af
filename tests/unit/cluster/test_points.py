"""Rows, or what stands for them."""

from __future__ import annotations

import numpy as np
import pytest

from builders import blobs
from segmentry.cluster.points import merged_points, points_of
from segmentry.maths.indices import cluster_means

X = blobs(400)[0]


def test_few_rows_stand_for_themselves():
    points = points_of(X, exact_rows=400, count=10, rng=np.random.default_rng(0))
    np.testing.assert_array_equal(points.places, X)
    assert points.weights.sum() == 400
    assert points.owners.tolist() == list(range(400))


def test_many_rows_are_stood_for_by_means():
    points = points_of(X, exact_rows=399, count=30, rng=np.random.default_rng(0))
    assert points.weights.sum() == 400
    assert len(points.places) < 50
    np.testing.assert_allclose(points.places, cluster_means(X, points.owners, len(points.weights)))


def test_weights_pull_means_and_leave_borders():
    weights = np.random.default_rng(1).uniform(0.5, 3.0, len(X))
    plain = points_of(X, exact_rows=0, count=30, rng=np.random.default_rng(0))
    heavy = points_of(X, exact_rows=0, count=30, rng=np.random.default_rng(0), weights=weights)
    np.testing.assert_array_equal(heavy.owners, plain.owners)
    for point in range(len(heavy.weights)):
        own = heavy.owners == point
        np.testing.assert_allclose(
            heavy.places[point], np.average(X[own], axis=0, weights=weights[own])
        )
    np.testing.assert_allclose(heavy.weights, np.bincount(heavy.owners, weights))


def test_merged_points_keep_the_weight_and_the_mean_of_all():
    weights = np.random.default_rng(1).uniform(0.5, 3.0, len(X))
    rng = np.random.default_rng(0)
    points = merged_points(X, exact_rows=100, count=40, rng=rng, weights=weights)
    assert 40 <= len(points.weights) < 100
    assert points.weights.sum() == pytest.approx(weights.sum())
    np.testing.assert_allclose(
        points.weights @ points.places / weights.sum(), np.average(X, axis=0, weights=weights)
    )
    same = merged_points(X, exact_rows=len(X), count=40, rng=rng, weights=weights)
    np.testing.assert_array_equal(same.places, X)
