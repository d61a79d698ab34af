"""Personas: parts of usage, against scikit-learn and against k-means."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.decomposition import NMF

from segmentry.cluster import personas
from segmentry.cluster.cosine import amounts
from segmentry.cluster.kmeans import fit_kmeans
from segmentry.cluster.method import Sample
from segmentry.cluster.personas import NAME, factorise, fit_labels, fit_personas, objection, sweep
from segmentry.domain.crew import Crew
from segmentry.maths.agreement import adjusted_rand_index
from usage import mixes


def fit(X, k, seed=0, **changes):
    return fit_personas(X, k, rng=np.random.default_rng(seed), **changes)


@pytest.mark.parametrize("seed", range(3))
def test_mixes_are_told_apart_where_k_means_sees_amounts(seed):
    X, truth = mixes(seed=seed)
    straight = fit_kmeans(X, 3, rng=np.random.default_rng(0)).labels
    assert adjusted_rand_index(straight, truth) < 0.5
    assert adjusted_rand_index(fit_labels(X, 3, np.random.default_rng(0), {}), truth) > 0.8


def test_parts_are_as_good_as_those_of_scikit_learn():
    rows = amounts(mixes(300)[0])
    ours = factorise(rows, 3, rng=np.random.default_rng(0))
    theirs = NMF(3, init="nndsvda", max_iter=2_000, tol=1e-8, random_state=1).fit(rows)
    left = np.sqrt(((rows - ours.amounts @ ours.parts) ** 2).sum())
    assert left == pytest.approx(theirs.reconstruction_err_, rel=1e-3)
    np.testing.assert_allclose(ours.parts.sum(axis=1), 1.0)
    assert (ours.amounts >= 0).all()


def test_planted_parts_come_back():
    rng = np.random.default_rng(0)
    parts = np.kron(np.eye(3), np.full((1, 4), 0.25))
    rows = rng.gamma(0.3, 1.0, (400, 3)) @ parts
    found = factorise(rows, 3, rng=rng)
    overlap = found.parts @ parts.T / 0.25
    assert (overlap.max(axis=1) > 0.95).all()
    assert fit(rows, 3).arguments["error"] < 0.01


def test_rows_with_nothing_get_the_quietest_persona():
    X, _ = mixes(300)
    rows = np.vstack([amounts(X), np.zeros((5, X.shape[1]))])
    found = fit(rows, 3)
    lengths = np.array([rows[:-5][found.labels[:-5] == g].mean(axis=0) for g in range(3)]) ** 2
    assert set(found.labels[-5:].tolist()) == {int(lengths.sum(axis=1).argmin())}


def test_a_sweep_compares_two_starts_and_repeats_itself():
    X, _ = mixes(200)
    first, second = (sweep(Sample(X, (2, 3), 7, Crew(hands))) for hands in (1, 2))
    assert list(first) == [2, 3]
    for k, fits in first.items():
        told = [p.arguments["error"] for p in fits.partitions]
        assert told == sorted(told)
        np.testing.assert_array_equal(fits.partitions[0].labels, second[k].partitions[0].labels)
    assert first[3].partitions[0].method == NAME


def test_of_many_rows_some_are_fitted_and_all_labelled(monkeypatch):
    X, truth = mixes()
    monkeypatch.setattr(personas, "FIT_ROWS", 200)
    assert adjusted_rand_index(fit(X, 3).labels, truth) > 0.8


def test_the_scale_of_all_values_changes_nothing():
    X, _ = mixes(200)
    np.testing.assert_array_equal(fit(X, 3).labels, fit(X * 2.0**30, 3).labels)


@pytest.mark.parametrize(
    ("X", "k"),
    [(np.zeros((1, 3)), 2), (np.full((20, 3), 4.0), 3), (np.eye(3), 5), (np.eye(2), 2)],
    ids=["one row", "equal rows", "more parts than columns", "two rows"],
)
def test_little_data_makes_few_personas(X, k):
    found = fit(X, k)
    assert 1 <= found.n_clusters <= len(X)
    assert set(found.labels.tolist()) == set(range(found.n_clusters))


def test_full_columns_are_objected_to():
    assert objection(np.random.default_rng(0).normal(size=(50, 4))).startswith("only 2")
    assert objection(mixes()[0]) == ""


@pytest.mark.parametrize("by_chance", [False, True])
@given(order=st.permutations(range(8)))
@settings(max_examples=10, deadline=None)
def test_the_order_of_columns_does_not_matter(order, by_chance):
    rng = np.random.default_rng(5)
    rows = rng.gamma(0.3, 1.0, (60, 8)) * (rng.random((60, 8)) < 0.6)
    given_so = factorise(rows, 3, rng=np.random.default_rng(0), by_chance=by_chance)
    other = factorise(rows[:, order], 3, rng=np.random.default_rng(0), by_chance=by_chance)
    np.testing.assert_array_equal(other.amounts, given_so.amounts)
    np.testing.assert_array_equal(other.parts, given_so.parts[:, order])
    found = fit(rows[:, order], 3, by_chance=by_chance)
    np.testing.assert_array_equal(found.labels, fit(rows, 3, by_chance=by_chance).labels)


@pytest.mark.parametrize("size", [1e-30, 1e25, 1e200])
def test_squares_beyond_the_range_of_numbers_do_no_harm(size):
    rows = amounts(mixes(200)[0])
    found, expected = fit(rows * size, 3), fit(rows, 3)
    assert adjusted_rand_index(found.labels, expected.labels) == 1.0
    assert found.arguments["error"] == pytest.approx(expected.arguments["error"], abs=1e-6)
