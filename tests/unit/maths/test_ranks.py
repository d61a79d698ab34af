from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import rankdata

from segmentry.maths.ranks import average_ranks


@settings(max_examples=50, deadline=None)
@given(st.lists(st.integers(-5, 5), max_size=40))
def test_ranks_are_those_of_scipy(values: list[int]) -> None:
    numbers = np.array(values, dtype=float)
    np.testing.assert_array_equal(average_ranks(numbers), rankdata(numbers))


@pytest.mark.parametrize("shape", [(30, 3), (1, 4), (0, 2)])
def test_columns_are_ranked_apart(shape: tuple[int, int]) -> None:
    X = np.random.default_rng(0).integers(0, 9, shape).astype(float)
    np.testing.assert_array_equal(average_ranks(X), rankdata(X, axis=0).reshape(shape))
