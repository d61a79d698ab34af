"""The cut in time: features look only before it, outcomes only after."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from segmentry.errors import MathsError


@dataclass(frozen=True, slots=True)
class Window:
    """An instant to look back from, and how far.

    Events at or after ``as_of`` do not exist for a feature. Recency and tenure use all history;
    ``lookback_days`` limits counts and sums; ``outcome_days`` is the horizon after the cut.
    """

    as_of: datetime
    lookback_days: float | None = None
    recent_days: float = 30.0
    decay_half_life_days: float = 60.0
    outcome_days: float | None = None

    def __post_init__(self) -> None:
        if self.as_of.tzinfo is None:
            msg = f"as_of {self.as_of} has no time zone; give it in UTC"
            raise MathsError(msg)
        object.__setattr__(self, "as_of", self.as_of.astimezone(UTC))

    def start_of(self, span: str) -> datetime | None:
        """Give the first instant inside a span; None where it is open to all history."""
        days = {
            "history": None,
            "lookback": self.lookback_days,
            "recent": self.recent_days,
            "prior": 2 * self.recent_days,
            "30d": 30.0,
            "90d": 90.0,
        }[span]
        return None if days is None else self.as_of - timedelta(days=days)

    def end_of(self, span: str) -> datetime:
        """Give the first instant after a span (it is not inside)."""
        return self.as_of - timedelta(days=self.recent_days) if span == "prior" else self.as_of

    def judging(self) -> Window | None:
        """Give the cut that leaves the outcome horizon after it, where there is a horizon."""
        if self.outcome_days is None:
            return None
        return Window(
            self.as_of - timedelta(days=self.outcome_days),
            self.lookback_days,
            self.recent_days,
            self.decay_half_life_days,
            self.outcome_days,
        )
