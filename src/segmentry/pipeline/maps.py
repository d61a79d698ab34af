"""The map of a run: its entities in two dimensions, and how far such a picture may be trusted.

What lives here: which directions are drawn, single points where entities are few, counts in cells
where they are many. What does not: drawing (``render``), and pictures that others make
(``embeddings``). Read on in ``docs/methods/maps.md``.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from segmentry.domain.matrix import Matrix
from segmentry.maths.components import leading_components
from segmentry.maths.hexagons import centres_of, hexagons_of
from segmentry.maths.intervals import mean_interval
from segmentry.maths.suppression import FEWEST_TOLD
from segmentry.maths.trustworthiness import Faithfulness, faithfulness

FIT_ROWS = 20_000
"""Entities from which the directions are learned."""

MAP_POINTS = 2_000
"""Entities drawn one by one, and held against the data; more are counted in cells."""

MOST_NEIGHBOURS, NEIGHBOUR_SHARE = 15, 0.05

FEWEST_POINTS = 8
"""With fewer, hardly anybody is no neighbour."""

COLUMNS = (36, 30, 24, 18, 13, 9)
"""Cells across the middle 99 % of the entities, from fine to coarse."""

ROWS_PER_COLUMN = 2 / 3

TOLD_SHARE = 0.85
"""Share of entities that must lie in cells that may be told; else cells are made larger."""

BLOCK_ROWS = 65_536

Counts = Counter[tuple[int, int, int]]
"""How many entities lie in a cell (column, row), by segment."""


def map_document(matrix: Matrix, segment: NDArray[np.int64], rng: Generator) -> dict[str, Any]:
    """Draw entities along the two leading directions, and say what that keeps.

    Parameters
    ----------
    matrix : Matrix
    segment : ndarray of int, shape (n_entities,)
        Places of segments, from 0; below 0 is none.
    rng : numpy.random.Generator

    Returns
    -------
    dict
        ``points`` for up to 2,000 entities, ``cells`` for more: no single entity, and no count of
        fewer than ten.
    """
    fit_rows = matrix.sample(FIT_ROWS, rng)
    X = matrix.X[fit_rows]
    middle = X.mean(axis=0)
    variances, axes = leading_directions(X - middle)
    shown = np.sort(rng.permutation(len(X))[:MAP_POINTS])
    points = (X[shown] - middle) @ axes
    whole = float(((X - middle) ** 2).sum()) / max(len(X) - 1, 1)
    kept = [float(v / max(whole, 1e-300)) for v in variances]
    told = {
        "kept": [*kept, 0.0][:2],
        "axes": [*(_axis_name(a, matrix.names) for a in axes.T), ""][:2],
        "n_rows": len(X),
        "quality": quality(X[shown], points, segment[fit_rows][shown]),
    }
    if len(matrix.X) <= MAP_POINTS:
        return {**told, "points": points_told(_in_two(points), segment[fit_rows][shown])}
    cells = Cells.chosen(_in_two((X - middle) @ axes), segment[fit_rows], len(matrix.X))
    counts: Counts = Counter()
    for start in range(0, len(matrix.X), BLOCK_ROWS):
        some = slice(start, start + BLOCK_ROWS)
        cells.count(counts, _in_two((matrix.X[some] - middle) @ axes), segment[some])
    return {**told, **cells.told(counts, segment)}


def leading_directions(
    centred: NDArray[np.float64],
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Give the variances along the two leading principal components, and their directions."""
    variances, axes = leading_components(centred, 2)
    # A component's sign is arbitrary: its largest weight is made positive.
    largest = axes[np.abs(axes).argmax(axis=0), np.arange(axes.shape[1])]
    return variances, axes * np.where(largest < 0, -1.0, 1.0)


def _in_two(points: NDArray[np.float64]) -> NDArray[np.float64]:
    """Give points of a line a second coordinate."""
    return points if points.shape[1] > 1 else np.column_stack([points, np.zeros(len(points))])


def _axis_name(weights: NDArray[np.float64], names: tuple[str, ...]) -> str:
    strongest = np.argsort(-np.abs(weights), kind="stable")[:2]
    return " and ".join(f"{'−' if weights[i] < 0 else ''}{names[i]}" for i in strongest)


def points_told(points: NDArray[np.float64], segment: NDArray[np.int64]) -> list[list[float]]:
    """Write points with their segments, in their own order: that of the rows would tell ids."""
    return sorted(
        [round(float(x), 3), round(float(y), 3), int(g)]
        for (x, y), g in zip(points, segment, strict=True)
    )


def quality(
    X: NDArray[np.float64], picture: NDArray[np.float64], segment: NDArray[np.int64]
) -> dict[str, Any] | None:
    """Say how far a picture may be trusted, in all and segment by segment; None for a few points.

    Neighbourhoods are of 15 points, or of 5 % of them where these are fewer.
    """
    if len(X) < FEWEST_POINTS:
        return None
    n_neighbours = max(1, min(MOST_NEIGHBOURS, round(NEIGHBOUR_SHARE * len(X))))
    found = faithfulness(X, picture, n_neighbours=n_neighbours)
    return {
        "n_points": len(X),
        "n_neighbours": n_neighbours,
        "shared": round(float(found.shared.mean()), 2),
        "trustworthiness": _estimate(found.trustworthiness),
        "continuity": _estimate(found.continuity),
        "segments": [
            _of_segment(found, segment == place) for place in range(int(segment.max()) + 1)
        ],
    }


def _estimate(values: NDArray[np.float64]) -> dict[str, float]:
    low, high = mean_interval(values)
    limits = max(low, 0.0), min(high, 1.0)
    figures = {"value": float(values.mean()), "low": limits[0], "high": limits[1]}
    return {name: round(figure, 4) for name, figure in figures.items()}


def _of_segment(found: Faithfulness, rows: NDArray[np.bool_]) -> dict[str, float]:
    """Tell a segment's own figures, from as many points on as a count is told."""
    if rows.sum() < FEWEST_TOLD:
        return {}
    return {
        "trustworthiness": round(float(found.trustworthiness[rows].mean()), 4),
        "continuity": round(float(found.continuity[rows].mean()), 4),
    }


@dataclass(frozen=True, slots=True)
class Cells:
    """Hexagons over the picture; see ``maths.hexagons`` for width and height."""

    width: float
    height: float

    @classmethod
    def chosen(
        cls, points: NDArray[np.float64], segment: NDArray[np.int64], n_entities: int
    ) -> Cells:
        """Make cells as small as lets most entities lie among enough of their segment."""
        low, high = np.quantile(points, [0.005, 0.995], axis=0)
        spans = np.where(high > low, high - low, 1.0)
        # Where only some of the entities are at hand, as many fewer are enough.
        enough = FEWEST_TOLD * len(points) / n_entities
        for columns in COLUMNS:
            cells = cls(*(float(s) for s in spans / [columns, columns * ROWS_PER_COLUMN]))
            counts: Counts = Counter()
            cells.count(counts, points, segment)
            if sum(n for n in counts.values() if n >= enough) >= TOLD_SHARE * len(points):
                break
        return cells

    def count(
        self, counts: Counts, points: NDArray[np.float64], segment: NDArray[np.int64]
    ) -> None:
        """Add points to the counts of their cells."""
        hexagons = hexagons_of(points, width=self.width, height=self.height)
        found, n = np.unique(np.column_stack([hexagons, segment]), axis=0, return_counts=True)
        for (column, row, place), count in zip(found.tolist(), n.tolist(), strict=True):
            counts[column, row, place] += count

    def told(self, counts: Counts, segment: NDArray[np.int64]) -> dict[str, Any]:
        """Give counts of at least ten entities; nor do fewer follow from a segment's size."""
        places, sizes = np.unique(segment[segment >= 0], return_counts=True)
        kept: list[tuple[tuple[int, int, int], int]] = []
        for place, size in zip(places.tolist(), sizes.tolist(), strict=True):
            own = [(c, n) for c, n in counts.items() if c[2] == place and n >= FEWEST_TOLD]
            own.sort(key=lambda cell: (-cell[1], cell[0]))
            while own and 0 < size - sum(n for _, n in own) < FEWEST_TOLD:
                own.pop()
            kept += own
        kept.sort()
        hexagons = np.array([c[:2] for c, _ in kept], dtype=np.int64).reshape(-1, 2)
        centres = centres_of(hexagons, width=self.width, height=self.height)
        return {
            "n_entities": len(segment),
            "fewest": FEWEST_TOLD,
            "cell": [round(self.width, 4), round(self.height, 4)],
            "cells": [
                [round(float(x), 3), round(float(y), 3), place, n]
                for (x, y), ((_, _, place), n) in zip(centres, kept, strict=True)
            ],
        }
