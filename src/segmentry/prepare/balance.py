"""How much each side of behaviour counts: balanced weights, and who carries the variance.

Read on in ``docs/methods/balance.md``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from segmentry.domain.audit import Audit, Finding
from segmentry.domain.notes import BalanceNote, FacetShare, FeatureShare
from segmentry.domain.percent import percent
from segmentry.domain.preparation import Balance
from segmentry.domain.recipe import (
    CategoryStep,
    GapStep,
    NumberStep,
    Recipe,
    ScoreStep,
    Step,
)
from segmentry.domain.role import Facet
from segmentry.domain.table import FeatureTable
from segmentry.maths.rounding import rounded

TOO_MUCH = 0.5
"""A facet that carries more of the variance than this shapes the segments nearly alone."""

_Step = TypeVar("_Step", NumberStep, CategoryStep, ScoreStep, GapStep)


def member_of(table: FeatureTable, step: Step) -> str:
    """Name what counts as one feature: the shares of a field are one, a mark of gaps is its own."""
    if isinstance(step, GapStep):
        return f"{step.column} is missing"
    return table.column(step.column).family or step.column


def squared_weights(table: FeatureTable, recipe: Recipe) -> dict[tuple[str, Facet], float]:
    """Give the squared weight of each feature: what it adds to a squared distance, in features."""
    found: dict[tuple[str, Facet], float] = {}
    for step in recipe.steps:
        key = (member_of(table, step), table.column(step.column).facet)
        found[key] = step.weight**2
    return found


def with_facets_alike(table: FeatureTable, recipe: Recipe) -> Recipe:
    r"""Give every facet the same sum of squared weights.

    Parameters
    ----------
    table : FeatureTable
    recipe : Recipe
        Weighed as its aspects ask, before any weight of the project.

    Returns
    -------
    Recipe
        The sum over all facets stays what it was.

    Notes
    -----
    With :math:`Q_f` the sum of squared weights of a facet and :math:`F` facets, weights are
    multiplied by :math:`\sqrt{\sum_g Q_g / (F Q_f)}`. A standardised feature of weight :math:`w`
    has the variance :math:`w^2`, so that facets have equal variances: the weighting of blocks in
    multiple factor analysis, by their total instead of their first eigenvalue.

    References
    ----------
    Escofier, B. and Pages, J. (1994). Multiple factor analysis. Computational Statistics and Data
    Analysis 18, 121-140.
    """
    sums: dict[Facet, float] = {}
    for (_, facet), squared in squared_weights(table, recipe).items():
        sums[facet] = sums.get(facet, 0.0) + squared
    present = {facet: total for facet, total in sums.items() if total > 0}
    if not present:
        return recipe
    target = sum(present.values()) / len(present)
    factors = {f: float(np.sqrt(target / total)) for f, total in present.items()}
    return times(recipe, lambda name: factors.get(table.column(name).facet, 1.0))


def times(recipe: Recipe, factor: Callable[[str], float]) -> Recipe:
    """Multiply the weight of every step by what a function gives for its column."""

    def weighed(steps: tuple[_Step, ...]) -> tuple[_Step, ...]:
        return tuple(
            replace(s, weight=rounded(s.weight * f)) if (f := factor(s.column)) != 1.0 else s
            for s in steps
        )

    return replace(
        recipe,
        numbers=weighed(recipe.numbers),
        categories=weighed(recipe.categories),
        scores=weighed(recipe.scores),
        gaps=weighed(recipe.gaps),
    )


def balance_note(
    table: FeatureTable, recipe: Recipe, X: NDArray[np.float64], method: Balance
) -> BalanceNote:
    """Measure who carries the variance of the prepared matrix.

    Parameters
    ----------
    table : FeatureTable
    recipe : Recipe
    X : ndarray of shape (n_entities, n_prepared_columns)
        As ``recipe.prepare`` gives it, before any reduction.
    method : {"aspects", "facets", "none"}

    Returns
    -------
    BalanceNote
    """
    variances = X.var(axis=0)
    whole = float(variances.sum()) or 1.0
    by_feature: dict[tuple[str, Facet], float] = {}
    for key, variance in zip(_keys(table, recipe), variances, strict=True):
        by_feature[key] = by_feature.get(key, 0.0) + float(variance)
    squares = squared_weights(table, recipe)
    features = [
        FeatureShare(name, facet, squares[name, facet], v / whole)
        for (name, facet), v in by_feature.items()
    ]
    features.sort(key=lambda f: (-round(f.variance_share, 9), f.feature))
    return BalanceNote(method, _facets(features), tuple(features))


def _keys(table: FeatureTable, recipe: Recipe) -> list[tuple[str, Facet]]:
    """Give the feature and facet of each prepared column."""
    keys = []
    for step in recipe.steps:
        width = len(step.levels) if isinstance(step, CategoryStep) else 1
        keys += [(member_of(table, step), table.column(step.column).facet)] * width
    return keys


def _facets(features: list[FeatureShare]) -> tuple[FacetShare, ...]:
    members: dict[Facet, list[FeatureShare]] = {}
    for feature in features:
        members.setdefault(feature.facet, []).append(feature)
    found = [
        FacetShare(
            facet,
            len(own),
            sum(f.squared_weight for f in own),
            sum(f.variance_share for f in own),
        )
        for facet, own in members.items()
    ]
    return tuple(sorted(found, key=lambda f: (-round(f.variance_share, 9), str(f.facet))))


def tell_balance(note: BalanceNote, weights: Mapping[str, float], audit: Audit) -> None:
    """Warn where one facet carries more than half of the variance.

    A table of attributes has one facet only, and then there is nothing to balance.
    """
    if len(note.facets) < 2 or note.facets[0].variance_share <= TOO_MUCH:
        return
    first = note.facets[0]
    asked = " (segments.weights raises it)" if weights.get(str(first.facet), 1.0) > 1.0 else ""
    audit.add(
        Finding(
            "one_facet_leads",
            f"Features of {first.facet} carry {percent(first.variance_share)} of the variance"
            f"{asked}: the segments show mostly this side of behaviour.",
            "warning",
            count=first.n_features,
            total=len(note.features),
            done="kept",
            proposal="prepare: {balance: facets} makes every side count alike",
        )
    )
