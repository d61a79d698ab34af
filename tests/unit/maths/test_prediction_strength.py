"""Prediction strength: pairs counted one by one, planted and absent clusters."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import blobs
from segmentry.errors import MathsError
from segmentry.maths.prediction_strength import pair_strength, prediction_strength

RNG = np.random.default_rng


def slow_strength(predicted, own):
    worst = 1.0
    for cluster in set(own.tolist()):
        rows = np.flatnonzero(own == cluster)
        pairs = [(i, j) for i in rows for j in rows if i != j]
        if pairs:
            worst = min(worst, np.mean([predicted[i] == predicted[j] for i, j in pairs]))
    return worst


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=1, max_size=20))
def test_strength_counts_pairs(cells):
    predicted, own = np.array(cells).T
    assert pair_strength(predicted, own) == pytest.approx(slow_strength(predicted, own))


@given(st.permutations(range(4)), st.integers(0, 99))
def test_names_of_clusters_do_not_matter(names, seed):
    predicted, own = RNG(seed).integers(0, 4, (2, 50))
    renamed = np.array(names)
    assert pair_strength(renamed[predicted], renamed[own]) == pair_strength(predicted, own)


def test_planted_clusters_are_predicted_and_more_are_not():
    X, _ = blobs(400, k=3)
    found = prediction_strength(X, range(1, 7), rng=RNG(0))
    assert found.chosen == 3
    assert found.strengths[[0, 2]].tolist() == [1.0, 1.0]
    assert (found.strengths[3:] < 0.8).all()


def test_a_cloud_without_clusters_is_one():
    X = RNG(1).normal(size=(400, 4))
    assert prediction_strength(X, range(1, 6), rng=RNG(0)).chosen == 1


def test_equal_rows_are_predicted():
    found = prediction_strength(np.ones((8, 2)), [1], rng=RNG(0), n_splits=1)
    assert found.strengths.tolist() == [1.0]
    assert found.standard_errors.tolist() == [0.0]


def test_equal_chance_gives_equal_strengths():
    X, _ = blobs(100, gap=2.0)
    first, second = (prediction_strength(X, [2, 3, 4], rng=RNG(3)) for _ in range(2))
    np.testing.assert_array_equal(first.strengths, second.strengths)


def test_no_rows_disagree_with_nothing():
    none = np.array([], dtype=np.int64)
    assert pair_strength(none, none) == 1.0


def test_labels_of_different_lengths_are_refused():
    with pytest.raises(MathsError, match=r"labels have shapes \(2,\) and \(3,\)"):
        pair_strength(np.zeros(2, dtype=np.int64), np.zeros(3, dtype=np.int64))


@pytest.mark.parametrize(("n", "numbers"), [(3, [1]), (8, [5]), (8, [0]), (8, [])])
def test_halves_that_are_too_small_are_refused(n, numbers):
    with pytest.raises(MathsError, match="cannot be split into"):
        prediction_strength(np.eye(n), numbers, rng=RNG(0))
