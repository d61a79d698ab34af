"""What guessing knows and gives: what the user told, what was found, the project that comes out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from segmentry.domain.project import Objective, Project, frozen_mapping
from segmentry.domain.role import Role
from segmentry.projectfile.findings.finding import Finding
from segmentry.projectfile.told import Told


@dataclass(frozen=True, slots=True)
class Flags:
    """What the user knows better. Columns by name; ``time`` and ``amount`` may be expressions."""

    entity: str | None = None
    time: str | None = None
    amount: str | None = None
    order: str | None = None
    item: str | None = None
    kind: str | None = None
    channel: str | None = None
    roles: Mapping[str, Role] = field(default_factory=frozen_mapping)
    objective: Objective | None = None
    name: str | None = None


@dataclass(frozen=True, slots=True)
class Guess:
    """A project, what was unsure, and the reason for each guess by the path of its key."""

    project: Project
    notes: tuple[str, ...]
    reasons: Mapping[str, str]
    findings: tuple[Finding, ...] = ()


@dataclass
class Found:
    """What was found about columns, before it is put together."""

    columns: dict[str, str]
    told: dict[str, Told]
    reasons: dict[str, str]
    notes: list[str]
    where: list[str] = field(default_factory=list)
    event: str | None = None
    is_purchase: bool = False
    purchases: str = "the events are purchases"
    measures: tuple[str, ...] = ()
    meanings: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
