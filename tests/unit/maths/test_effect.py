"""Effect sizes by hand; the comparison with the bootstrap is a recovery test."""

from __future__ import annotations

import numpy as np
import pytest

from segmentry.errors import MathsError
from segmentry.maths.effect import (
    cohens_h,
    standardised_differences,
    standardised_ranks,
)


def test_equal_shares_differ_by_nothing():
    assert cohens_h(0.3, 0.3) == 0.0


def test_the_largest_difference_of_shares_is_pi():
    assert cohens_h(1.0, 0.0) == pytest.approx(np.pi)


def test_a_share_outside_zero_and_one_is_refused():
    with pytest.raises(MathsError, match=r"shares lie in \[0, 1\]"):
        cohens_h(1.2, 0.5)


def test_segment_means_are_measured_in_deviations_of_everyone():
    values = np.array([1.0, 3.0, 5.0, 7.0])
    differences, _ = standardised_differences(values, np.array([0, 0, 1, 1]), 2)
    np.testing.assert_allclose(differences, [-2 / np.sqrt(5), 2 / np.sqrt(5)])


def test_differences_weighted_by_size_add_up_to_zero():
    rng = np.random.default_rng(0)
    segment = rng.integers(0, 4, 500)
    differences, _ = standardised_differences(rng.lognormal(size=500), segment, 4)
    assert np.bincount(segment) @ differences == pytest.approx(0.0, abs=1e-10)


def test_a_constant_column_has_neither_difference_nor_error():
    differences, errors = standardised_differences(np.full(6, 3.7), np.array([0, 0, 0, 1, 1, 1]), 2)
    assert not differences.any()
    assert not errors.any()


def test_a_segment_of_everyone_is_exactly_like_everyone():
    differences, errors = standardised_differences(np.arange(9.0), np.zeros(9, dtype=int), 1)
    assert abs(differences[0]) < 1e-12
    assert errors[0] == 0.0


def test_a_segment_without_rows_gets_zero():
    differences, errors = standardised_differences(np.arange(4.0), np.array([0, 0, 2, 2]), 3)
    assert differences[1] == errors[1] == 0.0


def test_a_segment_of_one_row_is_not_called_certain():
    values = np.concatenate([np.zeros(50), np.ones(50), [1.5]])
    differences, errors = standardised_differences(values, np.array([0] * 100 + [1]), 2)
    assert errors[1] > 0.5
    assert abs(differences[1]) < 4 * errors[1]


def test_lengths_that_differ_are_refused():
    with pytest.raises(MathsError, match="values have shape"):
        standardised_differences(np.arange(3.0), np.array([0, 1]), 2)


def test_ranks_of_ties_are_shared_and_untouched_by_outliers():
    np.testing.assert_allclose(standardised_ranks(np.array([1.0, 1.0, 1e9])), [1 / 3, 1 / 3, 5 / 6])
