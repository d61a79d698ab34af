"""The matrix checks itself at birth."""

from __future__ import annotations

from dataclasses import replace

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


def weighted(weights: list[float]):
    return replace(matrix(np.arange(2.0 * len(weights)).reshape(-1, 2)), weights=np.array(weights))


def test_only_rows_that_count_are_drawn():
    m = weighted([1.5, 0.0, 0.5, 2.0] * 20)
    assert m.counting.tolist() == [i for i in range(80) if i % 4 != 1]
    assert set(m.sample(10, np.random.default_rng(0))) <= set(m.counting)
    assert m.sample(60, np.random.default_rng(0)).tolist() == m.counting.tolist()
    np.testing.assert_array_equal(m.shaping, m.X[m.counting])


def test_shares_are_of_the_weight():
    segment = np.array([0, 0, 1, 1])
    assert weighted([1.0, 1.0, 0.5, 1.5]).shares(segment).tolist() == [0.5, 0.5]
    assert weighted([3.0, 0.0, 0.5, 0.5]).shares(segment).tolist() == [0.75, 0.25]
    assert matrix(np.zeros((4, 1))).shares(np.array([0, 1, 1, 1])).tolist() == [0.25, 0.75]


def test_some_rows_keep_their_ids_and_how_much_they_count():
    some = weighted([1.0, 0.0, 3.0, 0.0]).take(np.array([2, 0]))
    assert (some.X[:, 0].tolist(), some.ids.to_pylist()) == ([4.0, 0.0], ["e000002", "e000000"])
    assert some.weights.tolist() == [1.5, 0.5]
    assert matrix(np.zeros((3, 1))).take(np.array([1])).weights is None
