"""Ward: one hierarchy for every number, exact or on small clusters."""

from __future__ import annotations

import numpy as np
import pytest

from builders import blobs
from segmentry.cluster.ward import EXACT_ROWS, fit_labels, fit_ward, is_exact
from segmentry.maths.agreement import adjusted_rand_index
from segmentry.maths.indices import cluster_means


def fitted(X, *band, seed=0):
    return fit_ward(X, band, rng=np.random.default_rng(seed))


def test_every_number_comes_from_one_hierarchy():
    X, _ = blobs(300, k=4, gap=4.0)
    coarse, fine = fitted(X, 3, 6)
    assert (coarse.n_clusters, fine.n_clusters) == (3, 6)
    # Each of the finer clusters lies inside one of the coarser.
    assert all(len(np.unique(coarse.labels[fine.labels == g])) == 1 for g in range(6))


def test_few_rows_are_exact_and_nothing_is_drawn():
    X, _ = blobs(200, k=3, gap=2.0)
    (first,), (second,) = fitted(X, 5), fitted(X, 5, seed=9)
    np.testing.assert_array_equal(first.labels, second.labels)
    assert first.arguments["n_points"] == 200
    assert is_exact(EXACT_ROWS)
    assert not is_exact(EXACT_ROWS + 1)


def test_many_rows_are_merged_from_small_clusters():
    X, truth = blobs(EXACT_ROWS + 500, k=5, d=5)
    (found,) = fitted(X, 5)
    assert adjusted_rand_index(found.labels, truth) == 1.0
    assert found.arguments["n_points"] <= EXACT_ROWS + 500


def test_centres_are_means():
    X, _ = blobs(200, k=3)
    (found,) = fitted(X, 3)
    np.testing.assert_allclose(found.centres, cluster_means(X, found.labels, 3))


@pytest.mark.parametrize("n_rows", [30, 900])
def test_resamples_are_fitted_on_a_coarser_hierarchy(n_rows):
    X, truth = blobs(n_rows, k=3)
    labels = fit_labels(X, 3, np.random.default_rng(0), {})
    assert adjusted_rand_index(labels, truth) == 1.0
