from __future__ import annotations

import numpy as np
import pytest
from scipy.spatial.distance import cdist

from segmentry.maths.distances import gaps, squared_gaps


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
