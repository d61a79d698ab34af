"""Segments merged or split by hand: what was done, and what it cost in quality."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure of quality before and after, each with an interval where one is known.

    It is the 95 % interval; of stability, where nine in ten resamples lie. ``before`` or ``after``
    is None where there was nothing to measure, as with a segment that came about only then.
    """

    name: str
    before: float | None = None
    before_low: float | None = None
    before_high: float | None = None
    after: float | None = None
    after_low: float | None = None
    after_high: float | None = None


@dataclass(frozen=True, slots=True)
class Price:
    """What merging or splitting cost: figures side by side, and what they amount to.

    ``gain`` is the mean silhouette after minus that before, on the same rows, with its 95 %
    interval: below 0 where quality was lost. ``n_moved`` of ``n_rows`` entities got a segment that
    is neither their own nor a part of it.
    """

    figures: tuple[Figure, ...]
    gain: float
    gain_low: float
    gain_high: float
    n_moved: int
    n_rows: int
    sentence: str


@dataclass(frozen=True, slots=True)
class Reshaping:
    """What was done by hand to the segments of a run, and its price.

    ``what`` is ``merge`` or ``split``; ``of`` and ``into`` are names before and after.
    """

    what: str
    of: tuple[str, ...]
    into: tuple[str, ...]
    from_run: str
    from_release: str
    price: Price
    sentence: str
