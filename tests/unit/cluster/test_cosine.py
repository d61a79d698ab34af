"""Medoids by cosine: entities with one mix, however much they use."""

from __future__ import annotations

import numpy as np
import pytest

from segmentry.cluster.cosine import (
    METHOD,
    NAME,
    amounts,
    empty_share,
    fit_cosine,
    fit_labels,
    objection,
)
from segmentry.cluster.kmeans import fit_kmeans
from segmentry.cluster.method import Sample
from segmentry.domain.crew import Crew
from segmentry.domain.percent import percent
from segmentry.maths.agreement import adjusted_rand_index
from usage import mixes, standard


@pytest.mark.parametrize("seed", range(3))
def test_mixes_are_told_apart_where_k_means_sees_amounts(seed):
    X, truth = mixes(seed=seed)
    straight = fit_kmeans(X, 3, rng=np.random.default_rng(0)).labels
    assert adjusted_rand_index(straight, truth) < 0.5
    assert adjusted_rand_index(fit_labels(X, 3, np.random.default_rng(0), {}), truth) > 0.85


def test_using_twice_as_much_changes_no_segment():
    X, _ = mixes(200)
    raw = amounts(X)
    # A row of zeros keeps every column's least value where it was.
    raw = np.vstack([raw, np.zeros(raw.shape[1])])
    more = raw * np.random.default_rng(0).uniform(0.5, 3.0, (len(raw), 1))
    plain, heavy = (fit_cosine(rows, 3, rng=np.random.default_rng(0)) for rows in (raw, more))
    assert adjusted_rand_index(plain.labels, heavy.labels) > 0.95


def test_zeros_come_back_from_scaled_columns():
    raw = np.random.default_rng(0).poisson(0.4, (60, 5)).astype(float)
    raw[0] = 0.0
    np.testing.assert_array_equal(amounts(standard(raw)) == 0.0, raw == 0.0)
    assert empty_share(standard(raw)) == pytest.approx((raw == 0).mean())
    assert empty_share(np.empty((0, 2))) == 0.0


def test_full_columns_are_objected_to():
    X = np.random.default_rng(0).normal(size=(50, 4))
    assert objection(X).startswith(f"only {percent(0.02)} of values are their column's least")
    assert objection(mixes()[0]) == ""


def test_the_method_sweeps():
    X, _ = mixes(150)
    found = METHOD.sweep(Sample(X, (2, 3), 7, Crew()))
    assert {f.partitions[0].method for f in found.values()} == {NAME}


def test_equal_rows_and_one_row():
    assert fit_cosine(np.zeros((5, 2)), 2, rng=np.random.default_rng(0)).n_clusters == 1
    assert fit_cosine(np.ones((1, 2)), 2, rng=np.random.default_rng(0)).labels.tolist() == [0]
