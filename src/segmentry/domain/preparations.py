"""Preparations beside each other: the same method and number of segments in other spaces.

What lives here: a row of the table, and the table. What does not: how rows come about
(``pipeline.preparations``), which of them is preferred (``judge.preparations``).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from segmentry.domain.bounded import Bounded


@dataclass(frozen=True, eq=False)
class Prepared:
    """Segments of one preparation.

    ``decision`` is a key of ``prepare`` and ``variant`` its value; both are empty for the project's
    own. ``seed_ari`` is NaN where the method draws nothing. ``again`` are the agreements of fits to
    drawn entities, of shape (n_resamples,), on the same draws for every preparation. ``told`` is
    the share of the ranks of the features that lies between segments, each feature counting alike.
    ``silhouette`` and ``neighbours`` are measured in the preparation's own space. ``own_ari`` is
    the agreement with the project's own segments.
    """

    decision: str
    variant: str
    n_columns: int
    n_segments: int
    smallest_share: float
    largest_share: float
    seed_ari: float
    again: NDArray[np.float64]
    weakest: float
    """Mean Jaccard index of the segment that comes back worst."""
    neighbours: float
    silhouette: Bounded
    told: float
    own_ari: Bounded
    faults: tuple[str, ...] = ()
    """Why it cannot be preferred, whatever the others are."""

    @property
    def name(self) -> str:
        """Say decision and variant as the project file does."""
        return f"{self.decision}: {self.variant}" if self.decision else "the project's own"

    @property
    def comes_back(self) -> Bounded:
        """Give the mean agreement over draws, with the range of the middle nine tenths."""
        low, high = np.quantile(self.again, [0.05, 0.95])
        return Bounded(float(self.again.mean()), float(low), float(high))

    def as_dict(self) -> dict[str, Any]:
        """Give the row as plain facts."""
        return {
            "decision": self.decision or None,
            "variant": self.variant or None,
            "n_columns": self.n_columns,
            "n_segments": self.n_segments,
            "smallest_share": self.smallest_share,
            "largest_share": self.largest_share,
            "seed_ari": None if np.isnan(self.seed_ari) else self.seed_ari,
            "resample_ari": self.comes_back.as_dict(),
            "weakest_jaccard": self.weakest,
            "ranks_told": self.told,
            "own_ari": self.own_ari.as_dict(),
            "neighbours_own_space": self.neighbours,
            "silhouette_own_space": self.silhouette.as_dict(),
            "faults": list(self.faults),
        }


@dataclass(frozen=True, eq=False)
class Preparations:
    """Segments of a project under other preparations.

    The first row is the project's own; the others follow by their agreement with it, the least
    first. ``left_out`` says of further ones why they have no row. ``preferred`` is the place of
    the row that the rule would take.
    """

    method: str
    n_segments: int
    rows: tuple[Prepared, ...]
    left_out: dict[str, str]
    preferred: int
    sentence: str
    n_entities: int
    n_searched: int
    notes: tuple[str, ...] = field(default_factory=tuple)
