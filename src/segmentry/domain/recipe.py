"""What preparation learned, as plain numbers: applying it learns nothing.

Fitting a recipe is ``prepare``'s work. Applying one is row-wise, so it lives with the noun: the
assigner needs it for one entity as much as for a million.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from segmentry.domain.arrays import gaps_of
from segmentry.domain.filling import Levels, Neighbours, Ridge
from segmentry.domain.matrix import Matrix
from segmentry.domain.reduction import Reduction
from segmentry.domain.table import FeatureTable
from segmentry.errors import AssignmentError, nearest
from segmentry.maths.scaling import Transform, transformed

OTHER = "(other)"
"""The level that stands for all that have no column of their own."""

MISSING = " (missing)"
"""Ends the name of a matrix column that marks the gaps of another."""


@dataclass(frozen=True, slots=True)
class NumberStep:
    """How a number column becomes a matrix column: impute, bend, scale, pull in, weigh.

    ``unit`` is a typical magnitude of the column: values are divided by it before they are bent,
    so that the choice of currency or of minutes against seconds changes nothing. Gaps take
    ``impute``, or what ``by`` gives for the level of a category, or what a model of other columns
    tells (in bent units).
    """

    column: str
    impute: float
    impute_reason: str
    transform: Transform
    exponent: float
    centre: float
    scale: float
    weight: float
    limit: float
    """Values beyond this many scaled units are pulled in to it (and told in the audit)."""
    unit: float = 1.0
    quantiles: tuple[float, ...] = ()
    by: Levels | None = None
    ridge: Ridge | None = None
    neighbours: Neighbours | None = None

    @property
    def needs(self) -> tuple[str, ...]:
        """Name the table columns that the step reads."""
        by = () if self.by is None else (self.by.column,)
        models = (m for m in (self.ridge, self.neighbours) if m is not None)
        return (self.column, *by, *(i.column for m in models for i in m.inputs))


@dataclass(frozen=True, slots=True)
class CategoryStep:
    """How a category column becomes one matrix column per level.

    Every level's indicator is multiplied by ``scale``, chosen so that the levels together have
    the variance of one standardised number column. A missing or unseen value is zero everywhere;
    with ``folds``, the last level is "(other)" and an unseen value is one there.
    """

    column: str
    levels: tuple[str, ...]
    scale: float
    weight: float
    folds: bool = False


@dataclass(frozen=True, slots=True)
class ScoreStep:
    """How a category column becomes one matrix column: each level has a score.

    ``unseen`` is the score of a level that was not there, ``missing`` that of a gap.
    """

    column: str
    kind: str
    levels: tuple[str, ...]
    scores: tuple[float, ...]
    unseen: float
    missing: float
    centre: float
    scale: float
    weight: float


@dataclass(frozen=True, slots=True)
class GapStep:
    """A matrix column that is one standardised number: whether a value is missing."""

    column: str
    centre: float
    scale: float
    weight: float


Step = NumberStep | CategoryStep | ScoreStep | GapStep


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A column that preparation left out, and why."""

    column: str
    reason: str


@dataclass(frozen=True, slots=True)
class Recipe:
    """The whole preparation, from a feature table to a matrix."""

    numbers: tuple[NumberStep, ...]
    categories: tuple[CategoryStep, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    scores: tuple[ScoreStep, ...] = ()
    gaps: tuple[GapStep, ...] = ()
    reduction: Reduction | None = None

    @property
    def steps(self) -> tuple[Step, ...]:
        """Give all steps, in the order of their columns."""
        return (*self.numbers, *self.categories, *self.scores, *self.gaps)

    @property
    def prepared_names(self) -> tuple[str, ...]:
        """Name the columns before any reduction."""
        return (
            *(s.column for s in self.numbers),
            *(f"{s.column}={level}" for s in self.categories for level in s.levels),
            *(s.column for s in self.scores),
            *(f"{s.column}{MISSING}" for s in self.gaps),
        )

    @property
    def names(self) -> tuple[str, ...]:
        """Name the matrix columns."""
        return self.prepared_names if self.reduction is None else self.reduction.names

    @property
    def features(self) -> tuple[str, ...]:
        """Name the table column behind each prepared column."""
        return (
            *(s.column for s in self.numbers),
            *(s.column for s in self.categories for _ in s.levels),
            *(s.column for s in self.scores),
            *(s.column for s in self.gaps),
        )

    @property
    def needs(self) -> tuple[str, ...]:
        """Name the table columns that applying reads."""
        filled = (name for s in self.numbers for name in s.needs)
        return tuple(dict.fromkeys((*filled, *self.features)))

    def apply(self, table: FeatureTable) -> Matrix:
        """Turn features into the matrix that methods and assigners see.

        Raises
        ------
        AssignmentError
            If the table lacks a column of the recipe.
        """
        return self.reduced(self.prepare(table))

    def prepare(self, table: FeatureTable) -> Matrix:
        """Turn features into prepared columns, before any reduction.

        Raises
        ------
        AssignmentError
            If the table lacks a column of the recipe.
        """
        present = set(table.data.column_names)
        for name in self.needs:
            if name not in present:
                msg = f"the data has no feature {name!r}, which the release needs"
                raise AssignmentError(msg, code="E6001", hint=nearest(name, present))
        columns = list(self._columns(table))
        X = np.column_stack(columns) if columns else np.empty((table.n_entities, 0))
        borrowed = tuple(s.column for s in self.numbers if s.by or s.ridge or s.neighbours)
        return Matrix(
            np.ascontiguousarray(X),
            table.entity_ids,
            self.prepared_names,
            self.features,
            borrowed=borrowed,
        )

    def reduced(self, prepared: Matrix) -> Matrix:
        """Turn prepared columns into components, where the recipe has any.

        ``features`` of the result are those behind all components, since each adds up many.
        """
        if self.reduction is None:
            return prepared
        X = self.reduction.apply(prepared.X)
        features = tuple(dict.fromkeys(prepared.features))
        return replace(prepared, X=X, names=self.names, features=features, mixed=True)

    def _columns(self, table: FeatureTable) -> Iterator[NDArray[np.float64]]:
        for step in self.numbers:
            yield number_column(table, step)
        for category in self.categories:
            yield from _indicators(table, category)
        for score in self.scores:
            yield score_column(table, score)
        for gap in self.gaps:
            yield gap_column(table, gap)


def number_column(table: FeatureTable, step: NumberStep) -> NDArray[np.float64]:
    """Apply one number step to its column of a table."""
    values = table.numbers(step.column)
    model = step.ridge or step.neighbours
    if step.by is None and model is None:
        return scaled(values, step)
    missing = np.isnan(values)
    if not missing.any():
        return scaled(values, step)
    if step.by is not None:
        return scaled(np.where(missing, step.by.of(table, step.impute), values), step)
    units = _units(values, step)
    if model is not None:
        units[missing] = (model.of(table, missing) - step.centre) / step.scale
    return _weighed(units, step)


def scaled(values: NDArray[np.float64], step: NumberStep) -> NDArray[np.float64]:
    """Apply one number step to a raw column (NaN where missing, which takes ``impute``)."""
    return _weighed(_units(values, step), step)


def bent(values: NDArray[np.float64], step: NumberStep) -> NDArray[np.float64]:
    """Bend a raw column, NaN where missing taking ``impute``."""
    filled = np.where(np.isnan(values), step.impute, values)
    # A value too large for the transform is infinite for a moment and then pulled in to the limit.
    with np.errstate(over="ignore"):
        in_units = filled / step.unit
        if step.transform == "log1p":
            # Only columns without negative values are bent so; a later negative counts as zero.
            in_units = np.maximum(in_units, 0.0)
        return transformed(
            in_units, step.transform, exponent=step.exponent, landmarks=step.quantiles
        )


def _units(values: NDArray[np.float64], step: NumberStep) -> NDArray[np.float64]:
    with np.errstate(over="ignore"):
        result: NDArray[np.float64] = (bent(values, step) - step.centre) / step.scale
    return result


def _weighed(units: NDArray[np.float64], step: NumberStep) -> NDArray[np.float64]:
    result: NDArray[np.float64] = np.clip(units, -step.limit, step.limit) * step.weight
    return result


def _indicators(table: FeatureTable, step: CategoryStep) -> list[NDArray[np.float64]]:
    codes, levels = table.categories(step.column)
    index = {level: i for i, level in enumerate(levels)}
    factor = step.scale * step.weight
    own = step.levels[:-1] if step.folds else step.levels
    marks = [codes == index.get(level, -2) for level in own]
    if step.folds:
        others = codes >= 0
        for mark in marks:
            others = others & ~mark
        marks.append(others)
    return [mark.astype(np.float64) * factor for mark in marks]


def score_column(table: FeatureTable, step: ScoreStep) -> NDArray[np.float64]:
    """Apply one score step to its column of a table."""
    codes, levels = table.categories(step.column)
    known = dict(zip(step.levels, step.scores, strict=True))
    by_code = np.array([known.get(level, step.unseen) for level in levels] + [step.missing])
    result: NDArray[np.float64] = (by_code[codes] - step.centre) / step.scale * step.weight
    return result


def gap_column(table: FeatureTable, step: GapStep) -> NDArray[np.float64]:
    """Mark the gaps of a column."""
    marks = gaps_of(table.data[step.column]).astype(np.float64)
    result: NDArray[np.float64] = (marks - step.centre) / step.scale * step.weight
    return result
