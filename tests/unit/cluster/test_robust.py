"""Robust linkage: shapes that no mean can tell apart, every number from one hierarchy."""

from __future__ import annotations

import numpy as np
import pytest

from builders import blobs
from segmentry.cluster import robust
from segmentry.cluster.robust import NAME, fit_labels, fit_robust, is_exact
from segmentry.maths.agreement import adjusted_rand_index

RNG = np.random.default_rng


def rings(n=600):
    rng = RNG(0)
    truth = np.arange(n) % 2
    turn, radius = rng.uniform(0, 2 * np.pi, n), 1.0 + 3.0 * truth + 0.1 * rng.normal(size=n)
    return np.column_stack([radius * np.cos(turn), radius * np.sin(turn)]), truth


@pytest.mark.parametrize("smoothing", [1, 5])
def test_rings_are_told_apart(smoothing):
    X, truth = rings()
    (found,) = fit_robust(X, (2,), rng=RNG(0), smoothing=smoothing)
    assert adjusted_rand_index(found.labels, truth) == 1.0
    assert (found.method, found.n_clusters) == (NAME, 2)


def test_every_number_comes_from_one_hierarchy():
    coarse, fine = fit_robust(blobs(300, k=4, gap=4.0)[0], (3, 6), rng=RNG(0))
    assert all(len(np.unique(coarse.labels[fine.labels == g])) == 1 for g in range(6))


def test_many_rows_are_merged_from_small_clusters(monkeypatch):
    X, truth = blobs(3_000, k=5, d=5)
    monkeypatch.setattr(robust, "EXACT_ROWS", 1_000)
    monkeypatch.setattr(robust, "MICRO_CLUSTERS", 200)
    (found,) = fit_robust(X, (5,), rng=RNG(0))
    assert adjusted_rand_index(found.labels, truth) == 1.0
    assert found.arguments["n_points"] < 300
    assert is_exact(1_000)
    assert not is_exact(1_001)


@pytest.mark.parametrize("n_rows", [30, 1_500])
def test_resamples_are_fitted_on_a_coarser_hierarchy(n_rows):
    X, truth = blobs(n_rows, k=3)
    assert adjusted_rand_index(fit_labels(X, 3, RNG(0), {}), truth) == 1.0


def test_fewer_points_than_clusters_give_fewer_clusters():
    (found,) = fit_robust(np.array([[0.0], [0.0], [1.0]]), (9,), rng=RNG(0), smoothing=2)
    assert found.n_clusters <= 3
