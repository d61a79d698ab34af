"""Linkages beside scipy's, by weights, and where they are refused."""

from __future__ import annotations

from functools import partial

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.cluster.hierarchy import fcluster
from scipy.cluster.hierarchy import linkage as theirs
from scipy.spatial.distance import squareform

from segmentry.errors import MathsError
from segmentry.maths.agreement import adjusted_rand_index
from segmentry.maths.dendrogram import cut_linkage
from segmentry.maths.lance_williams import gap_linkage, linkage

METHODS = ("average", "complete", "single", "ward")

average_linkage = partial(gap_linkage, method="average")


def gaps_of(points):
    return np.sqrt(((points[:, None] - points) ** 2).sum(axis=2))


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize(("n", "d"), [(2, 1), (3, 2), (60, 1), (250, 5)])
def test_it_is_that_of_scipy(method, n, d):
    points = np.random.default_rng(n).normal(size=(n, d))
    ours, expected = linkage(points, method=method), theirs(points, method)
    np.testing.assert_allclose(ours[:, 2], expected[:, 2], rtol=1e-7, atol=1e-9)
    for k in (2, min(n, 9)):
        flat = fcluster(expected, k, "maxclust")
        assert adjusted_rand_index(cut_linkage(ours, k), flat - 1) == 1.0


@pytest.mark.parametrize("method", METHODS)
@settings(deadline=None, max_examples=25)
@given(seed=st.integers(0, 99), n=st.integers(2, 12))
def test_a_weight_is_so_many_equal_rows(method, seed, n):
    rng = np.random.default_rng(seed)
    points, weights = rng.normal(size=(n, 2)), rng.integers(1, 4, n)
    heavy = linkage(points, weights.astype(float), method=method)
    plain = linkage(np.repeat(points, weights, axis=0), method=method)
    np.testing.assert_allclose(heavy[:, 2], plain[len(plain) - len(heavy) :, 2], atol=1e-6)


@pytest.mark.parametrize("method", METHODS)
def test_order_place_and_scale_do_not_matter(method):
    rng = np.random.default_rng(3)
    points, order = rng.normal(size=(80, 3)), rng.permutation(80)
    labels = cut_linkage(linkage(points, method=method), 6)
    other = cut_linkage(linkage(1e6 * points[order] + 5e6, method=method), 6)
    assert adjusted_rand_index(other, labels[order]) == 1.0


@pytest.mark.parametrize("method", METHODS)
def test_one_point_and_equal_points(method):
    assert linkage(np.zeros((1, 2)), method=method).shape == (0, 3)
    assert linkage(np.zeros((6, 2)), method=method)[:, 2].tolist() == [0.0] * 5


def test_weights_and_numbers_are_checked(monkeypatch):
    with pytest.raises(MathsError, match="3 points need as many positive weights"):
        linkage(np.zeros((3, 1)), np.zeros(3), method="average")
    monkeypatch.setattr("segmentry.maths.lance_williams.MOST_POINTS", 4)
    with pytest.raises(MathsError, match="complete linkage holds the distances of 4 points"):
        linkage(np.zeros((5, 1)), method="complete")
    assert len(linkage(np.zeros((5, 1)), method="single")) == 4


@pytest.mark.parametrize("seed", range(3))
def test_average_linkage_is_that_of_scipy(seed):
    gaps = gaps_of(np.random.default_rng(seed).normal(size=(120, 3)))
    ours, his = average_linkage(gaps), theirs(squareform(gaps, checks=False), "average")
    np.testing.assert_allclose(ours[:, 2], his[:, 2], rtol=1e-9)
    for k in (2, 5, 20):
        labels = fcluster(his, k, "maxclust")
        assert adjusted_rand_index(cut_linkage(ours, k), labels) == 1.0


@settings(deadline=None)
@given(arrays(np.int64, st.integers(3, 10), elements=st.integers(1, 4)), st.integers(0, 99))
def test_a_weight_of_gaps_is_so_many_equal_rows(weights, seed):
    points = np.random.default_rng(seed).normal(size=(len(weights), 2))
    heavy = average_linkage(gaps_of(points), weights.astype(float))
    plain = average_linkage(gaps_of(np.repeat(points, weights, axis=0)))
    np.testing.assert_allclose(heavy[:, 2], plain[-len(heavy) :, 2], atol=1e-9)


def test_gaps_of_one_point_and_of_equal_points():
    assert average_linkage(np.zeros((1, 1))).shape == (0, 3)
    assert average_linkage(np.zeros((5, 5)))[:, 2].tolist() == [0.0] * 4


def test_the_gaps_handed_in_stay_as_they_are():
    gaps = gaps_of(np.random.default_rng(0).normal(size=(6, 2)))
    before = gaps.copy()
    average_linkage(gaps)
    np.testing.assert_array_equal(gaps, before)


def test_weights_of_gaps_must_be_positive_and_as_many():
    with pytest.raises(MathsError, match=r"gaps of shape \(3, 3\) need as many positive weights"):
        average_linkage(np.zeros((3, 3)), np.array([1.0, 0.0, 1.0]))
