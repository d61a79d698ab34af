from __future__ import annotations

import numpy as np
import pytest
from scipy.spatial.distance import cdist

from segmentry.maths.distances import Crowd, gaps, squared_gaps


@pytest.mark.parametrize("columns", [1, 3, 20, 300])
def test_distances_are_those_of_scipy(columns: int) -> None:
    rng = np.random.default_rng(columns)
    A, B = rng.normal(size=(60, columns)), 3 * rng.normal(size=(40, columns))
    np.testing.assert_allclose(squared_gaps(A, B), cdist(A, B, "sqeuclidean"), rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(gaps(A, B), cdist(A, B), rtol=1e-9, atol=1e-5)


@pytest.mark.parametrize("columns", [1, 7, 3_000])
def test_equal_rows_have_no_distance_at_all(columns: int) -> None:
    A = np.random.default_rng(0).normal(size=(30, columns)) * 1e3
    assert (np.diag(gaps(A, A.copy())) == 0).all()


def test_no_rows_have_no_distances() -> None:
    assert gaps(np.zeros((0, 2)), np.ones((3, 2))).shape == (0, 3)


@pytest.mark.parametrize("shift", [0.0, 1e6])
def test_a_crowd_sums_distances_by_group(shift: float) -> None:
    rng = np.random.default_rng(0)
    X, A = rng.normal(size=(1_300, 6)) + shift, rng.normal(size=(40, 6)) + shift
    codes = rng.choice([0, 1, 3], 1_300)
    sums = Crowd.of(X, codes, 4).sums(A)
    expected = np.column_stack([cdist(A, X[codes == g]).sum(axis=1) for g in range(4)])
    np.testing.assert_allclose(sums, expected, rtol=3e-6)


@pytest.mark.parametrize("scale", [1e-12, 1e30])
def test_a_crowd_of_any_scale_neither_overflows_nor_vanishes(scale: float) -> None:
    X = np.array([[0.0], [3.0], [4.0]])
    sums = Crowd.of(scale * X, np.array([0, 0, 1]), 2).sums(scale * X)
    np.testing.assert_allclose(sums / scale, [[3, 4], [3, 1], [5, 0]], rtol=1e-5, atol=1e-3)


def test_a_crowd_of_equal_rows_is_at_no_distance() -> None:
    assert not Crowd.of(np.ones((5, 2)), np.zeros(5, dtype=np.int64), 1).sums(np.ones((2, 2))).any()
