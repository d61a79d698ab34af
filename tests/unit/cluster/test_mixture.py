"""Mixtures: what k-means cannot find, and when they are not tried."""

from __future__ import annotations

import numpy as np
import pytest

from builders import blobs
from segmentry.cluster import kmeans
from segmentry.cluster.kmeans import fit_kmeans
from segmentry.cluster.method import Sample
from segmentry.cluster.mixture import (
    allowed_covariances,
    best_covariances,
    fit_all,
    fit_from,
    fit_labels,
    in_common_unit,
    objection,
    sphered,
    sweep,
)
from segmentry.domain.crew import Crew
from segmentry.errors import MathsError
from segmentry.maths.agreement import adjusted_rand_index
from segmentry.maths.mixture import fit_mixture

ROWS = np.arange(600)


def stripes(seed=0):
    """Three long clouds side by side, which k-means cuts across."""
    rng = np.random.default_rng(seed)
    truth = np.arange(600) % 3
    return np.column_stack(
        [rng.normal(size=600) * 6.0, truth * 4.0 + rng.normal(size=600) * 0.4]
    ), truth


@pytest.mark.parametrize("stretch", [1e-9, 1e-3, 1e3, 1e9])
def test_the_unit_of_the_columns_does_not_matter(stretch):
    X, truth = blobs(300, k=3, gap=4.0)
    found = fit_labels(stretch * (X / X.std()), 3, np.random.default_rng(0), {})
    assert adjusted_rand_index(found, truth) > 0.95


def test_only_columns_that_vary_by_little_are_enlarged():
    X = np.random.default_rng(0).normal(size=(50, 3)) * [0.6, 1.0, 1.8]
    for as_it_is in (X, 64.0 * X, np.ones((5, 2))):
        np.testing.assert_array_equal(in_common_unit(as_it_is), as_it_is)
    np.testing.assert_array_equal(in_common_unit(X / 64.0), X)


def test_long_clouds_are_found_where_k_means_cuts_across_them():
    X, truth = stripes()
    start = fit_kmeans(X, 3, rng=np.random.default_rng(0)).labels
    assert adjusted_rand_index(start, truth) < 0.5
    found = fit_labels(X, 3, np.random.default_rng(0), {})
    assert adjusted_rand_index(found, truth) > 0.99


def test_the_likeliest_of_several_starts_counts():
    X, truth = stripes()
    across = fit_kmeans(X, 3, rng=np.random.default_rng(0)).labels
    found, mixture = fit_from(X, (across, truth), ROWS, "tied")
    assert adjusted_rand_index(found.labels, truth) > 0.99
    assert mixture.log_likelihood > fit_from(X, (across,), ROWS, "tied")[1].log_likelihood


def test_a_sphered_cloud_varies_alike_in_every_direction():
    X, _ = stripes()
    twice = np.column_stack([X, X[:, 0]])
    np.testing.assert_allclose(np.cov(sphered(twice).T, bias=True), np.eye(2), atol=1e-9)


def test_the_form_of_covariance_that_made_the_data_is_chosen():
    X, truth = stripes()
    assert best_covariances(X, (truth,), ROWS) == "tied"
    wide = X * np.where(truth == 1, 3.0, 1.0)[:, None]
    assert best_covariances(wide, (truth,), ROWS) in ("full", "diagonal")


def test_rows_that_were_not_fitted_are_labelled_too():
    X, truth = blobs(600, k=3)
    found, mixture = fit_from(X, (truth,), ROWS[:200], "full")
    assert adjusted_rand_index(found.labels, truth) == 1.0
    assert mixture.n_rows == 200


def test_a_start_without_fitted_rows_of_a_cluster_gives_fewer_clusters():
    X, truth = blobs(600, k=3)
    found, _ = fit_from(X, (truth,), np.flatnonzero(truth != 2), "diagonal")
    assert found.n_clusters == 2


def test_fitting_from_scratch_draws_only_from_the_chance_given():
    X, _ = stripes()
    first, second = (fit_labels(X, 3, np.random.default_rng(4), {}) for _ in range(2))
    np.testing.assert_array_equal(first, second)


def test_wide_tables_get_no_matrix_per_component():
    assert "full" in allowed_covariances(25)
    assert allowed_covariances(26) == ("tied", "diagonal")


@pytest.mark.parametrize(
    ("X", "told"),
    [
        (np.random.default_rng(0).normal(size=(39, 4)), "39 rows are too few"),
        (np.random.default_rng(0).integers(0, 5, (100, 4)).astype(float), "only 0 of 4 columns"),
        (np.random.default_rng(0).normal(size=(40, 4)), ""),
    ],
)
def test_an_objection_names_its_figure(X, told):
    assert objection(X).startswith(told)
    assert bool(objection(X)) == bool(told)


def test_a_tenth_leads_to_the_fit_of_all():
    X, truth = blobs(60_000, k=3, gap=5.0)
    found = fit_all(X.astype(np.float32), 3, rng=np.random.default_rng(0))
    assert adjusted_rand_index(found.partition.labels, truth) > 0.98
    start = fit_kmeans(X, 3, rng=np.random.default_rng(0)).labels
    whole = fit_mixture(X, start, ridge=1e-6, tolerance=1e-6)
    assert found.fit.log_likelihood == pytest.approx(whole.log_likelihood, rel=1e-4)
    assert found.bic == pytest.approx(whole.bic, rel=1e-4)
    assert found.icl == pytest.approx(found.bic + 2 * whole.entropy, rel=1e-3)


@pytest.mark.parametrize("covariances", ["tied", "spherical"])
def test_hands_do_not_change_the_fit_of_all(covariances):
    X, _ = stripes()
    fits = [
        fit_all(X, 3, rng=np.random.default_rng(1), covariances=covariances, crew=Crew(n))
        for n in (1, 2)
    ]
    np.testing.assert_array_equal(fits[0].partition.labels, fits[1].partition.labels)
    assert fits[0].icl == fits[1].icl


@pytest.mark.parametrize("X", [np.ones((5, 2)), np.zeros((1, 1)), np.repeat(np.eye(2), 4, axis=0)])
def test_equal_rows_make_as_many_clusters_as_there_are_different_ones(X):
    found = fit_all(X, min(3, len(X)), rng=np.random.default_rng(0))
    assert found.partition.n_clusters == len(np.unique(X, axis=0))
    assert np.isfinite(found.bic)


def test_more_components_than_rows_are_refused():
    with pytest.raises(MathsError, match="2 rows cannot make 3 components"):
        fit_all(np.eye(2), 3, rng=np.random.default_rng(0))


def test_a_search_of_many_rows_fits_them_all(monkeypatch):
    X, truth = stripes()
    monkeypatch.setattr(kmeans, "MANY_ROWS", len(X) - 1)
    one, two = (sweep(Sample(X, (2, 3), 0, Crew(n))) for n in (1, 2))
    assert adjusted_rand_index(one[3].partitions[0].labels, truth) > 0.95
    assert one[3].bic < one[2].bic
    for a, b in zip(one[3].partitions, two[3].partitions, strict=True):
        np.testing.assert_array_equal(a.labels, b.labels)
