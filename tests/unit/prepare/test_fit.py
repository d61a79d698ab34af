"""What preparation learns from a table, and what it tells of it."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import skew

from builders import feature_table
from segmentry.domain.audit import Audit
from segmentry.domain.role import Facet
from segmentry.errors import DataError
from segmentry.prepare.fit import LIMIT, MOST_LEVELS, fit_recipe

NORMAL, OTHER = np.random.default_rng(0).normal(size=(2, 400))
SKEWED = np.exp(1.5 * NORMAL)


def fitted(columns, *, weights=None, audit=None, **described):
    table = feature_table(columns, **described)
    rng = np.random.default_rng(1)
    audit = Audit() if audit is None else audit
    return fit_recipe(table, weights=weights or {}, audit=audit, rng=rng), table


def only(values, **described):
    recipe, _ = fitted({"x": values}, **described)
    return recipe.numbers[0]


def test_a_prepared_column_has_mean_zero_and_variance_one():
    recipe, table = fitted({"x": 40.0 + 7.0 * NORMAL, "y": SKEWED * 0.01 + OTHER})
    X = recipe.apply(table).X
    np.testing.assert_allclose(X.mean(axis=0), 0.0, atol=1e-9)
    np.testing.assert_allclose(X.std(axis=0), 1.0, atol=1e-9)


def test_a_symmetric_column_is_left_unbent():
    step = only(NORMAL)
    assert (step.transform, step.exponent, step.unit) == ("identity", 1.0, 1.0)


def test_a_column_that_is_a_little_skewed_is_left_unbent():
    values = np.exp(0.25 * NORMAL)
    assert 0.5 < skew(values) < 1.0
    assert only(values).transform == "identity"


def test_a_column_of_amounts_is_bent_by_the_logarithm_in_units_of_its_median():
    step = only(np.expm1(np.abs(3.0 + NORMAL)) * 250.0)
    assert step.transform != "identity"
    assert step.unit == pytest.approx(250.0 * np.expm1(3.0), rel=0.3)


@pytest.mark.parametrize("values", [SKEWED, -SKEWED, SKEWED - 2.0, SKEWED * 1e-9, SKEWED * 1e9])
def test_bending_leaves_little_of_the_skewness(values):
    recipe, table = fitted({"x": values})
    assert abs(skew(values)) > 3.0
    assert abs(skew(recipe.apply(table).X[:, 0])) < 0.7


def test_the_plain_logarithm_is_preferred_where_the_other_does_hardly_better():
    # A quarter never bought; the logarithm of 1 + x is nearly symmetric.
    step = only(np.exp(0.5 * NORMAL) * (np.arange(400) >= 100))
    assert (step.transform, step.exponent) == ("log1p", 1.0)


def test_a_column_with_negative_values_is_never_bent_by_the_logarithm():
    assert only(SKEWED - 2.0).transform == "yeo-johnson"


def test_a_gap_is_filled_with_the_median_of_what_is_known():
    step = only([1.0, 2.0, 9.0, None, 4.0])
    assert (step.impute, step.impute_reason) == (3.0, "median of the known values")


def test_a_gap_with_a_meaning_is_filled_with_what_it_means():
    step = only([1.0, 2.0, 9.0, None], null_is=0.0, null_means="never bought")
    assert (step.impute, step.impute_reason) == (0.0, "never bought")


def test_a_column_without_gaps_still_knows_what_to_put_into_later_ones():
    step = only([1.0, 2.0, 9.0])
    assert (step.impute, step.impute_reason) == (2.0, "nothing was missing")


def test_filling_is_told_in_the_audit():
    audit = Audit()
    fitted({"x": [1.0, 2.0, 9.0, None]}, audit=audit)
    finding = next(f for f in audit.findings if f.code == "missing_values")
    assert (finding.count, finding.total) == (1, 4)
    assert finding.done == "filled with 2 (median of the known values)"


def test_an_extreme_value_is_kept_pulled_in_and_told():
    audit = Audit()
    recipe, table = fitted({"x": np.r_[np.tile(NORMAL, 3), 9.0]}, audit=audit)
    finding = next(f for f in audit.findings if f.code == "extreme_values")
    assert (finding.count, finding.total) == (1, 1_201)
    assert recipe.apply(table).X.max() == LIMIT == 5.0


def test_columns_that_repeat_each_other_count_once():
    audit = Audit()
    recipe, _ = fitted({"spend": SKEWED, "cents": SKEWED * 100.0, "y": OTHER}, audit=audit)
    assert recipe.names == ("spend", "y")
    assert recipe.left_out[0].column == "cents"
    assert "repeated_column" in {f.code for f in audit.findings}


def test_the_weight_of_a_feature_goes_before_that_of_its_facet():
    weights = {"x": 3.0, "value": 2.0}
    recipe, _ = fitted({"x": NORMAL, "y": OTHER}, weights=weights, facet=Facet.VALUE)
    assert [s.weight for s in recipe.numbers] == [3.0, 2.0]


def test_categories_become_indicators_with_the_variance_of_one_column():
    recipe, table = fitted({"plan": ["a", "a", "b", "c"] * 50})
    X = recipe.apply(table).X
    assert recipe.names == ("plan=a", "plan=b", "plan=c")
    assert X.var(axis=0).sum() == pytest.approx(1.0)


def test_a_rare_level_gets_no_column():
    recipe, _ = fitted({"plan": ["a"] * 600 + ["b"] * 395 + ["rare"] * 5})
    assert recipe.categories[0].levels == ("a", "b")


def test_the_most_frequent_levels_are_those_that_get_columns():
    values = [f"l{i:02d}" for i in range(20) for _ in range(20 + i)]
    recipe, _ = fitted({"city": values})
    assert recipe.categories[0].levels == tuple(f"l{i:02d}" for i in range(20 - MOST_LEVELS, 20))


def test_two_levels_that_mark_the_same_entities_are_one_fact():
    columns = {"tv": ["none", "yes", "no"] * 40, "films": ["none", "no", "yes"] * 40}
    recipe, _ = fitted(columns)
    assert recipe.names == ("tv=no", "tv=none", "tv=yes")
    assert ("films=none", "marks the same as 'tv=none'") in {
        (c.column, c.reason) for c in recipe.left_out
    }


def test_a_table_without_a_useful_column_is_refused():
    with pytest.raises(DataError, match=r"(?s)no column is left .*\(E2007\).*features.roles"):
        fitted({"x": [1.0] * 20, "y": ["a"] * 20})


def test_equal_tables_and_chance_give_equal_recipes():
    columns = {"x": SKEWED, "y": OTHER, "plan": ["a", "b"] * 200}
    assert fitted(columns)[0] == fitted(columns)[0]


def test_rows_beyond_those_measured_are_prepared_too():
    values = np.exp(np.random.default_rng(2).normal(size=(2, 21_000)))
    recipe, table = fitted({"x": values[0], "y": values[1]})
    assert recipe.apply(table).X.shape == (21_000, 2)
