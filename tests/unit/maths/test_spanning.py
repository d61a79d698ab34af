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


@pytest.mark.parametrize("d", [2, 10])
@pytest.mark.parametrize("gap", [0.0, 4.0, 100.0])
def test_many_points_have_it_but_for_a_line_or_two(d, gap, monkeypatch):
    X, _ = blobs(1_500, k=2, d=d, gap=gap)
    exact = spanning_tree(X)
    monkeypatch.setattr("segmentry.maths.spanning.PRIM_ROWS", 10)
    tree = spanning_tree(X)
    assert is_tree(tree, 1_500)
    assert tree[:, 2].sum() == pytest.approx(exact[:, 2].sum(), rel=3e-4)
    # Clusters far apart are joined by the shortest line, whatever was missed within.
    assert tree[-1, 2] == pytest.approx(exact[-1, 2])


def test_repeats_hang_on_the_first_of_them(monkeypatch):
    X = np.repeat(RNG(2).normal(size=(80, 6)), 4, axis=0)
    monkeypatch.setattr("segmentry.maths.spanning.PRIM_ROWS", 10)
    tree = spanning_tree(X)
    assert is_tree(tree, 320)
    assert (tree[:240, 2] == 0).all()
    assert tree[:, 2].sum() == pytest.approx(length(X), rel=1e-3)


def test_the_order_of_rows_does_not_matter():
    X, order = RNG(5).normal(size=(300, 2)), RNG(6).permutation(300)
    tree, other = spanning_tree(X), spanning_tree(X[order])
    lines = {tuple(sorted(line)) for line in order[other[:, :2].astype(int)].tolist()}
    assert lines == {tuple(line) for line in tree[:, :2].astype(int).tolist()}


def test_smoothing_is_checked():
    with pytest.raises(MathsError, match="smoothing over 4 of 3 points"):
        spanning_tree(np.zeros((3, 1)), smoothing=4)
    with pytest.raises(MathsError, match="smoothing over 0"):
        spanning_tree(np.zeros((3, 1)), smoothing=0)
