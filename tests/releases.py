"""Small releases for whatever preparation: a recipe learned from a table, prototypes drawn."""

from __future__ import annotations

import numpy as np

from segmentry.domain.assigner import Assigner
from segmentry.domain.audit import Audit
from segmentry.domain.preparation import Preparation
from segmentry.domain.recipe import Recipe
from segmentry.domain.release import Release
from segmentry.domain.table import FeatureTable
from segmentry.prepare.fit import fit_recipe


def release_of(
    table: FeatureTable,
    asked: Preparation | None = None,
    *,
    n_prototypes: int = 7,
    n_segments: int = 3,
    seed: int = 0,
) -> Release:
    """Learn a recipe, and take rows of the table as prototypes of segments in turn."""
    rng = np.random.default_rng(seed)
    recipe = fit_recipe(table, weights={}, audit=Audit(), rng=rng, asked=asked)
    X = recipe.apply(table).X
    points = X[rng.choice(len(X), n_prototypes, replace=False)] + rng.normal(
        0.0, 0.1, (n_prototypes, X.shape[1])
    )
    return as_release(table, recipe, points, np.arange(n_prototypes) % n_segments)


def as_release(
    table: FeatureTable, recipe: Recipe, prototypes: np.ndarray, groups: np.ndarray
) -> Release:
    """Put prototypes over a recipe."""
    k = int(groups.max()) + 1
    return Release(
        fingerprint="3f9a1c77e0b2d4c6a8",
        workspace="default",
        project={"name": "drawn"},
        window=None,
        columns=table.columns,
        recipe=recipe,
        assigner=Assigner(prototypes, groups, np.ones(k)),
        segment_ids=tuple(range(1, k + 1)),
        segment_names=tuple(f"Group {s}'s \\ {s}" for s in range(1, k + 1)),
    )
