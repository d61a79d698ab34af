"""Shares of squared distances that few rows, or columns together, carry."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.spatial.distance import pdist
from scipy.stats import norm

from segmentry.maths.heaviness import companions, tail_share


def test_of_a_normal_column_the_farthest_hundredth_carries_what_theory_says():
    z = norm.ppf(0.995)
    expected = 2 * (z * norm.pdf(z) + norm.sf(z))  # E[z^2; |z| > z_0]
    values = norm.ppf((np.arange(200_000) + 0.5) / 200_000)
    assert tail_share(values) == pytest.approx(expected, rel=1e-3)


def test_a_column_that_does_not_vary_has_no_tail():
    assert tail_share(np.full(50, 3.0)) == 0.0


@given(
    st.lists(st.floats(-1e3, 1e3), min_size=3, max_size=60),
    st.floats(0.1, 50),
    st.floats(-1e3, 1e3),
)
def test_unit_zero_and_order_do_not_change_a_tail(values, unit, zero):
    column = np.array(values)
    if column.std() < 1e-3:
        return
    turned = zero + unit * column[::-1]
    assert tail_share(turned) == pytest.approx(tail_share(column), abs=1e-6)


def test_shares_of_variance_are_shares_of_squared_distances():
    X = np.random.default_rng(0).normal(size=(60, 3)) * [1.0, 2.0, 5.0]
    whole = (pdist(X) ** 2).sum()
    for j, share in enumerate(X.var(axis=0) / X.var(axis=0).sum()):
        assert (pdist(X[:, [j]]) ** 2).sum() / whole == pytest.approx(share)


RHO = np.array([[1.0, 0.9, -0.8, 0.1], [0.9, 1.0, 0.5, 0.0], [-0.8, 0.5, 1.0, 0.0], [0.1, 0, 0, 1]])


def test_the_column_that_others_move_with_is_found_with_them():
    centre, members, carried = companions(RHO, np.array([0.2, 0.2, 0.2, 0.4]), least=0.7)
    assert centre == 0
    assert members.tolist() == [0, 1, 2]
    assert carried == pytest.approx(0.6)


def test_columns_that_move_with_none_stand_alone():
    centre, members, carried = companions(np.eye(3), np.array([0.2, 0.5, 0.3]), least=0.7)
    assert (centre, members.tolist(), carried) == (1, [1], 0.5)


@given(st.permutations(range(4)))
def test_the_order_of_columns_does_not_matter(order):
    shares = np.array([0.25, 0.25, 0.3, 0.2])
    plain = companions(RHO, shares, least=0.7)
    turned = companions(RHO[np.ix_(order, order)], shares[list(order)], least=0.7)
    assert order[turned[0]] == plain[0]
    assert sorted(order[j] for j in turned[1]) == plain[1].tolist()
