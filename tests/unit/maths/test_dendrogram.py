"""Cuts of merges, and the tree that others draw."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.cluster.hierarchy import fcluster, is_valid_linkage, linkage
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from segmentry.errors import MathsError
from segmentry.maths.agreement import adjusted_rand_index
from segmentry.maths.dendrogram import clusters_below, cut_linkage, dendrogram, joined
from segmentry.maths.ward import ward_linkage

LINE = np.array([[0.0], [1.0], [10.0], [12.0]])


def test_a_cut_numbers_clusters_by_their_first_point():
    merges = ward_linkage(LINE)
    assert cut_linkage(merges, 2).tolist() == [0, 0, 1, 1]
    assert cut_linkage(merges, 3).tolist() == [0, 0, 1, 2]
    assert cut_linkage(merges, 4).tolist() == [0, 1, 2, 3]
    assert cut_linkage(merges, 1).tolist() == [0, 0, 0, 0]


def test_numbers_out_of_range_are_refused():
    with pytest.raises(MathsError, match="4 points can be cut into 1 to 4 clusters, not 5"):
        cut_linkage(ward_linkage(LINE), 5)
    with pytest.raises(MathsError, match="not 0"):
        cut_linkage(ward_linkage(LINE), 0)


@settings(deadline=None)
@given(st.integers(0, 99), st.integers(2, 40))
def test_every_cut_is_one_cluster_finer_than_the_one_before(seed, n):
    merges = ward_linkage(np.random.default_rng(seed).normal(size=(n, 2)))
    for k in range(1, n):
        coarse, fine = cut_linkage(merges, k), cut_linkage(merges, k + 1)
        assert fine.max() == k
        assert len(np.unique(np.column_stack([coarse, fine]), axis=0)) == k + 1


@pytest.mark.parametrize("seed", range(3))
def test_the_tree_is_that_of_scipy(seed):
    points = np.random.default_rng(seed).normal(size=(50, 3))
    merges = ward_linkage(points)
    ours, theirs = dendrogram(merges), linkage(points, "ward")
    ours[:, 2] = np.sqrt(2 * ours[:, 2])
    np.testing.assert_allclose(ours, theirs, rtol=1e-9)
    assert is_valid_linkage(ours)
    for height in (0.3, 1.0, 4.0):
        flat = fcluster(theirs, height, "distance")
        k = clusters_below(merges, height**2 / 2)
        assert k == flat.max()
        assert adjusted_rand_index(cut_linkage(merges, k), flat - 1) == 1.0


def test_weights_add_up_and_falling_heights_are_lifted():
    merges = np.array([[0.0, 1.0, 2.0], [2.0, 3.0, 1.0], [0.0, 2.0, 5.0]])
    tree = dendrogram(merges, np.array([1.0, 2.0, 4.0, 8.0]))
    assert tree[:, 2].tolist() == [2.0, 2.0, 5.0]
    assert tree[:, 3].tolist() == [3.0, 12.0, 15.0]
    assert tree[:, :2].tolist() == [[0, 1], [2, 3], [4, 5]]
    assert clusters_below(merges, 1.5) == 4
    assert clusters_below(merges, 2.0) == 2


def test_one_point_has_a_cut_and_no_tree():
    none = np.empty((0, 3))
    assert cut_linkage(none, 1).tolist() == [0]
    assert dendrogram(none).shape == (0, 4)
    assert clusters_below(none, 1.0) == 1


def test_pairs_hold_points_together():
    assert joined(5, np.array([[4, 1], [1, 2]])).tolist() == [0, 1, 1, 2, 1]
    assert joined(3, np.empty((0, 2), dtype=np.int64)).tolist() == [0, 1, 2]


@settings(deadline=None)
@given(st.integers(1, 80), st.integers(0, 120), st.integers(0, 99))
def test_what_pairs_hold_together_is_what_scipy_finds(n, n_pairs, seed):
    pairs = np.random.default_rng(seed).integers(0, n, (n_pairs, 2))
    graph = coo_array((np.ones(n_pairs), pairs.T), shape=(n, n))
    _, expected = connected_components(graph, directed=False)
    found = joined(n, pairs)
    assert len(set(zip(found.tolist(), expected.tolist(), strict=True))) == found.max() + 1
    assert found.max() == expected.max()
    _, firsts = np.unique(found, return_index=True)
    assert (np.diff(firsts) > 0).all()
