"""Gaps: against the formula written out, and what they choose."""

from __future__ import annotations

import numpy as np
import pytest

from builders import blobs
from segmentry.errors import MathsError
from segmentry.maths.gap import box_reference, by_kmeans, gap_statistic

RNG = np.random.default_rng


def by_size(X, k, _):
    """Cut rows along their first column: nothing drawn, so that a test can do it again."""
    order = np.empty(len(X), dtype=np.int64)
    order[np.argsort(X[:, 0])] = np.arange(len(X))
    return order * k // len(X)


def slow_log_scatter(X, labels):
    """Sum pairwise squared distances within clusters, over twice their sizes."""
    total = 0.0
    for g in set(labels.tolist()):
        rows = X[labels == g]
        total += sum(((a - b) ** 2).sum() for a in rows for b in rows) / (2 * len(rows))
    return np.log(total)


def test_gaps_and_their_errors_are_those_of_the_formula():
    X, _ = blobs(30, k=2, d=2)
    found = gap_statistic(X, [1, 2, 3], rng=RNG(5), labelled=by_size, n_references=4)
    rng = RNG(5)
    logs = []
    for _ in range(4):
        rows = box_reference(X, rng)
        logs.append([slow_log_scatter(rows, by_size(rows, k, None)) for k in (1, 2, 3)])
    own = np.array([slow_log_scatter(X, by_size(X, k, None)) for k in (1, 2, 3)])
    logs = np.array(logs)
    spread = np.sqrt(((logs - logs.mean(axis=0)) ** 2).mean(axis=0) * (1 + 1 / 4))
    np.testing.assert_allclose(found.gaps, logs.mean(axis=0) - own)
    np.testing.assert_allclose(found.standard_errors, spread)


def test_planted_clusters_are_counted():
    X, _ = blobs(400, k=4, d=3)
    assert gap_statistic(X, range(1, 8), rng=RNG(0), n_references=8).chosen == 4


@pytest.mark.parametrize("seed", range(3))
def test_rows_without_clusters_are_one(seed):
    X = RNG(seed).normal(size=(300, 3))
    assert gap_statistic(X, range(1, 5), rng=RNG(0), n_references=8).chosen == 1


def test_the_box_lies_along_the_principal_axes():
    X = RNG(0).normal(size=(500, 2)) * [10.0, 0.1] @ np.array([[0.6, 0.8], [-0.8, 0.6]])
    rows = box_reference(X, RNG(1))
    across = rows @ np.array([-0.8, 0.6])
    assert rows.shape == X.shape
    assert np.ptp(across) < 1.0


def test_shift_and_scale_change_nothing():
    X, _ = blobs(120, k=3)
    plain = gap_statistic(X, [2, 3], rng=RNG(0), n_references=3)
    moved = gap_statistic(1e9 * X + 1e9, [2, 3], rng=RNG(0), n_references=3)
    np.testing.assert_allclose(plain.gaps, moved.gaps, atol=0.05)


def test_equal_rows_have_no_gap():
    found = gap_statistic(np.ones((6, 2)), [1, 2], rng=RNG(0), n_references=2)
    assert np.isfinite(found.gaps).all()
    assert found.chosen == 1


def test_labels_by_kmeans_follow_chance():
    X, _ = blobs(60)
    np.testing.assert_array_equal(by_kmeans(X, 3, RNG(1)), by_kmeans(X, 3, RNG(1)))


@pytest.mark.parametrize(("numbers", "n"), [([], 5), ([1, 3], 5), ([0, 1], 5), ([6], 5), ([2], 0)])
def test_numbers_out_of_range_are_refused(numbers, n):
    with pytest.raises(MathsError, match="a gap needs consecutive numbers within 1"):
        gap_statistic(np.eye(5), numbers, rng=RNG(0), n_references=n)
