"""Mixtures by hand; equality with another implementation is in tests/oracles."""

from __future__ import annotations

import numpy as np
import pytest

from builders import blobs
from segmentry.errors import MathsError
from segmentry.maths.agreement import adjusted_rand_index
from segmentry.maths.mixture import (
    fit_mixture,
    n_mixture_parameters,
    spherical_bic,
)

X, TRUTH = blobs(400, k=3)


@pytest.mark.parametrize("covariances", ["full", "tied", "diagonal"])
def test_planted_clouds_stay_apart(covariances):
    found = fit_mixture(X, TRUTH, covariances=covariances)
    assert adjusted_rand_index(found.labels(X), TRUTH) == 1.0


@pytest.mark.parametrize("covariances", ["full", "tied", "diagonal"])
def test_one_component_is_the_normal_distribution(covariances):
    rows = np.random.default_rng(0).normal(size=(500, 2)) * [1.0, 2.0]
    found = fit_mixture(rows, np.zeros(500, dtype=np.int64), covariances=covariances, ridge=0.0)
    spread = np.cov(rows.T, bias=True)
    if covariances == "diagonal":
        spread = np.diag(np.diag(spread))
    gaps = rows - rows.mean(axis=0)
    squares = np.einsum("ij,jk,ik->i", gaps, np.linalg.inv(spread), gaps)
    expected = -0.5 * (squares + np.linalg.slogdet(2 * np.pi * spread)[1]).sum()
    assert found.log_likelihood == pytest.approx(expected)


def test_more_passes_never_lower_the_likelihood():
    rows = np.random.default_rng(1).normal(size=(300, 3))
    start = np.arange(300) % 4
    fits = [
        fit_mixture(rows, start, max_iterations=n, tolerance=0.0, ridge=1e-9).log_likelihood
        for n in (1, 2, 5, 20)
    ]
    assert fits == sorted(fits)


def test_the_ridge_keeps_a_component_from_shrinking_on_to_equal_rows():
    rows = np.vstack([np.zeros((50, 2)), np.random.default_rng(0).normal(size=(100, 2))])
    found = fit_mixture(rows, np.r_[np.zeros(50), np.ones(100)].astype(np.int64))
    assert np.isfinite(found.log_likelihood)
    assert (found.labels(rows)[:50] == 0).all()


@pytest.mark.parametrize(
    ("covariances", "count"),
    [("full", 2 + 3 * 2 + 3 * 3), ("tied", 2 + 6 + 3), ("diagonal", 2 + 6 + 6)],
)
def test_parameters_are_weights_means_and_covariances(covariances, count):
    assert n_mixture_parameters(3, 2, covariances) == count


def test_bic_prices_parameters_by_the_logarithm_of_the_rows():
    found = fit_mixture(X, TRUTH, covariances="tied")
    expected = -2 * found.log_likelihood + found.n_parameters * np.log(400)
    assert found.bic == pytest.approx(expected)


def test_a_start_without_rows_for_a_component_is_refused():
    with pytest.raises(MathsError, match="rows for each component"):
        fit_mixture(X, np.where(TRUTH == 1, 0, TRUTH))


def test_the_number_of_round_clouds_has_the_least_bic():
    from segmentry.cluster.kmeans import fit_kmeans

    fits = {k: fit_kmeans(X, k, rng=np.random.default_rng(0)).labels for k in range(2, 7)}
    bics = {k: spherical_bic(X, labels) for k, labels in fits.items()}
    assert min(bics, key=bics.get) == 3


def test_round_clouds_are_scored_by_the_density_of_their_rows():
    n, d, k = 400, 4, 3
    sizes = np.bincount(TRUTH)
    means = np.array([X[g == TRUTH].mean(axis=0) for g in range(k)])
    squares = ((X - means[TRUTH]) ** 2).sum(axis=1)
    variance = squares.sum() / (d * (n - k))
    logs = (
        np.log(sizes[TRUTH] / n) - d / 2 * np.log(2 * np.pi * variance) - squares / (2 * variance)
    )
    expected = -2 * logs.sum() + (k - 1 + k * d + 1) * np.log(n)
    assert spherical_bic(X, TRUTH) == pytest.approx(expected)
    assert spherical_bic(X + 1e9, TRUTH) == pytest.approx(expected, rel=1e-6)


def test_rows_on_their_centres_have_no_finite_bic():
    assert spherical_bic(np.repeat(np.eye(2), 5, axis=0), np.repeat([0, 1], 5)) == -np.inf


def test_spherical_components_are_round_normal_distributions():
    rows = np.random.default_rng(0).normal(size=(500, 2)) * [1.0, 2.0]
    found = fit_mixture(rows, np.zeros(500, dtype=np.int64), covariances="spherical", ridge=0.0)
    width = rows.var(axis=0).mean()
    squares = ((rows - rows.mean(axis=0)) ** 2).sum(axis=1)
    expected = (-np.log(2 * np.pi * width) - squares / (2 * width)).sum()
    assert found.log_likelihood == pytest.approx(expected)
    assert n_mixture_parameters(3, 2, "spherical") == 2 + 6 + 3


def test_icl_fines_rows_between_components_and_bic_does_not():
    twice = np.where(TRUTH == 0, 3 * (np.arange(400) % 2), TRUTH)
    apart, shared = fit_mixture(X, TRUTH), fit_mixture(X, twice, max_iterations=3)
    assert apart.icl == pytest.approx(apart.bic, abs=1e-3)
    assert shared.icl > shared.bic + 50


def test_entropy_is_that_of_the_shares():
    rows = np.zeros((20, 1))
    rows[::2] = 1.0
    found = fit_mixture(rows, np.arange(20) // 10, ridge=1e-3)
    assert found.entropy == pytest.approx(20 * np.log(2), rel=1e-6)


def test_each_column_may_have_a_ridge_of_its_own():
    units = np.array([0.01, 1.0, 100.0, 1.0])
    plain = fit_mixture(X, TRUTH, ridge=0.01 * X.var(axis=0))
    scaled = fit_mixture(X * units, TRUTH, ridge=0.01 * (X * units).var(axis=0))
    assert scaled.log_likelihood == pytest.approx(plain.log_likelihood, rel=1e-9)
    np.testing.assert_array_equal(plain.labels(X), scaled.labels(X * units))
