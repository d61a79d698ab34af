"""Why an entity is in its segment: reasons, runner-up, and the smallest change that moves it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Reason:
    """A feature that puts an entity nearer to its segment than to the runner-up, or the other way.

    ``value`` is the entity's own, None where it is not known; ``own``, ``other`` and ``everyone``
    are what is usual in its segment, in the runner-up and for all, by ``kind``: the ``median``, the
    ``average`` where medians agree, or what ``mostly`` is so of a category. ``weight`` is the
    feature's part of all that speaks for the segment.
    """

    feature: str
    value: float | str | None
    kind: str
    own: float | str | None
    other: float | str | None
    everyone: float | str | None
    weight: float
    sentence: str


@dataclass(frozen=True, slots=True)
class Change:
    """A feature with another value than it has."""

    feature: str
    before: float | str | None
    after: float | str


@dataclass(frozen=True, slots=True)
class Counterfactual:
    """What would have to be otherwise for an entity to be in another segment.

    Scored again with these values the entity is there; ``effort`` is how far they lie from its
    own, added up: 1 is from the lowest to the highest of everyone.
    """

    segment_id: int
    segment: str
    changes: tuple[Change, ...]
    confidence: float
    effort: float
    sentence: str


@dataclass(frozen=True, slots=True)
class Why:
    """Everything that is told of one entity; for its owner alone, never for a shared report.

    ``second`` is None where there is one segment only. ``unmoved`` says why there is no
    counterfactual; it is empty where there is one.
    """

    entity_id: str
    segment_id: int
    segment: str
    confidence: float
    is_calibrated: bool
    anomaly: bool
    second_id: int | None
    second: str | None
    reasons: tuple[Reason, ...]
    against: tuple[Reason, ...]
    counterfactual: Counterfactual | None
    unmoved: str
    sentences: tuple[str, ...]
