"""Medoids by Jaccard: entities that have things in common."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.spatial.distance import pdist, squareform

from segmentry.cluster.jaccard import METHOD, NAME, fit_jaccard, fit_labels, objection, yes_and_no
from segmentry.cluster.kmeans import fit_kmeans
from segmentry.cluster.method import Sample
from segmentry.domain.crew import Crew
from segmentry.maths.agreement import adjusted_rand_index
from usage import repertoires, standard


@pytest.mark.parametrize("seed", range(3))
def test_entities_with_few_things_are_told_apart_where_k_means_puts_them_together(seed):
    X, truth = repertoires(seed=seed)
    straight = fit_kmeans(X, 3, rng=np.random.default_rng(0)).labels
    assert adjusted_rand_index(straight, truth) < 0.5
    assert adjusted_rand_index(fit_labels(X, 3, np.random.default_rng(0), {}), truth) > 0.8


def test_every_row_has_the_medoid_that_scipy_finds_nearest():
    X, _ = repertoires(150)
    found = fit_jaccard(X, 3, rng=np.random.default_rng(0))
    raw = np.round((X - X.min(axis=0)) / np.ptp(X, axis=0)).astype(bool)
    gaps = squareform(pdist(raw, "jaccard"))
    rows = [int(np.flatnonzero((centre == X).all(axis=1))[0]) for centre in found.centres]
    own = gaps[np.arange(150), [rows[label] for label in found.labels]]
    np.testing.assert_allclose(own, gaps[:, rows].min(axis=1), atol=1e-6)
    assert found.arguments["deviation"] == pytest.approx(own.mean(), abs=1e-6)


def test_yes_and_no_come_back_from_scaled_columns():
    raw = np.random.default_rng(0).random((40, 5)) < 0.4
    raw[:, 4] = False
    np.testing.assert_array_equal(yes_and_no(standard(raw.astype(float)) * 1e9), raw)


def test_columns_of_more_values_are_objected_to():
    X, _ = repertoires(100)
    assert objection(X) == ""
    X[:, 0] = np.arange(100)
    assert objection(X) == f"1 of {X.shape[1]} columns take more than two values"
    assert objection(np.empty((0, 2))) == ""


def test_the_method_sweeps():
    X, _ = repertoires(150)
    found = METHOD.sweep(Sample(X, (2, 3), 7, Crew()))
    assert {f.partitions[0].method for f in found.values()} == {NAME}
