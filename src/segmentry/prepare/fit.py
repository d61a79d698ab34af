"""Fitting a recipe: what is kept, filled with a reason, bent, scaled, encoded, weighed, reduced.

What lives here: the order of these steps. What does not: the steps themselves (``number``,
``models``, ``category``, ``family``, ``balance``, ``reduce``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from segmentry.domain.audit import Audit, Finding
from segmentry.domain.feature import family_name
from segmentry.domain.notes import BalanceNote, Cluster
from segmentry.domain.percent import percent
from segmentry.domain.preparation import Preparation
from segmentry.domain.recipe import LeftOut, NumberStep, Recipe, number_column, scaled
from segmentry.domain.role import Kind
from segmentry.domain.table import FeatureColumn, FeatureTable
from segmentry.errors import DataError
from segmentry.prepare.balance import balance_note, tell_balance, times, with_facets_alike
from segmentry.prepare.category import MOST_LEVELS, fit_categories, fit_gaps
from segmentry.prepare.correlation import SAMPLE_ROWS, without_repeats
from segmentry.prepare.family import (
    fit_share,
    sharing_aspects,
    unrelated_families,
    weighed_as_families,
)
from segmentry.prepare.models import with_models
from segmentry.prepare.number import LIMIT, fit_number
from segmentry.prepare.proposals import leaving_out
from segmentry.prepare.reduce import fit_reduction
from segmentry.prepare.screen import screen_columns

__all__ = ["LIMIT", "MOST_LEVELS", "Fitted", "fit_features", "fit_recipe"]

NO_WEIGHTS: Mapping[str, float] = {}

MEASURED_ROWS = 20_000
"""Entities on which shares of the variance and components are measured."""


@dataclass(frozen=True, slots=True)
class Fitted:
    """A recipe, and what was seen on the way to it."""

    recipe: Recipe
    clusters: tuple[Cluster, ...]
    balance: BalanceNote


def fit_recipe(
    table: FeatureTable,
    *,
    weights: Mapping[str, float],
    audit: Audit,
    rng: Generator,
    asked: Preparation | None = None,
) -> Recipe:
    """Learn how features become the matrix that methods see; see ``fit_features``."""
    return fit_features(table, weights=weights, audit=audit, rng=rng, asked=asked).recipe


def fit_features(
    table: FeatureTable,
    *,
    weights: Mapping[str, float],
    audit: Audit,
    rng: Generator,
    asked: Preparation | None = None,
    objective: str = "none",
) -> Fitted:
    """Learn how features become the matrix that methods see, and tell what was seen.

    Parameters
    ----------
    table : FeatureTable
    weights : mapping of str to float
        Extra weight of a feature or of a whole facet; 1 is the default.
    audit : Audit
        Gets what was left out, filled in, pulled in.
    rng : Generator
        Chooses the rows on which skewness and correlations are measured.
    asked : Preparation or None
        What the project asks; None is the house's way.
    objective : str
        What the segments shall serve, where features are chosen by it.

    Returns
    -------
    Fitted

    Raises
    ------
    DataError
        If no column is left.
    """
    asked = asked or Preparation()
    columns, left_out = screen_columns(table, audit, most_missing=asked.max_missing_share)
    columns, unserving = _serving(columns, asked, objective, audit)
    # Facets are balanced before the project's own weights come on top.
    own = weights if asked.balance != "facets" else NO_WEIGHTS
    kept, repeated, clusters = _numbers(table, columns, asked, own, rng)
    kept, alone = _related(table, weighed_as_families(table, kept), weights, audit)
    kept = kept if asked.balance == "none" else sharing_aspects(table, kept)
    _tell_repeats(table, repeated, audit)
    encoded = fit_categories(table, columns, asked, weigh=lambda c: weight_of(c, own), audit=audit)
    gaps = fit_gaps(table, columns, asked, weigh=lambda c: weight_of(c, own))
    out = (*left_out, *unserving, *repeated, *alone, *encoded.left_out)
    recipe = Recipe(tuple(kept), encoded.indicators, out, encoded.scores, gaps)
    if not recipe.features:
        raise DataError(
            "no column is left that tells entities apart",
            code="E2007",
            hint="see what was left out and why with `segmentry init`, or give other columns the "
            "role 'cluster' under features.roles",
        )
    if asked.balance == "facets":
        recipe = with_facets_alike(table, recipe)
        recipe = times(recipe, lambda name: weight_of(table.column(name), weights))
    for step in recipe.numbers:
        _tell_filling(table, step, audit)
    X = recipe.prepare(some_of(table)).X
    balance = balance_note(table, recipe, X, asked.balance)
    tell_balance(balance, weights, audit)
    if asked.reduce is not None:
        recipe = replace(recipe, reduction=fit_reduction(X, recipe.names, asked.reduce))
    return Fitted(recipe, clusters, balance)


def some_of(table: FeatureTable) -> FeatureTable:
    """Give rows spread evenly where there are many: variances and axes need no more."""
    if table.n_entities <= MEASURED_ROWS:
        return table
    return table.take(np.linspace(0, table.n_entities - 1, MEASURED_ROWS).astype(np.int64))


def weight_of(column: FeatureColumn, weights: Mapping[str, float]) -> float:
    """Give the project's weight of a column: its own, its family's, its facet's, or 1."""
    names = (column.name, column.family or "", str(column.facet))
    return next((float(weights[n]) for n in names if n in weights), 1.0)


def _serving(
    columns: tuple[FeatureColumn, ...], asked: Preparation, objective: str, audit: Audit
) -> tuple[tuple[FeatureColumn, ...], tuple[LeftOut, ...]]:
    """Leave out features that serve other objectives, where the project asks for that."""
    if asked.select != "objective" or objective == "none":
        return columns, ()
    out = [c for c in columns if c.objectives and objective not in c.objectives]
    if not out:
        return columns, ()
    names = {c.name for c in out}
    audit.add(
        Finding(
            "other_objective",
            f"{len(out)} features serve other objectives than {objective}.",
            count=len(out),
            total=len(columns),
            examples=tuple(c.name for c in out[:5]),
            done="described, and left out of the segmentation, as prepare.select asks",
        )
    )
    told = tuple(LeftOut(c.name, f"not recommended for {objective}: serves "
                         f"{' and '.join(c.objectives)}") for c in out)  # fmt: skip
    return tuple(c for c in columns if c.name not in names), told


def _numbers(
    table: FeatureTable,
    columns: tuple[FeatureColumn, ...],
    asked: Preparation,
    weights: Mapping[str, float],
    rng: Generator,
) -> tuple[list[NumberStep], tuple[LeftOut, ...], tuple[Cluster, ...]]:
    """Fit number columns, and keep one of each set that moves together."""
    steps = [
        fit_share(table, c, weight_of(c, weights))
        if c.family is not None
        else fit_number(table, c, asked, weight=weight_of(c, weights), rng=rng)
        for c in columns
        if c.kind is Kind.NUMBER
    ]
    steps = with_models(table, steps, asked, rng)
    if len(steps) < 2:
        return steps, (), ()
    n = table.n_entities
    rows = np.arange(n) if n <= SAMPLE_ROWS else np.sort(rng.choice(n, SAMPLE_ROWS, replace=False))
    X = _side_by_side(table, steps, rows)
    kept, left_out, clusters = without_repeats(X, tuple(s.column for s in steps))
    return [steps[i] for i in kept], left_out, clusters


def _side_by_side(
    table: FeatureTable, steps: Sequence[NumberStep], rows: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Prepare some rows; a step that reads other columns is prepared whole."""
    return np.column_stack(
        [
            scaled(table.numbers(s.column)[rows], s)
            if len(s.needs) == 1
            else number_column(table, s)[rows]
            for s in steps
        ]
    )


_SAID = {None: "Shares of events", "affinity": "Affinities", "steps": "Shares of steps"}


def _related(
    table: FeatureTable, steps: list[NumberStep], weights: Mapping[str, float], audit: Audit
) -> tuple[list[NumberStep], tuple[LeftOut, ...]]:
    """Leave out families of shares that go along with nothing else, unless they were weighed."""
    shares = [table.column(s.column).share for s in steps]
    if not any(shares):
        return steps, ()
    rows = np.unique(np.linspace(0, table.n_entities - 1, SAMPLE_ROWS).astype(np.int64))
    X = _side_by_side(table, steps, rows)
    alone = unrelated_families(X, [share.family if share else None for share in shares])
    left_out = []
    for family, explained in alone.items():
        own = [c for c in shares if c and c.family == family]
        names = [s.column for s, c in zip(steps, shares, strict=True) if c in own]
        if any(n in weights or family_name(n) in weights for n in names):
            continue
        reason = f"goes along with no other feature ({percent(explained)} of its variance)"
        left_out += [LeftOut(name, reason) for name in names]
        audit.add(
            Finding(
                "unrelated_shares",
                f"{_SAID[own[0].tells]} by {own[0].field} go along with no other side of "
                f"behaviour: the other features explain {percent(explained)} of their variance.",
                column=own[0].field,
                done="described, and left out of the segmentation, which they would only split "
                f"once more; a weight for '{family}' under segments.weights takes them in",
            )
        )
    out = {left.column for left in left_out}
    return [s for s in steps if s.column not in out], tuple(left_out)


def _tell_repeats(table: FeatureTable, repeated: Sequence[LeftOut], audit: Audit) -> None:
    for repeat in repeated:
        audit.add(
            Finding(
                "repeated_column",
                f"{repeat.column!r} {repeat.reason}.",
                column=repeat.column,
                done="left out of the segmentation, so that this side of behaviour counts once",
                proposal=leaving_out(table.column(repeat.column)),
            )
        )


def _tell_filling(table: FeatureTable, step: NumberStep, audit: Audit) -> None:
    values = table.numbers(step.column)
    missing = int(np.isnan(values).sum())
    if missing:
        is_one_number = len(step.needs) == 1
        filled = f"filled with {step.impute:.6g} " if is_one_number else "filled "
        audit.add(
            Finding(
                "missing_values",
                f"{step.column!r} is missing for {missing} of {len(values)} entities.",
                column=step.column,
                count=missing,
                total=len(values),
                done=f"{filled}({step.impute_reason})",
            )
        )
    if not np.isfinite(step.limit) or step.limit > LIMIT:
        return
    free = number_column(table, replace(step, limit=np.inf, weight=1.0))
    extreme = int((np.abs(free) > step.limit).sum())
    if extreme:
        audit.add(
            Finding(
                "extreme_values",
                f"{step.column!r} lies beyond {step.limit:.0f} standard deviations for "
                f"{extreme} of {len(values)} entities.",
                column=step.column,
                count=extreme,
                total=len(values),
                done="kept, and pulled in to the limit inside the matrix only",
            )
        )
