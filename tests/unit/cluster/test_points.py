"""Rows, or what stands for them."""

from __future__ import annotations

import numpy as np

from builders import blobs
from segmentry.cluster.points import points_of
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
