"""What a method produced, and a candidate among others of the same search."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Partition:
    """Labels of entities: 0 .. n_clusters - 1, noise -1.

    ``centres`` has shape (n_clusters, n_columns) where the method has centres.
    """

    labels: NDArray[np.int64]
    centres: NDArray[np.float64]
    method: str
    arguments: Mapping[str, float | int | str] = field(default_factory=dict)

    @property
    def n_clusters(self) -> int:
        """Count the clusters, noise not among them."""
        return len(self.centres)


@dataclass(frozen=True)
class Candidate:
    """A partition of the search sample, its scores, and why it was kept or rejected.

    ``scores`` holds silhouette, silhouette_low, silhouette_high, davies_bouldin,
    calinski_harabasz, inertia, seed_ari, seed_ari_low, smallest_share. ``kept`` and ``reason``
    are filled in by selection.
    """

    partition: Partition
    scores: Mapping[str, float]
    kept: bool = False
    reason: str = ""

    @property
    def n_segments(self) -> int:
        """Count the segments this candidate would give."""
        return self.partition.n_clusters

    @property
    def name(self) -> str:
        """Say method and number of segments."""
        return f"{self.partition.method}, {self.n_segments} segments"


@dataclass(frozen=True)
class Selection:
    """The chosen candidate among all, and the sentence that says why."""

    chosen: Candidate
    candidates: tuple[Candidate, ...]
    reason: str
    rows: NDArray[np.int64]
    """Rows of the matrix that were searched."""
