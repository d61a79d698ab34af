"""Parts of an assigner's answer."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from segmentry.domain.assigner import Assigner
from segmentry.domain.recipe import CategoryStep, NumberStep, Recipe
from segmentry.domain.reduction import Component, Reduction
from segmentry.explain.reasons import margins, reasons
from segmentry.maths.directions import directions

NUMBERS = tuple(
    NumberStep(n, 0.0, "", "none", 1.0, 0.0, 1.0, 1.0, 9.0) for n in ("orders", "spend")
)
RECIPE = Recipe(NUMBERS, (CategoryStep("plan", ("basic", "gold"), 1.0, 1.0),))
PLACES = np.array([[0.0, 0, 1, 0], [4, 1, 0, 1], [0, 5, 0, 1], [9, 9, 1, 0]])
ASSIGNER = Assigner(PLACES, np.array([0, 1, 2, 2]), np.ones(3))


@given(st.lists(st.floats(-9, 9), min_size=4, max_size=4), st.integers(0, 2), st.integers(0, 2))
def test_parts_add_up_to_what_decides(row: list[float], own: int, other: int) -> None:
    x = np.array(row)
    parts = margins(RECIPE, ASSIGNER, x, own, other)
    nearest = [
        min(((x - p) ** 2).sum() for p in PLACES[ASSIGNER.groups == g]) for g in (own, other)
    ]
    assert set(parts) == {"orders", "spend", "plan"}
    assert sum(parts.values()) == pytest.approx(nearest[1] - nearest[0], abs=1e-9)


def test_a_feature_that_does_not_differ_has_no_part() -> None:
    same = Assigner(np.array([[0.0, 3, 0, 1], [4, 3, 0, 1]]), np.array([0, 1]), np.ones(2))
    parts = margins(RECIPE, same, np.array([1.0, 8, 1, 0]), 0, 1)
    assert parts == {"orders": 8.0, "spend": 0.0, "plan": 0.0}


@given(st.lists(st.floats(-9, 9), min_size=4, max_size=4))
def test_parts_go_back_through_components(row: list[float]) -> None:
    weights = ((0.6, 0.0, 0.8, 0.0), (0.0, 1.0, 0.0, 0.0))
    components = tuple(Component(f"c{i}", w, w, 0.5) for i, w in enumerate(weights))
    reduction = Reduction("pca", (1.0, 0.0, 0.0, 2.0), components)
    recipe = Recipe(NUMBERS, RECIPE.categories, reduction=reduction)
    assigner = Assigner(np.array([[0.0, 0], [2, 3]]), np.array([0, 1]), np.ones(2))
    x = np.array(row)
    parts = margins(recipe, assigner, x, 0, 1)
    near = reduction.apply(x[None, :])[0]
    decides = ((near - [2, 3]) ** 2).sum() - (near**2).sum()
    assert sum(parts.values()) == pytest.approx(decides, abs=1e-9)


@given(st.lists(st.floats(0, 9), min_size=4, max_size=4))
def test_parts_of_directions_add_up_too(row: list[float]) -> None:
    origin = np.array([0.0, 1.0, 0.0, 0.0])
    places = directions(np.array([[3.0, 1, 0, 0], [0, 2, 5, 1]]), origin)
    assigner = Assigner(places, np.array([0, 1]), np.ones(2), origin=origin)
    x = np.array(row)
    parts = margins(RECIPE, assigner, x, 0, 1)
    seen = directions(x[None, :], origin)[0]
    decides = ((seen - places[1]) ** 2).sum() - ((seen - places[0]) ** 2).sum()
    assert sum(parts.values()) == pytest.approx(decides, abs=1e-9)


def test_reasons_are_told_by_weight_on_both_sides() -> None:
    parts = {"orders": 6.0, "spend": 2.0, "plan": -1.0, "age": 0.01}
    values = {"orders": 12.0, "spend": None, "plan": "gold", "age": 30.0}
    typical = {
        "orders": ("median", 10.0, 2.0, 4.0),
        "spend": ("median", 100.0, 20.0, 40.0),
        "plan": ("mostly", "basic", "gold", "basic"),
        "age": ("median", 30.0, 31.0, 30.5),
    }
    for_, against = reasons(parts, values, typical, ("Regulars", "Strangers"))
    assert [r.feature for r in for_] == ["orders", "spend"]
    assert for_[0].weight == pytest.approx(6 / 8.01, abs=1e-6)
    assert for_[0].sentence == "orders 12 (Regulars median 10, Strangers median 2)"
    assert for_[1].sentence == "spend not known (Regulars median 100, Strangers median 20)"
    assert [r.sentence for r in against] == [
        "plan 'gold' (Regulars mostly 'basic', Strangers mostly 'gold')"
    ]
