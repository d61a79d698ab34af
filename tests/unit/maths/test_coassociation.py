"""Co-association by counting pairs, average linkage against scipy."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.spatial.distance import squareform

from segmentry.errors import MathsError
from segmentry.maths.agreement import adjusted_rand_index
from segmentry.maths.coassociation import average_linkage, coassociation
from segmentry.maths.dendrogram import cut_linkage


def gaps_of(points):
    return np.sqrt(((points[:, None] - points) ** 2).sum(axis=2))


def test_shares_are_those_of_counted_pairs():
    votes = list(np.random.default_rng(0).integers(0, 4, (6, 20)))
    found = coassociation(votes, np.arange(20))
    for a in range(20):
        for b in range(20):
            assert found[a, b] == pytest.approx(np.mean([v[a] == v[b] for v in votes]))


def test_points_of_many_rows_have_the_mean_share_of_their_pairs():
    rng = np.random.default_rng(1)
    votes, points = list(rng.integers(0, 3, (5, 30))), np.sort(rng.integers(0, 4, 30))
    rows, found = coassociation(votes, np.arange(30)), coassociation(votes, points)
    for a in range(4):
        for b in range(4):
            wanted = 1.0 if a == b else rows[np.ix_(points == a, points == b)].mean()
            assert found[a, b] == pytest.approx(wanted)


def test_names_of_clusters_do_not_matter():
    votes = list(np.random.default_rng(2).integers(0, 3, (4, 12)))
    renamed = [np.array([2, 0, 1])[v] for v in votes]
    np.testing.assert_allclose(
        coassociation(votes, np.arange(12)), coassociation(renamed, np.arange(12))
    )


def test_without_partitions_nothing_is_said():
    with pytest.raises(MathsError, match="no partition says nothing"):
        coassociation([], np.arange(3))


@pytest.mark.parametrize("seed", range(3))
def test_average_linkage_is_that_of_scipy(seed):
    gaps = gaps_of(np.random.default_rng(seed).normal(size=(120, 3)))
    ours, theirs = average_linkage(gaps), linkage(squareform(gaps, checks=False), "average")
    np.testing.assert_allclose(ours[:, 2], theirs[:, 2], rtol=1e-9)
    for k in (2, 5, 20):
        labels = fcluster(theirs, k, "maxclust")
        assert adjusted_rand_index(cut_linkage(ours, k), labels) == 1.0


@settings(deadline=None)
@given(arrays(np.int64, st.integers(3, 10), elements=st.integers(1, 4)), st.integers(0, 99))
def test_a_weight_is_so_many_equal_rows(weights, seed):
    points = np.random.default_rng(seed).normal(size=(len(weights), 2))
    heavy = average_linkage(gaps_of(points), weights.astype(float))
    plain = average_linkage(gaps_of(np.repeat(points, weights, axis=0)))
    np.testing.assert_allclose(heavy[:, 2], plain[-len(heavy) :, 2], atol=1e-9)


def test_one_point_and_equal_points():
    assert average_linkage(np.zeros((1, 1))).shape == (0, 3)
    assert average_linkage(np.zeros((5, 5)))[:, 2].tolist() == [0.0] * 4


def test_the_gaps_handed_in_stay_as_they_are():
    gaps = gaps_of(np.random.default_rng(0).normal(size=(6, 2)))
    before = gaps.copy()
    average_linkage(gaps)
    np.testing.assert_array_equal(gaps, before)


def test_weights_must_be_positive_and_as_many_as_points():
    with pytest.raises(MathsError, match=r"gaps of shape \(3, 3\) need as many positive weights"):
        average_linkage(np.zeros((3, 3)), np.array([1.0, 0.0, 1.0]))
