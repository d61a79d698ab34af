"""A feature said once: aggregates over the canonical events and a finishing expression.

Small and typed on purpose, so that it compiles to any engine (``features/compile.py``) and to a
plain oracle in the tests.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from segmentry.domain.role import Facet

Span = Literal["history", "lookback", "recent", "prior", "30d", "90d"]
Field = str
"""A canonical field (``amount``, ``item`` ...), or a measure's column behind ``MEASURE``."""

LABELS = ("kind", "channel", "category", "item")
"""Fields that hold words out of a list, in the order in which their features are read."""

MEASURE = "measure: "
"""Stands before the name of a column of the events that is measured."""

INSTANT = "at"
"""The field without which nothing can be said of time."""


class Measure(StrEnum):
    """How rows of one entity become one number."""

    COUNT = "count"
    """Rows, or rows where ``of`` is not null."""
    SUM = "sum"
    """Exact decimal sum of ``of``."""
    FIRST = "first"
    """Earliest instant."""
    LAST = "last"
    """Latest instant."""
    DISTINCT = "distinct"
    """Distinct values of ``of``."""
    TOP = "top"
    """Rows that hold the most frequent value of ``of``."""
    LEVEL = "level"
    """Rows where ``of`` is one of ``levels``."""
    REST = "rest"
    """Rows where ``of`` is known and none of ``levels``."""
    ACTIVE_DAYS = "active_days"
    """Distinct calendar days in the project's time zone."""
    WEEKEND = "weekend"
    """Rows on a Saturday or Sunday in the project's time zone."""
    MEDIAN_GAP = "median_gap"
    """Median of days between consecutive distinct instants."""
    DECAYED = "decayed"
    """Sum of 0.5 ** (age / half-life) over rows."""


@dataclass(frozen=True, slots=True)
class Aggregate:
    """One number per entity out of its rows inside a span before the cut."""

    measure: Measure
    of: Field | None = None
    span: Span = "lookback"
    levels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Value:
    """The aggregate as it is."""

    a: Aggregate


@dataclass(frozen=True, slots=True)
class DaysBeforeCut:
    """Fractional days from an instant to the cut."""

    a: Aggregate


@dataclass(frozen=True, slots=True)
class Ratio:
    """``a / b``; null where ``b`` is zero, null or below ``least``."""

    a: Aggregate
    b: Aggregate
    least: int = 1


@dataclass(frozen=True, slots=True)
class Change:
    """``(a - b) / (a + b + 2)``: between -1 (stopped) and 1 (just begun); 0 without a change.

    Each count gets one more event (Laplace's rule of succession): without it a single event makes
    the difference between -1 and 1, and luck would shape segments of entities seldom seen.
    """

    a: Aggregate
    b: Aggregate


@dataclass(frozen=True, slots=True)
class Drawn:
    """``(a + prior) / (b + strength)``: a share drawn towards everyone's where ``b`` is small.

    Null where ``b`` is zero: nothing is known of the entity itself.
    """

    a: Aggregate
    b: Aggregate
    prior: float
    strength: float


Finish = Value | DaysBeforeCut | Ratio | Change | Drawn


@dataclass(frozen=True, slots=True)
class ShareOf:
    """What a share feature counts: a level of a label field, or all that are not named.

    Found in the data once and then kept with the release, so that assignment builds the very
    same column. ``prior`` and ``strength`` are the pseudo-counts that everyone begins with.
    """

    field: str
    levels: tuple[str, ...]
    is_rest: bool
    prior: float
    strength: float


@dataclass(frozen=True, slots=True)
class FeatureSpec:
    """A behavioural feature and all that a reader needs to know of it.

    ``needs`` names the canonical fields without which it cannot be built, ``unless`` those
    beside which it says nothing new; ``null_means`` says what a missing value tells, and
    ``null_is`` what preparation puts there (None: the median). Features of one ``aspect`` measure
    the same side; one that ``refines`` it adds detail to that side and no weight of its own.
    """

    name: str
    finish: Finish
    facet: Facet
    unit: str
    sentence: str
    null_means: str
    needs: tuple[Field, ...] = ()
    null_is: float | None = None
    objectives: tuple[str, ...] = ()
    unless: tuple[Field, ...] = ()
    share: ShareOf | None = None
    aspect: str | None = None
    refines: bool = False


def family_name(name: str) -> str:
    """Give the name of the family that a share belongs to: what stands before its level."""
    return name.partition("=")[0]


def aggregates_of(spec: FeatureSpec) -> tuple[Aggregate, ...]:
    """Give the aggregates that a feature is finished from."""
    finish = spec.finish
    return (finish.a,) if isinstance(finish, Value | DaysBeforeCut) else (finish.a, finish.b)
