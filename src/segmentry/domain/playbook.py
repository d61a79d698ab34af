"""What a segment's playbook says: lines, each with the figure that justifies it."""

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
