"""The order in which segments merge, and its price, against scipy and rows counted again."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.cluster.hierarchy import ward

from segmentry.judge.merging import judge_merging
from segmentry.maths.gain import explained_share


def drawn(seed, k=5, n=400):
    rng = np.random.default_rng(seed)
    segment = rng.integers(0, k, n)
    return rng.normal(size=(k, 3))[segment] * 2 + rng.normal(size=(n, 3)), segment


@settings(deadline=None, max_examples=30)
@given(seed=st.integers(0, 10_000), k=st.integers(3, 9))
def test_what_is_left_is_what_the_merged_segments_explain(seed, k):
    X, segment = drawn(seed, k)
    found = judge_merging(X, segment, range(1, k + 1))
    assert found.explained == pytest.approx(explained_share(X, segment), abs=1e-9)
    labels = segment.copy()
    for merge in found.merges:
        labels[np.isin(labels + 1, merge.second)] = merge.first[0] - 1
        labels[np.isin(labels + 1, merge.first)] = merge.first[0] - 1
        assert merge.explained == pytest.approx(explained_share(X, labels), abs=1e-9)
    assert len(found.merges) == k - 1
    assert found.merges[-1].explained == pytest.approx(0.0, abs=1e-9)
    assert sorted(found.merges[-1].first + found.merges[-1].second) == list(range(1, k + 1))


def test_segments_of_one_row_merge_as_scipy_merges_rows():
    X = np.random.default_rng(4).normal(size=(12, 3))
    found = judge_merging(X, np.arange(12), range(1, 13))
    heights = np.array([found.explained, *(m.explained for m in found.merges)])
    costs = -np.diff(heights) * ((X - X.mean(axis=0)) ** 2).sum()
    np.testing.assert_allclose(costs, ward(X)[:, 2] ** 2 / 2, rtol=1e-8)


def test_no_pair_is_cheaper_than_the_first():
    X, segment = drawn(7)
    found = judge_merging(X, segment, (1, 2, 3, 4, 5))
    pairs = [(a, b) for a in range(5) for b in range(a)]
    left = [explained_share(X, np.where(segment == a, b, segment)) for a, b in pairs]
    assert found.merges[0].explained == pytest.approx(max(left))


def test_intervals_are_those_of_a_bootstrap_over_rows():
    X, segment = drawn(11, k=4, n=600)
    found = judge_merging(X, segment, (1, 2, 3, 4))
    first = found.merges[0]
    merged = np.where(segment + 1 == first.second[0], first.first[0] - 1, segment)
    rng = np.random.default_rng(0)
    rows = [rng.integers(0, 600, 600) for _ in range(400)]
    whole = [explained_share(X[r], segment[r]) for r in rows]
    lost = [w - explained_share(X[r], merged[r]) for w, r in zip(whole, rows, strict=True)]
    for told, drawn_again in ((found.within, whole), (first.lost, lost)):
        assert told.high - told.low == pytest.approx(2 * 1.96 * np.std(drawn_again), rel=0.15)
        assert told.low < told.value < told.high
    assert first.lost.value == pytest.approx(found.explained - first.explained)
    assert first.within.value == first.explained


def test_a_segment_without_rows_takes_no_part():
    X, segment = drawn(3, k=4)
    found = judge_merging(X, np.where(segment == 2, 4, segment), (7, 2, 9, 4, 5))
    assert sorted(found.merges[-1].first + found.merges[-1].second) == [2, 4, 5, 7]


@pytest.mark.parametrize("X", [np.zeros((9, 2)), np.eye(9)[:, :2]])
def test_two_segments_or_rows_all_alike_have_no_order(X):
    k = 3 if not X.any() else 2
    assert judge_merging(X, np.arange(9) % k, range(1, k + 1)) is None
