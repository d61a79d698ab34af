"""Intervals of criteria by centres against refitting by hand and a plain bootstrap."""

from __future__ import annotations

import numpy as np
import pytest

from segmentry.maths.index_intervals import centre_intervals
from segmentry.maths.indices import centre_indices
from segmentry.maths.intervals import student_quantile
from segmentry.maths.silhouette import N_GROUPS

CENTRES = np.array([[0.0, 0, 0], [2.5, 0, 0], [0, 3, 0]])
WIDTHS = np.array([1.0, 0.5, 1.5])


def skewed(n, seed):
    """Three unequal clusters of skewed rows, which touch."""
    rng = np.random.default_rng([7, seed])
    labels = np.concatenate([[0, 1, 2], rng.choice(3, n - 3, p=[0.6, 0.3, 0.1])])
    return CENTRES[labels] + WIDTHS * (rng.standard_exponential((n, 3)) - 1), labels


def criteria(X, labels):
    found = centre_indices(X, labels)
    n, k = len(X), labels.max() + 1
    return np.array([found.davies_bouldin, found.calinski_harabasz / (n - k)])


def intervals(X, labels, seed=0):
    found = centre_intervals(X, labels, np.random.default_rng(seed).permutation(len(X)))
    return np.array([found.davies_bouldin, found.calinski_harabasz])


def test_leaving_groups_out_is_as_measuring_the_others_anew():
    X, labels = skewed(600, 0)
    order = np.random.default_rng(1).permutation(600)
    anew = []
    for g in range(N_GROUPS):
        stays = np.delete(order, np.s_[30 * g : 30 * (g + 1)])
        anew.append(np.log(criteria(X[stays], labels[stays])))
    spread = np.std(anew, axis=0) * np.sqrt(N_GROUPS - 1)
    half = float(student_quantile(np.array([N_GROUPS - 1.0]))[0]) * spread
    found = centre_intervals(X, labels, order)
    assert np.log(found.calinski_harabasz[1]) == pytest.approx(half[1], rel=1e-9)
    # Mean distances to a mean that moves follow to first order.
    assert np.log(found.davies_bouldin[1]) == pytest.approx(half[0], rel=0.01)


def test_intervals_are_as_wide_as_those_of_a_plain_bootstrap():
    ratios = []
    for seed in range(12):
        X, labels = skewed(400, seed)
        rng = np.random.default_rng(seed)
        drawn = [rng.integers(0, 400, 400) for _ in range(150)]
        spread = np.std([np.log(criteria(X[i], labels[i])) for i in drawn], axis=0)
        half = np.log(intervals(X, labels)[:, 1])
        ratios.append(half / (float(student_quantile(np.array([19.0]))[0]) * spread))
    assert np.mean(ratios, axis=0) == pytest.approx([1.0, 1.0], abs=0.12)


def test_intervals_cover_what_all_rows_would_give():
    truth = criteria(*skewed(400_000, 10_000))
    covered = np.zeros(2)
    for seed in range(200):
        X, labels = skewed(400, seed)
        ends = criteria(X, labels)[:, None] * intervals(X, labels, seed)
        covered += (ends[:, 0] <= truth) & (truth <= ends[:, 1])
    assert (covered / 200 >= 0.91).all()


def test_shift_and_scale_do_not_matter():
    X, labels = skewed(300, 3)
    moved = intervals(1e3 * X - 40.0, labels)
    assert moved == pytest.approx(intervals(X, labels), rel=1e-6)


def test_a_cluster_that_lies_in_one_group_alone_stays():
    X, labels = skewed(200, 4)
    X, labels = np.vstack([X, [[9.0, 9, 9]]]), np.append(labels, 3)
    assert (intervals(X, labels)[:, 1] > 1).all()


def test_nothing_is_known_of_the_spread_where_clusters_are_points():
    X = np.repeat([[0.0], [1.0]], 40, axis=0)
    found = centre_intervals(X, np.repeat([0, 1], 40), np.random.default_rng(0).permutation(80))
    assert (found.davies_bouldin, found.calinski_harabasz) == (None, None)
