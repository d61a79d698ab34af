"""A feature said once: aggregates over the canonical events and a finishing expression.

Small and typed on purpose, so that it compiles to any engine (``features/compile.py``) and to a
plain oracle in the tests.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from segmentry.domain.role import Facet

Span = Literal["history", "lookback", "recent", "prior"]
Field = Literal["at", "amount", "quantity", "item", "category", "channel", "order_id", "session_id"]


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
    """``a / b``; null where ``b`` is zero or null."""

    a: Aggregate
    b: Aggregate


@dataclass(frozen=True, slots=True)
class Change:
    """``(a - b) / (a + b)``, from -1 (stopped) to 1 (just begun); 0 where both are zero."""

    a: Aggregate
    b: Aggregate


Finish = Value | DaysBeforeCut | Ratio | Change


@dataclass(frozen=True, slots=True)
class FeatureSpec:
    """A behavioural feature and all that a reader needs to know of it.

    ``needs`` names the canonical fields without which it cannot be built; ``null_means`` says
    what a missing value tells, and ``null_is`` what preparation puts there (None: the median).
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
