"""Segments on features weighed by an outcome, beside those on features as they are.

What lives here: the nouns of the comparison. What does not: learning weights (``maths.guidance``),
finding both (``pipeline.guided``), the sentence (``judge.guidance``).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from segmentry.domain.bounded import Bounded


@dataclass(frozen=True, slots=True)
class Guide:
    """A feature, the share of the outcome's ranks that it tells, and the factor of its weight."""

    feature: str
    share: float
    factor: float

    def as_dict(self) -> dict[str, Any]:
        """Give the feature as plain facts."""
        return {"feature": self.feature, "share": self.share, "factor": self.factor}


@dataclass(frozen=True, slots=True)
class SegmentAhead:
    """A segment among entities that made nothing, largest first, and the outcome there."""

    id: int
    n: int
    mean: Bounded | None

    def as_dict(self) -> dict[str, Any]:
        """Give the segment as plain facts; nobody has no mean."""
        mean = None if self.mean is None else self.mean.as_dict()
        return {"id": self.id, "n": self.n, "mean": mean}


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two partitions, judged on entities that made neither.

    ``explained`` is the share of the outcome's variance between its segments, corrected for chance.
    ``silhouette_plain`` is measured in the space of the features as they are, ``silhouette_guided``
    in the weighed one: only figures in one space may be compared. ``structure`` is the verdict on
    the entities that were learned from; ``seed_ari`` None where the method draws nothing;
    ``faults`` say why no run would take it.
    """

    explained: Bounded
    silhouette_plain: Bounded
    silhouette_guided: Bounded
    seed_ari: float | None
    smallest_share: float
    structure: str
    faults: tuple[str, ...]
    segments: tuple[SegmentAhead, ...]

    def as_dict(self) -> dict[str, Any]:
        """Give the side as plain facts."""
        return {
            "explained": self.explained.as_dict(),
            "silhouette_plain_space": self.silhouette_plain.as_dict(),
            "silhouette_guided_space": self.silhouette_guided.as_dict(),
            "seed_ari": self.seed_ari,
            "smallest_share": self.smallest_share,
            "structure": self.structure,
            "faults": list(self.faults),
            "segments": [s.as_dict() for s in self.segments],
        }


@dataclass(frozen=True, slots=True)
class Guided:
    """Both partitions side by side.

    ``gain`` is what the guided one explains more, with its interval over the entities held out;
    ``gains`` the same of each split, the first among them. ``forecast`` is what as many groups by
    the forecast alone explain: nobody needs segments for that. ``correlation`` is that of the
    forecast with the outcome's ranks on entities that it was not learned from.
    """

    outcome: str
    basis: str
    method: str
    n_segments: int
    n_learned: int
    n_held_out: int
    correlation: float
    guides: tuple[Guide, ...]
    plain: Side
    guided: Side
    gain: Bounded
    gains: tuple[float, ...]
    forecast: Bounded | None
    agreement: Bounded
    sentence: str
    notes: tuple[str, ...] = field(default_factory=tuple)
