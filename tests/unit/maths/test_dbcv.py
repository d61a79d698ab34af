"""DBCV against the paper's definitions written out with loops."""

from __future__ import annotations

import numpy as np
import pytest

from builders import blobs
from segmentry.errors import MathsError
from segmentry.maths.dbcv import density_validity

RNG = np.random.default_rng


def slow_cores(rows):
    n, d = rows.shape
    return [
        (sum((1 / np.linalg.norm(rows[i] - rows[j])) ** d for j in range(n) if j != i) / (n - 1))
        ** (-1 / d)
        for i in range(n)
    ]


def slow_tree(rows, cores):
    """Kruskal over all pairs; equal reaches by the shorter gap."""
    n = len(rows)
    pairs = []
    for i in range(n):
        for j in range(i):
            gap = float(np.linalg.norm(rows[i] - rows[j]))
            pairs.append((max(gap, cores[i], cores[j]), gap, i, j))
    group, tree = list(range(n)), []
    for reach, _, i, j in sorted(pairs):
        if group[i] != group[j]:
            old, new = group[i], group[j]
            group = [new if g == old else g for g in group]
            tree.append((i, j, reach))
    return tree


def slow_dbcv(X, labels):
    names = sorted(set(labels[labels >= 0].tolist()))
    parts = []
    for name in names:
        rows = X[labels == name]
        cores = slow_cores(rows)
        tree = slow_tree(rows, cores)
        degree = [sum(i in edge[:2] for edge in tree) for i in range(len(rows))]
        inner = [i for i in range(len(rows)) if degree[i] > 1] or list(range(len(rows)))
        inside = [w for i, j, w in tree if degree[i] > 1 and degree[j] > 1]
        parts.append((rows, cores, inner, max(inside or [w for *_, w in tree])))
    total = 0.0
    for a, (rows, cores, inner, sparse) in enumerate(parts):
        apart = min(
            max(float(np.linalg.norm(rows[i] - others[j])), cores[i], theirs[j])
            for b, (others, theirs, other_inner, _) in enumerate(parts)
            if a != b
            for i in inner
            for j in other_inner
        )
        total += len(rows) / len(X) * (apart - sparse) / max(apart, sparse)
    return total


@pytest.mark.parametrize(("seed", "d", "gap"), [(0, 2, 6.0), (1, 3, 2.0), (2, 5, 1.0), (3, 1, 3.0)])
def test_validity_is_that_of_the_definitions(seed, d, gap):
    X, labels = blobs(45, k=3, d=d, gap=gap, seed=seed)
    labels[:4] = -1
    found = density_validity(X, labels, rng=RNG(0))
    assert found.value == pytest.approx(slow_dbcv(X, labels), abs=1e-6)
    assert found.exact


def rings(n=400):
    rng = RNG(0)
    truth = np.arange(n) % 2
    angle = rng.uniform(0, 2 * np.pi, n)
    radius = np.where(truth == 1, 5.0, 1.0) + 0.1 * rng.normal(size=n)
    return np.column_stack([radius * np.cos(angle), radius * np.sin(angle)]), truth


def test_rings_are_valid_where_a_cut_across_them_is_not():
    X, truth = rings()
    across = (X[:, 0] > 0).astype(np.int64)
    values = [density_validity(X, labels, rng=RNG(0)).value for labels in (truth, across)]
    assert values[0] > 0.5 > 0.0 > values[1]


def test_noise_counts_against_a_partition():
    X, labels = blobs(100, k=2)
    full = density_validity(X, labels, rng=RNG(0)).value
    half = np.where(np.arange(100) < 50, -1, labels)
    assert density_validity(X, half, rng=RNG(0)).value < 0.6 * full


def test_order_shift_and_scale_do_not_matter():
    X, labels = blobs(60, k=3, gap=4.0)
    order = RNG(1).permutation(60)
    plain = density_validity(X, labels, rng=RNG(0))
    for scale in (1e-6, 1e9):
        moved = density_validity(scale * (X + 1.0)[order], labels[order], rng=RNG(0))
        assert moved.value == pytest.approx(plain.value, abs=1e-6)


def test_equal_rows_make_no_density():
    X = np.repeat(np.eye(2), 5, axis=0)
    assert density_validity(X, np.repeat([0, 1], 5), rng=RNG(0)).value == pytest.approx(1.0)
    assert density_validity(np.ones((6, 2)), np.arange(6) % 2, rng=RNG(0)).value == 0.0


def test_a_sample_stands_for_more_rows():
    X, labels = blobs(900, k=3)
    found = density_validity(X, labels, rng=RNG(0), n_rows=300)
    assert not found.exact
    assert found.n_rows == 300
    assert found.value == pytest.approx(density_validity(X, labels, rng=RNG(0)).value, abs=0.15)


def test_one_cluster_and_lone_rows_are_refused():
    with pytest.raises(MathsError, match="two clusters of two rows or more and got 1"):
        density_validity(np.eye(3), np.array([0, 0, 1]), rng=RNG(0))


def test_labels_of_another_length_are_refused():
    with pytest.raises(MathsError, match=r"X has shape \(3, 3\) but labels have \(2,\)"):
        density_validity(np.eye(3), np.array([0, 1]), rng=RNG(0))


def test_the_interval_covers_the_mean_over_samples_and_leaves_the_figure_alone():
    def drawn(seed):
        rng = RNG([3, seed])
        labels = np.arange(120) % 3
        return 8.0 * np.eye(3)[labels] + rng.normal(size=(120, 3)), labels

    mean = np.mean([density_validity(*drawn(s), rng=RNG(0)).value for s in range(200, 260)])
    covered = 0
    for seed in range(40):
        found = density_validity(*drawn(seed), rng=RNG(seed), n_halves=20)
        assert found.value == density_validity(*drawn(seed), rng=RNG(seed)).value
        covered += found.low <= mean <= found.high
    assert covered >= 33


def test_halves_with_a_lost_cluster_give_no_interval():
    X = np.array([[0.0], [1.0], [2.0], [9.0], [9.5]])
    found = density_validity(X, np.array([0, 0, 0, 1, 1]), rng=RNG(0), n_halves=4)
    assert np.isnan([found.low, found.high]).all()
