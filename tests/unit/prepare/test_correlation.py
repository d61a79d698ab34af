"""Of columns that move together one stays."""

from __future__ import annotations

import numpy as np
import pytest

from segmentry.prepare.correlation import rank_correlations, without_repeats

RNG = np.random.default_rng(0)
A, B = RNG.normal(size=(2, 500))


def columns(*parts):
    return np.column_stack(parts)


def test_any_rising_curve_is_the_same_order():
    found = rank_correlations(columns(A, np.exp(3 * A), -A))
    np.testing.assert_allclose(found, [[1, 1, -1], [1, 1, -1], [-1, -1, 1]], atol=1e-12)


def test_a_constant_column_moves_with_nothing():
    assert rank_correlations(columns(A, np.ones(500)))[0, 1] == 0.0


def test_the_first_of_two_columns_that_move_together_stays():
    kept, left_out, _ = without_repeats(columns(A, B, A**3), ("a", "b", "cubed"))
    assert kept == (0, 1)
    assert [(c.column, c.reason) for c in left_out] == [
        ("cubed", "moves with 'a' (rank correlation 1.00)")
    ]


def test_columns_that_move_against_each_other_repeat_each_other_too():
    _, left_out, _ = without_repeats(columns(A, -A), ("a", "minus"))
    assert left_out[0].reason == "moves with 'a' (rank correlation -1.00)"


def test_a_column_is_held_against_those_that_stay_only():
    # b resembles a, and c resembles b more than a: with b gone, c says something of its own.
    shift = 0.35 * B
    X = columns(A, A + shift, A + 2.2 * shift)
    kept, left_out, _ = without_repeats(X, ("a", "b", "c"))
    assert kept == (0, 2)
    assert left_out[0].column == "b"


@pytest.mark.parametrize(("limit", "kept"), [(0.5, (0,)), (0.95, (0, 1))])
def test_the_limit_decides_what_is_alike(limit, kept):
    found, _, _ = without_repeats(columns(A, A + 0.6 * B), ("a", "b"), limit=limit)
    assert found == kept


def test_the_reason_names_the_column_that_is_most_alike():
    X = columns(A, A + 0.7 * B, A + 0.6 * B)
    _, left_out, _ = without_repeats(X, ("a", "b", "c"))
    assert left_out[0].column == "c"
    assert "moves with 'b'" in left_out[0].reason
