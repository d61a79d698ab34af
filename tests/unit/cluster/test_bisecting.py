"""Bisecting k-means: nested partitions of planted groups."""

from __future__ import annotations

import numpy as np

from builders import blobs
from segmentry.cluster.bisecting import fit_bisecting, fit_labels
from segmentry.maths.agreement import adjusted_rand_index
from segmentry.maths.indices import cluster_means

X, TRUTH = blobs(400, k=3)


def rng(seed=0):
    return np.random.default_rng(seed)


def test_planted_groups_are_found():
    assert adjusted_rand_index(fit_labels(X, 3, rng(), {}), TRUTH) == 1.0


def test_each_number_of_the_band_has_its_partition():
    found = fit_bisecting(X, range(2, 6), rng=rng())
    assert [p.n_clusters for p in found] == [2, 3, 4, 5]
    assert {p.method for p in found} == {"bisecting k-means"}
    for partition in found:
        means = cluster_means(X, partition.labels, partition.n_clusters)
        np.testing.assert_allclose(partition.centres, means, atol=1e-4)


def test_more_clusters_divide_those_there_were():
    few, many = fit_bisecting(X, (2, 4), rng=rng())
    assert len(set(zip(few.labels.tolist(), many.labels.tolist(), strict=True))) == 4


def test_rows_that_differ_in_their_last_digits_alone_make_fewer_clusters():
    X = np.repeat([[1.0], [2.0]], 20, axis=0) + np.arange(40)[:, None] * 1e-12
    found = fit_bisecting(X, (2, 3), rng=np.random.default_rng(0))
    assert [p.n_clusters for p in found] == [2, 2]
