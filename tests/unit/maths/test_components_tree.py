"""Trees joined by the shortest lines."""

from __future__ import annotations

import numpy as np
import pytest

from segmentry.maths.components_tree import join_components
from segmentry.maths.spanning import spanning_tree


def squared(tree):
    return np.column_stack([tree[:, :2], tree[:, 2] ** 2])


@pytest.mark.parametrize("most", [20, 100_000])
@pytest.mark.parametrize(("n", "d", "parts"), [(60, 1, 2), (300, 2, 9), (300, 6, 40), (50, 3, 50)])
def test_a_forest_becomes_the_shortest_tree(n, d, parts, most, monkeypatch):
    monkeypatch.setattr("segmentry.maths.components_tree.MOST_GAPS", most)
    X = np.random.default_rng(n + d).normal(size=(n, d))
    tree = squared(spanning_tree(X))
    # Without its longest lines the rest of the tree is the shortest forest of so many parts.
    joined = join_components(X, tree[: n - parts])
    assert joined[:, 2].sum() == pytest.approx(tree[:, 2].sum())
    assert len(joined) == n - 1


def test_ties_close_no_ring():
    X = np.array([[0.0, 0], [1, 0], [0, 1], [1, 1]])
    assert join_components(X, np.empty((0, 3)))[:, 2].tolist() == [1.0] * 3


def test_a_whole_tree_is_left_as_it_is():
    tree = squared(spanning_tree(np.arange(5.0)[:, None]))
    np.testing.assert_array_equal(join_components(np.arange(5.0)[:, None], tree), tree)


@pytest.mark.parametrize("smoothing", [4, 15])
@pytest.mark.parametrize("parts", [3, 20])
def test_lines_are_at_least_as_long_as_core_distances(smoothing, parts):
    X = np.random.default_rng(7).normal(size=(200, 4))
    gaps = ((X[:, None] - X) ** 2).sum(axis=2)
    cores = np.sort(gaps, axis=1)[:, smoothing - 1]
    tree = squared(spanning_tree(X, smoothing=smoothing))
    joined = join_components(X, tree[: 200 - parts], cores=cores)
    assert joined[:, 2].sum() == pytest.approx(tree[:, 2].sum())


def test_known_lines_are_taken_and_spare_the_search():
    X = np.array([[0.0], [1.0], [5.0], [7.0]])
    forest, bridge = np.array([[0.0, 1, 1], [2, 3, 4]]), np.array([[0.0, 3, 2.5], [1, 2, 2.0]])
    # Shorter than any line that may be found: it is believed.
    joined = join_components(X, forest, bridges=bridge, reach=np.full(4, 16.0))
    assert joined[2].tolist() == [1.0, 2.0, 2.0]
