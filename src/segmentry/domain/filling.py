"""What a recipe puts into gaps, where that is more than one number: plain numbers, row by row.

Fitting these is ``prepare``'s work.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from segmentry.domain.table import FeatureTable
from segmentry.maths.filling import linear, nearest_means
from segmentry.maths.scaling import Transform, transformed

INPUT_LIMIT = 5.0
"""Standard deviations to which an input is pulled in, as the columns of the matrix are."""


@dataclass(frozen=True, slots=True)
class Levels:
    """A number for each level of a category; other levels and none take the step's own."""

    column: str
    levels: tuple[str, ...]
    values: tuple[float, ...]

    def of(self, table: FeatureTable, otherwise: float) -> NDArray[np.float64]:
        """Give each row the number of its level."""
        codes, levels = table.categories(self.column)
        known = dict(zip(self.levels, self.values, strict=True))
        by_code = np.array([known.get(level, otherwise) for level in levels] + [otherwise])
        result: NDArray[np.float64] = by_code[codes]
        return result


@dataclass(frozen=True, slots=True)
class Input:
    """A number column that a model reads: filled with its median, bent and scaled."""

    column: str
    impute: float
    transform: Transform
    exponent: float
    centre: float
    scale: float
    unit: float = 1.0
    quantiles: tuple[float, ...] = ()

    def of(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Scale a raw column."""
        filled = np.where(np.isnan(values), self.impute, values)
        with np.errstate(over="ignore"):
            in_units = filled / self.unit
            if self.transform == "log1p":
                in_units = np.maximum(in_units, 0.0)
            bent = transformed(
                in_units, self.transform, exponent=self.exponent, landmarks=self.quantiles
            )
            units = (bent - self.centre) / self.scale
        result: NDArray[np.float64] = np.clip(units, -INPUT_LIMIT, INPUT_LIMIT)
        return result


@dataclass(frozen=True, slots=True)
class Ridge:
    """A linear model of the bent column, kept between the least and the greatest value known."""

    inputs: tuple[Input, ...]
    coefficients: tuple[float, ...]
    intercept: float
    least: float
    most: float

    def of(self, table: FeatureTable, rows: NDArray[np.bool_]) -> NDArray[np.float64]:
        """Give the bent value of some of the rows."""
        found = linear(matrix_of(self.inputs, table, rows), np.array(self.coefficients),
                       self.intercept)  # fmt: skip
        result: NDArray[np.float64] = np.clip(found, self.least, self.most)
        return result


@dataclass(frozen=True, slots=True)
class Neighbours:
    """Donors whose bent value is known: a gap takes the mean of the nearest."""

    inputs: tuple[Input, ...]
    n_neighbours: int
    donors: tuple[tuple[float, ...], ...]
    values: tuple[float, ...]

    def of(self, table: FeatureTable, rows: NDArray[np.bool_]) -> NDArray[np.float64]:
        """Give the bent value of some of the rows."""
        X = matrix_of(self.inputs, table, rows)
        return nearest_means(
            X, np.array(self.donors), np.array(self.values), n_neighbours=self.n_neighbours
        )


def matrix_of(
    inputs: Sequence[Input], table: FeatureTable, rows: NDArray[np.bool_]
) -> NDArray[np.float64]:
    """Lay inputs side by side for some of the rows."""
    return np.column_stack([i.of(table.numbers(i.column)[rows]) for i in inputs])
