"""Prototypes that are placed, moved, and asked."""

from __future__ import annotations

import numpy as np
import pytest

from builders import blobs
from segmentry.errors import MathsError
from segmentry.maths.prototypes import squared_distances
from segmentry.maths.quantization import (
    near_labels,
    nearest_points,
    pulled_apart,
    spread_points,
)

RNG = np.random.default_rng
X, TRUTH = blobs(300, k=3)


def test_the_nearest_point_is_that_of_the_distances():
    points = RNG(1).normal(size=(40, 4)) * 8
    expected = squared_distances(X, points).argmin(axis=1)
    np.testing.assert_array_equal(nearest_points(X, points), expected)


@pytest.mark.parametrize(("stretch", "far"), [(1.0, 1e9), (2.0**30, 0.0), (2.0**-30, 0.0)])
def test_neither_the_zero_nor_the_unit_matters(stretch, far):
    rng = RNG(2)
    rows, labels = rng.normal(size=(300, 3)), rng.integers(0, 3, 300)
    points, groups = rows[:9].copy(), np.repeat(np.arange(3), 3)
    moved = rows * stretch + far
    np.testing.assert_array_equal(
        nearest_points(moved, moved[:9]), squared_distances(rows, points).argmin(axis=1)
    )
    here = pulled_apart(rows, labels, points, groups)
    there = pulled_apart(moved, labels, moved[:9], groups)
    np.testing.assert_allclose((there - far) / stretch, here, atol=1e-6)


def test_blocks_change_nothing(monkeypatch):
    points = X[:7]
    whole = nearest_points(X, points)
    monkeypatch.setattr("segmentry.maths.quantization.BLOCK_CELLS", 50)
    np.testing.assert_array_equal(nearest_points(X, points), whole)


def test_a_row_gets_the_group_of_its_nearest_point():
    points, groups = np.array([[0.0], [5.0], [9.0]]), np.array([1, 0, 1])
    rows = np.array([[1.0], [4.0], [8.0]])
    assert near_labels(rows, points, groups).tolist() == [1, 0, 1]


def test_points_are_spread_over_the_groups():
    points = spread_points(X, 3, RNG(0))
    assert sorted(TRUTH[squared_distances(points, X).argmin(axis=1)]) == [0, 1, 2]


def test_one_point_is_the_mean_and_equal_rows_have_one_point():
    np.testing.assert_allclose(spread_points(X, 1, RNG(0))[0], X.mean(axis=0))
    assert len(spread_points(np.ones((9, 2)), 4, RNG(0))) == 1


def test_points_are_moved_until_the_border_is_where_labels_change():
    rows = np.linspace(0, 10, 201)[:, None]
    labels = (rows[:, 0] > 2.0).astype(np.int64)
    points, groups = np.array([[1.0], [6.0]]), np.array([0, 1])
    before = (near_labels(rows, points, groups) == labels).mean()
    moved = pulled_apart(rows, labels, points, groups)
    after = (near_labels(rows, moved, groups) == labels).mean()
    assert before < 0.95 < 0.97 < after
    assert points.tolist() == [[1.0], [6.0]]


@pytest.mark.parametrize("seed", range(5))
def test_moving_never_makes_fewer_rows_right(seed):
    rng = RNG(seed)
    rows, labels = rng.normal(size=(200, 3)), rng.integers(0, 3, 200)
    points, groups = rows[:9].copy(), np.arange(9) % 3
    moved = pulled_apart(rows, labels, points, groups)
    right = [(near_labels(rows, p, groups) == labels).sum() for p in (points, moved)]
    assert right[1] >= right[0]


def test_points_that_answer_everything_stay():
    centres = np.array([X[g == TRUTH].mean(axis=0) for g in range(3)])
    np.testing.assert_array_equal(pulled_apart(X, TRUTH, centres, np.arange(3)), centres)


def test_a_label_without_a_prototype_is_refused():
    with pytest.raises(MathsError, match="every label needs a prototype"):
        pulled_apart(X, TRUTH, X[:2], np.array([0, 1]))
