"""Spanning trees beside scipy's."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse.csgraph import minimum_spanning_tree
from scipy.spatial.distance import cdist

from builders import blobs
from segmentry.errors import MathsError
from segmentry.maths.dendrogram import joined
from segmentry.maths.spanning import spanning_tree

RNG = np.random.default_rng


def length(X, smoothing=1):
    gaps = cdist(X, X)
    cores = np.sort(gaps, axis=1)[:, smoothing - 1]
    gaps = np.maximum(np.maximum(gaps, cores), cores[:, None])
    # A length of zero would be no line to scipy.
    return minimum_spanning_tree(gaps + 1.0).sum() - (len(X) - 1)


def is_tree(tree, n):
    return len(tree) == n - 1 and joined(n, tree[:, :2].astype(np.int64)).max(initial=0) == 0


@settings(deadline=None)
@given(st.integers(1, 60), st.integers(1, 4), st.integers(0, 99))
def test_few_points_have_the_shortest_tree(n, d, seed):
    X = np.round(RNG(seed).normal(size=(n, d)), 1)  # with ties and repeats
    tree = spanning_tree(X)
    assert is_tree(tree, n)
    assert tree[:, 2].sum() == pytest.approx(length(X))
    assert (np.diff(tree[:, 2]) >= 0).all()
    ends = tree[:, :2].astype(int)
    np.testing.assert_allclose(tree[:, 2], np.sqrt(((X[ends[:, 0]] - X[ends[:, 1]]) ** 2).sum(1)))


@pytest.mark.parametrize("smoothing", [2, 5, 40])
def test_smoothing_is_mutual_reachability(smoothing):
    X = RNG(1).normal(size=(40, 3))
    tree = spanning_tree(X, smoothing=smoothing)
    assert is_tree(tree, 40)
    assert tree[:, 2].sum() == pytest.approx(length(X, smoothing))


@pytest.mark.parametrize("smoothing", [1, 6])
@pytest.mark.parametrize("d", [1, 2, 10])
@pytest.mark.parametrize("gap", [0.0, 4.0, 100.0])
def test_few_neighbours_leave_the_tree_the_shortest(smoothing, d, gap, monkeypatch):
    # With hardly a spare neighbour many lines are unsure, and parts have to be joined.
    monkeypatch.setattr("segmentry.maths.spanning.NEIGHBOURS", 2)
    monkeypatch.setattr("segmentry.maths.spanning.SPARE", 0.0)
    X, _ = blobs(900, k=4, d=d, gap=gap)
    tree = spanning_tree(X, smoothing=smoothing)
    assert is_tree(tree, 900)
    assert tree[:, 2].sum() == pytest.approx(length(X, smoothing), rel=1e-9)


@pytest.mark.parametrize("smoothing", [1, 3, 7])
def test_a_weight_is_so_many_rows_in_one_place(smoothing):
    X, weights = RNG(2).normal(size=(80, 3)), RNG(3).integers(1, 6, 80)
    tree = spanning_tree(X, smoothing=smoothing, weights=weights.astype(float))
    rows = np.repeat(X, weights, axis=0)
    cores = np.sort(cdist(rows, rows), axis=1)[:, smoothing - 1]
    repeats = np.ones(len(rows), dtype=bool)
    repeats[np.cumsum(weights) - weights] = False
    # Repeats hang on their place by a line as long as its core distance.
    assert tree[:, 2].sum() == pytest.approx(length(rows, smoothing) - cores[repeats].sum())


def test_weights_so_unequal_that_more_neighbours_are_needed():
    X = RNG(4).normal(size=(300, 2))
    weights = np.where(np.arange(300) % 10 == 0, 91.0, 1.0)
    tree = spanning_tree(X, smoothing=60, weights=weights)
    rows = np.repeat(X, weights.astype(int), axis=0)
    cores = np.sort(cdist(X, rows), axis=1)[:, 59]
    gaps = np.maximum(np.maximum(cdist(X, X), cores), cores[:, None])
    assert tree[:, 2].sum() == pytest.approx(minimum_spanning_tree(gaps + 1.0).sum() - 299)


@pytest.mark.parametrize("smoothing", [1, 3])
def test_repeats_hang_on_the_first_of_them(smoothing):
    X = np.repeat(RNG(2).normal(size=(80, 6)), 4, axis=0)
    tree = spanning_tree(X, smoothing=smoothing)
    assert is_tree(tree, 320)
    assert (tree[:240, 2] == 0).all()
    assert (tree[:240, 0] % 4 == 0).all()
    assert tree[:, 2].sum() == pytest.approx(length(X, smoothing))


def test_the_order_of_rows_does_not_matter():
    X, order = RNG(5).normal(size=(300, 2)), RNG(6).permutation(300)
    tree, other = spanning_tree(X), spanning_tree(X[order])
    lines = {tuple(sorted(line)) for line in order[other[:, :2].astype(int)].tolist()}
    assert lines == {tuple(line) for line in tree[:, :2].astype(int).tolist()}


def test_smoothing_is_checked():
    with pytest.raises(MathsError, match="smoothing over 4 of 3 points"):
        spanning_tree(np.zeros((3, 1)), smoothing=4)
    with pytest.raises(MathsError, match="smoothing over 0 of 3"):
        spanning_tree(np.zeros((3, 1)), smoothing=0)
