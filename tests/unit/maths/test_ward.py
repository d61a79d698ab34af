"""Ward by hand and by law; equality with another implementation is in tests/oracles."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from segmentry.errors import MathsError
from segmentry.maths.ward import cut_linkage, ward_linkage

LINE = np.array([[0.0], [1.0], [10.0], [12.0]])


def test_costs_are_the_growth_of_scatter():
    # 0 and 1: half of 1 squared; 10 and 12: half of 2 squared; the pairs: 2*2/4 of 10.5 squared.
    assert ward_linkage(LINE)[:, 2] == pytest.approx([0.5, 2.0, 110.25])


def test_a_cut_numbers_clusters_by_their_first_point():
    merges = ward_linkage(LINE)
    assert cut_linkage(merges, 2).tolist() == [0, 0, 1, 1]
    assert cut_linkage(merges, 3).tolist() == [0, 0, 1, 2]
    assert cut_linkage(merges, 4).tolist() == [0, 1, 2, 3]
    assert cut_linkage(merges, 1).tolist() == [0, 0, 0, 0]


@settings(deadline=None)
@given(arrays(np.int64, st.integers(3, 12), elements=st.integers(1, 4)), st.integers(0, 99))
def test_a_weight_is_so_many_equal_rows(weights, seed):
    points = np.random.default_rng(seed).normal(size=(len(weights), 2))
    heavy = ward_linkage(points, weights.astype(float))
    plain = ward_linkage(np.repeat(points, weights, axis=0))
    # Equal rows merge first and for nothing; from then on the costs are the same.
    np.testing.assert_allclose(heavy[:, 2], plain[-len(heavy) :, 2], atol=1e-9)
    for k in range(1, len(weights) + 1):
        apart, together = np.repeat(cut_linkage(heavy, k), weights), cut_linkage(plain, k)
        pairs = np.unique(np.column_stack([apart, together]), axis=0)
        assert len(pairs) == k


@settings(deadline=None)
@given(st.integers(0, 99), st.integers(2, 30))
def test_all_costs_together_are_the_scatter_of_the_points(seed, n):
    points = np.random.default_rng(seed).normal(size=(n, 3))
    whole = ((points - points.mean(axis=0)) ** 2).sum()
    assert ward_linkage(points)[:, 2].sum() == pytest.approx(whole)


def test_one_point_has_nothing_to_merge():
    assert ward_linkage(np.zeros((1, 2))).shape == (0, 3)


def test_equal_points_merge_for_nothing():
    assert ward_linkage(np.zeros((5, 2)))[:, 2].tolist() == [0.0] * 4


def test_weights_must_be_positive_and_as_many_as_points():
    with pytest.raises(MathsError, match="4 points need as many positive weights"):
        ward_linkage(LINE, np.array([1.0, 0.0, 1.0, 1.0]))
    with pytest.raises(MathsError, match="as many positive weights"):
        ward_linkage(LINE, np.ones(3))


def test_numbers_out_of_range_are_refused():
    with pytest.raises(MathsError, match="4 points can be cut into 1 to 4 clusters, not 5"):
        cut_linkage(ward_linkage(LINE), 5)
