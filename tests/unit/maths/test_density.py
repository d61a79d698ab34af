"""Density by hand, by law, and against scikit-learn."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.cluster import DBSCAN

from builders import blobs
from segmentry.errors import MathsError
from segmentry.maths import density
from segmentry.maths.agreement import adjusted_rand_index
from segmentry.maths.density import dbscan, knee, kth_distances

LINE = np.array([[0.0], [1.0], [2.0], [9.0]])


def uneven(seed: int = 0, n: int = 300):
    X, _ = blobs(n, k=4, d=3, gap=5.0, seed=seed)
    return X


@pytest.mark.parametrize("radius", [0.6, 0.9, 1.5])
@pytest.mark.parametrize("seed", range(3))
def test_dense_regions_are_those_of_scikit_learn(seed, radius):
    X = uneven(seed)
    theirs = DBSCAN(eps=radius, min_samples=5).fit(X)
    ours = dbscan(X, radius, 5)
    core = theirs.core_sample_indices_
    assert adjusted_rand_index(ours[core], theirs.labels_[core]) == 1.0
    np.testing.assert_array_equal(ours == -1, theirs.labels_ == -1)
    # Only rows at an edge between two regions may fall to the other one.
    assert adjusted_rand_index(ours, theirs.labels_) > 0.97


def test_distances_are_those_of_all_pairs():
    X = uneven()
    gaps = np.sqrt(((X[:, None] - X[None, :]) ** 2).sum(axis=2))
    np.testing.assert_allclose(kth_distances(X, 7), np.sort(gaps, axis=1)[:, 6], atol=1e-7)


def test_blocks_change_nothing(monkeypatch):
    X = uneven()
    whole = kth_distances(X, 5), dbscan(X, 0.9, 5)
    monkeypatch.setattr(density, "BLOCK_CELLS", 1_000)
    np.testing.assert_allclose(kth_distances(X, 5), whole[0], atol=1e-9)
    np.testing.assert_array_equal(dbscan(X, 0.9, 5), whole[1])


@settings(deadline=None, max_examples=25)
@given(st.integers(0, 99), st.floats(0.001, 1_000.0), st.floats(-100.0, 100.0))
def test_order_place_and_scale_change_nothing(seed, scale, shift):
    X = uneven(seed, 80)
    order = np.random.default_rng(seed).permutation(len(X))
    plain = dbscan(X, 1.0, 4)
    moved = dbscan((X[order] + shift) * scale, 1.0 * scale, 4)
    assert adjusted_rand_index(plain[order], moved) == 1.0
    np.testing.assert_array_equal(plain[order] == -1, moved == -1)


def test_the_knee_is_the_last_distance_before_the_steep_rise():
    assert knee(np.array([3.5, 1.0, 1.1, 1.3, 1.2, 1.5, 2.5, 1.4])) == 1.5


def test_one_lonely_row_does_not_move_the_knee():
    near = np.concatenate([np.linspace(1.0, 1.2, 90), np.linspace(1.3, 3.0, 10)])
    assert knee(np.append(near, 1e6)) == pytest.approx(knee(near), rel=0.2)


@pytest.mark.parametrize(("distances", "found"), [([0.0, 0.0], 0.0), ([0.0, 2.0], 2.0), ([3.0], 3)])
def test_a_flat_curve_has_its_own_height_as_knee(distances, found):
    assert knee(np.array(distances)) == found


def test_a_row_at_the_very_edge_is_inside():
    assert dbscan(LINE, 1.0, 2).tolist() == [0, 0, 0, -1]
    assert dbscan(LINE, 0.999, 2).tolist() == [-1] * 4


def test_few_rows_equal_rows_and_huge_values():
    assert dbscan(np.zeros((1, 2)), 1.0, 2).tolist() == [-1]
    assert dbscan(np.zeros((1, 2)), 1.0, 1).tolist() == [0]
    assert dbscan(np.full((5, 2), 3.0), 0.0, 3).tolist() == [0] * 5
    assert dbscan(LINE * 1e9, 1e9, 2).tolist() == [0, 0, 0, -1]


def test_bad_arguments_are_refused():
    with pytest.raises(MathsError, match="4 rows have a first to 4th nearest row, not number 5"):
        kth_distances(LINE, 5)
    with pytest.raises(MathsError, match="makes nothing dense"):
        dbscan(LINE, -1.0, 2)
    with pytest.raises(MathsError, match="no distances have no knee"):
        knee(np.empty(0))


def test_weights_that_add_up_to_a_hair_less_are_as_many_rows():
    rows = np.arange(4.0)[:, None]
    weights = np.full(4, 1.0 - 1e-13)
    np.testing.assert_allclose(kth_distances(rows, 4, weights=weights), [3.0, 2.0, 2.0, 3.0])
    assert (dbscan(rows, 3.0, 4, weights=weights) == 0).all()
