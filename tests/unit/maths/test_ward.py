"""Ward by hand, by law, and beside scipy where ties and scales make it hard."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.cluster.hierarchy import linkage

from segmentry.errors import MathsError
from segmentry.maths.dendrogram import cut_linkage
from segmentry.maths.ward import ward_linkage

LINE = np.array([[0.0], [1.0], [10.0], [12.0]])


def test_costs_are_the_growth_of_scatter():
    # 0 and 1: half of 1 squared; 10 and 12: half of 2 squared; the pairs: 2*2/4 of 10.5 squared.
    assert ward_linkage(LINE)[:, 2] == pytest.approx([0.5, 2.0, 110.25])


@settings(deadline=None)
@given(arrays(np.int64, st.integers(3, 12), elements=st.integers(1, 4)), st.integers(0, 99))
def test_a_weight_is_so_many_equal_rows(weights, seed):
    points = np.random.default_rng(seed).normal(size=(len(weights), 2))
    heavy = ward_linkage(points, weights.astype(float))
    plain = ward_linkage(np.repeat(points, weights, axis=0))
    # Equal rows merge first and for nothing; from then on the costs are the same.
    np.testing.assert_allclose(heavy[:, 2], plain[-len(heavy) :, 2], atol=1e-9)
    for k in range(1, len(weights) + 1):
        apart, together = np.repeat(cut_linkage(heavy, k), weights), cut_linkage(plain, k)
        pairs = np.unique(np.column_stack([apart, together]), axis=0)
        assert len(pairs) == k


@settings(deadline=None)
@given(st.integers(0, 99), st.integers(2, 30))
def test_all_costs_together_are_the_scatter_of_the_points(seed, n):
    points = np.random.default_rng(seed).normal(size=(n, 3))
    whole = ((points - points.mean(axis=0)) ** 2).sum()
    assert ward_linkage(points)[:, 2].sum() == pytest.approx(whole)


def test_one_point_has_nothing_to_merge():
    assert ward_linkage(np.zeros((1, 2))).shape == (0, 3)


def test_equal_points_merge_for_nothing():
    assert ward_linkage(np.zeros((5, 2)))[:, 2].tolist() == [0.0] * 4


def test_weights_must_be_positive_and_as_many_as_points():
    with pytest.raises(MathsError, match="4 points need as many positive weights"):
        ward_linkage(LINE, np.array([1.0, 0.0, 1.0, 1.0]))
    with pytest.raises(MathsError, match="as many positive weights"):
        ward_linkage(LINE, np.ones(3))


@pytest.mark.parametrize(
    "points",
    [
        np.stack(np.meshgrid(range(12), range(12)), axis=-1).reshape(-1, 2).astype(float),
        np.eye(60),
        np.vstack([np.zeros(40), np.linalg.qr(np.random.default_rng(0).normal(size=(40, 40)))[0]]),
        np.exp(np.linspace(0.0, 12.0, 80))[:, None],
        1e9 * np.random.default_rng(1).normal(size=(90, 3)),
        np.random.default_rng(2).integers(0, 3, (200, 3)).astype(float),
    ],
    ids=["grid", "categories", "hub", "growing gaps", "far", "repeats"],
)
def test_ties_hubs_and_scales_cost_what_they_do_elsewhere(points):
    ours = ward_linkage(points)
    # Ties may be broken in another way, which changes later costs a little.
    theirs = linkage(points, "ward")[:, 2] ** 2 / 2
    assert len({tuple(sorted(p)) for p in ours[:, :2].astype(int).tolist()}) == len(points) - 1
    assert ours[:, 2].sum() == pytest.approx(theirs.sum(), rel=1e-6)
    assert (np.diff(ours[:, 2]) >= 0).all()


@pytest.mark.parametrize("d", [1, 2, 12])
def test_blocks_and_precision_change_nothing(d, monkeypatch):
    points = np.random.default_rng(d).normal(size=(400, d))
    whole = ward_linkage(points)
    monkeypatch.setattr("segmentry.maths.ward.BLOCK_CELLS", 3_000)
    monkeypatch.setattr("segmentry.maths.ward.BLOCK_POINTS", 70)
    np.testing.assert_array_equal(ward_linkage(points), whole)
    np.testing.assert_allclose(whole[:, 2], linkage(points, "ward")[:, 2] ** 2 / 2, rtol=1e-9)
