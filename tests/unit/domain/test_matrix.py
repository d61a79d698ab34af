"""The matrix checks itself at birth."""

from __future__ import annotations

import numpy as np
import pytest

from builders import matrix
from segmentry.errors import FitError


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_a_value_that_is_not_finite_is_refused(value):
    with pytest.raises(FitError, match=r"not finite \(E4002\)"):
        matrix(np.array([[1.0, value]]))


def test_the_values_cannot_be_changed():
    with pytest.raises(ValueError, match="read-only"):
        matrix(np.zeros((2, 2))).X[0, 0] = 1.0


def test_few_rows_are_all_taken():
    rows = matrix(np.zeros((5, 1))).sample(5, np.random.default_rng(0))
    assert rows.tolist() == [0, 1, 2, 3, 4]


def test_a_sample_has_distinct_rows_in_ascending_order():
    rows = matrix(np.zeros((100, 1))).sample(30, np.random.default_rng(0))
    assert len(rows) == 30
    assert (np.diff(rows) > 0).all()
    assert rows.max() < 100


def test_a_sample_follows_from_its_generator():
    m = matrix(np.zeros((100, 1)))
    first, second = (m.sample(30, np.random.default_rng(4)) for _ in range(2))
    np.testing.assert_array_equal(first, second)
