"""What one grouping explains beyond another: by hand, beside a bootstrap, no gain by chance."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from segmentry.errors import MathsError
from segmentry.maths.gain import explained_gain, explained_share
from segmentry.maths.outcome import eta_squared


def planted(n=600, seed=0):
    rng = np.random.default_rng(seed)
    first, second = rng.integers(0, 4, n), rng.integers(0, 3, n)
    X = rng.normal(size=(n, 3)) + np.column_stack([first, second * 0.5, np.zeros(n)])
    return X, first, second


def test_the_explained_share_is_that_of_the_definition():
    X, segment, _ = planted()
    within = sum(((X[segment == g] - X[segment == g].mean(axis=0)) ** 2).sum() for g in range(4))
    total = ((X - X.mean(axis=0)) ** 2).sum()
    assert explained_share(X, segment) == pytest.approx(1 - within / total)
    assert explained_share(np.ones((4, 2)), np.arange(4) % 2) == 0.0


def test_shares_are_those_of_one_analysis_of_variance_each():
    X, first, second = planted()
    found = explained_gain(X, first, second)
    assert found.first == pytest.approx(explained_share(X, first))
    assert found.second == pytest.approx(explained_share(X, second))
    single = explained_gain(X[:, :1], first, second)
    assert single.first == pytest.approx(eta_squared(X[:, 0], first))


def test_the_interval_is_that_of_a_bootstrap():
    X, first, second = planted()
    found = explained_gain(X, first, second)
    rng, n = np.random.default_rng(1), len(X)
    draws = []
    for _ in range(400):
        rows = rng.integers(0, n, n)
        draws.append(explained_share(X[rows], first[rows]) - explained_share(X[rows], second[rows]))
    half = (found.high - found.low) / 2
    assert half == pytest.approx(1.96 * np.std(draws), rel=0.15)
    assert found.gain == pytest.approx(np.mean(draws), abs=0.01)


def test_many_groups_without_meaning_gain_nothing():
    rng = np.random.default_rng(2)
    inside = []
    for _ in range(200):
        X = rng.normal(size=(300, 2))
        found = explained_gain(X, rng.integers(0, 30, 300), rng.integers(0, 2, 300))
        assert found.first > found.second
        inside.append(found.low <= 0.0 <= found.high)
    assert np.mean(inside) > 0.85


@given(st.integers(0, 50), st.floats(0.1, 1e9))
def test_units_order_and_names_of_groups_change_nothing(seed, scale):
    X, first, second = planted(60, seed)
    plain = explained_gain(X, first, second)
    order = np.random.default_rng(seed).permutation(len(X))
    moved = explained_gain(X[order] * scale - scale, 7 - first[order], second[order] * 3)
    for name in ("first", "second", "gain", "low", "high"):
        assert getattr(moved, name) == pytest.approx(getattr(plain, name), abs=1e-7)


def test_a_grouping_gains_nothing_over_itself_and_turns_its_sign_with_the_order():
    X, first, second = planted()
    same = explained_gain(X, first, first)
    assert (same.gain, same.low, same.high) == pytest.approx((0.0, 0.0, 0.0), abs=1e-12)
    one, other = explained_gain(X, first, second), explained_gain(X, second, first)
    assert one.gain == pytest.approx(-other.gain)
    assert one.low == pytest.approx(-other.high)


def test_where_nothing_varies_there_is_nothing_to_gain():
    found = explained_gain(np.ones((5, 2)), np.arange(5), np.zeros(5, dtype=np.int64))
    assert (found.first, found.gain, found.low, found.high) == (0.0, 0.0, 0.0, 0.0)


def test_what_does_not_belong_together_is_refused():
    with pytest.raises(MathsError, match="do not match"):
        explained_gain(np.ones((3, 1)), np.zeros(2, dtype=np.int64), np.zeros(3, dtype=np.int64))
    with pytest.raises(MathsError, match="do not match"):
        explained_gain(np.ones((0, 1)), np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64))
