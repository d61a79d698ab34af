"""Fewer points by Ward's own merges."""

from __future__ import annotations

import numpy as np
import pytest

from builders import blobs
from segmentry.maths.agreement import adjusted_rand_index
from segmentry.maths.dendrogram import cut_linkage
from segmentry.maths.merging import merged_nearby
from segmentry.maths.ward import ward_linkage

RNG = np.random.default_rng


@pytest.mark.parametrize("weights", [np.ones(600), RNG(1).integers(1, 9, 600).astype(float)])
def test_one_neighbourhood_gives_the_cut_of_the_hierarchy(weights, monkeypatch):
    monkeypatch.setattr("segmentry.maths.merging.NEIGHBOURHOOD", 600)
    X = RNG(0).normal(size=(600, 3))
    found = merged_nearby(X, weights, 300, RNG(0))
    expected = cut_linkage(ward_linkage(X, weights), 300)
    assert adjusted_rand_index(found, expected) > 0.99


def test_many_neighbourhoods_keep_blobs_apart():
    X, truth = blobs(6_000, k=5, d=8)
    found = merged_nearby(X, np.ones(6_000), 900, RNG(0))
    assert 900 <= found.max() + 1 <= 1_300
    assert len(np.unique(np.column_stack([found, truth]), axis=0)) == found.max() + 1


def test_few_points_stay_as_they_are_and_equal_ones_are_one():
    assert merged_nearby(np.arange(4.0)[:, None], np.ones(4), 9, RNG(0)).tolist() == [0, 1, 2, 3]
    assert merged_nearby(np.ones((50, 2)), np.ones(50), 1, RNG(0)).max() == 0
