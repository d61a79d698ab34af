"""Releases over time: which there are, which of them is in use, and how their segments descend."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any


class Stage(StrEnum):
    """Where a release stands."""

    CANDIDATE = "candidate"
    """Made, and never in use."""
    CHAMPION = "champion"
    """In use: what later releases are matched to."""
    RETIRED = "retired"
    """Was in use, and is no more."""


class Step(StrEnum):
    """What was done to a release."""

    FIRST = "first"
    """The first release of a project is in use as soon as it is made."""
    APPROVE = "approve"
    PROMOTE = "promote"
    ROLLBACK = "rollback"


class Descent(StrEnum):
    """How a segment of a release descends from those of the champion that it was matched to."""

    CONTINUED = "continued"
    SPLIT = "split"
    MERGED = "merged"
    NEW = "new"
    RETIRED = "retired"


@dataclass(frozen=True, slots=True)
class Registered:
    """A release as the state knows it.

    ``number`` counts the releases of a project from 1. ``run`` is the id of the run that made it,
    which may be gone by now. ``parent`` is the fingerprint of the champion that its segments were
    matched to, None of the first. ``facts`` are hashes, versions and figures by name.
    """

    number: int
    fingerprint: str
    run: str
    made_at: datetime
    as_of: datetime | None
    n_entities: int
    n_segments: int
    parent: str | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)
    stage: Stage = Stage.CANDIDATE


@dataclass(frozen=True, slots=True)
class Stepped:
    """A line of the history of releases: who did what to which, and why.

    ``before`` is the fingerprint of the champion until then. ``role`` and ``reason`` are what was
    said.
    """

    number: int
    at: datetime
    who: str
    what: Step
    release: str
    before: str | None = None
    role: str | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Kinship:
    """How one segment of a release descends from those of its parent.

    ``segment_id`` is None of a segment of the parent that is found no more; ``from_ids`` are the
    segments of the parent that it comes from, the nearest first, none where it is new. ``overlap``
    is the Jaccard index with the nearest one.
    """

    segment_id: int | None
    descent: Descent
    from_ids: tuple[int, ...] = ()
    overlap: float = 0.0
