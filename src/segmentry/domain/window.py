"""The cut in time: features look only before it, outcomes only after."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from segmentry.domain.formula import TREND_PERIODS
from segmentry.errors import MathsError

MOST_DAYS = 36_500.0
"""A hundred years: longer than any log, and short enough for calendar arithmetic."""


@dataclass(frozen=True, slots=True)
class Window:
    """An instant to look back from, and how far.

    Events at or after ``as_of`` do not exist for a feature. Recency and tenure use all history;
    ``lookback_days`` limits counts and sums; ``outcome_days`` is the horizon after the cut;
    events without a pause of more than ``pause_minutes`` make one visit.
    """

    as_of: datetime
    lookback_days: float | None = None
    recent_days: float = 30.0
    decay_half_life_days: float = 60.0
    outcome_days: float | None = None
    pause_minutes: float = 30.0

    def __post_init__(self) -> None:
        if self.as_of.tzinfo is None:
            msg = f"as_of {self.as_of} has no time zone; give it in UTC"
            raise MathsError(msg)
        object.__setattr__(self, "as_of", self.as_of.astimezone(UTC))

    def start_of(self, span: str) -> datetime | None:
        """Give the first instant inside a span (``formula.Span``); None where it is all history."""
        days = self.days_of(span)
        return None if days is None else self.as_of - timedelta(days=days)

    def end_of(self, span: str) -> datetime:
        """Give the first instant after a span (it is not inside)."""
        back = {"prior": 1, "earlier": 2}.get(span, 0)
        return self.as_of - timedelta(days=back * self.recent_days)

    def days_of(self, span: str) -> float | None:
        """Give the days from the beginning of a span to the cut; None where it is all history."""
        windows = {"recent": 1, "prior": 2, "earlier": 3, "trend": TREND_PERIODS}
        if span in windows:
            return windows[span] * self.recent_days
        return self.lookback_days if span == "lookback" else fixed_days(span)

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
            self.pause_minutes,
        )


def fixed_days(span: str) -> float | None:
    """Give the days of a span that is written in days, such as ``30d``; None for all others."""
    days = span.removesuffix("d")
    return float(days) if days != span and days.replace(".", "", 1).isdigit() else None
