"""A small tree by hand; equality with another implementation is in tests/oracles."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from segmentry.errors import MathsError
from segmentry.maths.trees import Node, Split, Tree, answers, grow_tree, merged


def grown(X, labels, **changes):
    return grow_tree(np.asarray(X, dtype=float), np.asarray(labels), **{"depth": 3, **changes})


def test_one_question_lies_halfway_between_the_classes():
    tree = grown([[1], [2], [8], [9]], [0, 0, 1, 1])
    assert tree.nodes[0].split == Split(0, 5.0, gaps_left=True)
    assert tree.depth == 1
    assert [tree.nodes[i].counts.tolist() for i in tree.leaves] == [[2, 0], [0, 2]]


def test_the_column_that_tells_most_is_asked():
    rng = np.random.default_rng(0)
    noise = rng.normal(size=(200, 3))
    noise[:, 1] = np.where(np.arange(200) < 120, -1.0, 1.0)
    tree = grown(noise, (np.arange(200) >= 120).astype(int))
    assert tree.nodes[0].split.column == 1
    assert len(tree.leaves) == 2


def test_two_questions_find_a_class_in_the_middle():
    X = np.arange(30.0)[:, None]
    labels = ((X[:, 0] >= 10) & (X[:, 0] < 20)).astype(int)
    tree = grown(X, labels)
    np.testing.assert_array_equal(tree.labels(X), labels)
    assert tree.depth == 2


def test_gaps_go_where_they_fit_better():
    X = np.array([[1.0], [2.0], [8.0], [9.0], [np.nan], [np.nan]])
    high = grown(X, [0, 0, 1, 1, 1, 1])
    low = grown(X, [0, 0, 1, 1, 0, 0])
    assert (high.nodes[0].split.gaps_left, low.nodes[0].split.gaps_left) == (False, True)
    assert high.labels(np.array([[np.nan]])).tolist() == [1]
    assert low.labels(np.array([[np.nan]])).tolist() == [0]


def test_a_column_of_gaps_asks_nothing():
    tree = grown([[np.nan], [np.nan]], [0, 1])
    assert tree.leaves == (0,)


def test_no_leaf_is_smaller_than_allowed():
    X = np.random.default_rng(0).normal(size=(100, 2))
    tree = grown(X, (X[:, 0] > 1.2).astype(int), depth=6, least_leaf=20)
    assert min(tree.nodes[i].counts.sum() for i in tree.leaves) >= 20


def test_no_way_down_is_longer_than_allowed():
    rng = np.random.default_rng(0)
    assert grown(rng.normal(size=(300, 3)), rng.integers(0, 4, 300), depth=2).depth == 2


@settings(deadline=None)
@given(st.integers(0, 200), st.integers(1, 5))
def test_every_row_ends_in_one_leaf_that_counts_it(seed, depth):
    rng = np.random.default_rng(seed)
    X, labels = rng.integers(0, 5, (60, 3)).astype(float), rng.integers(0, 3, 60)
    X[rng.random(X.shape) < 0.1] = np.nan
    tree = grown(X, labels, depth=depth)
    ends = tree.leaf_of(X)
    assert set(ends) == set(tree.leaves)
    for leaf in tree.leaves:
        counts = np.bincount(labels[ends == leaf], minlength=labels.max() + 1)
        assert counts.tolist() == tree.nodes[leaf].counts.tolist()


def test_neighbouring_numbers_are_told_apart():
    low = 1.0
    high = np.nextafter(low, 2.0)
    tree = grown([[low], [high]], [0, 1])
    assert tree.labels(np.array([[low], [high]])).tolist() == [0, 1]


def test_answers_treat_the_threshold_as_inside():
    column = np.array([1.0, 2.0, 3.0, np.nan])
    assert answers(column, Split(0, 2.0, gaps_left=False)).tolist() == [True, True, False, False]


def test_as_many_labels_as_rows_are_needed():
    with pytest.raises(MathsError, match="labels have"):
        grown([[1.0], [2.0]], [0])


def test_a_question_with_the_same_answer_twice_is_taken_back():
    X = np.array([[1.0], [2.0], [3.0], [4.0], [5.0], [6.0]])
    labels = np.array([0, 0, 0, 0, 1, 1])
    leaf = lambda *counts: Node(np.array(counts))  # noqa: E731
    idle = Tree(
        (
            Node(np.array([4, 2]), Split(0, 2.0, gaps_left=True), 1, 2),
            Node(np.array([2, 0]), Split(0, 1.0, gaps_left=True), 3, 4),
            Node(np.array([2, 2]), Split(0, 4.0, gaps_left=True), 5, 6),
            *(leaf(1, 0), leaf(1, 0), leaf(2, 0), leaf(0, 2)),
        )
    )
    short = merged(idle)
    assert [n.split.threshold for n in short.nodes if n.split is not None] == [2.0, 4.0]
    assert len(short.nodes) == 5
    np.testing.assert_array_equal(short.labels(X), labels)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_taking_back_changes_no_label_and_leaves_nothing_to_take_back(seed):
    rng = np.random.default_rng(seed)
    X = np.where(rng.random((80, 3)) < 0.1, np.nan, rng.normal(size=(80, 3)))
    tree = grown(X, rng.integers(0, 3, 80), depth=5)
    short = merged(tree)
    np.testing.assert_array_equal(short.labels(X), tree.labels(X))
    assert len(short.nodes) <= len(tree.nodes)
    assert short.nodes == merged(short).nodes or len(merged(short).nodes) == len(short.nodes)
    at = short.leaf_of(X)
    assert set(at) == set(short.leaves)
