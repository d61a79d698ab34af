"""What a project file states, complete: no step reads a setting from anywhere else.

The syntax (YAML, line numbers, guesses) lives in ``projectfile``; notebooks and tests build these
values directly.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType
from typing import Literal, TypeVar

from segmentry.domain.role import Role

FORMAT_VERSION = 1
"""Version of the project file that this release reads and writes."""

ROW_NUMBER = "row_number"
"""The entity of a table whose rows have no key: the position among the rows kept, from 1."""

Objective = Literal["retention", "revenue", "engagement", "adoption", "none"]
OBJECTIVES: tuple[str, ...] = ("retention", "revenue", "engagement", "adoption", "none")

EVENT_FIELDS = (
    "entity",
    "time",
    "kind",
    "amount",
    "quantity",
    "item",
    "category",
    "channel",
    "order",
    "session",
    "text",
)
"""Fields that a source's ``columns`` may map, each by a column or an expression over columns."""


_K = TypeVar("_K")
_V = TypeVar("_V")


def frozen_mapping(items: Mapping[_K, _V] | None = None) -> Mapping[_K, _V]:
    """Copy a mapping into one that cannot be changed."""
    return MappingProxyType(dict(items or {}))


class Shape(StrEnum):
    """How the rows of a source lie."""

    EVENTS = "events"
    TABLE = "table"


@dataclass(frozen=True, slots=True)
class Source:
    """A file, glob or folder, and what its columns mean.

    ``columns`` maps canonical fields (``EVENT_FIELDS``) to SQL expressions over the source's own
    columns; a plain column name is quoted by the reader where needed. ``entity`` may be
    ``row_number`` for tables without a key. Events without ``time`` tell who did what, not when.
    """

    name: str
    path: str
    shape: Shape = Shape.EVENTS
    columns: Mapping[str, str] = field(default_factory=frozen_mapping)
    types: Mapping[str, str] = field(default_factory=frozen_mapping)
    """Types of text columns by name: ``number``, ``text``, ``boolean``, ``time`` or a date format.

    What is not named is inferred from all values; a release keeps what was inferred, so that one
    row is read as a million were.
    """
    event: str | None = None
    where: str | None = None
    deduplicate: Literal["last"] | None = None


@dataclass(frozen=True, slots=True)
class Windows:
    """The windows of the features, in days. ``lookback_days=None`` means all history.

    ``outcome_days`` is the horizon after an earlier cut in which segments are judged by what
    happened; None leaves it to the length of the history.
    """

    lookback_days: float | None = None
    recent_days: float = 30.0
    decay_half_life_days: float = 60.0
    outcome_days: float | None = None


@dataclass(frozen=True, slots=True)
class FeatureChoice:
    """Which features are built, and the roles of columns.

    ``measures`` names number columns of event sources that are averaged and added up.
    """

    include: Literal["auto"] | tuple[str, ...] = "auto"
    exclude: tuple[str, ...] = ()
    roles: Mapping[str, Role] = field(default_factory=frozen_mapping)
    measures: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SegmentChoice:
    """How many segments may be found, and how."""

    minimum: int = 4
    maximum: int = 8
    min_share: float = 0.02
    methods: Literal["auto"] | tuple[str, ...] = "auto"
    weights: Mapping[str, float] = field(default_factory=frozen_mapping)


@dataclass(frozen=True, slots=True)
class Outcome:
    """Something that happens after the cut, or a column that says what happened."""

    name: str
    event: str | None = None
    column: str | None = None
    horizon_days: float | None = None


@dataclass(frozen=True, slots=True)
class Privacy:
    """Whether outputs name entities as they are or by a keyed pseudonym."""

    ids: Literal["raw", "pseudonym"] = "raw"


@dataclass(frozen=True, slots=True)
class Project:
    """Everything that a run needs to know, with every default filled in."""

    name: str
    sources: tuple[Source, ...]
    entity: str = "entity"
    objective: Objective = "none"
    decision: str = ""
    owner: str = ""
    time_zone: str = "UTC"
    currency: str | None = None
    windows: Windows = field(default_factory=Windows)
    features: FeatureChoice = field(default_factory=FeatureChoice)
    segments: SegmentChoice = field(default_factory=SegmentChoice)
    outcomes: tuple[Outcome, ...] = ()
    privacy: Privacy = field(default_factory=Privacy)
    seed: int = 0
    folder: Path = Path()
    """Relative paths in ``sources`` start here; runs are kept in its ``runs`` folder."""
