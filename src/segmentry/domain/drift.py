"""What watching a release tells: what moved, the signs of trouble, one cause, and what to do.

What lives here: the nouns. What does not: measuring (``watch.drift``, ``watch.volume``) and judging
(``watch.cause``).
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any, Literal

from segmentry.domain.bounded import Bounded

Check = Literal[
    "feature", "missing", "constant", "unit", "levels", "gone", "type", "new column", "shares",
    "anomalies", "separation", "cohesion", "emerging", "volume", "mix",
]  # fmt: skip

CauseName = Literal[
    "broken pipeline", "seasonal", "population mix", "behaviour change", "new segment",
    "unexplained", "none",
]  # fmt: skip

Advice = Literal["nothing", "look at tracking", "refit", "fall back"]

FALSE_ALARMS = 0.01
"""Rate of false discoveries among the checks that raise an alarm."""


@dataclass(frozen=True, slots=True)
class Shift:
    """How far one feature has moved since the reference.

    ``stability`` is the population stability index less what chance adds; ``distance`` the
    Wasserstein distance in standard deviations and ``gap`` the largest gap of cumulative shares,
    both of numbers alone. ``effect`` is the share of entities that would be in another segment if
    this feature alone had its earlier distribution; None where it did not move beyond chance, or
    shapes no segment. ``usual`` is the most that it moved between earlier cuts as far apart.
    """

    feature: str
    stability: Bounded
    distance: Bounded | None
    gap: Bounded | None
    p_value: float
    missing_then: float
    missing_now: float
    median_then: float | None = None
    median_now: float | None = None
    effect: Bounded | None = None
    usual: float | None = None


@dataclass(frozen=True, slots=True)
class Sign:
    """One check that found something: what, about what, its figure, and how sure it is.

    ``is_material`` says that it is large enough to matter, whatever its p-value.
    """

    check: Check
    about: str
    sentence: str
    p_value: float
    is_material: bool = True
    size: float = 0.0
    """Its figure, for checks that are held against what was usual before."""


@dataclass(frozen=True, slots=True)
class Emerging:
    """A dense region of entities far from every segment: a candidate for a new one."""

    n: int
    share: Bounded
    nearest: str
    """The segment that they are told to be in now."""
    spread: float
    """Mean distance of its entities to their own centre, in those to the nearest prototype."""
    newcomers: float | None
    """Share of them that the reference had not; None where ids cannot be compared."""
    contrasts: tuple[tuple[str, float], ...]
    """Matrix columns in which they differ most from everyone, in standard deviations."""


@dataclass(frozen=True, slots=True)
class SegmentShift:
    """The share of a segment then and now; the bounds are those of its change."""

    segment: str
    then: float
    now: float
    change: Bounded


@dataclass(frozen=True, slots=True)
class Cause:
    """The one cause that the rules name, the evidence for it, and what to do."""

    name: CauseName
    because: tuple[str, ...]
    advice: tuple[Advice, ...]
    told: str
    """What the advice means here, in words."""


@dataclass(frozen=True, slots=True)
class Drift:
    """A release at work, held against its reference: features first by effect on segments."""

    then: str
    as_of: datetime | None
    n_then: int
    n_now: int
    shifts: tuple[Shift, ...]
    segments: tuple[SegmentShift, ...]
    anomalies_then: float
    anomalies_now: Bounded
    separation: Bounded | None
    cohesion: Bounded | None
    emerging: Emerging | None
    signs: tuple[Sign, ...]
    """Alarms first: those that are material and stay discoveries among all checks."""
    n_alarms: int = 0
    n_checks: int = 0
    cause: Cause | None = None

    @property
    def is_alarm(self) -> bool:
        """Say whether anything is large enough, and sure enough, to wake somebody."""
        return self.n_alarms > 0

    @property
    def alarms(self) -> tuple[Sign, ...]:
        """Give the signs that raise the alarm."""
        return self.signs[: self.n_alarms]

    def with_cause(self, cause: Cause) -> Drift:
        """Name its cause."""
        return replace(self, cause=cause)

    def as_dict(self) -> dict[str, Any]:
        """Give the whole as plain facts; what could not be measured is left out."""
        told = asdict(self)
        told["as_of"] = self.as_of.isoformat() if self.as_of else None
        told["is_alarm"] = self.is_alarm
        kept: dict[str, Any] = _without_none(told)
        return kept


def _without_none(value: Any) -> Any:
    if isinstance(value, dict):
        return {k: _without_none(v) for k, v in value.items() if v is not None}
    return [_without_none(v) for v in value] if isinstance(value, list | tuple) else value
