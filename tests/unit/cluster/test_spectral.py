"""Spectral clustering: shapes that k-means cuts across, and scikit-learn."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.cluster import SpectralClustering

from builders import blobs
from rings import embraced, moons
from segmentry.cluster import spectral
from segmentry.cluster.kmeans import fit_kmeans
from segmentry.cluster.method import Sample
from segmentry.cluster.spectral import NAME, fit_labels, fit_spectral, objection, sweep
from segmentry.domain.crew import Crew
from segmentry.maths.agreement import adjusted_rand_index


def fit(X, k, seed=0):
    return fit_spectral(X, k, rng=np.random.default_rng(seed))


@pytest.mark.parametrize("drawn", [moons, embraced])
def test_shapes_are_found_where_k_means_cuts_across_them(drawn):
    X, truth = drawn()
    straight = fit_kmeans(X, 2, rng=np.random.default_rng(0)).labels
    assert adjusted_rand_index(straight, truth) < 0.6
    assert adjusted_rand_index(fit_labels(X, 2, np.random.default_rng(0), {}), truth) > 0.95


@pytest.mark.parametrize("seed", range(2))
def test_groups_are_those_of_scikit_learn(seed):
    X, _ = blobs(400, k=4, gap=4.0, seed=seed)
    theirs = SpectralClustering(4, affinity="nearest_neighbors", random_state=0).fit(X)
    assert adjusted_rand_index(fit(X, 4).labels, theirs.labels_) > 0.97


def test_a_sweep_embeds_once_and_repeats_itself():
    X, truth = blobs(300, k=3, gap=6.0)
    first, second = (sweep(Sample(X, (2, 3, 6), 7, Crew(hands))) for hands in (1, 2))
    assert list(first) == [2, 3, 6]
    assert adjusted_rand_index(first[3].partitions[0].labels, truth) > 0.98
    for k, fits in first.items():
        assert {p.n_clusters for p in fits.partitions} == {k}
        assert {p.method for p in fits.partitions} == {NAME}
        np.testing.assert_array_equal(fits.partitions[0].labels, second[k].partitions[0].labels)


def test_of_many_rows_a_sample_is_embedded(monkeypatch):
    X, truth = moons()
    monkeypatch.setattr(spectral, "MOST_ROWS", 400)
    assert objection(X) == "600 rows are more than the 400 whose graph is embedded"
    assert adjusted_rand_index(fit(X, 2).labels, truth) > 0.9
    assert list(sweep(Sample(X, (2, 3), 7, Crew()))) == [2, 3]


def test_few_rows_are_not_objected_to():
    assert objection(np.zeros((10, 2))) == ""


@pytest.mark.parametrize(
    ("X", "k"),
    [(np.zeros((1, 2)), 2), (np.eye(2), 2), (np.zeros((40, 2)), 3), (np.eye(3), 5)],
    ids=["one row", "two rows", "equal rows", "more segments than rows"],
)
def test_little_data_makes_no_more_segments_than_rows(X, k):
    found = fit(X, k)
    assert 1 <= found.n_clusters <= min(k, len(X))
    assert set(found.labels.tolist()) == set(range(found.n_clusters))


def test_scale_changes_nothing():
    X, _ = moons(200)
    np.testing.assert_array_equal(fit(X * 2.0**30, 2).labels, fit(X, 2).labels)
