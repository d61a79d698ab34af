"""Micro-segments within broad ones: what answers, and what is told of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from segmentry.domain.assigner import NEARNESS_DIGITS
from segmentry.maths.prototypes import squared_distances
from segmentry.maths.rounding import round_significant


class Whole(StrEnum):
    """Why a broad segment stays whole."""

    NO_GROUPS = "no groups"
    """The data as a whole holds none beyond one cloud, so that none were looked for."""
    FEW = "too few"
    UNTESTED = "untested"
    """No column varies smoothly in it, or its borders hold hardly any cloud like it."""
    CHANCE = "chance"
    """It stands out no more than one cloud cut alike."""
    SMALL = "small parts"
    UNFAITHFUL = "unfaithful"
    """Prototypes do not keep its parts."""


@dataclass(frozen=True, eq=False)
class MicroAssigner:
    """Labelled prototypes of micro-segments, held beside rows of their broad segment only.

    ``prototypes`` has shape (n_prototypes, n_columns), ``groups`` the micro-segment of each, and
    ``parents`` the index of each micro-segment's broad segment, in ascending order.
    """

    prototypes: NDArray[np.float64]
    groups: NDArray[np.int64]
    parents: NDArray[np.int64]

    def answer(self, X: NDArray[np.float64], segment: NDArray[np.int64]) -> NDArray[np.int64]:
        """Give the micro-segment of each row within its segment; -1 where that is not divided.

        The same row always gets the same answer, alone or in a batch.
        """
        found = np.full(len(X), -1, dtype=np.int64)
        for parent in np.unique(self.parents):
            rows = np.flatnonzero(segment == parent)
            own = self.parents[self.groups] == parent
            # Compared after rounding, so that ties are ties; they go to the first prototype.
            distances = squared_distances(X[rows], self.prototypes[own])
            nearest = round_significant(distances, digits=NEARNESS_DIGITS).argmin(axis=1)
            found[rows] = self.groups[own][nearest]
        return found

    def named(
        self, X: NDArray[np.float64], segment: NDArray[np.int64], segment_ids: Sequence[int]
    ) -> NDArray[np.str_]:
        """Give the id of each row's micro-segment, or of its segment where that stays whole."""
        names = np.array([*self.ids(segment_ids), *map(str, segment_ids)])
        micro = self.answer(X, segment)
        return names[np.where(micro >= 0, micro, len(self.parents) + segment)]

    def ids(self, segment_ids: Sequence[int]) -> tuple[str, ...]:
        """Name each micro-segment by its broad segment and its place there, such as "3.2"."""
        first = np.searchsorted(self.parents, self.parents)
        return tuple(
            f"{segment_ids[p]}.{i - start + 1}"
            for i, (p, start) in enumerate(zip(self.parents, first, strict=True))
        )


@dataclass(frozen=True, slots=True)
class MicroSegment:
    """A part of a broad segment: its share of that and of everyone, and what sets it apart there.

    ``traits`` are phrases with figures, held against the broad segment and not against everyone;
    so is the ``name``, which no other segment or part has. Runs of earlier versions have none.
    """

    id: str
    size: int
    share: float
    share_of_parent: float
    traits: tuple[str, ...]
    name: str = ""


@dataclass(frozen=True, slots=True)
class Branch:
    """A broad segment and its parts; none where it stays whole, and why.

    ``explained`` is the share of its scatter that its parts explain, ``by_chance`` the mean of that
    share among draws of one cloud, ``fidelity`` the share of entities that answers leave in the
    part where the hierarchy had them, all in the ``n_columns`` that vary smoothly in it; all are 0
    where it stays whole.
    """

    id: int
    explained: float
    by_chance: float
    fidelity: float
    n_columns: int
    whole: Whole | None
    parts: tuple[MicroSegment, ...]
    sentence: str


@dataclass(frozen=True, slots=True)
class MicroTree:
    """All broad segments in their order, each with its parts, and what came of it in a sentence."""

    segments: tuple[Branch, ...]
    sentence: str
