"""Weights of features learned from an outcome: a recipe in which what tells more counts more.

What lives here: what each feature of a recipe tells of an outcome, and the recipe that follows.
What does not: the formulas (``maths.guidance``), which entities may be learned from (``pipeline``).
Read on in ``docs/methods/guided.md``.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from segmentry.domain.audit import Finding
from segmentry.domain.crew import single_threaded
from segmentry.domain.guidance import Guide
from segmentry.domain.preparation import Preparation
from segmentry.domain.recipe import Recipe
from segmentry.domain.table import FeatureTable
from segmentry.maths.guidance import Told, guiding_factors, told_by
from segmentry.prepare.balance import times
from segmentry.prepare.fit import some_of
from segmentry.prepare.reduce import fit_reduction


@dataclass(frozen=True)
class Guidance:
    """What was learned of features from an outcome, those that tell most first."""

    told: Told
    guides: tuple[Guide, ...]

    @property
    def factors(self) -> dict[str, float]:
        """Give the factor of each feature's weight."""
        return {g.feature: g.factor for g in self.guides}


def learn_guidance(
    recipe: Recipe, table: FeatureTable, outcome: NDArray[np.float64], *, rng: Generator
) -> Guidance:
    """Learn how much each feature of a recipe shall count.

    Parameters
    ----------
    recipe : Recipe
    table : FeatureTable
        Entities to learn from, with their features before the outcome.
    outcome : ndarray of shape (n_entities, n_levels), finite
        What became of them.
    rng : Generator

    Returns
    -------
    Guidance
    """
    prepared = recipe.prepare(table)
    names = tuple(dict.fromkeys(prepared.features))
    place = {name: i for i, name in enumerate(names)}
    groups = [place[name] for name in prepared.features]
    with single_threaded():
        told = told_by(prepared.X, groups, outcome, rng=rng)
    variances = np.bincount(groups, weights=prepared.X.var(axis=0), minlength=len(names))
    factors = guiding_factors(told.shares, variances.astype(np.float64))
    guides = [Guide(name, float(told.shares[i]), float(factors[i])) for i, name in enumerate(names)]
    guides.sort(key=lambda g: (-round(g.share, 9), g.feature))
    return Guidance(told, tuple(guides))


def guided_finding(outcome: str, guidance: Guidance, n_entities: int) -> Finding:
    """Tell which features count more and less because of an outcome."""
    first, last = guidance.guides[0], guidance.guides[-1]
    if first.share <= 0.0:
        return Finding(
            "guided",
            f"The features do not tell {outcome!r}, so that it weighs none of them.",
            "warning",
            column=outcome,
            count=n_entities,
            done="every feature counts as it would without it",
        )
    return Finding(
        "guided",
        f"Features are weighed by {outcome!r}, learned from {n_entities:,} entities: "
        f"{first.feature!r} counts {first.factor:.2f} times as much as it would, "
        f"{last.feature!r} {last.factor:.2f} times.",
        column=outcome,
        count=n_entities,
        done="what segments explain of outcomes is measured on the entities held out; rates by "
        "segment are of all, those that were learned from among them",
    )


def guided_recipe(
    recipe: Recipe, guidance: Guidance, table: FeatureTable, asked: Preparation
) -> Recipe:
    """Give a recipe in which features count as an outcome asks.

    Parameters
    ----------
    recipe : Recipe
    guidance : Guidance
    table : FeatureTable
        Entities that the recipe was learned from: components are learned from them anew.
    asked : Preparation

    Returns
    -------
    Recipe
    """
    factors = guidance.factors
    weighed = times(replace(recipe, reduction=None), lambda name: factors.get(name, 1.0))
    if asked.reduce is None:
        return weighed
    X = weighed.prepare(some_of(table)).X
    return replace(weighed, reduction=fit_reduction(X, weighed.names, asked.reduce))
