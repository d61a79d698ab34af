"""Every kind of step comes back as it was, and nonsense in any of them is refused."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from builders import number_step
from segmentry.domain.filling import Input, Levels, Neighbours, Ridge
from segmentry.domain.recipe import (
    OTHER,
    CategoryStep,
    GapStep,
    LeftOut,
    Recipe,
    ScoreStep,
)
from segmentry.domain.reduction import Component, Reduction
from segmentry.stores.recipes import wrong_recipe
from segmentry.stores.records import from_plain, to_plain

INPUT = Input("b", 1.0, "quantile-normal", 1.0, 0.0, 2.0, 1.0, (0.0, 1.0, 4.0))
BY = Levels("plan", ("a", "b"), (1.0, 2.0))
RIDGE = Ridge((INPUT,), (0.5,), 0.1, -1.0, 1.0)
NEAR = Neighbours((INPUT,), 2, ((0.0,), (1.0,), (2.0,)), (1.0, 2.0, 3.0))


def component(name: str, n: int) -> Component:
    return Component(name, (0.1,) * n, (0.9,) * n, 0.5, f"{name}: high a")


FULL = Recipe(
    (
        number_step("a", transform="quantile-uniform", quantiles=(0.0, 1.0, 1.0, 7.0)),
        number_step("b", by=BY),
        number_step("c", ridge=RIDGE),
        number_step("d", neighbours=NEAR),
    ),
    (CategoryStep("plan", ("a", "b", OTHER), 1.0, 1.0, folds=True),),
    (LeftOut("x", "is the same for everyone"),),
    (ScoreStep("size", "ordinal", ("s", "m"), (0.0, 1.0), 0.5, 0.5, 0.5, 2.0, 1.0),),
    (GapStep("a", 0.1, 0.3, 1.0),),
    Reduction("factor", (0.0,) * 9, (component("factor 1", 9), component("factor 2", 9))),
)


def test_every_field_of_a_recipe_comes_back_through_json():
    assert from_plain(Recipe, json.loads(json.dumps(to_plain(FULL)))) == FULL


def test_a_recipe_with_everything_in_it_makes_sense():
    assert wrong_recipe(FULL) is None


def with_number(**changes: Any) -> Recipe:
    return replace(FULL, numbers=(replace(FULL.numbers[0], **changes), *FULL.numbers[1:]))


@pytest.mark.parametrize(
    ("recipe", "words"),
    [
        (with_number(scale=0.0), "above zero"),
        (with_number(quantiles=()), "ascending"),
        (with_number(quantiles=(2.0, 1.0)), "ascending"),
        (with_number(transform="identity"), "does not use"),
        (with_number(by=BY, ridge=RIDGE), "two ways"),
        (with_number(by=replace(BY, values=(1.0,))), "one value for each level"),
        (with_number(by=replace(BY, levels=("a", "a"))), "one value for each level"),
        (with_number(ridge=replace(RIDGE, coefficients=())), "coefficient"),
        (with_number(ridge=replace(RIDGE, inputs=(), coefficients=())), "coefficient"),
        (with_number(ridge=replace(RIDGE, least=2.0)), "coefficient"),
        (with_number(ridge=replace(RIDGE, inputs=(replace(INPUT, scale=0.0),))), "'b'"),
        (with_number(ridge=replace(RIDGE, inputs=(replace(INPUT, quantiles=()),))), "ascending"),
        (with_number(neighbours=replace(NEAR, n_neighbours=4)), "more neighbours"),
        (with_number(neighbours=replace(NEAR, n_neighbours=0)), "more neighbours"),
        (with_number(neighbours=replace(NEAR, values=(1.0,))), "donors"),
        (with_number(neighbours=replace(NEAR, donors=((0.0,), (1.0, 2.0), (3.0,)))), "donors"),
        (replace(FULL, categories=(CategoryStep("p", ("a", "a"), 1.0, 1.0),)), "twice"),
        (replace(FULL, categories=(CategoryStep("p", ("a",), 1.0, 1.0, folds=True),)), "folds"),
        (replace(FULL, categories=(CategoryStep("p", ("a",), -1.0, 1.0),)), "zero or more"),
        (replace(FULL, scores=(replace(FULL.scores[0], scores=(1.0,)),)), "one score"),
        (replace(FULL, scores=(replace(FULL.scores[0], scale=0.0),)), "above zero"),
        (replace(FULL, gaps=(GapStep("a", 0.1, 0.0, 1.0),)), "above zero"),
        (replace(FULL, reduction=Reduction("pca", (0.0,) * 9, ())), "components"),
        (replace(FULL, reduction=Reduction("pca", (0.0,) * 9, (component("x", 8),))), "9 columns"),
        (
            replace(FULL, reduction=Reduction("pca", (0.0,) * 9, (component("x", 9),) * 2)),
            "names of their own",
        ),
    ],
)
def test_a_recipe_that_makes_no_sense_is_refused(recipe: Recipe, words: str):
    assert words in str(wrong_recipe(recipe))
