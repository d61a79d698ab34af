"""Small clusters: all of the rows, near together, and the same from the same seed."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builders import blobs
from segmentry.errors import MathsError
from segmentry.maths.indices import cluster_means
from segmentry.maths.micro_clusters import micro_clusters

RNG = np.random.default_rng


def scatter(X, labels):
    means = cluster_means(X, labels, labels.max() + 1)
    return float(((X - means[labels]) ** 2).sum())


@settings(deadline=None)
@given(st.integers(1, 300), st.integers(1, 400), st.integers(0, 9))
def test_they_are_numbered_without_a_gap_and_not_too_many(n, count, seed):
    labels = micro_clusters(RNG(seed).normal(size=(n, 3)), count, RNG(seed))
    assert set(labels) == set(range(labels.max() + 1))
    # Every cell of the first level keeps one, whatever its share.
    assert labels.max() + 1 <= min(n, count + 2 * round(count**0.5) + 1)


def test_repeats_share_a_cluster():
    X = np.repeat(RNG(0).normal(size=(40, 3)), 5, axis=0)
    labels = micro_clusters(X, 80, RNG(0))
    assert len(np.unique(np.column_stack([labels, np.repeat(np.arange(40), 5)]), axis=0)) == 40


def test_they_hold_little_scatter_and_lie_in_one_blob_each():
    X, truth = blobs(6_000, k=4, d=6)
    labels = micro_clusters(X, 300, RNG(0))
    assert len(np.unique(np.column_stack([labels, truth]), axis=0)) == labels.max() + 1
    # 300 rows drawn by chance, and every row with the nearest of them, as the plain way.
    drawn = X[RNG(0).permutation(len(X))[:300]]
    plain = ((X[:, None, :] - drawn) ** 2).sum(axis=2).argmin(axis=1)
    plain = np.unique(plain, return_inverse=True)[1]
    assert scatter(X, labels) < 0.95 * scatter(X, plain)


@pytest.mark.parametrize("rows", [2_000, 9_000])
def test_blocks_and_precision_change_nothing(rows, monkeypatch):
    X = np.round(RNG(1).normal(size=(rows, 4)), 3).astype(np.float32)
    whole = micro_clusters(X, 100, RNG(3))
    np.testing.assert_array_equal(micro_clusters(X.astype(np.float64), 100, RNG(3)), whole)
    monkeypatch.setattr("segmentry.maths.micro_clusters.BLOCK_ROWS", 700)
    assert (micro_clusters(X, 100, RNG(3)) == whole).mean() > 0.999


@pytest.mark.parametrize("factor", [1e-9, 1.0, 1e9])
def test_scale_and_place_do_not_matter(factor):
    X = blobs(800, k=3)[0]
    # Powers of two would be exact; others round a little.
    same = micro_clusters(X * factor, 50, RNG(0)) == micro_clusters(X, 50, RNG(0))
    assert same.mean() > 0.99


def test_equal_rows_make_one_cluster():
    assert micro_clusters(np.ones((50, 2)), 20, RNG(0)).tolist() == [0] * 50
    assert micro_clusters(np.ones((1, 2)), 5, RNG(0)).tolist() == [0]


def test_rows_and_clusters_must_be_some():
    with pytest.raises(MathsError, match="0 rows in 5 small clusters"):
        micro_clusters(np.empty((0, 2)), 5, RNG(0))
    with pytest.raises(MathsError, match="3 rows in 0 small clusters"):
        micro_clusters(np.ones((3, 2)), 0, RNG(0))
