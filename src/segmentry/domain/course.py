"""How entities went on after the judging cut, period by period."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class Course:
    """What each entity did in each period after the judging cut.

    ``active`` has shape (n_entities, n_periods), zeros and ones; ``value`` the same shape, or is
    None where events have no amount. ``days`` is the length of a period.
    """

    days: float
    active: NDArray[np.float64]
    value: NDArray[np.float64] | None = None

    def take(self, rows: NDArray[np.int64]) -> Course:
        """Keep some entities."""
        value = None if self.value is None else self.value[rows]
        return replace(self, active=self.active[rows], value=value)


@dataclass(frozen=True, slots=True)
class Reached:
    """A share or mean with its 95 % interval; all None where it would tell of a small group."""

    mean: float | None = None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class SegmentCourse:
    """The members of a segment at the judging cut, and how they went on.

    ``retained`` is the share active in each period, ``value`` the value per member from the cut to
    the end of each period; empty where events have no amount. Everyone has the id 0.
    """

    id: int
    n: int
    retained: tuple[Reached, ...]
    value: tuple[Reached, ...]


@dataclass(frozen=True, slots=True)
class Courses:
    """How the segments went on after the judging cut, and everyone."""

    days: float
    everyone: SegmentCourse
    segments: tuple[SegmentCourse, ...]
