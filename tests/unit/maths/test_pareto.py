"""The Pareto front."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from segmentry.errors import MathsError
from segmentry.maths.pareto import pareto_front

TABLES = arrays(
    np.float64,
    st.tuples(st.integers(1, 8), st.integers(1, 4)),
    elements=st.integers(-3, 3).map(float),
)


@given(TABLES)
def test_it_is_what_pairs_say_one_by_one(figures):
    expected = [not any((b >= a).all() and (b > a).any() for b in figures) for a in figures]
    assert pareto_front(figures).tolist() == expected


@given(TABLES, st.randoms(use_true_random=False))
def test_the_order_of_rows_and_columns_and_a_scale_change_nothing(figures, random):
    rows = random.sample(range(len(figures)), len(figures))
    columns = random.sample(range(figures.shape[1]), figures.shape[1])
    moved = 1e9 * figures[rows][:, columns] + 5.0
    np.testing.assert_array_equal(pareto_front(moved), pareto_front(figures)[rows])


def test_somebody_is_always_on_it_and_equal_rows_are_together():
    assert pareto_front(np.ones((3, 2))).tolist() == [True, True, True]
    assert pareto_front(np.zeros((2, 0))).tolist() == [True, True]
    assert pareto_front(np.zeros((0, 2))).tolist() == []


@pytest.mark.parametrize("figures", [np.zeros(3), np.array([[np.nan]]), np.array([[np.inf]])])
def test_what_is_no_table_of_figures_is_refused(figures):
    with pytest.raises(MathsError, match="finite table"):
        pareto_front(figures)
