"""Applying a recipe, step by step; that it is row-wise is a law in tests/properties."""

from __future__ import annotations

import numpy as np
import pytest

from builders import feature_table, number_step
from segmentry.domain.recipe import CategoryStep, Recipe, scaled
from segmentry.errors import AssignmentError


def one(value, **changes):
    return float(scaled(np.array([value]), number_step(**changes))[0])


def test_a_missing_value_is_filled_before_it_is_scaled():
    assert one(np.nan, impute=7.0, centre=3.0, scale=2.0) == 2.0


def test_a_value_is_centred_and_scaled():
    assert one(9.0, centre=3.0, scale=2.0) == 3.0


@pytest.mark.parametrize(("value", "expected"), [(99.0, 5.0), (-99.0, -5.0), (4.0, 4.0)])
def test_an_extreme_value_is_pulled_in_to_the_limit(value, expected):
    assert one(value) == expected


def test_the_weight_comes_after_the_limit():
    assert one(99.0, weight=2.0) == 10.0


def test_a_value_is_divided_by_its_unit_before_it_is_bent():
    assert one(30.0, transform="log1p", unit=10.0) == np.log1p(3.0)


def test_a_negative_value_counts_as_zero_under_the_logarithm():
    assert one(-50.0, transform="log1p") == 0.0


def test_yeo_johnson_bends_by_its_exponent():
    assert one(3.0, transform="yeo-johnson", exponent=0.5) == pytest.approx(2.0)


@pytest.mark.parametrize("value", [1e300, -1e300, 1.7e308])
@pytest.mark.parametrize("exponent", [-3.0, 0.0, 2.0, 5.0])
def test_a_huge_value_ends_at_the_limit_without_a_warning(value, exponent):
    result = one(value, transform="yeo-johnson", exponent=exponent, unit=0.01)
    assert abs(result) <= 5.0


def test_a_category_becomes_one_column_per_level():
    table = feature_table({"plan": ["pro", "free", None, "gone"]})
    recipe = Recipe((), (CategoryStep("plan", ("free", "pro"), 2.0, 1.5),))
    expected = [[0.0, 3.0], [3.0, 0.0], [0.0, 0.0], [0.0, 0.0]]
    np.testing.assert_array_equal(recipe.apply(table).X, expected)


def test_matrix_columns_name_themselves_and_their_feature():
    recipe = Recipe((number_step("spend"),), (CategoryStep("plan", ("free", "pro"), 1.0, 1.0),))
    assert recipe.names == ("spend", "plan=free", "plan=pro")
    assert recipe.features == ("spend", "plan", "plan")


def test_the_matrix_keeps_ids_names_and_order():
    table = feature_table({"b": [1.0, 2.0], "a": [3.0, 4.0]}, ids=["x", "y"])
    matrix = Recipe((number_step("a"), number_step("b"))).apply(table)
    assert matrix.ids.to_pylist() == ["x", "y"]
    assert matrix.names == ("a", "b")
    np.testing.assert_array_equal(matrix.X, [[3.0, 1.0], [4.0, 2.0]])


def test_an_empty_recipe_gives_a_matrix_without_columns():
    assert Recipe(()).apply(feature_table({"a": [1.0, 2.0]})).X.shape == (2, 0)


@pytest.mark.parametrize(
    "recipe",
    [Recipe((number_step("spent"),)), Recipe((), (CategoryStep("spent", ("a",), 1.0, 1.0),))],
)
def test_a_table_without_a_needed_column_is_refused_with_the_nearest_one(recipe):
    table = feature_table({"spend": [1.0]})
    with pytest.raises(AssignmentError, match=r"(?s)no feature 'spent'.*did you mean 'spend'"):
        recipe.apply(table)


def test_further_columns_of_the_table_are_ignored():
    table = feature_table({"spend": [1.0], "other": ["text"]})
    assert Recipe((number_step(),)).apply(table).names == ("spend",)
