"""Nearest rows beside all distances."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from scipy.spatial.distance import cdist

from builders import blobs
from segmentry.errors import MathsError
from segmentry.maths import neighbours
from segmentry.maths.neighbours import nearest_rows

RNG = np.random.default_rng


def exact(X, count):
    gaps = cdist(X, X, "sqeuclidean")
    np.fill_diagonal(gaps, np.inf)
    return np.sort(gaps, axis=1)[:, :count]


def astray(X):
    """A dense cloud, and rows so far out that single precision sees one point in its place."""
    return np.vstack([1e-5 * X, 1e4 * RNG(3).normal(size=(5, X.shape[1]))])


SETS = {
    "one cloud": lambda X: X,
    "a lattice, full of ties": np.round,
    "repeats": lambda X: np.repeat(X[:40], 20, axis=0),
    "rows astray": astray,
    "far from zero": lambda X: X + 1e5,
    "tiny": lambda X: 1e-200 * X,
    "huge": lambda X: 1e150 * X,
}


@pytest.mark.parametrize("name", SETS)
@pytest.mark.parametrize("d", [1, 3, 10])
def test_distances_are_those_of_the_nearest(name, d, monkeypatch):
    monkeypatch.setattr(neighbours, "FIRST_ROWS", 100)
    monkeypatch.setattr(neighbours, "CELL_ROWS", 40)
    X = SETS[name](RNG(d).normal(size=(800, d)))
    places, gaps = nearest_rows(X, 12)
    expected = exact(X, 12)
    np.testing.assert_allclose(gaps, expected, rtol=1e-9)
    own = ((X[:, None] - X[places]) ** 2).sum(axis=2)
    np.testing.assert_allclose(own, expected, rtol=1e-9)
    assert (places != np.arange(len(X))[:, None]).all()
    assert all(len(set(row)) == 12 for row in places.tolist())


def test_clusters_far_apart_are_searched_by_themselves(monkeypatch):
    monkeypatch.setattr(neighbours, "FIRST_ROWS", 50)
    monkeypatch.setattr(neighbours, "CELL_ROWS", 30)
    monkeypatch.setattr(neighbours, "BLOCK_ROWS", 17)
    X, _ = blobs(900, k=5, d=7, gap=1e4)
    np.testing.assert_allclose(nearest_rows(X, 5)[1], exact(X, 5), rtol=1e-9)


def test_hands_change_nothing():
    X = RNG(0).normal(size=(1_500, 6))
    with ThreadPoolExecutor(2) as pool:
        spread = nearest_rows(X, 7, spread=pool.map)
    for one, other in zip(nearest_rows(X, 7), spread, strict=True):
        np.testing.assert_array_equal(one, other)


def test_all_others_may_be_asked_for():
    X = RNG(1).normal(size=(6, 2))
    np.testing.assert_allclose(nearest_rows(X, 5)[1], exact(X, 5))


@pytest.mark.parametrize("count", [0, 6])
def test_there_must_be_so_many_other_rows(count):
    with pytest.raises(MathsError, match=f"{count} nearest others of 6 rows"):
        nearest_rows(np.zeros((6, 2)), count)
