"""Gaps that other columns tell of, against scikit-learn."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.linear_model import Ridge
from sklearn.neighbors import KNeighborsRegressor

from builders import feature_table
from segmentry.domain.audit import Audit
from segmentry.domain.preparation import Fill, PerColumn, Preparation
from segmentry.domain.recipe import number_column
from segmentry.prepare.fit import fit_recipe
from segmentry.prepare.models import N_NEIGHBOURS, PENALTY_SHARE

N = 600
RNG = np.random.default_rng(0)
A, B, NOISE = RNG.normal(size=(3, N))
TRUE = 10.0 + 3.0 * A - 2.0 * B + 0.5 * NOISE
GAPS = RNG.random(N) < 0.25
Y = np.where(GAPS, np.nan, TRUE)


def prepared(model, columns=None):
    """Fit a recipe that fills y with a model, and give its column and its standardised inputs."""
    table = feature_table(columns or {"y": Y, "a": A, "b": B})
    asked = Preparation(
        impute=PerColumn(Fill(), {"y": Fill("model", model=model)}), transform=PerColumn("none")
    )
    recipe = fit_recipe(table, weights={}, audit=Audit(), rng=np.random.default_rng(1), asked=asked)
    step = next(s for s in recipe.numbers if s.column == "y")
    return step, number_column(table, step) * step.scale + step.centre


def standardised():
    X = np.column_stack([A, B])
    return np.clip((X - X.mean(axis=0)) / X.std(axis=0), -5.0, 5.0)


def test_a_regression_fills_as_scikit_learn_would():
    step, filled = prepared("ridge")
    X, known = standardised(), ~GAPS
    theirs = Ridge(alpha=PENALTY_SHARE * known.sum()).fit(X[known], Y[known])
    expected = np.clip(theirs.predict(X[GAPS]), Y[known].min(), Y[known].max())
    np.testing.assert_allclose(filled[GAPS], expected, atol=1e-6)
    np.testing.assert_allclose(filled[known], Y[known], atol=1e-6)
    assert step.impute_reason == "ridge regression on 2 other features"


def test_neighbours_fill_as_scikit_learn_would():
    step, filled = prepared("neighbours")
    X = standardised()
    donors = np.array(step.neighbours.donors)
    theirs = KNeighborsRegressor(N_NEIGHBOURS).fit(donors, np.array(step.neighbours.values))
    np.testing.assert_allclose(filled[GAPS], theirs.predict(X[GAPS]), atol=1e-6)
    assert len(donors) == 300


@pytest.mark.parametrize("model", ["ridge", "neighbours"])
def test_a_model_comes_nearer_to_the_truth_than_the_median(model):
    _, filled = prepared(model)
    error = np.abs(filled[GAPS] - TRUE[GAPS]).mean()
    assert error < 0.5 * np.abs(np.nanmedian(Y) - TRUE[GAPS]).mean()


@pytest.mark.parametrize("model", ["ridge", "neighbours"])
def test_a_prepared_column_still_has_mean_zero_and_variance_one(model):
    step, filled = prepared(model)
    column = (filled - step.centre) / step.scale
    assert (column.mean(), column.std()) == (pytest.approx(0.0, abs=1e-9), pytest.approx(1.0))


def test_with_few_known_values_the_median_stays_and_says_so():
    few = np.where(np.arange(N) < 30, Y, np.nan)
    columns = {"y": np.where(np.arange(N) < 400, np.nan_to_num(few, nan=1.0), np.nan)}
    columns["y"][30:] = np.nan
    table_columns = {"y": columns["y"], "a": A, "b": B}
    asked = Preparation(impute=PerColumn(Fill("model")), max_missing_share=0.99)
    recipe = fit_recipe(
        feature_table(table_columns), weights={}, audit=Audit(), rng=RNG, asked=asked
    )
    step = next(s for s in recipe.numbers if s.column == "y")
    assert (step.ridge, step.neighbours) == (None, None)
    assert "too few are known for a model" in step.impute_reason


def test_inputs_that_are_missing_too_stand_at_their_middle():
    gone = np.where(GAPS, np.nan, A)
    _, filled = prepared("ridge", {"y": Y, "a": gone, "b": B})
    assert np.isfinite(filled).all()
