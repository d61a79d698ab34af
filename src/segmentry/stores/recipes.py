"""What contradicts itself in a stored recipe whose types are right.

What lives here: the sense of numbers and lengths in every kind of step. What does not: types of
fields (``records``) and the rest of a release (``releases``).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise

from segmentry.domain.filling import Input, Levels, Neighbours, Ridge
from segmentry.domain.recipe import OTHER, CategoryStep, GapStep, NumberStep, Recipe, ScoreStep
from segmentry.domain.reduction import Reduction

MOST_QUANTILES = 10_000
MOST_DONORS = 100_000


def wrong_recipe(recipe: Recipe) -> str | None:
    """Say what makes no sense in a recipe; None where all of it does."""
    checks: tuple[tuple[Sequence[object], Callable[..., str | None]], ...] = (
        (recipe.numbers, _wrong_number),
        (recipe.categories, _wrong_category),
        (recipe.scores, _wrong_score),
        (recipe.gaps, _wrong_gap),
    )
    for steps, wrong in checks:
        for step in steps:
            if found := wrong(step):
                return found
    return _wrong_reduction(recipe.reduction, len(recipe.prepared_names))


def _wrong_number(step: NumberStep) -> str | None:
    told = f"the recipe of {step.column!r}"
    if min(step.scale, step.unit, step.limit) <= 0 or step.weight < 0:
        return f"{told} needs a scale, unit and limit above zero"
    if wrong := _wrong_quantiles(step.transform, step.quantiles):
        return f"{told} {wrong}"
    fillings = [f for f in (step.by, step.ridge, step.neighbours) if f is not None]
    if len(fillings) > 1:
        return f"{told} fills gaps in two ways"
    for filling in fillings:
        if wrong := _wrong_filling(filling):
            return f"{told} {wrong}"
    return None


def _wrong_quantiles(transform: str, quantiles: tuple[float, ...]) -> str | None:
    if not transform.startswith("quantile"):
        return "has quantiles that it does not use" if quantiles else None
    ascending = all(a <= b for a, b in pairwise(quantiles))
    if not (2 <= len(quantiles) <= MOST_QUANTILES and ascending):
        return "needs quantiles in ascending order"
    return None


def _wrong_filling(filling: Levels | Ridge | Neighbours) -> str | None:
    if isinstance(filling, Levels):
        levels = filling.levels
        alike = len(levels) == len(filling.values) and len(set(levels)) == len(levels)
        return None if alike else "needs one value for each level"
    for told in filling.inputs:
        if wrong := _wrong_input(told):
            return wrong
    if isinstance(filling, Ridge):
        fits = 0 < len(filling.inputs) == len(filling.coefficients)
        return None if fits and filling.least <= filling.most else "needs a coefficient per input"
    return _wrong_neighbours(filling)


def _wrong_neighbours(filling: Neighbours) -> str | None:
    n, width = len(filling.donors), len(filling.inputs)
    fits = width > 0 and n == len(filling.values) <= MOST_DONORS
    if not fits or any(len(donor) != width for donor in filling.donors):
        return "needs donors with a value for each input"
    return None if 1 <= filling.n_neighbours <= n else "asks for more neighbours than donors"


def _wrong_input(told: Input) -> str | None:
    if min(told.scale, told.unit) <= 0:
        return f"reads {told.column!r}, which needs a scale and unit above zero"
    wrong = _wrong_quantiles(told.transform, told.quantiles)
    return None if wrong is None else f"reads {told.column!r}, which {wrong}"


def _wrong_category(step: CategoryStep) -> str | None:
    if min(step.scale, step.weight) < 0:
        return f"the recipe of {step.column!r} needs a scale and weight of zero or more"
    if len(set(step.levels)) != len(step.levels):
        return f"the recipe of {step.column!r} names a level twice"
    if step.folds and (not step.levels or step.levels[-1] != OTHER):
        return f"the recipe of {step.column!r} folds levels, and {OTHER!r} is not its last"
    return None


def _wrong_score(step: ScoreStep) -> str | None:
    if step.scale <= 0 or step.weight < 0:
        return f"the recipe of {step.column!r} needs a scale above zero"
    if len(step.levels) != len(step.scores) or len(set(step.levels)) != len(step.levels):
        return f"the recipe of {step.column!r} needs one score for each level"
    return None


def _wrong_gap(step: GapStep) -> str | None:
    if step.scale <= 0 or step.weight < 0:
        return f"the recipe of {step.column!r} needs a scale above zero"
    return None


def _wrong_reduction(reduction: Reduction | None, n_columns: int) -> str | None:
    if reduction is None:
        return None
    names = reduction.names
    widths = {len(reduction.centre)}
    widths |= {len(part) for c in reduction.components for part in (c.weights, c.loadings)}
    if not names or len(set(names)) != len(names) or widths != {n_columns}:
        return f"components need names of their own and a weight for each of {n_columns} columns"
    return None
