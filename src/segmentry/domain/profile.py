"""What a segment is like: aggregates only, never a person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from segmentry.domain.business import BusinessFigure
from segmentry.domain.playbook import PlaybookLine


@dataclass(frozen=True, slots=True)
class Contrast:
    """A feature of a segment against everyone.

    ``difference`` is the standardised mean difference (segment minus everyone, in standard
    deviations of the scaled feature), ``low`` and ``high`` its 95 % interval. For a category
    level, ``mean`` and ``overall_mean`` are shares and ``difference`` is on the arcsine scale.
    ``level`` is None for numbers. ``percentile`` is the share of everyone below the segment's
    median, where the feature is a number; ties count half.
    """

    feature: str
    level: str | None
    mean: float | None
    median: float | None
    overall_mean: float | None
    overall_median: float | None
    difference: float
    low: float
    high: float
    percentile: float | None = None


@dataclass(frozen=True, slots=True)
class OutcomeRate:
    """An outcome column in a segment: the mean, and its interval.

    ``is_share`` tells that the outcome is yes or no for everybody, so that its means are shares: an
    amount such as 0.75 on average is none.
    """

    name: str
    mean: float
    low: float
    high: float
    overall: float
    n: int
    is_share: bool


@dataclass(frozen=True, slots=True)
class OverlayShare:
    """An overlay level that a segment holds more or less of than everyone."""

    column: str
    level: str
    share: float
    overall_share: float


@dataclass(frozen=True, slots=True)
class Naming:
    """Where a name comes from: the archetype that fitted and how well, or the grammar.

    ``by_rule`` is the rule's name where people gave another.
    """

    name: str
    archetype: str | None
    score: float | None
    threshold: float
    reason: str
    by_rule: str | None = None


@dataclass(frozen=True)
class Known:
    """What segments were called in the release of a number, by their ids."""

    number: int
    namings: Mapping[int, Naming]


@dataclass(frozen=True, slots=True)
class Profile:
    """Everything the report says of one segment."""

    segment_id: int
    naming: Naming
    size: int
    share: float
    value_share: float | None
    value_total: float | None
    mean_confidence: float
    anomaly_share: float
    silhouette: float
    contrasts: tuple[Contrast, ...]
    """All features, strongest difference first."""
    traits: tuple[str, ...]
    """Three to five phrases, each with the figure behind it."""
    outcomes: tuple[OutcomeRate, ...]
    overlays: tuple[OverlayShare, ...]
    action: str
    action_reason: str
    playbook: tuple[PlaybookLine, ...] = ()
    """What to do with the segment, line by line, each with the figure that justifies it."""

    business: tuple[BusinessFigure, ...] = ()
    """What it kept, cost and brought after the judging cut, of those who were in it then."""

    @property
    def name(self) -> str:
        """The segment's name."""
        return self.naming.name
