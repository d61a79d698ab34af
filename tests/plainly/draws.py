"""Nasty logs: events on every edge, with every field unknown now and then."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from plainly.base import DAY, MOMENT, Event
from plainly.oracle import CHOICE, Case

_SECOND, _MINUTE, _HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)
STEPS = [
    *(timedelta(), MOMENT, _SECOND / 2, 30 * _MINUTE, 30 * _MINUTE + MOMENT, 60 * _MINUTE),
    *(_HOUR, 2 * _HOUR, 12 * _HOUR, DAY, DAY - MOMENT, 2 * DAY, 7 * DAY, 14.5 * DAY, 28 * DAY),
    *(30 * DAY, 30 * DAY + MOMENT, 45.5 * DAY, 60 * DAY, 90 * DAY, 180 * DAY, 365 * DAY),
    *(366 * DAY, 400 * DAY, 800 * DAY, 40_000 * DAY),
]
"""Times before the cut: on the edges of windows and pauses, a moment beside them, a century ago."""

_ORIGIN = datetime(2020, 1, 1, tzinfo=UTC)
_KINDS = (*(w for words in CHOICE.kinds.values() for w in words), "other")

_NUMBERS: dict[str, tuple[int, int]] = {
    "quantity": (-2, 6),
    "seats": (0, 9),
    "errors": (0, 2),
    "nps": (0, 10),
    "reopened": (0, 1),
    "escalated": (0, 1),
}
_DECIMALS = {
    "amount": (-400, 1000),
    "discount": (0, 300),
    "cost": (0, 500),
    "score": (0, 50),
    "duration_seconds": (0, 90_000),
    "response_seconds": (0, 90_000),
    "resolution_seconds": (0, 90_000),
}
_WORDS = {
    "order_id": ("o1", "o2", "o3"),
    "session_id": ("s1", "s2"),
    "user": ("u1", "u2", "u3"),
    "channel": ("app", "web", "fax"),
    "category": tuple("abxy"),
    "device": tuple("abxy"),
}


def _ago(random: Random) -> timedelta:
    step = random.choice(STEPS)
    if random.random() < 0.4:
        step = random.randrange(90) * DAY + random.randrange(24) * _HOUR + random.choice(STEPS[:6])
    return step if random.random() < 0.9 else -step / 2


def event(entity: int, case: Case, random: Random, unknown: float) -> Event:
    """Draw one event; each field is unknown with a probability."""
    at = case.window.as_of - _ago(random) if case.window else _ORIGIN - _ago(random)
    kinds = case.words or _KINDS
    items = sorted(case.codes.get("item", {"a": 0, "b": 1, "x": 2, "y": 3}))
    values: dict[str, Any] = {n: random.randint(*r) for n, r in _NUMBERS.items()}
    values |= {n: Decimal(random.randint(*r)) / 4 for n, r in _DECIMALS.items()}
    values |= {n: random.choice(words) for n, words in _WORDS.items()}
    values["kind"] = random.choice(kinds)
    values["item"] = random.choice(items)
    values |= {n: random.randint(-40, 40) / 8 for n in ("minutes", "rating")}
    told = {n: None if random.random() < unknown else v for n, v in sorted(values.items())}
    return Event(entity, at, **told)


def some(entity: int, case: Case, random: Random, most: int) -> list[Event]:
    """Draw the events of one entity: few or many, all known, or hardly anything."""
    unknown = random.choice((0.0, 0.3, 0.5, 0.9, 1.0))
    return [event(entity, case, random, unknown) for _ in range(random.randint(1, most))]


def crowd(case: Case, random: Random, n: int = 40) -> list[Event]:
    """Draw many entities, some rows of which stand there twice, in no order."""
    log = [e for i in range(n) for e in some(i, case, random, 24 if i % 3 else 3)]
    log += random.sample(log, len(log) // 10)
    random.shuffle(log)
    return log
