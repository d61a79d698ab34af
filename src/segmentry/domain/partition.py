"""What a method produced, and a candidate among others of the same search."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from segmentry.maths.directions import seen_from
from segmentry.maths.quantization import near_labels
from segmentry.maths.rounding import round_significant

STABLE_ARI = 0.8
"""Agreement between seeds below which a partition is a matter of luck."""


class Fitter(Protocol):
    """A method with its number of clusters settled: judging refits with it on other rows."""

    def __call__(
        self, X: NDArray[np.float64], rng: Generator, weights: NDArray[np.float64] | None = None, /
    ) -> NDArray[np.int64]:
        """Give each row its cluster, by what rows count."""


@dataclass(frozen=True, eq=False)
class Partition:
    """Labels of entities: 0 .. n_clusters - 1, noise -1.

    ``centres`` are points that stand for the clusters. Without ``groups`` there is one for each
    cluster: its centre. With ``groups``, of shape (n_points,), there may be several: prototypes,
    each with the cluster that it stands for. ``radii``, of shape (n_clusters,), are given where a
    method told noise: the distance from the nearest point beyond which a row is noise too. With an
    ``origin``, of shape (n_columns,), points are directions from there (``maths.directions``), and
    rows are compared with them by theirs.
    """

    labels: NDArray[np.int64]
    centres: NDArray[np.float64]
    method: str
    arguments: Mapping[str, float | int | str] = field(default_factory=dict)
    groups: NDArray[np.int64] | None = None
    radii: NDArray[np.float64] | None = None
    origin: NDArray[np.float64] | None = None

    @property
    def n_clusters(self) -> int:
        """Count the clusters, noise not among them."""
        return len(self.centres) if self.groups is None else int(self.groups.max()) + 1

    @property
    def owners(self) -> NDArray[np.int64]:
        """Give the cluster that each point stands for."""
        return np.arange(len(self.centres)) if self.groups is None else self.groups

    def answers(self, X: NDArray[np.float64]) -> NDArray[np.int64]:
        """Give each row the cluster of its nearest point."""
        points = round_significant(self.centres)
        return near_labels(seen_from(X, self.origin), points, self.owners)


@dataclass(frozen=True, eq=False)
class Trial:
    """The best of several fits of a method, as it will be used, and what was found on the way.

    ``best`` holds prototypes, and its labels are their answers; ``fidelity`` is the share of rows
    on which these agree with the method's own labels, NaN where that was not worth finding out
    because other seeds do not find the partition again. ``others`` are the labels of fits from
    other seeds, to be compared with ``own``, the method's own labels; ``lost`` counts seeds that
    gave another number of clusters. ``bic`` compares fits of one
    method only.
    """

    best: Partition
    own: NDArray[np.int64]
    others: tuple[NDArray[np.int64], ...]
    fidelity: float
    bic: float
    lost: int = 0


@dataclass(frozen=True, eq=False)
class Candidate:
    """A partition of the search sample, its scores, and why it was kept or rejected.

    ``scores`` holds silhouette, silhouette_low, silhouette_high, neighbour_agreement,
    davies_bouldin, calinski_harabasz, inertia, bic, seed_ari, seed_ari_low, smallest_share,
    fidelity, and for the shortlist jaccard_mean and jaccard_min. ``replicates`` are its
    silhouettes with a group of rows left out in turn, the same groups for every candidate of a
    search. ``unmet`` says in words what the project asks of segments and this does not hold.
    ``shortlisted``, ``kept`` and ``reason`` are filled in by selection.
    """

    partition: Partition
    scores: Mapping[str, float]
    kept: bool = False
    reason: str = ""
    shortlisted: bool = False
    replicates: NDArray[np.float64] | None = None
    unmet: tuple[str, ...] = ()

    @property
    def n_segments(self) -> int:
        """Count the segments this candidate would give."""
        return self.partition.n_clusters

    @property
    def name(self) -> str:
        """Say method and number of segments."""
        return f"{self.partition.method}, {self.n_segments} segments"


@dataclass(frozen=True, eq=False)
class Selection:
    """The chosen candidate among all, and the sentence that says why."""

    chosen: Candidate
    candidates: tuple[Candidate, ...]
    reason: str
    rows: NDArray[np.int64]
    """Rows of the matrix that were searched."""

    def told(self, by: str) -> str:
        """Say who chose, what, and why, whether or not any candidate passed.

        Parameters
        ----------
        by : str
            Such as "The rule chooses".

        Returns
        -------
        str
        """
        if self.reason.startswith(self.chosen.name):
            return f"{by} {self.reason}"
        # The reason of a choice in need begins with the need.
        return f"{by} {self.chosen.name}. {self.reason}"
