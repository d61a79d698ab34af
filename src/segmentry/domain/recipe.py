"""What preparation learned, as plain numbers: applying it learns nothing.

Fitting a recipe is ``prepare``'s work. Applying one is row-wise, so it lives with the noun: the
assigner needs it for one entity as much as for a million.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from segmentry.domain.matrix import Matrix
from segmentry.domain.table import FeatureTable
from segmentry.errors import AssignmentError, nearest
from segmentry.maths.scaling import Transform, transformed


@dataclass(frozen=True, slots=True)
class NumberStep:
    """How a number column becomes a matrix column: impute, bend, scale, pull in, weigh.

    ``unit`` is a typical magnitude of the column: values are divided by it before they are bent,
    so that the choice of currency or of minutes against seconds changes nothing.
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


@dataclass(frozen=True, slots=True)
class CategoryStep:
    """How a category column becomes one matrix column per level.

    Every level's indicator is multiplied by ``scale``, chosen so that the levels together have
    the variance of one standardised number column. A missing or unseen value is zero everywhere.
    """

    column: str
    levels: tuple[str, ...]
    scale: float
    weight: float


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

    @property
    def names(self) -> tuple[str, ...]:
        """Name the matrix columns."""
        return tuple(s.column for s in self.numbers) + tuple(
            f"{s.column}={level}" for s in self.categories for level in s.levels
        )

    @property
    def features(self) -> tuple[str, ...]:
        """Name the table column behind each matrix column."""
        return tuple(s.column for s in self.numbers) + tuple(
            s.column for s in self.categories for _ in s.levels
        )

    def apply(self, table: FeatureTable) -> Matrix:
        """Turn features into the matrix that methods and assigners see.

        Raises
        ------
        AssignmentError
            If the table lacks a column of the recipe.
        """
        present = set(table.data.column_names)
        needed = (*(s.column for s in self.numbers), *(s.column for s in self.categories))
        for name in needed:
            if name not in present:
                msg = f"the data has no feature {name!r}, which the release needs"
                raise AssignmentError(msg, code="E6001", hint=nearest(name, present))
        columns = [scaled(table.numbers(s.column), s) for s in self.numbers]
        for step in self.categories:
            columns.extend(_indicators(table, step))
        X = np.column_stack(columns) if columns else np.empty((table.n_entities, 0))
        return Matrix(np.ascontiguousarray(X), table.entity_ids, self.names, self.features)


def scaled(values: NDArray[np.float64], step: NumberStep) -> NDArray[np.float64]:
    """Apply one number step to a raw column (NaN where missing)."""
    filled = np.where(np.isnan(values), step.impute, values)
    # A value too large for the transform is infinite for a moment and then pulled in to the limit.
    with np.errstate(over="ignore"):
        in_units = filled / step.unit
        if step.transform == "log1p":
            # Only columns without negative values are bent so; a later negative counts as zero.
            in_units = np.maximum(in_units, 0.0)
        bent = transformed(in_units, step.transform, exponent=step.exponent)
        units = (bent - step.centre) / step.scale
    result: NDArray[np.float64] = np.clip(units, -step.limit, step.limit) * step.weight
    return result


def _indicators(table: FeatureTable, step: CategoryStep) -> list[NDArray[np.float64]]:
    codes, levels = table.categories(step.column)
    index = {level: i for i, level in enumerate(levels)}
    factor = step.scale * step.weight
    return [(codes == index.get(level, -2)).astype(np.float64) * factor for level in step.levels]
