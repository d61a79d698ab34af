"""Partitions with noise, and what becomes of noise rows."""

from __future__ import annotations

import numpy as np
import pytest

from segmentry.cluster import noise
from segmentry.cluster.method import Sample
from segmentry.cluster.noise import (
    dense_count,
    noisy_fits,
    noisy_partition,
    numbered,
    on_sample,
    without_noise,
)
from segmentry.domain.crew import Crew

X = np.array([[0.0], [1.0], [10.0], [11.0], [4.0], [100.0]])
LABELS = np.array([0, 0, 1, 1, -1, -1])


@pytest.mark.parametrize(
    ("n_rows", "n_columns", "count"),
    [(100, 2, 4), (100, 9, 4), (900, 2, 10), (10_000, 2, 33), (10_000, 18, 36), (10**6, 30, 40)],
)
def test_a_place_is_dense_by_columns_and_rows(n_rows, n_columns, count):
    assert dense_count(n_rows, n_columns) == count


@pytest.mark.parametrize("n_rows", [0, 1, 2, 3])
def test_of_very_few_rows_two_or_all_are_asked(n_rows):
    assert dense_count(n_rows, 3) == max(2, n_rows)


def test_centres_are_means_of_clustered_rows_and_noise_has_a_share():
    found = noisy_partition(X, LABELS, "dbscan", {"radius": 1.0})
    assert found.centres.tolist() == [[0.5], [10.5]]
    assert found.n_clusters == 2
    assert found.arguments["noise_share"] == pytest.approx(1 / 3)


def test_rows_that_are_all_noise_make_no_cluster():
    found = noisy_partition(X, np.full(6, -1), "dbscan", {})
    assert (found.n_clusters, found.arguments["noise_share"]) == (0, 1.0)
    assert without_noise(X, found.labels).tolist() == [0] * 6


def test_noise_rows_get_the_label_of_the_nearest_clustered_row():
    assert without_noise(X, LABELS).tolist() == [0, 0, 1, 1, 0, 1]
    assert LABELS.tolist() == [0, 0, 1, 1, -1, -1]


def test_small_regions_are_noise_and_numbers_follow_the_first_rows():
    labels = np.array([7, -1, 3, 7, 3, 5, 7])
    assert numbered(labels).tolist() == [0, -1, 1, 0, 1, 2, 0]
    assert numbered(labels, least=3).tolist() == [0, -1, -1, 0, -1, -1, 0]
    assert numbered(np.full(3, -1)).tolist() == [-1] * 3


def test_of_many_rows_a_sample_speaks_for_its_neighbours():
    rows = np.sort(np.random.default_rng(0).normal(size=(500, 1)) + np.repeat([[0.0], [50.0]], 250))
    asked = []

    def halves(some, weights):
        assert weights is None
        asked.append(len(some))
        return (some[:, 0] > 25).astype(np.int64)

    labels = on_sample(rows, halves, np.random.default_rng(0), most=100)
    assert asked == [100]
    np.testing.assert_array_equal(labels, rows[:, 0] > 25)


def test_fits_with_noise_have_a_finite_bic():
    sample = Sample(X, (2,), 0, Crew(1))
    assert np.isfinite(noisy_fits(sample, (noisy_partition(X, LABELS, "dbscan", {}),)).bic)


def test_noise_among_very_many_rows_is_what_rows_near_by_are(monkeypatch):
    monkeypatch.setattr(noise, "MOST_ROWS", 50)
    rng = np.random.default_rng(0)
    truth = np.repeat([0, 1], 300)
    rows = rng.normal(size=(600, 2)) + 40.0 * truth[:, None]
    labels = np.where(rng.random(600) < 0.2, -1, truth)
    np.testing.assert_array_equal(without_noise(rows, labels), truth)
