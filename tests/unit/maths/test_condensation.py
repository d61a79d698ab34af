"""Lasting clusters beside a literal reading of the paper, and beside scikit-learn."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from sklearn.cluster import HDBSCAN

from builders import blobs
from rings import uneven
from segmentry.errors import MathsError
from segmentry.maths.agreement import adjusted_rand_index
from segmentry.maths.condensation import lasting_clusters
from segmentry.maths.spanning import spanning_tree

RNG = np.random.default_rng


def parts(tree, n, below):
    """The parts that lines shorter than a length hold together."""
    lines = tree[tree[:, 2] < below].astype(float)
    ends = lines[:, :2].astype(int).T
    _, labels = connected_components(coo_array((np.ones(len(lines)), tuple(ends)), shape=(n, n)))
    return [frozenset(np.flatnonzero(labels == g).tolist()) for g in range(labels.max() + 1)]


def literal(tree, n, least):
    """Take lines away, longest first, and write down every cluster: (stability, rows, children)."""

    def grown(rows, born, below=np.inf):
        stability, left = 0.0, rows
        for length in sorted({each for each in tree[:, 2].tolist() if each < below}, reverse=True):
            pieces = [piece for piece in parts(tree, n, length) if piece <= left]
            large = [piece for piece in pieces if len(piece) >= least]
            if len(large) == 1:
                stability += (len(left) - len(large[0])) * (1 / length - born)
                left = large[0]
            else:
                stability += len(left) * (1 / length - born)
                return stability, rows, [grown(piece, 1 / length, length) for piece in large]
        return stability, rows, []

    def taken(node):
        stability, rows, children = node
        below = [taken(child) for child in children]
        inside = sum(value for value, _ in below)
        if stability >= inside:
            return stability, [rows]
        return inside, [chosen for _, several in below for chosen in several]

    _, _, children = grown(frozenset(range(n)), 0.0)
    chosen = sorted((rows for child in children for rows in taken(child)[1]), key=min)
    labels = np.full(n, -1)
    for number, rows in enumerate(chosen):
        labels[list(rows)] = number
    return labels


@settings(deadline=None, max_examples=60)
@given(st.integers(2, 40), st.integers(2, 6), st.integers(1, 5), st.integers(0, 99), st.booleans())
def test_clusters_are_those_of_the_paper(n, least, smoothing, seed, ties):
    X = RNG(seed).normal(size=(n, 2))
    tree = spanning_tree(X, smoothing=min(smoothing, n))
    if ties:
        tree[:, 2] = np.ceil(4 * tree[:, 2])
    np.testing.assert_array_equal(lasting_clusters(tree, least), literal(tree, n, least))


@pytest.mark.parametrize(("d", "smoothing"), [(5, 5), (5, 8), (8, 20)])
def test_scikit_learn_finds_the_same_but_for_rows_where_clusters_meet(d, smoothing):
    X = np.vstack([blobs(700, k=5, d=d, gap=5.0)[0], 6 * RNG(1).normal(size=(60, d))])
    ours = lasting_clusters(spanning_tree(X, smoothing=smoothing), 30)
    theirs = HDBSCAN(min_cluster_size=30, min_samples=smoothing, copy=True).fit_predict(X)
    assert ours.max() == theirs.max() > 1
    both = (ours >= 0) & (theirs >= 0)
    assert adjusted_rand_index(ours[both], theirs[both]) == 1.0
    assert (~both & ((ours >= 0) | (theirs >= 0))).sum() <= ours.max() + 1


def test_a_weight_is_so_many_rows_in_one_place():
    X, _ = uneven()
    weights = RNG(0).integers(1, 4, len(X))
    rows = np.repeat(X, weights, axis=0)
    tree = spanning_tree(X, smoothing=12, weights=weights.astype(float))
    ours = lasting_clusters(tree, 60, weights.astype(float))
    single = lasting_clusters(spanning_tree(rows, smoothing=12), 60)
    np.testing.assert_array_equal(np.repeat(ours, weights), single)


def test_order_of_equal_lines_does_not_matter():
    X = np.round(blobs(400, k=3, d=2, gap=6.0)[0])
    order = RNG(2).permutation(400)
    ours = lasting_clusters(spanning_tree(X, smoothing=6), 20)
    other = lasting_clusters(spanning_tree(X[order], smoothing=6), 20)
    assert adjusted_rand_index(ours[order], other) == 1.0


def test_rows_in_one_place_are_as_dense_as_the_nearest_two_apart():
    tree = np.array([[0.0, 1, 0], [1, 2, 0], [3, 4, 1], [4, 5, 1], [2, 3, 9]])
    assert lasting_clusters(tree, 3).tolist() == [0, 0, 0, 1, 1, 1]


def test_nothing_is_found_where_nothing_splits():
    line = np.column_stack([np.arange(5), np.arange(1, 6), np.ones(5)])
    assert lasting_clusters(line, 2).tolist() == [-1] * 6
    assert lasting_clusters(np.empty((0, 3)), 2).tolist() == [-1]


@pytest.mark.parametrize(("least", "weights"), [(1, None), (2, np.ones(2))])
def test_sizes_are_checked(least, weights):
    with pytest.raises(MathsError, match=f"parts of {least} and more among 3 points"):
        lasting_clusters(np.zeros((2, 3)), least, weights)
