"""Near neighbours beside all distances."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.spatial.distance import cdist

from segmentry.maths.neighbours import near_neighbours


def exact(X, count):
    gaps = cdist(X, X)
    np.fill_diagonal(gaps, np.inf)
    return np.argsort(gaps, axis=1)[:, :count]


def found_share(X, count):
    pairs = zip(near_neighbours(X, 10).tolist(), exact(X, count).tolist(), strict=True)
    return np.mean([len(set(ours) & set(theirs)) / count for ours, theirs in pairs])


@pytest.mark.parametrize(("d", "least"), [(1, 1.0), (3, 1.0), (8, 0.97), (30, 0.97)])
def test_the_nearest_three_are_found(d, least):
    X = np.random.default_rng(d).normal(size=(1_200, d))
    assert found_share(X, 3) >= least


def test_cells_search_only_around_themselves(monkeypatch):
    monkeypatch.setattr("segmentry.maths.neighbours.SEARCHED", 600)
    rng = np.random.default_rng(0)
    X = 20 * rng.normal(size=(6, 7))[rng.integers(0, 6, 3_000)] + rng.normal(size=(3_000, 7))
    assert found_share(X, 1) > 0.95


@pytest.mark.parametrize("d", [2, 6])
def test_no_point_is_its_own_neighbour(d):
    X = np.repeat(np.random.default_rng(1).normal(size=(30, d)), 15, axis=0)
    found = near_neighbours(X, 10)
    assert (found != np.arange(len(X))[:, None]).all()
    assert ((found >= 0) & (found < len(X))).all()
