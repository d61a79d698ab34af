"""Categories beside numbers: whatever the encoding, one category weighs like one number."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builders import feature_table
from segmentry.domain.audit import Audit
from segmentry.domain.preparation import PerColumn, Preparation
from segmentry.domain.recipe import OTHER
from segmentry.prepare.category import MOST_LEVELS
from segmentry.prepare.fit import fit_recipe

RNG = np.random.default_rng(0)
PLANS = RNG.choice(["free", "pro", "enterprise"], p=[0.6, 0.3, 0.1], size=600).tolist()


def recipe_of(columns, audit=None, **asked):
    table = feature_table(columns)
    recipe = fit_recipe(
        table,
        weights={},
        audit=audit or Audit(),
        rng=np.random.default_rng(1),
        asked=Preparation(**asked),
    )
    return recipe, table


def test_rare_levels_are_folded_where_that_is_asked_for():
    columns = {"plan": ["a"] * 60 + ["b"] * 36 + ["c"] * 2 + ["d"] * 2}
    recipe, table = recipe_of(columns, rare_share=0.05, fold_rare=True)
    assert recipe.names == ("plan=a", "plan=b", f"plan={OTHER}")
    X = recipe.apply(table).X
    assert (X > 0).sum(axis=0).tolist() == [60, 36, 4]
    assert X.var(axis=0).sum() == pytest.approx(1.0)


def test_levels_beyond_the_most_are_folded_too():
    values = [f"l{i:02d}" for i in range(20) for _ in range(20 + i)]
    recipe, table = recipe_of({"city": values}, fold_rare=True)
    assert len(recipe.categories[0].levels) == MOST_LEVELS + 1
    assert (recipe.apply(table).X > 0).any(axis=1).all()


def test_an_unseen_level_is_folded_and_a_missing_one_is_nothing():
    recipe, _ = recipe_of({"plan": ["a"] * 60 + ["b"] * 38 + ["c"] * 2}, rare_share=0.05,
                          fold_rare=True)  # fmt: skip
    later = recipe.apply(feature_table({"plan": ["new", None, "a"]})).X
    assert [np.flatnonzero(row).tolist() for row in later] == [[2], [], [0]]


def test_without_anything_rare_nothing_is_folded():
    recipe, _ = recipe_of({"plan": PLANS}, fold_rare=True)
    assert not recipe.categories[0].folds


def test_an_order_makes_one_standardised_number():
    order = ("free", "pro", "enterprise")
    recipe, table = recipe_of({"plan": PLANS}, order={"plan": order})
    X = recipe.apply(table).X
    assert recipe.names == ("plan",)
    assert (X.mean(), X.std()) == (pytest.approx(0.0, abs=1e-9), pytest.approx(1.0))
    by_level = dict(zip(PLANS, X[:, 0], strict=True))
    assert by_level["free"] < by_level["pro"] < by_level["enterprise"]
    gaps = np.diff([by_level[p] for p in order])
    assert gaps[0] == pytest.approx(gaps[1])


def test_a_level_that_an_order_does_not_name_stands_in_the_middle_and_is_told():
    audit = Audit()
    recipe, table = recipe_of(
        {"plan": [*PLANS, "trial"]}, audit, order={"plan": ("free", "pro", "enterprise")}
    )
    assert recipe.apply(table).X[-1, 0] == pytest.approx(0.0, abs=1e-9)
    told = next(f for f in audit.findings if f.code == "level_without_place")
    assert "'trial'" in told.sentence
    assert told.count == 1


def test_a_frequency_is_the_share_of_entities_and_an_unseen_level_has_none():
    recipe, _ = recipe_of({"plan": PLANS}, encode=PerColumn("frequency"))
    step = recipe.scores[0]
    assert dict(zip(step.levels, step.scores, strict=True)) == {
        p: pytest.approx(PLANS.count(p) / 600) for p in ("enterprise", "free", "pro")
    }
    later = recipe.apply(feature_table({"plan": ["free", "new", None]})).X[:, 0]
    assert later[1] < later[0]
    assert later[1] == pytest.approx(-step.centre / step.scale)
    assert later[2] == pytest.approx(0.0, abs=1e-9)


@settings(max_examples=25, deadline=None)
@given(
    shares=st.lists(st.floats(0.05, 1.0), min_size=2, max_size=8),
    how=st.sampled_from(["indicators", "folded", "ordinal", "frequency"]),
)
def test_a_category_weighs_like_one_number_whatever_its_encoding(shares, how):
    p = np.array(shares) / sum(shares)
    levels = [f"l{i}" for i in range(len(p))]
    plan = np.random.default_rng(0).choice(levels, p=p, size=2_000).tolist()
    asked = {
        "indicators": {},
        "folded": {"fold_rare": True, "rare_share": 0.1},
        "ordinal": {"order": {"plan": tuple(levels)}},
        "frequency": {"encode": PerColumn("frequency")},
    }[how]
    number = np.random.default_rng(1).normal(size=2_000)
    recipe, table = recipe_of({"x": number, "plan": plan}, **asked)
    X = recipe.apply(table).X
    variances = X.var(axis=0)
    of_plan = np.array([f == "plan" for f in recipe.features])
    # Levels of equal frequency cannot be told apart by it.
    if of_plan.any() and variances[of_plan].sum() > 0:
        assert variances[of_plan].sum() == pytest.approx(variances[~of_plan].sum(), rel=1e-6)


def test_mean_squared_distances_of_a_category_and_a_number_are_alike():
    recipe, table = recipe_of({"x": RNG.normal(size=600), "plan": PLANS})
    X = recipe.apply(table).X
    one, other = X[RNG.permutation(600)], X
    squares = ((one - other) ** 2).mean(axis=0)
    assert squares[1:].sum() == pytest.approx(squares[0], rel=0.15)


def test_gaps_are_marked_where_that_is_asked_for():
    gone = np.where(np.arange(600) % 10 == 0, np.nan, RNG.normal(size=600))
    recipe, table = recipe_of({"x": gone, "y": RNG.normal(size=600)}, indicate_missing=("x",))
    assert recipe.names == ("x", "y", "x (missing)")
    mark = recipe.apply(table).X[:, 2]
    assert (mark.mean(), mark.std()) == (pytest.approx(0.0, abs=1e-9), pytest.approx(1.0))
    assert ((mark > 0) == np.isnan(gone)).all()


def test_columns_that_are_missing_together_get_one_mark():
    gone = np.arange(600) % 10 == 0
    columns = {n: np.where(gone, np.nan, RNG.normal(size=600)) for n in ("x", "y")}
    recipe, _ = recipe_of(columns, indicate_missing="all")
    assert [s.column for s in recipe.gaps] == ["x"]


def test_what_hardly_anybody_misses_gets_no_mark():
    columns = {"x": [None, *RNG.normal(size=599)], "y": RNG.normal(size=600)}
    assert recipe_of(columns, indicate_missing="all")[0].gaps == ()
