"""Segments at earlier cuts: the nouns of stability over time.

What lives here: what is told of each earlier cut and of each segment there. What does not: the
tables at these cuts (``pipeline.overtime``), and the figures (``judge.overtime``).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from segmentry.domain.bounded import Bounded


@dataclass(frozen=True, slots=True)
class SegmentThen:
    """A segment at an earlier cut.

    ``n_then`` entities were in it by this run's borders, ``n_now`` are of those known at both cuts.
    ``stayed`` is the share of the former that are still there; ``moved_to`` the segment that most
    of the others are in now. ``anew`` is the Jaccard index of the segment as it is now with the
    one most like it of those found anew at the earlier cut; ``borders`` that of the segment as it
    was then: nobody has moved between the two.
    """

    id: int
    n_then: int
    n_now: int
    stayed: Bounded | None
    moved_to: int | None
    anew: Bounded | None
    borders: Bounded | None

    def as_dict(self) -> dict[str, Any]:
        """Give the segment as plain facts; what could not be measured is None."""
        return {
            "id": self.id,
            "n_then": self.n_then,
            "n_now": self.n_now,
            "stayed": _plain(self.stayed),
            "moved_to": self.moved_to,
            "anew_jaccard": _plain(self.anew),
            "borders_jaccard": _plain(self.borders),
        }


@dataclass(frozen=True, slots=True)
class Slice:
    """An earlier cut, and three ways in which its entities are held against the run.

    ``stayed`` is the share of entities in the same segment then and now, both by this run's
    borders: nothing was fitted again. ``by_chance`` is what the segments' sizes alone would give.
    ``together`` is the adjusted Rand index of the same two: who goes from one segment to another
    in company is together, and has not stayed. ``anew`` is that of the run's segments with those
    found anew on the features of then: both movement and fitting again are in it. ``borders`` is
    that of this run's borders with those found anew, both on the features of then: only fitting
    again is in it. ``missing`` says why nothing was found anew.
    """

    cut: datetime
    days: float
    n_known: int
    n_later: int
    """Entities that came after the cut."""
    stayed: Bounded
    by_chance: float
    together: Bounded
    anew: Bounded | None
    borders: Bounded | None
    segments: tuple[SegmentThen, ...]
    missing: str = ""

    def as_dict(self) -> dict[str, Any]:
        """Give the cut as plain facts; what could not be measured is None."""
        return {
            "cut": self.cut.isoformat(),
            "days": self.days,
            "n_known": self.n_known,
            "n_later": self.n_later,
            "stayed": _plain(self.stayed),
            "stayed_by_chance": self.by_chance,
            "together_ari": _plain(self.together),
            "anew_ari": _plain(self.anew),
            "borders_ari": _plain(self.borders),
            "segments": [s.as_dict() for s in self.segments],
            "missing": self.missing,
        }


@dataclass(frozen=True, slots=True)
class OverTime:
    """Segments of a run held against earlier cuts, the latest of them first."""

    method: str
    n_segments: int
    as_of: datetime
    shares: tuple[float, ...]
    """Share of entities in each segment at the run's cut, the largest first."""
    slices: tuple[Slice, ...]
    sentence: str
    n_entities: int
    notes: tuple[str, ...] = field(default_factory=tuple)


def _plain(figure: Bounded | None) -> dict[str, float] | None:
    return None if figure is None else figure.as_dict()
