"""K-means over levels: partitions, and equal ones for any number of hands."""

from __future__ import annotations

import numpy as np

from builders import blobs
from segmentry.cluster.kmeans_levels import fit_kmeans_levels, fit_kmeans_sweep, fit_labels
from segmentry.domain.crew import Crew
from segmentry.maths.agreement import adjusted_rand_index

X, TRUTH = blobs(400, k=3)


def rng(seed=0):
    return np.random.default_rng(seed)


def test_planted_groups_are_found():
    assert adjusted_rand_index(fit_kmeans_levels(X, 3, rng=rng()).labels, TRUTH) == 1.0
    assert adjusted_rand_index(fit_labels(X, 3, rng()), TRUTH) == 1.0


def test_a_partition_says_how_it_was_made():
    found = fit_kmeans_levels(X, 3, rng=rng())
    assert (found.method, found.arguments) == ("k-means", {"n_segments": 3, "n_starts": 8})
    assert (found.labels.dtype, found.centres.shape) == (np.int64, (3, 4))


def test_a_sweep_gives_each_number_of_the_band():
    found = fit_kmeans_sweep(X, (4, 2), rng=rng(), crew=Crew(2))
    assert [p.n_clusters for p in found] == [4, 2]


def test_hands_change_nothing():
    one, two = (fit_kmeans_levels(X, 5, rng=rng(), crew=Crew(h)) for h in (1, 2))
    np.testing.assert_array_equal(one.centres, two.centres)
