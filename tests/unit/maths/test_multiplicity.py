"""Corrections for many tests."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import false_discovery_control

from segmentry.errors import MathsError
from segmentry.maths.multiplicity import benjamini_hochberg

P_VALUES = st.lists(st.floats(0, 1), max_size=40).map(np.array)


@given(P_VALUES.filter(len))
def test_rates_are_those_of_scipy(p_values: np.ndarray) -> None:
    assert benjamini_hochberg(p_values) == pytest.approx(false_discovery_control(p_values))


@given(P_VALUES, st.randoms(use_true_random=False))
def test_the_order_of_the_tests_means_nothing(p_values: np.ndarray, chance) -> None:
    order = np.array(chance.sample(range(len(p_values)), len(p_values)), dtype=int)
    assert benjamini_hochberg(p_values[order]) == pytest.approx(benjamini_hochberg(p_values)[order])


@given(P_VALUES)
def test_no_rate_is_below_its_p_value(p_values: np.ndarray) -> None:
    assert (benjamini_hochberg(p_values) >= p_values).all()


def test_no_test_has_no_rate() -> None:
    assert benjamini_hochberg(np.empty(0)).shape == (0,)


@pytest.mark.parametrize("p_values", [[-0.1], [1.1], [np.nan], [[0.5]]])
def test_what_is_no_row_of_p_values_is_refused(p_values: list) -> None:
    with pytest.raises(MathsError, match=r"lie in \[0, 1\]"):
        benjamini_hochberg(np.array(p_values))
