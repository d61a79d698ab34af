"""Rounding to significant digits, up to the ends of the float range."""

from __future__ import annotations

import numpy as np
import pytest

from segmentry.maths.rounding import round_significant


@pytest.mark.parametrize(
    ("value", "digits", "expected"),
    [
        (1234.56789, 3, 1230.0),
        (-1234.56789, 6, -1234.57),
        (0.000123456, 2, 0.00012),
        (9.996, 3, 10.0),
        (0.0, 12, 0.0),
        (1e300, 12, 1e300),
        (1.23456e-200, 3, 1.23e-200),
        (1.7976931348623157e308, 12, 1.79769313486e308),
    ],
)
def test_a_value_keeps_its_leading_digits(value, digits, expected):
    found = round_significant(np.array([value]), digits=digits)
    np.testing.assert_allclose(found, [expected], rtol=1e-15)


def test_values_that_differ_by_the_order_of_summing_become_equal():
    a, b = round_significant(np.array([(0.1 + 0.2) + 0.3, 0.1 + (0.2 + 0.3)]))
    assert a == b


def test_what_is_no_number_stays_as_it_is():
    found = round_significant(np.array([np.nan, np.inf, -np.inf]))
    np.testing.assert_array_equal(found, [np.nan, np.inf, -np.inf])


def test_the_shape_stays_and_the_input_is_not_changed():
    values = np.full((2, 3), 1 / 3)
    assert round_significant(values, digits=1).shape == (2, 3)
    assert values[0, 0] == 1 / 3


def test_each_value_is_rounded_by_itself():
    values = np.array([1e-9, 123456.789, 1e9])
    alone = [round_significant(values[i : i + 1], digits=4)[0] for i in range(3)]
    assert round_significant(values, digits=4).tolist() == alone


def test_many_values_are_rounded_like_each_alone():
    rng = np.random.default_rng(0)
    values = rng.lognormal(0, 30, 20_000) * rng.choice([-1.0, 1.0], 20_000)
    values[8_000:17_000] = rng.integers(0, 50, 9_000)
    values[::1_000] = np.nan
    alone = [round_significant(values[i : i + 1])[0] for i in range(len(values))]
    np.testing.assert_array_equal(round_significant(values), alone)


def test_what_was_rounded_stays_as_it_is():
    values = np.random.default_rng(1).lognormal(0, 20, 50_000)
    once = round_significant(values)
    np.testing.assert_array_equal(round_significant(once), once)
