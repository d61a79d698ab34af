"""Gaps that other columns tell of: ridge regression, or the mean of the nearest entities.

What lives here: choosing inputs and fitting on entities whose value is known. What does not: the
formulas (``maths.filling``) and applying them (``domain.filling``). Read on in
``docs/methods/filling.md``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from segmentry.domain.crew import single_threaded
from segmentry.domain.filling import Input, Neighbours, Ridge, matrix_of
from segmentry.domain.preparation import Model, Preparation
from segmentry.domain.recipe import NumberStep, bent
from segmentry.domain.table import FeatureTable
from segmentry.maths.filling import ridge
from segmentry.maths.rounding import round_significant, rounded
from segmentry.prepare.number import LARGEST, LIMIT, rule_for, with_scale

LEARN_ROWS = 20_000
"""Entities that a regression learns from."""

PENALTY_SHARE = 0.01
"""The penalty is this share of the rows: what a standardised input costs against what it tells."""

N_NEIGHBOURS = 5
MOST_DONORS = 300
MOST_INPUTS = 10
"""Inputs of the neighbours, those that go along with the column most: distances blur with more."""

FEWEST_KNOWN = 50
"""With fewer known values a model would be luck."""


def with_models(
    table: FeatureTable, steps: Sequence[NumberStep], asked: Preparation, rng: Generator
) -> list[NumberStep]:
    """Give the steps whose gaps a model shall fill that model.

    Parameters
    ----------
    table : FeatureTable
    steps : sequence of NumberStep
        Of all number columns, fitted by themselves.
    asked : Preparation
    rng : Generator
        Chooses the entities to learn from.

    Returns
    -------
    list of NumberStep
        In the same order; a column that has too few known values keeps its median, and says so.
    """
    plain = [s for s in steps if table.column(s.column).family is None]
    result = []
    for step in steps:
        column = table.column(step.column)
        rule = None if column.family is not None else rule_for(column, asked)
        values = table.numbers(step.column)
        if rule is None or rule.how != "model" or not np.isnan(values).any():
            result.append(step)
            continue
        others = [s for s in plain if s.column != step.column]
        filled = _fitted(table, step, others, rule.model, rng)
        result.append(_scaled_anew(table, filled, asked))
    return result


def _fitted(
    table: FeatureTable,
    step: NumberStep,
    others: Sequence[NumberStep],
    model: Model,
    rng: Generator,
) -> NumberStep:
    values = table.numbers(step.column)
    known = np.flatnonzero(~np.isnan(values))
    if len(known) < FEWEST_KNOWN or not others:
        why = "median of the known values: too few are known for a model"
        return replace(step, impute_reason=why)
    inputs = tuple(_input(table, s) for s in others)
    most = LEARN_ROWS if model == "ridge" else MOST_DONORS
    if len(known) > most:
        known = np.sort(rng.choice(known, most, replace=False))
    rows = np.zeros(len(values), dtype=bool)
    rows[known] = True
    target = bent(np.clip(values[rows], -LARGEST, LARGEST), step)
    X = matrix_of(inputs, table, rows)
    if model == "ridge":
        return replace(
            step, ridge=_ridge(inputs, X, target), impute_reason=_reason("ridge", inputs)
        )
    near = _neighbours(inputs, X, target)
    return replace(step, neighbours=near, impute_reason=_reason("neighbours", near.inputs))


def _reason(model: Model, inputs: Sequence[Input]) -> str:
    from_what = f"{len(inputs)} other feature{'s' if len(inputs) != 1 else ''}"
    if model == "ridge":
        return f"ridge regression on {from_what}"
    return f"mean of the {N_NEIGHBOURS} nearest entities by {from_what}"


def _input(table: FeatureTable, step: NumberStep) -> Input:
    """Standardise a column for a model, however it is scaled in the matrix."""
    column = bent(np.clip(table.numbers(step.column), -LARGEST, LARGEST), step)
    spread = float(column.std())
    return Input(
        step.column,
        step.impute,
        step.transform,
        step.exponent,
        rounded(float(column.mean())),
        rounded(spread) if spread > 0 else 1.0,
        step.unit,
        step.quantiles,
    )


def _ridge(inputs: tuple[Input, ...], X: NDArray[np.float64], target: NDArray[np.float64]) -> Ridge:
    with single_threaded():
        weights, start = ridge(X, target, penalty=PENALTY_SHARE * len(X))
    return Ridge(
        inputs,
        tuple(float(w) for w in round_significant(weights, digits=10)),
        rounded(start),
        float(target.min()),
        float(target.max()),
    )


def _neighbours(
    inputs: tuple[Input, ...], X: NDArray[np.float64], target: NDArray[np.float64]
) -> Neighbours:
    centred, gap = X - X.mean(axis=0), target - target.mean()
    norms = np.sqrt((centred**2).sum(axis=0) * (gap**2).sum())
    along = np.abs(centred.T @ gap) / np.where(norms > 0, norms, np.inf)
    chosen = np.sort(np.argsort(-round_significant(along, digits=9), kind="stable")[:MOST_INPUTS])
    return Neighbours(
        tuple(inputs[j] for j in chosen),
        min(N_NEIGHBOURS, len(X)),
        tuple(tuple(float(v) for v in row) for row in round_significant(X[:, chosen])),
        tuple(float(v) for v in round_significant(target)),
    )


def _scaled_anew(table: FeatureTable, step: NumberStep, asked: Preparation) -> NumberStep:
    """Settle centre and scale with the gaps as the model fills them."""
    model = step.ridge or step.neighbours
    if model is None:
        return step
    values = table.numbers(step.column)
    missing = np.isnan(values)
    column = bent(np.clip(values, -LARGEST, LARGEST), step)
    column[missing] = model.of(table, missing)
    scaled = with_scale(replace(step, limit=LIMIT), column, asked.scale.of(step.column))
    return replace(scaled, weight=step.weight)
