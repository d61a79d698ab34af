"""Whatever a project asks, a recipe works row by row, and training rows are its own answers."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builders import feature_table
from segmentry.domain.audit import Audit
from segmentry.domain.preparation import Fill, PerColumn, Preparation, Reduce
from segmentry.domain.recipe import Recipe
from segmentry.prepare.fit import fit_recipe
from segmentry.stores.recipes import wrong_recipe
from segmentry.stores.records import from_plain, to_plain

N = 240


def table_of(seed=0):
    rng = np.random.default_rng(seed)
    hidden = rng.normal(size=N)
    gaps = rng.random((3, N)) < 0.15
    columns = {
        "spend": np.where(gaps[0], np.nan, np.exp(hidden + 0.5 * rng.normal(size=N))),
        "visits": np.where(gaps[1], np.nan, rng.poisson(np.exp(hidden / 2.0 + 1.0))),
        "age": np.where(gaps[2], np.nan, 40.0 + 10.0 * rng.normal(size=N)),
        "level": hidden + rng.normal(size=N),
        "plan": [p or None for p in rng.choice(["a", "b", "c", "rare", ""], N,
                                                      p=[0.5, 0.3, 0.1, 0.02, 0.08])],
        "size": rng.choice(["s", "m", "l"], N).tolist(),
    }  # fmt: skip
    return feature_table(columns)


TABLE = table_of()

fills = st.sampled_from(
    [
        Fill("median"), Fill("mean"), Fill("zero"), Fill("constant", constant=2.5),
        Fill("by", column="plan"), Fill("model"), Fill("model", model="neighbours"),
    ]
)  # fmt: skip
bends = st.sampled_from(["auto", "none", "log1p", "yeo-johnson", "quantile-normal",
                         "quantile-uniform"])  # fmt: skip
scales = st.sampled_from(["standard", "robust", "min-max", "none"])


@st.composite
def wishes(draw):
    return Preparation(
        impute=PerColumn(draw(fills), {"age": draw(fills)}),
        indicate_missing=draw(st.sampled_from([(), ("age",), "all"])),
        transform=PerColumn(draw(bends), {"age": draw(bends)}),
        scale=PerColumn(draw(scales)),
        rare_share=draw(st.sampled_from([0.01, 0.05])),
        fold_rare=draw(st.booleans()),
        encode=PerColumn(draw(st.sampled_from(["indicators", "frequency"]))),
        order=draw(st.sampled_from([{}, {"size": ("s", "m", "l")}])),
        balance=draw(st.sampled_from(["aspects", "facets", "none"])),
        reduce=draw(st.sampled_from([None, Reduce("pca", 0.8), Reduce("factor", 2.0)])),
    )


def recipe_for(asked):
    return fit_recipe(
        TABLE, weights={"age": 2.0}, audit=Audit(), rng=np.random.default_rng(0), asked=asked
    )


@settings(max_examples=60, deadline=None)
@given(asked=wishes(), rows=st.lists(st.integers(0, N - 1), min_size=1, max_size=20))
def test_any_rows_in_any_order_are_prepared_as_among_all(asked, rows):
    recipe = recipe_for(asked)
    whole = recipe.apply(TABLE).X
    part = recipe.apply(TABLE.take(np.array(rows))).X
    assert np.isfinite(whole).all()
    assert part.tobytes() == np.ascontiguousarray(whole[rows]).tobytes()


@settings(max_examples=40, deadline=None)
@given(wishes())
def test_a_recipe_that_was_written_and_read_prepares_the_same(asked):
    recipe = recipe_for(asked)
    again = from_plain(Recipe, json.loads(json.dumps(to_plain(recipe))))
    assert wrong_recipe(again) is None
    assert again.apply(TABLE).X.tobytes() == recipe.apply(TABLE).X.tobytes()


@settings(max_examples=30, deadline=None)
@given(wishes())
def test_levels_that_were_not_there_and_gaps_everywhere_are_prepared_by_rule(asked):
    recipe = recipe_for(asked)
    columns = {c: [None, None] for c in ("spend", "visits", "age", "level")}
    empty = feature_table({**columns, "plan": ["new", "never"], "size": ["xl", "xxl"]})
    found = recipe.apply(empty).X
    assert np.isfinite(found).all()
    np.testing.assert_array_equal(found[0], found[1])


@pytest.mark.parametrize("balance", ["aspects", "facets", "none"])
def test_without_wishes_the_house_way_is_taken(balance):
    plain = fit_recipe(TABLE, weights={}, audit=Audit(), rng=np.random.default_rng(0))
    asked = fit_recipe(TABLE, weights={}, audit=Audit(), rng=np.random.default_rng(0),
                       asked=Preparation(balance=balance))  # fmt: skip
    # One facet and no aspects: every way of balancing them is the same.
    assert asked == plain
