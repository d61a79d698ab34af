"""Medoids against all sets of rows, and by law."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builders import blobs
from segmentry.errors import MathsError
from segmentry.maths import medoids as module
from segmentry.maths.agreement import adjusted_rand_index
from segmentry.maths.medoids import partition_around_medoids


def gaps_of(X, dtype=np.float64):
    return np.sqrt(((X[:, None] - X[None]) ** 2).sum(axis=2)).astype(dtype)


def deviation(gaps, rows):
    return gaps[:, list(rows)].min(axis=1).sum()


def fit(gaps, k, seed=0):
    return partition_around_medoids(gaps, k, rng=np.random.default_rng(seed))


@pytest.mark.parametrize("k", [1, 2, 3])
@pytest.mark.parametrize("seed", range(4))
def test_the_best_of_few_fits_is_the_best_of_all_sets_of_rows(seed, k):
    gaps = gaps_of(np.random.default_rng(seed).normal(size=(16, 2)))
    best = min(deviation(gaps, rows) for rows in combinations(range(16), k))
    found = min(fit(gaps, k, s).deviation for s in range(5))
    assert found == pytest.approx(best)


@settings(deadline=None, max_examples=25)
@given(st.integers(0, 999), st.integers(2, 5), st.sampled_from([np.float32, np.float64]))
def test_no_single_swap_makes_it_better(seed, k, dtype):
    gaps = gaps_of(np.random.default_rng(seed).normal(size=(90, 2)), dtype)
    found = fit(gaps, k, seed)
    assert found.deviation == pytest.approx(deviation(gaps.astype(float), found.rows))
    for place in range(k):
        for row in range(90):
            swapped = found.rows.copy()
            swapped[place] = row
            assert deviation(gaps.astype(float), swapped) >= found.deviation * (1 - 1e-6)


def test_rows_are_labelled_by_their_nearest_medoid():
    X, truth = blobs(300, k=4)
    gaps = gaps_of(X)
    found = fit(gaps, 4)
    assert adjusted_rand_index(found.labels, truth) == 1.0
    np.testing.assert_array_equal(found.labels, gaps[:, found.rows].argmin(axis=1))


def test_scale_changes_nothing():
    gaps = gaps_of(blobs(120, k=3, gap=2.0)[0])
    np.testing.assert_array_equal(fit(gaps, 3).rows, fit(gaps * 2.0**30, 3).rows)


def test_a_start_among_few_rows_is_improved_among_all(monkeypatch):
    gaps = gaps_of(blobs(400, k=5, gap=2.0)[0])
    plain = fit(gaps, 5).deviation
    monkeypatch.setattr(module, "START_ROWS", 60)
    assert fit(gaps, 5).deviation == pytest.approx(plain, rel=0.02)


def test_equal_rows_have_one_form_and_no_deviation():
    found = fit(np.zeros((6, 6)), 3)
    assert (found.deviation, set(found.labels.tolist())) == (0.0, {0})
    assert len(set(found.rows.tolist())) == 3


def test_as_many_medoids_as_rows_and_a_single_row():
    assert fit(gaps_of(np.eye(4)), 4).deviation == 0.0
    assert fit(np.zeros((1, 1)), 1).labels.tolist() == [0]


@pytest.mark.parametrize("k", [0, 5])
def test_impossible_numbers_are_refused(k):
    with pytest.raises(MathsError, match=rf"gaps of shape \(4, 4\) hold no {k} medoids"):
        fit(np.zeros((4, 4)), k)
