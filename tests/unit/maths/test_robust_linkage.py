"""Robust linkage beside a literal reading of the paper."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial.distance import cdist

from segmentry.errors import MathsError
from segmentry.maths.dendrogram import cut_linkage
from segmentry.maths.robust_linkage import robust_linkage, without_leaves
from segmentry.maths.spanning import spanning_tree

RNG = np.random.default_rng


def literal(X, weights, bound):
    """Merge by the paper: all distances, all clusters, the index from its formula."""
    gaps, clusters, heights = cdist(X, X), [[i] for i in range(len(X))], []
    while len(clusters) > 1:
        sizes = np.array([weights[c].sum() for c in clusters])
        gini = np.abs(sizes[:, None] - sizes).sum() / (2 * (len(sizes) - 1) * sizes.sum())
        pairs = [
            (gaps[np.ix_(clusters[i], clusters[j])].min(), i, j)
            for i in range(len(clusters))
            for j in range(i)
            if gini <= bound or min(sizes[i], sizes[j]) == sizes.min()
        ]
        height, i, j = min(pairs)
        heights.append(height)
        clusters[j] += clusters.pop(i)
    return heights


@settings(deadline=None, max_examples=40)
@given(
    st.integers(2, 25),
    st.sampled_from([0.0, 0.1, 0.3, 0.5, 1.0]),
    st.booleans(),
    st.integers(0, 999),
)
def test_merges_are_those_of_the_paper(n, bound, is_weighted, seed):
    X = RNG(seed).normal(size=(n, 2))
    weights = RNG(seed).integers(1, 5, n).astype(float) if is_weighted else np.ones(n)
    found = robust_linkage(spanning_tree(X), weights, gini_bound=bound)
    np.testing.assert_allclose(found[:, 2], literal(X, weights, bound))


def test_a_bound_of_one_is_single_linkage():
    tree = spanning_tree(RNG(0).normal(size=(50, 3)))
    np.testing.assert_array_equal(robust_linkage(tree, gini_bound=1.0), tree)


def test_outliers_do_not_become_clusters_of_their_own():
    X = np.vstack([RNG(1).normal(size=(60, 2)), RNG(2).normal(size=(60, 2)) + 12, [[40.0, -40.0]]])
    merges = robust_linkage(spanning_tree(X))
    sizes = np.bincount(cut_linkage(merges, 2))
    assert sorted(sizes.tolist()) in ([60, 61], [61, 60])
    single = cut_linkage(robust_linkage(spanning_tree(X), gini_bound=1.0), 2)
    assert sorted(np.bincount(single).tolist()) == [1, 120]


@pytest.mark.parametrize("n", [1, 2, 5])
def test_few_and_equal_points(n):
    merges = robust_linkage(spanning_tree(np.zeros((n, 2))))
    assert merges.shape == (n - 1, 3)
    assert cut_linkage(merges, n).tolist() == list(range(n))


def test_bounds_and_weights_are_checked():
    tree = spanning_tree(np.arange(3.0)[:, None])
    with pytest.raises(MathsError, match="Gini's index lies between 0 and 1"):
        robust_linkage(tree, gini_bound=1.5)
    with pytest.raises(MathsError, match="3 points need as many positive weights"):
        robust_linkage(tree, np.ones(2))


def test_leaves_hang_on_what_is_inside():
    star = np.array([[0.0, 1, 1.0], [0, 2, 1.0], [0, 3, 1.0]])
    inner, points, owners = without_leaves(star)
    assert (inner.shape, points.tolist(), owners.tolist()) == ((0, 3), [0], [0, 0, 0, 0])


def test_a_tree_without_inside_is_left_as_it_is():
    pair = np.array([[0.0, 1, 2.0]])
    inner, points, owners = without_leaves(pair)
    assert (inner.tolist(), points.tolist(), owners.tolist()) == (pair.tolist(), [0, 1], [0, 1])
    assert without_leaves(np.empty((0, 3)))[2].tolist() == [0]
