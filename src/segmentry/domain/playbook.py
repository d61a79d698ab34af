"""What a playbook says: lines, each with the figure that justifies it, and the order of work.

Effects are those that somebody measured or estimated: no figure of them is ours.
"""

from __future__ import annotations

from dataclasses import dataclass

KINDS = (
    "owner", "goal", "action", "cadence", "channel", "message", "offer", "guardrail", "metric",
    "trigger",
)  # fmt: skip
"""What lines are about, in the order in which they are told."""


@dataclass(frozen=True, slots=True)
class PlaybookLine:
    """One line of a playbook: what to do, and the measured figure that calls for it."""

    kind: str
    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class Effect:
    """What acting on one member of a segment brings, with its interval, and what it costs.

    In one unit, say money a month; ``low`` and ``high`` bound the effect, as whoever gives it
    knows it. ``hours`` is the work that acting on one member takes.
    """

    segment: str
    effect: float
    low: float
    high: float
    cost: float = 0.0
    hours: float = 0.0


@dataclass(frozen=True, slots=True)
class Priority:
    """A segment's place in the order of work.

    ``value`` is what acting on all its members is expected to bring, less what it costs; None
    where nobody gave a figure.
    """

    segment: str
    size: int
    effect: Effect | None
    value: float | None
    low: float | None
    high: float | None
