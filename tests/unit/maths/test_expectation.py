"""Passes in single precision against the fit in double, and what must not matter."""

from __future__ import annotations

import numpy as np
import pytest

from builders import blobs
from segmentry.domain.crew import Crew
from segmentry.errors import MathsError
from segmentry.maths.agreement import adjusted_rand_index
from segmentry.maths.expectation import Scale, components_of, fit_blockwise
from segmentry.maths.mixture import fit_mixture

FORMS = ["full", "tied", "diagonal", "spherical"]
X, TRUTH = blobs(3_000, k=4, d=5, gap=3.0)


def fitted(X, labels, form="full", ridge=1e-6, **options):
    start = components_of(X, labels, covariances=form, ridge=ridge)
    return fit_blockwise(X, start, covariances=form, ridge=ridge, **options)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_passes_end_where_the_fit_in_double_precision_does(form, dtype):
    rows = X.astype(dtype)
    ours = fitted(rows, TRUTH, form, tolerance=1e-6, max_iterations=50)
    theirs = fit_mixture(
        X, TRUTH, covariances=form, ridge=1e-6 * X.var(axis=0), tolerance=1e-6, max_iterations=50
    )
    assert ours.log_likelihood == pytest.approx(theirs.log_likelihood, rel=1e-6)
    assert ours.entropy == pytest.approx(theirs.entropy, rel=1e-3)
    assert (ours.labels == theirs.labels(X)).mean() > 0.999


@pytest.mark.parametrize("form", FORMS)
def test_far_and_narrow_clouds_lose_no_digits(form):
    rng = np.random.default_rng(0)
    truth = np.arange(2_000) % 2
    rows = np.array([0.0, 1_000.0])[truth][:, None] + rng.normal(size=(2_000, 3))
    found = fitted(rows, truth, form, ridge=1e-12).components.covariances
    for k in (0, 1):
        expected = np.cov(rows[truth == k].T, bias=True)
        near = np.diag(expected)
        np.testing.assert_allclose(np.diag(found[k]), near, rtol=0.15)
        if form == "full":
            np.testing.assert_allclose(found[k], expected, atol=1e-4)


@pytest.mark.parametrize("form", ["full", "tied", "diagonal"])
def test_units_change_only_the_units_of_the_likelihood(form):
    units = np.array([1e-9, 1.0, 1e9, 10.0, 0.1])
    plain, other = fitted(X, TRUTH, form), fitted(X * units + units, TRUTH, form)
    np.testing.assert_array_equal(plain.labels, other.labels)
    shift = len(X) * np.log(units).sum()
    assert other.log_likelihood + shift == pytest.approx(plain.log_likelihood, rel=1e-6)


def test_more_passes_never_lower_the_likelihood():
    start = np.arange(len(X)) % 4
    found = [
        fitted(X, start, tolerance=-np.inf, max_iterations=n).log_likelihood for n in (1, 3, 9)
    ]
    assert found == sorted(found)


def test_hands_do_not_change_a_digit():
    many, truth = blobs(150_000, k=3, d=3, gap=3.0)
    alone, together = (fitted(many, truth, spread=Crew(n).map) for n in (1, 3))
    assert alone.log_likelihood == together.log_likelihood
    np.testing.assert_array_equal(alone.components.means, together.components.means)


def test_the_order_of_rows_does_not_matter():
    order = np.random.default_rng(0).permutation(len(X))
    plain, mixed = fitted(X, TRUTH), fitted(X[order], TRUTH[order])
    assert adjusted_rand_index(plain.labels[order], mixed.labels) > 0.999


def test_spherical_clouds_are_round_in_the_units_of_the_columns():
    found = fitted(X * [1.0, 5.0, 1.0, 1.0, 1.0], TRUTH, "spherical").components.covariances
    for one in found:
        np.testing.assert_allclose(one, one[0, 0] * np.eye(5), rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("rows", [np.ones((1, 2)), np.ones((5, 2)), np.repeat(np.eye(2), 9, 0)])
def test_equal_rows_and_single_ones_end_finite(form, rows):
    found = fitted(rows, np.zeros(len(rows), dtype=np.int64), form)
    assert np.isfinite(found.log_likelihood)
    assert np.isfinite(found.components.covariances).all()


def test_a_component_without_rows_dies_out_and_stays_finite():
    rows = np.vstack([X, X[:1] + 1e-9])
    labels = np.r_[TRUTH, 4]
    found = fitted(rows, labels, max_iterations=20)
    assert np.isfinite(found.log_likelihood)
    assert np.isfinite(found.components.means).all()


def test_a_column_that_does_not_vary_keeps_its_unit():
    scale = Scale.of(np.column_stack([np.full(9, 3.3), np.arange(9.0)]))
    assert scale.deviations[0] == 1.0
    assert scale.origin == pytest.approx([3.3, 4.0])


def test_a_start_that_does_not_fit_is_refused():
    with pytest.raises(MathsError, match="rows for each component"):
        components_of(X, np.where(TRUTH == 1, 0, TRUTH))
    with pytest.raises(MathsError, match=r"shape \(4, 5\) cannot start on rows of shape"):
        fit_blockwise(X[:, :2], components_of(X, TRUTH))
