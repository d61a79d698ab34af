"""Samples, seeds and refits of methods around medoids."""

from __future__ import annotations

import numpy as np
import pytest

from segmentry.cluster import medoids
from segmentry.cluster.jaccard import UNLIKE
from segmentry.cluster.medoids import fit_medoids, manner, refit_medoids, sweep_medoids
from segmentry.cluster.method import Sample
from segmentry.domain.crew import Crew
from segmentry.maths.agreement import adjusted_rand_index
from usage import repertoires


def fit(X, k, seed=0):
    return fit_medoids(X, UNLIKE, k, rng=np.random.default_rng(seed))


def test_centres_are_rows_and_the_deviation_is_told():
    X, _ = repertoires(200)
    found = fit(X, 3)
    assert all((centre == X).all(axis=1).any() for centre in found.centres)
    assert 0.0 < found.arguments["deviation"] < 1.0


def test_many_rows_are_labelled_by_medoids_of_a_sample(monkeypatch):
    X, truth = repertoires(900)
    whole = fit(X, 3)
    monkeypatch.setattr(medoids, "EXACT_ROWS", 500)
    monkeypatch.setattr(medoids, "SAMPLE_ROWS", 300)
    found = fit(X, 3)
    assert found.arguments["n_points"] == 300
    assert adjusted_rand_index(found.labels, whole.labels) > 0.6
    assert adjusted_rand_index(found.labels, truth) > 0.8
    assert manner(X) == "around rows sought among 300 of 900"


def test_a_sweep_has_two_seeds_the_better_first_and_repeats_itself():
    X, _ = repertoires(300)
    first, second = (sweep_medoids(Sample(X, (2, 3, 5), 7, Crew(h)), UNLIKE) for h in (1, 2))
    assert list(first) == [2, 3, 5]
    for k, fits in first.items():
        told = [p.arguments["deviation"] for p in fits.partitions]
        assert told == sorted(told)
        assert len(told) == 2
        assert {p.n_clusters for p in fits.partitions} == {k}
        np.testing.assert_array_equal(fits.partitions[0].labels, second[k].partitions[0].labels)


def test_forms_that_there_are_not_make_no_segments():
    X = np.repeat(np.eye(2), 20, axis=0)
    assert fit(X, 4).n_clusters == 2
    assert list(sweep_medoids(Sample(X, (2, 3, 4), 7, Crew()), UNLIKE)) == [2]


def test_seeds_whose_sample_lacks_a_form_are_counted_as_lost(monkeypatch):
    X = np.repeat(np.eye(3), [60, 35, 5], axis=0)
    monkeypatch.setattr(medoids, "EXACT_ROWS", 50)
    monkeypatch.setattr(medoids, "SAMPLE_ROWS", 20)
    found = [sweep_medoids(Sample(X, (2, 3), seed, Crew()), UNLIKE) for seed in range(8)]
    assert all(fits.lost == 2 - len(fits.partitions) for f in found for fits in f.values())
    assert {f[3].lost for f in found if 3 in f} == {0, 1}
    assert {f[2].lost for f in found} == {0}


def test_fits_from_scratch_draw_only_from_the_chance_given():
    X, truth = repertoires()
    first, second = (refit_medoids(UNLIKE)(X, 3, np.random.default_rng(4), {}) for _ in range(2))
    np.testing.assert_array_equal(first, second)
    assert adjusted_rand_index(first, truth) > 0.8


@pytest.mark.parametrize("X", [np.zeros((1, 2)), np.zeros((30, 3))], ids=["one row", "equal rows"])
def test_rows_of_one_form_make_one_segment(X):
    assert fit(X, 3).labels.tolist() == [0] * len(X)
