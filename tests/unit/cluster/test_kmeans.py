"""K-means: planted groups, repeatability, continuation."""

from __future__ import annotations

import numpy as np
import pytest

from builders import blobs
from segmentry.cluster import kmeans
from segmentry.cluster.kmeans import fit_kmeans, refine_kmeans, sweep
from segmentry.cluster.method import Sample
from segmentry.domain.crew import Crew
from segmentry.maths.agreement import adjusted_rand_index
from segmentry.maths.indices import cluster_means

X, TRUTH = blobs(400, k=3)


def fit(seed=0, n_clusters=3):
    return fit_kmeans(X, n_clusters, rng=np.random.default_rng(seed))


def test_planted_groups_are_found():
    assert adjusted_rand_index(fit().labels, TRUTH) == 1.0


def test_centres_are_the_means_of_their_clusters():
    found = fit()
    np.testing.assert_allclose(found.centres, cluster_means(X, found.labels, 3), atol=1e-9)


def test_equal_chance_gives_equal_partitions():
    np.testing.assert_array_equal(fit(5, 6).centres, fit(5, 6).centres)


def test_a_partition_says_how_it_was_made():
    found = fit()
    assert found.method == "k-means"
    assert found.arguments == {"n_segments": 3, "n_starts": 3}
    assert (found.labels.dtype, found.centres.shape) == (np.int64, (3, 4))


def test_a_sample_can_be_continued_on_all_rows():
    sample = fit_kmeans(X[:80], 3, rng=np.random.default_rng(0))
    found = refine_kmeans(X, sample.centres)
    assert adjusted_rand_index(found.labels, TRUTH) == 1.0
    np.testing.assert_allclose(found.centres, cluster_means(X, found.labels, 3), atol=1e-9)


def test_continuation_draws_nothing():
    centres = X[:5].copy()
    first, second = refine_kmeans(X, centres), refine_kmeans(X, centres)
    np.testing.assert_array_equal(first.centres, second.centres)
    np.testing.assert_array_equal(centres, X[:5])


@pytest.mark.parametrize("n_clusters", [2, 7])
def test_every_cluster_has_rows(n_clusters):
    assert np.bincount(fit(1, n_clusters).labels, minlength=n_clusters).min() > 0


def test_the_rows_are_left_as_they_are():
    rows = X.copy()
    rows.flags.writeable = False
    fit_kmeans(rows, 3, rng=np.random.default_rng(0))
    np.testing.assert_array_equal(rows, X)


def test_many_rows_are_fitted_over_samples_and_each_number_alike_in_any_band(monkeypatch):
    monkeypatch.setattr(kmeans, "MANY_ROWS", 300)
    among = sweep(Sample(X, (2, 3, 4), 0, Crew(2)))
    alone = sweep(Sample(X, (3,), 0, Crew()))
    assert adjusted_rand_index(among[3].partitions[0].labels, TRUTH) == 1.0
    assert among[3].partitions[0].arguments == {"n_segments": 3, "n_starts": 8}
    np.testing.assert_array_equal(among[3].partitions[0].centres, alone[3].partitions[0].centres)
