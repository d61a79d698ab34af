"""Recipes in which what tells of an outcome counts more."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from builders import feature_table
from segmentry.domain.audit import Audit
from segmentry.domain.preparation import Preparation, Reduce
from segmentry.prepare.fit import fit_recipe
from segmentry.prepare.guide import guided_finding, guided_recipe, learn_guidance

N = 400
RNG = np.random.default_rng(0)
TABLE = feature_table(
    {
        "visits": RNG.normal(size=N),
        "spend": RNG.normal(size=N),
        "plan": list(np.array(["a", "b", "c"])[RNG.integers(0, 3, N)]),
    }
)
LEFT = (TABLE.numbers("spend") + 0.5 * RNG.normal(size=N) > 0).astype(np.float64)[:, None]


def recipe(asked: Preparation | None = None):
    rng = np.random.default_rng(0)
    return fit_recipe(TABLE, weights={}, audit=Audit(), rng=rng, asked=asked)


def guidance(own, outcome=LEFT):
    return learn_guidance(own, TABLE, outcome, rng=np.random.default_rng(0))


def test_the_feature_that_tells_stands_first_and_counts_most():
    found = guidance(recipe())
    assert found.guides[0].feature == "spend"
    assert found.factors["spend"] > 1.0 > found.factors["visits"]
    assert set(found.factors) == {"visits", "spend", "plan"}


def test_columns_are_multiplied_and_the_mean_square_is_kept():
    own = recipe()
    found = guidance(own)
    plain, guided = (
        own.prepare(TABLE),
        guided_recipe(own, found, TABLE, Preparation()).prepare(TABLE),
    )
    factors = np.array([found.factors[name] for name in plain.features])
    np.testing.assert_allclose(guided.X, plain.X * factors, rtol=1e-9, atol=1e-12)
    assert guided.X.var(axis=0).sum() == pytest.approx(plain.X.var(axis=0).sum())


def test_components_are_learned_anew_from_weighed_columns():
    asked = Preparation(reduce=Reduce("pca", 1))
    own = recipe(asked)
    guided = guided_recipe(own, guidance(own), TABLE, asked)
    (first,) = guided.reduction.components
    loadings = dict(zip(guided.prepared_names, np.abs(first.loadings), strict=True))
    assert max(loadings, key=loadings.get) == "spend"
    assert guided.apply(TABLE).X.shape == (N, 1)


def test_an_outcome_that_nothing_tells_changes_nothing():
    own = recipe()
    chance = np.random.default_rng(5).integers(0, 2, (N, 1)).astype(np.float64)
    found = guidance(own, chance)
    assert set(found.factors.values()) == {1.0}
    assert guided_recipe(own, found, TABLE, Preparation()) == replace(own)


def test_it_is_told_who_counts_more_and_where_nobody_does():
    told = guided_finding("left", guidance(recipe()), 400)
    assert told.sentence.startswith("Features are weighed by 'left', learned from 400 entities:")
    assert "'spend' counts" in told.sentence
    assert "measured on the entities held out" in told.done
    chance = np.random.default_rng(5).integers(0, 2, (N, 1)).astype(np.float64)
    nothing = guided_finding("luck", guidance(recipe(), chance), 400)
    assert nothing.severity == "warning"
    assert nothing.sentence == "The features do not tell 'luck', so that it weighs none of them."
