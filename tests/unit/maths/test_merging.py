"""Fewer points by Ward's own merges."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from scipy.cluster.hierarchy import fcluster, linkage

from builders import blobs
from segmentry.errors import MathsError
from segmentry.maths import merging
from segmentry.maths.agreement import adjusted_rand_index
from segmentry.maths.dendrogram import cut_linkage
from segmentry.maths.merging import merged_nearby
from segmentry.maths.ward import ward_linkage

RNG = np.random.default_rng


@pytest.mark.parametrize("weights", [np.ones(600), RNG(1).integers(1, 9, 600).astype(float)])
def test_who_knows_all_others_gives_the_cut_of_the_hierarchy(weights, monkeypatch):
    monkeypatch.setattr(merging, "KNOWN", 599)
    monkeypatch.setattr(merging, "SPARE", 0.7)
    X = RNG(0).normal(size=(600, 3))
    found = merged_nearby(X, weights, 300, RNG(0))
    expected = cut_linkage(ward_linkage(X, weights), 300)
    assert adjusted_rand_index(found, expected) == 1.0


@pytest.mark.parametrize("d", [2, 10])
def test_who_knows_eight_is_nearly_right(d):
    X = RNG(d).normal(size=(900, d))
    found = merged_nearby(X, np.ones(900), 300, RNG(0))
    exact = fcluster(linkage(X, "ward"), 300, "maxclust")
    assert found.max() + 1 == 300
    assert adjusted_rand_index(found, exact.astype(np.int64)) > 0.9


def test_blobs_stay_apart():
    X, truth = blobs(6_000, k=5, d=8)
    found = merged_nearby(X, np.ones(6_000), 900, RNG(0))
    assert found.max() + 1 == 900
    assert len(np.unique(np.column_stack([found, truth]), axis=0)) == 900


def test_rows_far_from_all_others_stay_alone():
    X = np.vstack([RNG(0).normal(size=(500, 2)), [[1e5, 0.0], [1e5, 2e4]]])
    found = merged_nearby(X, np.ones(502), 50, RNG(0))
    # They are each other's nearest, but merging them costs more than all the rest.
    assert found[500] != found[501]
    assert np.bincount(found)[found[500:]].tolist() == [1, 1]


def test_groups_that_know_nobody_outside_stay():
    X, truth = blobs(120, k=5, d=30, gap=50.0)
    found = merged_nearby(X, np.ones(120), 2, RNG(0))
    assert adjusted_rand_index(found, truth) == 1.0


def test_few_points_stay_as_they_are_and_equal_ones_are_one():
    assert merged_nearby(np.arange(4.0)[:, None], np.ones(4), 9, RNG(0)).tolist() == [0, 1, 2, 3]
    assert merged_nearby(np.ones((50, 2)), np.ones(50), 1, RNG(0)).max() == 0
    X = np.repeat(RNG(0).normal(size=(300, 2)), 30, axis=0)
    found = merged_nearby(X, np.ones(9_000), 300, RNG(0))
    np.testing.assert_array_equal(found, np.repeat(np.arange(300), 30))


def test_hands_change_nothing_and_the_seed_chooses_cells():
    X = RNG(0).normal(size=(1_500, 6))
    with ThreadPoolExecutor(2) as pool:
        spread = merged_nearby(X, np.ones(1_500), 200, RNG(4), spread=pool.map)
    np.testing.assert_array_equal(merged_nearby(X, np.ones(1_500), 200, RNG(4)), spread)


def test_a_lattice_full_of_ties_comes_to_an_end():
    X = np.stack(np.meshgrid(range(40), range(40)), axis=-1).reshape(-1, 2).astype(float)
    found = merged_nearby(X, np.ones(1_600), 100, RNG(0))
    assert found.max() + 1 == 100
    # Squares of sixteen points each, about.
    assert np.bincount(found).max() < 50


def test_weights_are_checked():
    with pytest.raises(MathsError, match="9 points need as many positive weights"):
        merged_nearby(np.arange(9.0)[:, None], np.zeros(9), 3, RNG(0))
