"""Entities at an earlier cut, what they did after it, and how far segments told them apart."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from segmentry.domain.bounded import Bounded
from segmentry.domain.business import BusinessOf, Flows
from segmentry.domain.course import Course, Courses
from segmentry.domain.table import FeatureTable
from segmentry.domain.window import Window


@dataclass(frozen=True)
class Followed:
    """What happened to each entity between the judging cut and the end of a horizon.

    ``values`` has shape (n_entities,): 0 or 1 for a share, else a number; nothing is missing,
    for who did nothing did so zero times.
    """

    name: str
    sentence: str
    unit: str
    is_share: bool
    values: NDArray[np.float64]


@dataclass(frozen=True)
class Judging:
    """Features at an earlier cut, built as those at the cut, and what followed.

    ``followed``, ``course`` and ``flows`` go along the rows of ``table``. ``is_sample`` says that
    not all entities known by then are in it.
    """

    table: FeatureTable
    window: Window
    until: datetime
    followed: tuple[Followed, ...]
    is_sample: bool
    course: Course | None = None
    flows: Flows | None = None


@dataclass(frozen=True, slots=True)
class SegmentAfter:
    """What followed in one segment: a share or mean with its 95 % interval."""

    id: int
    n: int
    mean: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class OutcomeAfter:
    """What followed by segment, and how much of it segments tell.

    ``explained`` is epsilon squared, the share of the variance that lies between segments less what
    so many explain by chance, with its 95 % interval; ``baseline_explained`` that of the plain
    alternative on the same entities. ``beyond_baseline`` is by how much segments tell more. An
    outcome that does not vary, because it is the same for everyone, tells nothing for or against
    segments.
    """

    name: str
    sentence: str
    unit: str
    overall: float
    low: float
    high: float
    p_value: float
    explained: float
    segments: tuple[SegmentAfter, ...]
    baseline_explained: float | None = None
    varies: bool = True
    beyond_baseline: Bounded | None = None
    explained_low: float | None = None
    explained_high: float | None = None

    @property
    def against_baseline(self) -> int:
        """Say whether segments tell more (1), less (-1), or neither beyond the interval (0)."""
        gain = self.beyond_baseline
        return 0 if gain is None else int(gain.low > 0.0) - int(gain.high < 0.0)


@dataclass(frozen=True, slots=True)
class Heldout:
    """Segments against what happened after the judging cut."""

    cut: datetime
    until: datetime
    horizon_days: float
    n_entities: int
    outcomes: tuple[OutcomeAfter, ...]
    sentence: str
    baseline: str | None = None
    courses: Courses | None = None
    business: tuple[BusinessOf, ...] = ()


@dataclass(frozen=True, slots=True)
class HeldoutColumns:
    """Segments against outcomes that are columns, on entities that had no part in making them.

    ``n_fitted`` counts the half that was segmented anew where everybody had been searched, and
    ``agreement`` is the adjusted Rand index of what those entities were put into with the segments
    of the run; None where both are the same.
    """

    n_entities: int
    outcomes: tuple[OutcomeAfter, ...]
    sentence: str
    baseline: str | None = None
    n_fitted: int | None = None
    agreement: Bounded | None = None
