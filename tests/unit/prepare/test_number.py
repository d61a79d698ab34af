"""One number column as the project asks: fill, transform, scale; against scikit-learn."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.preprocessing import (
    MinMaxScaler,
    PowerTransformer,
    QuantileTransformer,
    RobustScaler,
    StandardScaler,
)

from builders import feature_table
from segmentry.domain.preparation import Fill, PerColumn, Preparation
from segmentry.domain.recipe import Recipe, number_column
from segmentry.prepare.number import LIMIT, fit_number, rule_for

RNG = np.random.default_rng(0)
AMOUNTS = RNG.lognormal(2.0, 1.0, size=1_000)


def fitted(values, table=None, column="x", described=None, **asked):
    table = table or feature_table({"x": values}, **(described or {}))
    step = fit_number(table, table.column(column), Preparation(**asked), weight=1.0, rng=RNG)
    return step, number_column(table, step)


def fill(how, **more):
    return PerColumn(Fill(how, **more))


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        (Fill("median"), 2.0),
        (Fill("mean"), 4.0),
        (Fill("zero"), 0.0),
        (Fill("constant", constant=7.5), 7.5),
    ],
)
def test_a_gap_is_filled_as_asked(rule, expected):
    step, _ = fitted([1.0, 2.0, 9.0, None], impute=PerColumn(rule))
    assert step.impute == expected
    assert step.impute_reason != "nothing was missing"


def test_a_gap_that_means_something_keeps_its_meaning_unless_its_column_is_named():
    described = {"null_is": 0.0, "null_means": "never bought"}
    values = [1.0, 2.0, 9.0, None]
    assert fitted(values, described=described, impute=fill("mean"))[0].impute == 0.0
    named = PerColumn(Fill(), {"x": Fill("mean")})
    assert fitted(values, described=described, impute=named)[0].impute == 4.0


def test_gaps_take_the_median_within_a_level_and_of_all_where_it_has_few():
    values = [1.0] * 20 + [5.0] * 20 + [9.0] * 5 + [None] * 4
    plan = ["a"] * 20 + ["b"] * 20 + ["c"] * 5 + ["a", "b", "c", None]
    table = feature_table({"x": values, "plan": plan})
    step, column = fitted(None, table, impute=fill("by", column="plan"))
    filled = column[-4:] * step.scale + step.centre
    np.testing.assert_allclose(filled, [1.0, 5.0, 5.0, 5.0])
    assert step.by.levels == ("a", "b")
    assert step.impute_reason == "median of the known values with the same 'plan'"


def test_a_quantile_transform_is_that_of_scikit_learn():
    for form in ("normal", "uniform"):
        how = PerColumn(f"quantile-{form}")
        step, column = fitted(AMOUNTS, transform=how, scale=PerColumn("none"))
        theirs = QuantileTransformer(n_quantiles=200, output_distribution=form, subsample=None)
        expected = theirs.fit_transform(AMOUNTS[:, None])[:, 0]
        # Quantiles are kept to 12 digits, and the bell is steep at its ends.
        np.testing.assert_allclose(column, expected, atol=1e-6)
        assert len(step.quantiles) == 200


def test_a_power_transform_is_that_of_scikit_learn_in_units_of_the_median():
    step, column = fitted(AMOUNTS, transform=PerColumn("yeo-johnson"))
    theirs = PowerTransformer().fit((AMOUNTS / step.unit)[:, None])
    assert step.exponent == pytest.approx(theirs.lambdas_[0], abs=1e-3)
    expected = np.clip(theirs.transform((AMOUNTS / step.unit)[:, None])[:, 0], -LIMIT, LIMIT)
    np.testing.assert_allclose(column, expected, atol=5e-3)


@pytest.mark.parametrize(
    ("scaling", "theirs"),
    [
        ("standard", StandardScaler()),
        ("robust", RobustScaler(unit_variance=True)),
        ("min-max", MinMaxScaler()),
    ],
)
def test_a_scale_is_that_of_scikit_learn(scaling, theirs):
    values = np.clip(RNG.normal(50.0, 8.0, size=900), 30.0, 70.0)
    _, column = fitted(values, transform=PerColumn("none"), scale=PerColumn(scaling))
    np.testing.assert_allclose(column, theirs.fit_transform(values[:, None])[:, 0], atol=1e-9)


def test_without_a_scale_a_column_stays_in_its_unit():
    _, column = fitted(AMOUNTS, transform=PerColumn("none"), scale=PerColumn("none"))
    np.testing.assert_array_equal(column, feature_table({"x": AMOUNTS}).numbers("x"))


def test_a_robust_scale_of_a_column_that_is_mostly_one_value_is_its_deviation():
    values = np.r_[np.zeros(80), np.arange(20.0)]
    step, column = fitted(values, transform=PerColumn("none"), scale=PerColumn("robust"))
    assert step.scale == pytest.approx(values.std())
    assert np.isfinite(column).all()


@pytest.mark.parametrize("how", ["none", "log1p", "yeo-johnson", "quantile-normal"])
def test_a_transform_that_was_asked_for_is_used_whatever_the_skewness(how):
    step, _ = fitted(RNG.normal(5.0, 1.0, size=300), transform=PerColumn(how))
    assert step.transform == ("identity" if how == "none" else how)


def test_one_column_may_be_bent_otherwise_than_the_rest():
    table = feature_table({"x": AMOUNTS, "y": AMOUNTS})
    how = PerColumn("none", {"y": "log1p"})
    steps = [fitted(None, table, name, transform=how)[0] for name in ("x", "y")]
    assert [s.transform for s in steps] == ["identity", "log1p"]


def test_negative_values_under_an_asked_logarithm_count_as_zero():
    _, column = fitted([-5.0, 0.0, 1.0, 2.0], transform=PerColumn("log1p"))
    assert column[0] == column[1]


def test_the_rule_of_a_column_goes_before_that_of_all():
    column = feature_table({"x": [1.0]}).columns[0]
    asked = Preparation(impute=PerColumn(Fill("zero"), {"x": Fill("mean")}))
    assert rule_for(column, asked) == Fill("mean")


def test_what_is_fitted_can_be_applied_to_one_row():
    step, column = fitted(AMOUNTS, transform=PerColumn("quantile-normal"))
    table = feature_table({"x": AMOUNTS[:1]})
    assert Recipe((step,)).apply(table).X[0, 0] == column[0]
