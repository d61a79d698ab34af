"""Directions from where amounts begin."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.preprocessing import normalize

from segmentry.maths.directions import directions, seen_from


def counts(n: int = 40, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).poisson(0.4, (n, 6)).astype(float)


def test_rows_with_something_have_the_direction_that_scikit_learn_gives() -> None:
    X = counts()
    has_any = X.any(axis=1)
    found = directions(X, np.zeros(6))
    np.testing.assert_allclose(found[has_any, :-1], normalize(X[has_any]), rtol=1e-14)
    assert not found[has_any, -1].any()
    np.testing.assert_array_equal(found[~has_any], np.eye(7)[[6] * int((~has_any).sum())])


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10_000))
def test_all_rows_have_length_one_whatever_their_amounts(seed: int) -> None:
    rng = np.random.default_rng(seed)
    X = counts(seed=seed) * 2.0 ** rng.integers(-500, 500, (40, 1))
    found = directions(X, np.zeros(6))
    np.testing.assert_allclose(np.linalg.norm(found, axis=1), 1.0, rtol=1e-12)
    np.testing.assert_allclose(found, directions(counts(seed=seed), np.zeros(6)), atol=1e-12)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 9))
def test_a_row_has_one_direction_in_any_company(seed: int, size: int) -> None:
    X = counts(seed=seed) * np.random.default_rng(seed).lognormal(size=(40, 6))
    origin = X.min(axis=0) - 0.1
    whole = directions(X, origin)
    pieces = [directions(X[i : i + size], origin) for i in range(0, 40, size)]
    np.testing.assert_array_equal(whole, np.concatenate(pieces))


def test_what_was_centred_and_scaled_keeps_its_zeros() -> None:
    X = counts(200, seed=3)
    moved = (X - X.mean(axis=0)) / X.std(axis=0)
    found = directions(moved, moved.min(axis=0))
    np.testing.assert_array_equal(found[:, :-1] == 0.0, X == 0.0)
    expected = directions(X / X.std(axis=0), np.zeros(6))
    np.testing.assert_allclose(found, expected, atol=1e-12)


def test_a_hair_above_or_anything_below_the_beginning_is_nothing() -> None:
    origin = np.array([-0.3, 2.0])
    nothing = [[-0.3 + 1e-13, 2.0 - 1e-13], [-7.0, 0.0]]
    np.testing.assert_array_equal(directions(np.array(nothing), origin), [[0.0, 0.0, 1.0]] * 2)
    small = directions(np.array([[1e-12, 0.0]]), np.zeros(2))
    np.testing.assert_array_equal(small, [[1.0, 0.0, 0.0]])


def test_without_an_origin_rows_are_seen_as_they_are() -> None:
    X = counts()
    assert seen_from(X, None) is X
    np.testing.assert_array_equal(seen_from(X, np.ones(6)), directions(X, np.ones(6)))


@pytest.mark.parametrize("shape", [(0, 3), (3, 0)])
def test_nothing_at_all_has_a_shape(shape) -> None:
    found = directions(np.zeros(shape), np.zeros(shape[1]))
    assert found.shape == (shape[0], shape[1] + 1)
