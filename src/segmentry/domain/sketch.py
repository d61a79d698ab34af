"""A feature table in counts: what watching needs of it, in memory that does not grow with rows.

What lives here: the noun, and adding two of them up. What does not: making one
(``watch.reference``) and keeping it (``stores.sketches``).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from segmentry.errors import MathsError

NEARNESS_EDGES = tuple(float(e) for e in np.linspace(0.5, 1.0, 51))
"""From the border between two segments to the centre of one."""

SCORE_EDGES = (*(float(e) for e in np.linspace(0.0, 3.0, 61)), float("inf"))
"""Distances in radii; beyond 1 an entity is an anomaly."""


@dataclass(frozen=True, slots=True)
class Grid:
    """Where the bins of each column lie; two sketches compare where their grids are equal.

    ``edges`` of a number column ascend; a value that many share has a bin of its own. ``levels``
    of a category are those that have one; all others share the last.
    """

    edges: tuple[tuple[str, tuple[float, ...]], ...]
    levels: tuple[tuple[str, tuple[str, ...]], ...]
    n_segments: int

    @property
    def numbers(self) -> dict[str, NDArray[np.float64]]:
        """Give the edges of each number column."""
        return {name: np.array(edges) for name, edges in self.edges}

    @property
    def columns(self) -> tuple[str, ...]:
        """Name the columns: numbers, then categories."""
        return (*(n for n, _ in self.edges), *(n for n, _ in self.levels))


@dataclass(frozen=True, eq=False)
class Sketch:
    """Counts of a feature table, and of the answers of a release for it.

    ``counts`` has one row of whole numbers per column: of a number the bins in order, with what
    lies beyond the outermost edges in two more; of a category its levels and all others.
    ``missing`` counts gaps, ``constant`` holds the one value of a number column that has no other.
    ``nearness`` and ``scores`` have one row per segment.
    """

    grid: Grid
    n: int
    counts: dict[str, NDArray[np.int64]]
    missing: dict[str, int]
    lowest: dict[str, float]
    highest: dict[str, float]
    segments: NDArray[np.int64]
    n_anomalies: int
    nearness: NDArray[np.int64]
    scores: NDArray[np.int64]

    def __add__(self, other: Sketch) -> Sketch:
        """Add up the sketches of two parts to that of the whole.

        Raises
        ------
        MathsError
            If their bins differ.
        """
        if self.grid != other.grid:
            msg = "sketches add up where their bins are the same, and these differ"
            raise MathsError(msg)
        return replace(
            self,
            n=self.n + other.n,
            counts={k: v + other.counts[k] for k, v in self.counts.items()},
            missing={k: v + other.missing[k] for k, v in self.missing.items()},
            lowest={k: min(v, other.lowest[k]) for k, v in self.lowest.items()},
            highest={k: max(v, other.highest[k]) for k, v in self.highest.items()},
            segments=self.segments + other.segments,
            n_anomalies=self.n_anomalies + other.n_anomalies,
            nearness=self.nearness + other.nearness,
            scores=self.scores + other.scores,
        )

    def missing_share(self, column: str) -> float:
        """Give the share of entities whose value is not known."""
        return self.missing[column] / max(self.n, 1)

    def is_constant(self, column: str) -> bool:
        """Say whether a number column has one value only, and more than a few entities have it."""
        return column in self.lowest and self.lowest[column] == self.highest[column]

    def inner(self, column: str) -> NDArray[np.int64]:
        """Give the bins of a number column, what lies beyond the edges in the outermost."""
        counts = self.counts[column]
        inner = counts[1:-1].copy()
        inner[0] += counts[0]
        inner[-1] += counts[-1]
        return inner

    def quantiles(self, column: str, shares: NDArray[np.float64]) -> NDArray[np.float64]:
        """Give the values of a number column at shares, evenly within bins."""
        edges, inner = self.grid.numbers[column], self.inner(column)
        below = np.concatenate([[0.0], np.cumsum(inner)]) / max(int(inner.sum()), 1)
        # Of edges with the same share below, an empty bin lies between: its end is as good.
        result: NDArray[np.float64] = np.interp(shares, below, edges)
        return result
