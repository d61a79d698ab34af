"""Effort and money shared out over segments, by effects that somebody measured."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Share:
    """What a segment gets, and why.

    ``value`` is what acting on ``treated`` members is expected to bring, less what it costs, with
    the interval of its effect; None where nobody gave an effect. ``may_lose`` says that the lower
    end lies at or below 0 for a segment that gets something.
    """

    segment: str
    size: int
    treated: int
    value: float | None
    low: float | None
    high: float | None
    money: float
    hours: float
    reason: str
    may_lose: bool = False


@dataclass(frozen=True, slots=True)
class Capacity:
    """What there is of money or hours, what is used of it, and what one more unit would bring."""

    name: str
    given: float
    used: float
    price: float

    @property
    def left(self) -> float:
        """Give what nothing was found for."""
        return self.given - self.used


@dataclass(frozen=True, slots=True)
class Allocation:
    """Members to act on in each segment, those that bring most first.

    ``low`` and ``high`` bound the sum where effects were measured independently of each other;
    ``worst`` is the sum of all lower ends.
    """

    shares: tuple[Share, ...]
    capacities: tuple[Capacity, ...]
    value: float
    low: float
    high: float
    worst: float
    is_robust: bool
    sentences: tuple[str, ...]
