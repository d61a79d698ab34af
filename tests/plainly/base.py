"""An event, an entity at a cut, and the few things that all families ask of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cached_property
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from segmentry.domain.project import FeatureChoice
from segmentry.domain.window import Window

DAY = timedelta(days=1)
MOMENT = timedelta(microseconds=1)
Value = float | str | None


@dataclass(frozen=True)
class Event:
    """One row; all but the entity and the instant may be unknown."""

    entity_id: int
    at: datetime
    amount: Decimal | None = None
    order_id: str | None = None
    item: str | None = None
    quantity: int | None = None
    session_id: str | None = None
    kind: str | None = None
    channel: str | None = None
    category: str | None = None
    device: str | None = None
    user: str | None = None
    discount: Decimal | None = None
    cost: Decimal | None = None
    seats: int | None = None
    errors: int | None = None
    score: Decimal | None = None
    nps: int | None = None
    duration_seconds: Decimal | None = None
    response_seconds: Decimal | None = None
    resolution_seconds: Decimal | None = None
    reopened: int | None = None
    escalated: int | None = None
    minutes: float | None = None
    rating: float | None = None


def ratio(a: Any, b: Any) -> float | None:
    """Divide; unknown where a side is unknown, or by nothing."""
    return None if a is None or b is None or b == 0 else float(a) / float(b)


def known(rows: Iterable[Event], name: str) -> list[Any]:
    """Give the known values of a field."""
    return [v for e in rows if (v := getattr(e, name)) is not None]


def added(rows: Sequence[Event], name: str) -> float | None:
    """Add up a field: nothing where nothing happened, unknown where no row tells."""
    values = [Decimal(str(v)) for v in known(rows, name)]
    return None if rows and not values else float(sum(values, Decimal(0)))


def average(rows: Sequence[Event], name: str) -> float | None:
    """Average the known values of a field."""
    return ratio(added(rows, name), len(known(rows, name)))


def distinct(rows: Iterable[Event], name: str) -> int:
    """Count the distinct known values of a field."""
    return len(set(known(rows, name)))


def with_known(rows: Iterable[Event], *names: str) -> list[Event]:
    """Keep the rows on which all these fields are known."""
    return [e for e in rows if all(getattr(e, n) is not None for n in names)]


def days(since: datetime | None, until: datetime | None) -> float | None:
    """Give the days from an instant to another."""
    return None if since is None or until is None else (until - since) / DAY


@dataclass(frozen=True)
class Entity:
    """The events of one entity before a cut, as a project sees them."""

    log: Sequence[Event]
    window: Window
    zone: str
    fields: frozenset[str]
    choice: FeatureChoice = field(default_factory=FeatureChoice)
    also_days: tuple[float, ...] = ()

    @property
    def cut(self) -> datetime:
        """The cut."""
        return self.window.as_of

    @cached_property
    def history(self) -> list[Event]:
        """All that happened before the cut, in order."""
        return sorted((e for e in self.log if e.at < self.cut), key=lambda e: e.at)

    @cached_property
    def seen(self) -> list[Event]:
        """What lies in the look-back window."""
        back = self.window.lookback_days
        return self.history if back is None else self.last(back)

    def last(self, back: float) -> list[Event]:
        """Give the events of so many last days."""
        return [e for e in self.history if e.at >= self.cut - timedelta(days=back)]

    def recent(self, place: int = 0) -> list[Event]:
        """Give the events of the recent window, or of one of those before it."""
        size = self.window.recent_days
        end = self.cut - timedelta(days=place * size)
        start = self.cut - timedelta(days=(place + 1) * size)
        return [e for e in self.history if start <= e.at < end]

    @cached_property
    def first(self) -> datetime:
        """The first instant."""
        return self.history[0].at

    @property
    def tenure(self) -> float:
        """Days since the first event."""
        return (self.cut - self.first) / DAY

    def local(self, at: datetime) -> datetime:
        """Give an instant as the project's clocks show it."""
        return at.astimezone(ZoneInfo(self.zone))

    def dates(self, rows: Iterable[Event]) -> list[date]:
        """Give the local days of rows."""
        return [self.local(e.at).date() for e in rows]

    def meaning(self, name: str, rows: Sequence[Event] | None = None) -> list[Event]:
        """Give the events whose kind has a meaning."""
        kinds = self.choice.kinds.get(name, ())
        return [e for e in (self.seen if rows is None else rows) if e.kind in kinds]

    def first_of(self, kinds: Iterable[str]) -> datetime | None:
        """Give the instant at which one of some kinds first happened."""
        names = set(kinds)
        return next((e.at for e in self.history if e.kind in names), None)

    def latest(self, name: str) -> Any:
        """Give the value known last; of several at one instant the largest."""
        told = with_known(self.history, name)
        return max((e.at, getattr(e, name)) for e in told)[1] if told else None

    def earliest(self, name: str) -> Any:
        """Give the value known first; of several at one instant the largest."""
        told = with_known(self.history, name)
        return max(getattr(e, name) for e in told if e.at == told[0].at) if told else None

    def groups(self, name: str) -> list[list[Event]]:
        """Give the events of each order or session."""
        found: dict[str, list[Event]] = {}
        for e in with_known(self.seen, name):
            found.setdefault(getattr(e, name), []).append(e)
        return list(found.values())

    def visits(self) -> list[list[Event]]:
        """Give the sessions, or, where events have none, what no longer pause separates."""
        if "session_id" in self.fields:
            return self.groups("session_id")
        pause = timedelta(minutes=self.window.pause_minutes)
        found: list[list[Event]] = []
        for e in self.seen:
            if not found or e.at - found[-1][-1].at > pause:
                found.append([])
            found[-1].append(e)
        return found

    @staticmethod
    def gaps(rows: Sequence[Event]) -> list[timedelta]:
        """Give the times between consecutive distinct instants."""
        return [b - a for a, b in pairwise(sorted({e.at for e in rows}))]


Family = Mapping[str, Value]
