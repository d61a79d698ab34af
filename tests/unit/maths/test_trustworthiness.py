"""Trustworthiness and continuity agree with scikit-learn's, and judge as they should."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.manifold import trustworthiness

from segmentry.errors import MathsError
from segmentry.maths.trustworthiness import BLOCK_ROWS, faithfulness


def drawn(seed: int, n: int = 120, d: int = 6) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, d)) * np.linspace(3.0, 0.5, d)
    return X, X[:, :2] + 0.1 * rng.normal(size=(n, 2))


@pytest.mark.parametrize("n_neighbours", [1, 5, 15])
@pytest.mark.parametrize("n", [40, BLOCK_ROWS + 7])
def test_they_are_those_of_scikit_learn(n: int, n_neighbours: int) -> None:
    X, picture = drawn(n_neighbours, n)
    found = faithfulness(X, picture, n_neighbours=n_neighbours)
    told = trustworthiness(X, picture, n_neighbors=n_neighbours)
    swapped = trustworthiness(picture, X, n_neighbors=n_neighbours)
    assert found.trustworthiness.mean() == pytest.approx(told, abs=1e-12)
    assert found.continuity.mean() == pytest.approx(swapped, abs=1e-12)


@settings(deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 9))
def test_they_lie_between_0_and_1_and_exchange_with_the_spaces(seed: int, n_neighbours: int):
    X, picture = drawn(seed, n=30, d=3)
    found = faithfulness(X, picture, n_neighbours=n_neighbours)
    back = faithfulness(picture, X, n_neighbours=n_neighbours)
    for values in (found.trustworthiness, found.continuity):
        assert 0.0 <= values.mean() <= 1.0
    np.testing.assert_array_equal(found.trustworthiness, back.continuity)
    np.testing.assert_array_equal(found.shared, back.shared)


def test_neither_turning_nor_stretching_the_picture_matters() -> None:
    X, picture = drawn(3)
    turn = np.array([[0.6, -0.8], [0.8, 0.6]])
    one = faithfulness(X, picture, n_neighbours=7)
    other = faithfulness(X, 50.0 + 4.0 * picture @ turn, n_neighbours=7)
    np.testing.assert_allclose(one.trustworthiness, other.trustworthiness)


def test_a_picture_by_chance_gets_about_a_half() -> None:
    X, _ = drawn(5, n=600)
    picture = np.random.default_rng(6).normal(size=(600, 2))
    found = faithfulness(X, picture, n_neighbours=15)
    assert found.trustworthiness.mean() == pytest.approx(0.5, abs=0.03)
    assert found.continuity.mean() == pytest.approx(0.5, abs=0.03)
    assert found.shared.mean() == pytest.approx(15 * 15 / 599, abs=0.2)


def test_what_lies_on_each_other_is_not_to_be_trusted_and_what_is_torn_not_continuous() -> None:
    line = np.arange(60.0)
    folded = np.column_stack([np.minimum(line, 59 - line), np.zeros(60)])
    square = np.column_stack([line, np.zeros(60)])
    found = faithfulness(square, folded, n_neighbours=5)
    assert found.trustworthiness.mean() < 0.9 < found.continuity.mean()
    back = faithfulness(folded, square, n_neighbours=5)
    assert back.continuity.mean() < 0.9 < back.trustworthiness.mean()


def test_copies_of_rows_cost_nothing() -> None:
    X = np.repeat(np.random.default_rng(1).normal(size=(10, 3)), 12, axis=0)
    found = faithfulness(X, X.copy(), n_neighbours=5)
    assert found.trustworthiness.min() == found.continuity.min() == 1.0
    assert set(found.shared.tolist()) == {5}


def test_what_makes_no_neighbourhood_is_refused() -> None:
    X, picture = drawn(0, n=20)
    with pytest.raises(MathsError, match="10 neighbours among 20 rows"):
        faithfulness(X, picture, n_neighbours=10)
    with pytest.raises(MathsError, match="20 rows and its picture 19"):
        faithfulness(X, picture[1:], n_neighbours=3)
