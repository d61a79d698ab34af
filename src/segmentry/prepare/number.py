"""One number column: its fill with a reason, its transform, its scale.

What lives here: what a column needs by itself. What does not: models that fill gaps from other
columns (``models``), columns that repeat each other (``correlation``), what counts together
(``family``, ``balance``).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from segmentry.domain.filling import Levels
from segmentry.domain.preparation import Bending, Fill, Preparation, Scaling
from segmentry.domain.recipe import NumberStep
from segmentry.domain.table import FeatureColumn, FeatureTable
from segmentry.maths.quantiles import landmarks
from segmentry.maths.rounding import round_significant, rounded
from segmentry.maths.scaling import Transform, skewness, transformed, yeo_johnson_exponent

SKEWED = 1.0
"""Absolute skewness above which a column is bent."""

LIMIT = 5.0
"""Standard deviations to which extreme values are pulled in. They stay in, and are told."""

BEND_ROWS = 10_000
"""Rows used to find the exponent of a bent column."""

LARGEST = 1e100
"""Magnitude up to which moments are measured: beyond it their squares overflow."""

FEWEST_IN_LEVEL = 10
"""A level in which fewer values are known takes the median of all: its own would be luck."""

BELL_IQR = 1.3489795003921634
"""Quartiles of the standard normal curve are this far apart."""


@dataclass(frozen=True, slots=True)
class Bent:
    """A transform that was settled, and what it needs."""

    how: Transform = "identity"
    exponent: float = 1.0
    unit: float = 1.0
    quantiles: tuple[float, ...] = ()

    def of(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Bend a filled column."""
        in_units = values / self.unit
        if self.how == "log1p":
            in_units = np.maximum(in_units, 0.0)
        return transformed(in_units, self.how, exponent=self.exponent, landmarks=self.quantiles)


def fit_number(
    table: FeatureTable,
    column: FeatureColumn,
    asked: Preparation,
    *,
    weight: float,
    rng: Generator,
) -> NumberStep:
    """Fit the step of a number column.

    Where a model fills gaps, the median does for measuring skewness and scale: models need the
    steps of all columns first (``models.with_models`` puts theirs in).

    Parameters
    ----------
    table : FeatureTable
    column : FeatureColumn
        A number, no share.
    asked : Preparation
    weight : float
    rng : Generator
        Chooses the rows on which skewness is measured.

    Returns
    -------
    NumberStep
    """
    values = table.numbers(column.name)
    missing = np.isnan(values)
    rule = rule_for(column, asked)
    impute, reason = _fill(values, missing, column, rule)
    by = None
    if rule is not None and missing.any() and rule.how in {"by", "by_segment"}:
        by = _by_level(table, values, rule)
        reason = f"median of the known values with the same {by.column!r}"
    put = impute if by is None else by.of(table, impute)
    filled = np.clip(np.where(missing, put, values), -LARGEST, LARGEST)
    how = _bending(filled, asked.transform.of(column.name), rng)
    step = NumberStep(
        column=column.name,
        impute=impute,
        impute_reason=reason,
        transform=how.how,
        exponent=how.exponent,
        centre=0.0,
        scale=1.0,
        weight=weight,
        limit=LIMIT,
        unit=how.unit,
        quantiles=how.quantiles,
        by=by,
    )
    return with_scale(step, how.of(filled), asked.scale.of(column.name))


def rule_for(column: FeatureColumn, asked: Preparation) -> Fill | None:
    """Give the rule by which a column's gaps are filled; None where a gap is an answer."""
    if column.null_is is not None and not asked.impute.asked(column.name):
        return None
    return asked.impute.of(column.name)


def _fill(
    values: NDArray[np.float64],
    missing: NDArray[np.bool_],
    column: FeatureColumn,
    rule: Fill | None,
) -> tuple[float, str]:
    """Give one number for the gaps, and why this one."""
    if rule is None and column.null_is is not None:
        return column.null_is, column.null_means
    known = values[~missing]
    how = "median" if rule is None else rule.how
    nothing = "nothing was missing"
    if how == "mean":
        mean = float(np.clip(known, -LARGEST, LARGEST).mean())
        return rounded(mean), "mean of the known values" if missing.any() else nothing
    if how == "zero":
        return 0.0, "zero, as the project asks" if missing.any() else nothing
    if how == "constant" and rule is not None and rule.constant is not None:
        return rule.constant, "a constant of the project" if missing.any() else nothing
    reason = "median of the known values" if missing.any() else nothing
    return float(np.median(known)), reason


def _by_level(table: FeatureTable, values: NDArray[np.float64], rule: Fill) -> Levels:
    """Take the median within each level; a level with few known values takes that of all."""
    name = rule.category or ""
    codes, levels = table.categories(name)
    known = ~np.isnan(values)
    told = []
    for code, level in enumerate(levels):
        own = values[known & (codes == code)]
        if len(own) >= FEWEST_IN_LEVEL:
            told.append((level, float(np.median(own))))
    return Levels(name, tuple(level for level, _ in told), tuple(m for _, m in told))


def with_scale(step: NumberStep, column: NDArray[np.float64], scaling: Scaling) -> NumberStep:
    """Settle centre and scale on the filled and bent column of everyone."""
    if scaling == "none":
        return replace(step, centre=0.0, scale=1.0, limit=LARGEST)
    if scaling == "min-max":
        low, spread = float(column.min()), float(np.ptp(column))
    elif scaling == "robust":
        low = float(np.median(column))
        quartiles = np.quantile(column, [0.25, 0.75])
        spread = float(quartiles[1] - quartiles[0]) / BELL_IQR
        # More than half of the rows may be equal: then the deviation has to do.
        spread = spread if spread > 0 else float(column.std())
    else:
        low, spread = float(column.mean()), float(column.std())
    return replace(step, centre=rounded(low), scale=rounded(spread) if spread > 0 else 1.0)


def _bending(values: NDArray[np.float64], asked: Bending, rng: Generator) -> Bent:
    sample = values if len(values) <= BEND_ROWS else rng.choice(values, BEND_ROWS, replace=False)
    if asked == "auto":
        return _straightest(sample)
    if asked in {"quantile-normal", "quantile-uniform"}:
        marks = round_significant(landmarks(values))
        return Bent(asked, quantiles=tuple(float(m) for m in marks))
    unit = _unit(sample)
    if asked == "none" or unit is None:
        return Bent()
    if asked == "log1p":
        return Bent("log1p", 1.0, unit)
    return Bent("yeo-johnson", yeo_johnson_exponent(sample / unit), unit)


def _unit(sample: NDArray[np.float64]) -> float | None:
    """Give a typical magnitude; None for a column whose values hardly differ."""
    magnitude = np.abs(sample[sample != 0])
    # Beyond 1e15 times its spread a column's moments are noise: it is taken as it is.
    if float(sample.std()) <= 1e-15 * float(np.abs(sample).max(initial=0.0)) or not len(magnitude):
        return None
    return rounded(float(np.median(magnitude)))


def _straightest(sample: NDArray[np.float64]) -> Bent:
    """Choose the transform that leaves the least skewness; none where there is little."""
    unit = _unit(sample)
    if unit is None or abs(skewness(sample)) <= SKEWED:
        return Bent()
    in_units = sample / unit
    options = [(abs(skewness(sample)), Bent())]
    if sample.min() >= 0:
        options.append((abs(skewness(np.log1p(in_units))), Bent("log1p", 1.0, unit)))
    exponent = yeo_johnson_exponent(in_units)
    bent = transformed(in_units, "yeo-johnson", exponent=exponent)
    if np.isfinite(bent).all() and bent.std() > 0:
        # The two-parameter transform has to earn its place over the plain logarithm.
        options.append((abs(skewness(bent)) + 0.1, Bent("yeo-johnson", exponent, unit)))
    return min(options, key=lambda option: option[0])[1]
