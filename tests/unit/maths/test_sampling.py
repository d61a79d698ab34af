"""Which rows stand for all: shares of clusters, steps along their depth, groups of a size."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import pairwise_distances

from builders import blobs
from segmentry.maths.sampling import dealt, depths, stratified, systematic

RNG = np.random.default_rng
X, CODES = blobs(2_000, k=3, gap=3.0)


def test_clusters_keep_their_shares_and_small_ones_thirty_rows():
    codes = np.r_[np.zeros(900), np.ones(1_060), np.full(40, 2)].astype(np.int64)
    counts = np.bincount(codes[stratified(codes, 3, 200, RNG(0))])
    assert counts.tolist() == [90, 106, 30]


def test_few_rows_are_all_taken():
    assert stratified(CODES, 3, 2_000, RNG(0)).tolist() == list(range(2_000))


def test_groups_share_every_cluster():
    groups = dealt(CODES, 3, 20, RNG(0))
    for code in range(3):
        assert np.ptp(np.bincount(groups[code == CODES], minlength=20)) <= 1


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_depths_are_silhouettes_by_centres(dtype):
    centres = np.array([X[k == CODES].mean(axis=0) for k in range(3)])
    gaps = pairwise_distances(X, centres)
    inner = gaps[np.arange(len(X)), CODES]
    gaps[np.arange(len(X)), CODES] = np.inf
    expected = (gaps.min(axis=1) - inner) / np.maximum(gaps.min(axis=1), inner)
    np.testing.assert_allclose(depths(X.astype(dtype), CODES, 3), expected, atol=1e-4)


def test_steps_are_drawn_from_every_stretch_of_a_cluster():
    places = np.arange(2_000, dtype=np.float32)
    codes = np.zeros(2_000, dtype=np.int64)
    rows, groups = systematic(codes, places, n_codes=1, n_rows=200, n_groups=20, rng=RNG(0))
    assert (rows // 10).tolist() == list(range(200))
    for stretch in range(10):
        assert sorted(groups[20 * stretch : 20 * stretch + 20]) == list(range(20))


def test_no_row_is_drawn_twice():
    for seed in range(5):
        rows, groups = systematic(
            CODES, depths(X, CODES, 3), n_codes=3, n_rows=1_500, n_groups=20, rng=RNG(seed)
        )
        assert len(np.unique(rows)) == len(rows) == len(groups)
