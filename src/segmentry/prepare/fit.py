"""Fitting a recipe: imputation with a reason, skew-aware bending, scaling, indicators, weights."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from segmentry.domain.audit import Audit, Finding
from segmentry.domain.feature import family_name
from segmentry.domain.percent import percent
from segmentry.domain.recipe import CategoryStep, LeftOut, NumberStep, Recipe, scaled
from segmentry.domain.role import Kind
from segmentry.domain.table import FeatureColumn, FeatureTable
from segmentry.errors import DataError
from segmentry.maths.rounding import rounded
from segmentry.maths.scaling import Transform, skewness, transformed, yeo_johnson_exponent
from segmentry.prepare.correlation import SAMPLE_ROWS, without_repeats
from segmentry.prepare.family import (
    fit_share,
    sharing_aspects,
    unrelated_families,
    weighed_as_families,
)
from segmentry.prepare.screen import screen_columns

SKEWED = 1.0
"""Absolute skewness above which a column is bent."""

LIMIT = 5.0
"""Standard deviations to which extreme values are pulled in. They stay in, and are told."""

BEND_ROWS = 10_000
"""Rows used to find the exponent of a bent column."""

RARE_LEVEL = 0.01
"""A category level with a smaller share gets no column of its own."""

MOST_LEVELS = 12

LARGEST = 1e100
"""Magnitude up to which moments are measured: beyond it their squares overflow."""


def fit_recipe(
    table: FeatureTable, *, weights: Mapping[str, float], audit: Audit, rng: Generator
) -> Recipe:
    """Learn how features become the matrix that methods see.

    Parameters
    ----------
    table : FeatureTable
    weights : mapping of str to float
        Extra weight of a feature or of a whole facet; 1 is the default.
    audit : Audit
        Gets what was left out, filled in, pulled in.
    rng : Generator
        Chooses the rows on which skewness and correlations are measured.

    Returns
    -------
    Recipe

    Raises
    ------
    DataError
        If no column is left.
    """
    columns, left_out = screen_columns(table, audit)
    numbers = [
        fit_share(table, c, _weight(c, weights))
        if c.family is not None
        else _fit_number(table, c, weights, rng)
        for c in columns
        if c.kind is Kind.NUMBER
    ]
    kept, repeated = _independent(table, numbers, rng)
    kept, alone = _related(table, weighed_as_families(table, kept), weights, audit)
    kept = sharing_aspects(table, kept)
    for repeat in repeated:
        audit.add(
            Finding(
                "repeated_column",
                f"{repeat.column!r} {repeat.reason}.",
                column=repeat.column,
                done="left out of the segmentation, so that this side of behaviour counts once",
            )
        )
    categories, folded = _fit_categories(table, columns, weights)
    if not kept and not categories:
        raise DataError(
            "no column is left that tells entities apart",
            code="E2007",
            hint="see what was left out and why with `segmentry init`, or give other columns the "
            "role 'cluster' under features.roles",
        )
    for step in kept:
        _tell_filling(table, step, audit)
    return Recipe(tuple(kept), tuple(categories), (*left_out, *repeated, *alone, *folded))


def _weight(column: FeatureColumn, weights: Mapping[str, float]) -> float:
    names = (column.name, column.family or "", str(column.facet))
    return next((float(weights[n]) for n in names if n in weights), 1.0)


def _fit_number(
    table: FeatureTable, column: FeatureColumn, weights: Mapping[str, float], rng: Generator
) -> NumberStep:
    values = table.numbers(column.name)
    missing = np.isnan(values)
    known = values[~missing]
    if column.null_is is not None:
        impute, reason = column.null_is, column.null_means
    else:
        impute = float(np.median(known))
        reason = "median of the known values" if missing.any() else "nothing was missing"
    filled = np.clip(np.where(missing, impute, values), -LARGEST, LARGEST)
    how, exponent, unit = _bend(filled, rng)
    bent = transformed(filled / unit, how, exponent=exponent)
    centre, spread = float(bent.mean()), float(bent.std())
    return NumberStep(
        column=column.name,
        impute=impute,
        impute_reason=reason,
        transform=how,
        exponent=exponent,
        centre=rounded(centre),
        scale=rounded(spread) if spread > 0 else 1.0,
        weight=_weight(column, weights),
        limit=LIMIT,
        unit=unit,
    )


def _bend(values: NDArray[np.float64], rng: Generator) -> tuple[Transform, float, float]:
    """Choose the transform that leaves the least skewness; none where there is little."""
    sample = values if len(values) <= BEND_ROWS else rng.choice(values, BEND_ROWS, replace=False)
    spread = float(sample.std())
    magnitude = np.abs(sample[sample != 0])
    # Beyond 1e15 times its spread a column's moments are noise: it is taken as it is.
    if spread <= 1e-15 * float(np.abs(sample).max(initial=0.0)) or not len(magnitude):
        return "identity", 1.0, 1.0
    if abs(skewness(sample)) <= SKEWED:
        return "identity", 1.0, 1.0
    unit = rounded(float(np.median(magnitude)))
    in_units = sample / unit
    options: list[tuple[float, Transform, float]] = [
        (abs(skewness(sample)), "identity", 1.0),
    ]
    if sample.min() >= 0:
        options.append((abs(skewness(np.log1p(in_units))), "log1p", 1.0))
    exponent = yeo_johnson_exponent(in_units)
    bent = transformed(in_units, "yeo-johnson", exponent=exponent)
    if np.isfinite(bent).all() and bent.std() > 0:
        # The two-parameter transform has to earn its place over the plain logarithm.
        options.append((abs(skewness(bent)) + 0.1, "yeo-johnson", exponent))
    _, how, power = min(options, key=lambda option: option[0])
    return how, power, unit if how != "identity" else 1.0


def _independent(
    table: FeatureTable, steps: list[NumberStep], rng: Generator
) -> tuple[list[NumberStep], tuple[LeftOut, ...]]:
    if len(steps) < 2:
        return steps, ()
    n = table.n_entities
    rows = np.arange(n) if n <= SAMPLE_ROWS else np.sort(rng.choice(n, SAMPLE_ROWS, replace=False))
    X = np.column_stack([scaled(table.numbers(s.column)[rows], s) for s in steps])
    kept, left_out = without_repeats(X, tuple(s.column for s in steps))
    return [steps[i] for i in kept], left_out


def _related(
    table: FeatureTable, steps: list[NumberStep], weights: Mapping[str, float], audit: Audit
) -> tuple[list[NumberStep], tuple[LeftOut, ...]]:
    """Leave out families of shares that go along with nothing else, unless they were weighed."""
    shares = [table.column(s.column).share for s in steps]
    if not any(shares):
        return steps, ()
    rows = np.unique(np.linspace(0, table.n_entities - 1, SAMPLE_ROWS).astype(np.int64))
    X = np.column_stack([scaled(table.numbers(s.column)[rows], s) for s in steps])
    alone = unrelated_families(X, [share.field if share else None for share in shares])
    left_out = []
    for field, explained in alone.items():
        names = [s.column for s, c in zip(steps, shares, strict=True) if c and c.field == field]
        if any(n in weights or family_name(n) in weights for n in names):
            continue
        reason = f"goes along with no other feature ({percent(explained)} of its variance)"
        left_out += [LeftOut(name, reason) for name in names]
        audit.add(
            Finding(
                "unrelated_shares",
                f"Shares of events by {field} go along with no other side of behaviour: the other "
                f"features explain {percent(explained)} of their variance.",
                column=field,
                done="described, and left out of the segmentation, which they would only split "
                f"once more; a weight for 'share_{field}' under segments.weights takes them in",
            )
        )
    out = {left.column for left in left_out}
    return [s for s in steps if s.column not in out], tuple(left_out)


def _fit_categories(
    table: FeatureTable, columns: tuple[FeatureColumn, ...], weights: Mapping[str, float]
) -> tuple[list[CategoryStep], tuple[LeftOut, ...]]:
    steps: list[CategoryStep] = []
    left_out: list[LeftOut] = []
    seen: dict[bytes, str] = {}
    for column in columns:
        if column.kind is not Kind.CATEGORY:
            continue
        codes, levels = table.categories(column.name)
        shares = np.bincount(codes[codes >= 0], minlength=len(levels)) / len(codes)
        common = [i for i in np.argsort(-shares, kind="stable") if shares[i] >= RARE_LEVEL]
        chosen: list[int] = []
        for i in common[:MOST_LEVELS]:
            # Two levels that mark the very same entities ("No internet service" under six
            # columns) are one fact; counted six times it would shape every segment.
            marks = np.packbits(codes == i).tobytes()
            if marks in seen:
                left_out.append(
                    LeftOut(f"{column.name}={levels[i]}", f"marks the same as {seen[marks]!r}")
                )
                continue
            seen[marks] = f"{column.name}={levels[i]}"
            chosen.append(int(i))
        if not chosen:
            continue
        spread = sum(shares[i] * (1.0 - shares[i]) for i in chosen)
        scale = rounded(1.0 / float(np.sqrt(spread))) if spread > 0 else 1.0
        names = tuple(sorted(levels[i] for i in chosen))
        steps.append(CategoryStep(column.name, names, scale, _weight(column, weights)))
    return steps, tuple(left_out)


def _tell_filling(table: FeatureTable, step: NumberStep, audit: Audit) -> None:
    values = table.numbers(step.column)
    missing = int(np.isnan(values).sum())
    if missing:
        audit.add(
            Finding(
                "missing_values",
                f"{step.column!r} is missing for {missing} of {len(values)} entities.",
                column=step.column,
                count=missing,
                total=len(values),
                done=f"filled with {step.impute:.6g} ({step.impute_reason})",
            )
        )
    free = scaled(values, replace(step, limit=np.inf, weight=1.0))
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
