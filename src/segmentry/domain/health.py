"""How healthy the tie to an entity is, from 0 to 100, and what that figure was held against."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from segmentry.domain.bounded import Bounded
from segmentry.domain.percent import percent

MIDDLE = 50.0
"""The middle of a score by ranks, and its floor."""


def floor_of(rate: float) -> float:
    """Give the score below which the odds of leaving are more than twice everybody's.

    A fixed floor says nothing where leaving is rare: nobody would ever lie below 50.

    Parameters
    ----------
    rate : float, in (0, 1)
        Share of everybody to whom it happened.

    Returns
    -------
    float
        A whole number.

    Examples
    --------
    >>> floor_of(0.1), floor_of(0.25), floor_of(0.6)
    (82.0, 60.0, 25.0)
    """
    return float(round(100.0 * (1.0 - rate) / (1.0 + rate)))


class Basis(StrEnum):
    """What a score rests on."""

    OUTCOME = "outcome"
    """A model of an outcome, judged on entities that it had not learned from."""
    RANKS = "ranks"
    """The mean rank in features whose good end is known, checked against nothing."""
    NONE = "none"
    """There is no score, and ``sentence`` says why."""


@dataclass(frozen=True, slots=True)
class RiskGroup:
    """Entities of like forecast: what was told of them, and what came, with its interval."""

    n: int
    told: float
    share: float
    low: float
    high: float

    @property
    def holds(self) -> bool:
        """Tell whether the forecast lies in the interval of what came."""
        return self.low <= self.told <= self.high


@dataclass(frozen=True, slots=True)
class Weight:
    """What one column adds to a score.

    Of a model: ``column`` is a prepared one, ``weight`` its part in the log odds of the bad end
    and ``usual`` its mean. Of ranks: ``column`` is the feature, ``weight`` its part of the mean,
    negative where less is better, and ``usual`` the middle rank of 50.
    """

    column: str
    feature: str
    weight: float
    usual: float


@dataclass(frozen=True, slots=True)
class SegmentHealth:
    """The scores of a segment; ``n`` members alone where they are too few to tell more.

    ``mean`` has a 95 % interval. ``below`` is the share of the members under the floor; None, too,
    where 1 to 9 members lie on either side of it.
    """

    id: int
    n: int
    mean: Bounded | None = None
    below: Bounded | None = None


@dataclass(frozen=True, slots=True)
class Health:
    """A health score: how it is made, what it was held against, and each segment's figures.

    ``bad`` says the bad end of the outcome in words. ``column`` is the feature table's column that
    tells to whom it has happened already, by the value 1 or yes where ``is_high_bad``; there is
    none where the outcome is what followed an earlier cut.
    """

    basis: Basis
    sentence: str
    outcome: str | None = None
    bad: str = ""
    column: str | None = None
    is_high_bad: bool = False
    n_judged: int = 0
    area: Bounded | None = None
    groups: tuple[RiskGroup, ...] = ()
    intercept: float = 0.0
    weights: tuple[Weight, ...] = ()
    floor: float = MIDDLE
    segments: tuple[SegmentHealth, ...] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """What one feature adds to an entity's score, in points, against the usual value."""

    feature: str
    points: float
    sentence: str


def health_words(told: SegmentHealth, floor: float) -> str:
    """Write a segment's figures in one line.

    Examples
    --------
    >>> health_words(SegmentHealth(1, 4), 50.0)
    'too few members to tell'
    """
    if told.mean is None:
        return "too few members to tell"
    m, b = told.mean, told.below
    mean = f"{m.value:.0f} of 100 on average ({m.low:.0f} to {m.high:.0f})"
    if b is None:
        return f"{mean}; how many lie below {floor:g} would tell of fewer than ten"
    return f"{mean}, {percent(b.value)} below {floor:g} ({percent(b.low)} to {percent(b.high)})"
