"""Two levels: parts where there are some, none in one cloud, ids that form a tree."""

from __future__ import annotations

import numpy as np
import pytest

from builders import blobs
from segmentry.cluster.levels import fit_levels
from segmentry.errors import MathsError
from segmentry.maths.agreement import adjusted_rand_index

RNG = np.random.default_rng


def two_levels(n=1_200):
    """One broad segment is a cloud, the other one three groups near to each other."""
    inner, truth = blobs(n, k=3, d=4, gap=6.0)
    cloud = RNG(1).normal(size=(n, 4)) * [1.0, 2.0, 0.5, 1.0] + 60.0
    X = np.vstack([cloud, inner])
    return X, np.repeat([0, 1], n), np.concatenate([np.zeros(n), truth + 1]).astype(int)


def test_parts_are_told_apart_where_there_are_some():
    X, broad, truth = two_levels()
    levels = fit_levels(X, broad, rng=RNG(0))
    assert [node.id for node in levels.nodes] == ["1", "2", "2.1", "2.2", "2.3"]
    assert [node.parent for node in levels.nodes] == ["", "", "2", "2", "2"]
    assert adjusted_rand_index(levels.fine, truth) > 0.98
    assert levels.nodes[1].explained > levels.nodes[1].by_chance > 0
    assert set(levels.ids()) == {"1", "2.1", "2.2", "2.3"}


@pytest.mark.parametrize("seed", range(4))
def test_parts_hold_all_rows_of_their_segment(seed):
    X, _ = blobs(900, k=6, d=3, gap=5.0, seed=seed)
    broad = (X[:, 0] > np.median(X[:, 0])).astype(int)
    levels = fit_levels(X, broad, rng=RNG(seed))
    sizes = {node.id: node.n_rows for node in levels.nodes}
    for node in levels.nodes:
        parts = [n.n_rows for n in levels.nodes if n.parent == node.id]
        assert not parts or sum(parts) == sizes[node.id]
        assert parts == sorted(parts, reverse=True)
        assert all(size >= 0.02 * 900 for size in parts)
    for place, node in enumerate(levels.nodes):
        assert ((levels.fine == place) | (levels.broad == place)).sum() == node.n_rows


def test_one_cloud_stays_whole_nearly_always():
    whole = 0
    for seed in range(12):
        X = RNG(seed).normal(size=(200, 3)) * [1.0, 3.0, 0.5]
        whole += len(fit_levels(X, np.zeros(200, dtype=int), rng=RNG(seed)).nodes) == 1
    assert whole >= 10


def test_levels_of_categories_that_have_nothing_to_do_with_each_other_are_no_parts():
    whole = 0
    for seed in range(12):
        flags = (RNG(seed).random((200, 4)) < [0.5, 0.3, 0.5, 0.2]).astype(float)
        X = np.column_stack([flags, RNG(seed + 99).normal(size=(200, 2)) * 0.3])
        whole += len(fit_levels(X, np.zeros(200, dtype=int), rng=RNG(seed)).nodes) == 1
    assert whole >= 10


def test_equal_and_few_rows_stay_whole():
    labels = np.array([0, 0, 0, 1])
    levels = fit_levels(np.array([[1.0], [1.0], [1.0], [5.0]]), labels, rng=RNG(0))
    assert [node.id for node in levels.nodes] == ["1", "2"]
    assert levels.fine.tolist() == labels.tolist()


def test_labels_are_checked():
    with pytest.raises(MathsError, match="3 rows need a broad segment each"):
        fit_levels(np.zeros((3, 1)), np.array([0, 1]), rng=RNG(0))
    with pytest.raises(MathsError, match="every segment rows"):
        fit_levels(np.zeros((3, 1)), np.array([0, 2, 2]), rng=RNG(0))
