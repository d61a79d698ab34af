"""Features before they are prepared: completeness, units, outliers, sparse entities."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builders import feature_table
from segmentry.domain.audit import Audit
from segmentry.prepare.audit import (
    features_of,
    gaps_note,
    missing_shares,
    outlier_share,
    sparse_rows,
    tell_features,
    tell_outliers,
)
from segmentry.prepare.fit import fit_recipe

RNG = np.random.default_rng(0)
PRICES = np.exp(RNG.normal(3.0, 0.5, 1_000))


def findings(columns, **described):
    audit = Audit()
    tell_features(feature_table(columns, **described), audit)
    return {f.code: f for f in audit.findings}


@pytest.mark.parametrize("factor", [60.0, 100.0, 1000.0, 3600.0])
def test_two_units_in_one_feature_are_told_with_a_proposal(factor):
    found = findings({"spend": np.where(np.arange(1_000) < 120, PRICES * factor, PRICES)})
    told = found["unit_mix"]
    assert (told.count, told.total, told.severity) == (120, 1_000, "warning")
    assert f"factor {factor:g} apart" in told.sentence
    assert 'roles: {"spend": id}' in told.proposal


@settings(max_examples=40, deadline=None)
@given(
    seed=st.integers(0, 10_000),
    kind=st.sampled_from(["bell", "amounts", "counts", "even", "two humps", "zeros and amounts"]),
)
def test_ordinary_features_are_one_unit(seed, kind):
    rng = np.random.default_rng(seed)
    values = {
        "bell": lambda: rng.normal(50, 10, 1_000),
        "amounts": lambda: rng.lognormal(2, 1.5, 1_000),
        "counts": lambda: rng.poisson(rng.gamma(1.0, 20.0, 1_000)),
        "even": lambda: rng.uniform(0, 1_000, 1_000),
        "two humps": lambda: np.r_[rng.normal(20, 2, 500), rng.normal(90, 8, 500)],
        "zeros and amounts": lambda: rng.lognormal(2, 1, 1_000) * (rng.random(1_000) < 0.5),
    }[kind]()
    assert "unit_mix" not in findings({"x": values.astype(np.float64)})


def test_completeness_counts_values_and_entities():
    told = findings({"x": [1.0, None, None, 2.0], "y": [1.0, 2.0, None, 3.0]})["completeness"]
    assert (told.count, told.total) == (2, 4)
    assert told.sentence.startswith("62\u202f% of the features' values")
    assert "max_missing: 0.5" in told.proposal


def test_complete_features_are_not_told_of():
    assert findings({"x": PRICES}) == {}


def test_a_gap_that_means_something_is_no_gap():
    table = feature_table({"x": [1.0, None]}, null_is=0.0)
    assert missing_shares(table, features_of(table)).tolist() == [0.0, 0.0]


def test_entities_that_miss_more_than_the_limit_are_found():
    table = feature_table({"x": [1.0, None, None], "y": [1.0, 2.0, None]})
    assert sparse_rows(table, features_of(table), 0.5).tolist() == [0, 1]
    assert sparse_rows(table, features_of(table), 0.49).tolist() == [0]


def test_what_is_filled_is_counted_by_column_and_by_entity():
    columns = {"x": [None, *RNG.normal(size=99)], "y": RNG.normal(size=100)}
    table = feature_table(columns)
    recipe = fit_recipe(table, weights={}, audit=Audit(), rng=RNG)
    note = gaps_note(table, recipe)
    assert note.columns == (("x", 0.01),)
    assert note.mean_share == pytest.approx(0.005)
    assert dict(note.entities) == {0.1: 0.01, 0.25: 0.01, 0.5: 0.01}


def test_many_values_far_out_are_told_with_a_proposal():
    values = np.r_[RNG.normal(size=970), RNG.normal(0.0, 30.0, size=30)]
    table = feature_table({"x": values})
    audit = Audit()
    recipe = fit_recipe(table, weights={}, audit=Audit(), rng=RNG)
    tell_outliers(table, recipe, audit)
    told = audit.findings[0]
    assert told.code == "many_outliers"
    assert 'transform: {columns: {"x": quantile-normal}}' in told.proposal
    middle = np.median(values)
    z = 0.6745 * np.abs(values - middle) / np.median(np.abs(values - middle))
    assert outlier_share(values, recipe.numbers[0]) == pytest.approx((z > 5.0).mean())


def test_a_bell_has_no_outliers_worth_telling():
    table = feature_table({"x": RNG.normal(size=2_000)})
    audit = Audit()
    tell_outliers(table, fit_recipe(table, weights={}, audit=Audit(), rng=RNG), audit)
    assert audit.findings == []


def test_a_column_that_heaps_has_no_outliers():
    values = np.where(RNG.random(1_000) < 0.45, 0.0, PRICES)
    table = feature_table({"x": values})
    recipe = fit_recipe(table, weights={}, audit=Audit(), rng=RNG)
    assert outlier_share(values, recipe.numbers[0]) == 0.0
