"""Transforms of a column by hand; scipy's Yeo-Johnson is compared in tests/oracles."""

from __future__ import annotations

import numpy as np
import pytest

from segmentry.errors import MathsError
from segmentry.maths.scaling import skewness, transformed, yeo_johnson_exponent

VALUES = np.array([-3.0, -0.5, 0.0, 0.5, 3.0])


def test_identity_gives_a_copy():
    found = transformed(VALUES, "identity")
    np.testing.assert_array_equal(found, VALUES)
    assert not np.shares_memory(found, VALUES)


def test_the_logarithm_keeps_zero_where_it_is():
    np.testing.assert_allclose(transformed(np.array([0.0, np.e - 1]), "log1p"), [0.0, 1.0])


def test_the_logarithm_refuses_values_of_minus_one_or_less():
    with pytest.raises(MathsError, match="log1p needs values above -1 and met -3"):
        transformed(VALUES, "log1p")


def test_an_exponent_of_one_leaves_the_column_as_it_is():
    np.testing.assert_allclose(transformed(VALUES, "yeo-johnson", exponent=1.0), VALUES, atol=1e-15)


def test_an_exponent_of_zero_is_the_logarithm_for_what_is_positive():
    found = transformed(VALUES[2:], "yeo-johnson", exponent=0.0)
    np.testing.assert_array_equal(found, np.log1p(VALUES[2:]))


def test_negative_values_are_mirrored_with_two_minus_the_exponent():
    left = transformed(-VALUES, "yeo-johnson", exponent=0.3)
    right = -transformed(VALUES, "yeo-johnson", exponent=1.7)
    np.testing.assert_allclose(left, right, rtol=1e-12)


@pytest.mark.parametrize("exponent", [-3.0, -0.5, 0.0, 1e-13, 0.7, 2.0, 5.0])
def test_the_order_of_values_is_kept(exponent):
    values = np.linspace(-20.0, 20.0, 401)
    assert (np.diff(transformed(values, "yeo-johnson", exponent=exponent)) > 0).all()


@pytest.mark.parametrize("seed", range(4))
def test_the_exponent_and_the_skewness_are_those_of_scipy(seed):
    from scipy import stats

    rng = np.random.default_rng(seed)
    values = rng.lognormal(size=400) - (2.0 if seed % 2 else 0.0)
    expected = stats.yeojohnson_normmax(values)
    assert yeo_johnson_exponent(values) == pytest.approx(expected, abs=2e-3)
    assert skewness(values) == pytest.approx(stats.skew(values))


def test_equal_values_are_not_skewed():
    assert skewness(np.ones(5)) == 0.0
