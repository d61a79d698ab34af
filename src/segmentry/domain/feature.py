"""A feature said once: a formula over the canonical events, and all that a reader needs to know.

What lives here: the spec. What does not: the language of its formula (``formula``), and how it is
computed (``features``).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

from segmentry.domain.formula import (
    GROUPS,
    Aggregate,
    Computed,
    Field,
    Formula,
    Learned,
    Measure,
    Over,
    Span,
    Words,
    aggregates_in,
    resolved,
)
from segmentry.domain.role import Facet

INSTANT = "at"
"""The field without which nothing can be said of time."""

MEANING = "kind: "
"""Stands before a meaning that kinds of events must have for a feature to be built."""

_TIMELESS: frozenset[Span] = frozenset({"lookback", "history"})
_TIMED_OVER = {Over.STEPS, Over.DAYS, Over.RUNS, Over.VISITS}
_TIMED = {Measure.FIRST, Measure.LAST, Measure.LATEST, Measure.EARLIEST}
_COMPUTED = frozenset(str(c) for c in Computed)
_OF_ROWS = {"gap", "gap_seconds", "before", "days", "age", "seconds"}


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
    tells: Literal["affinity", "steps"] | None = None
    """None: the share itself. ``affinity``: how far it lies from everyone's. ``steps``: the share
    of steps from the first of two levels to the second."""

    def __post_init__(self) -> None:
        if self.tells == "steps" and (len(self.levels) != 2 or self.is_rest):
            msg = f"a step leads from one level to one other, not along {list(self.levels)}"
            raise ValueError(msg)
        if self.tells == "affinity" and not (self.prior > 0 and self.strength > 0):
            msg = f"no affinity is measured against a share of {self.prior} in {self.strength}"
            raise ValueError(msg)

    @property
    def family(self) -> str:
        """Name the family that it is of: what stands before the level in its column's name."""
        if self.tells == "steps":
            return "share_path"
        return f"{'affinity' if self.tells else 'share'}_{self.field}"


@dataclass(frozen=True, slots=True)
class Derived:
    """What a family of derived features learned, kept with each of its columns.

    ``model`` is JSON of plain numbers and words, which the family checks when it reads it.
    """

    family: str
    model: str


@dataclass(frozen=True, slots=True)
class Coded:
    """A Python function of the project's own, in place of a formula.

    ``file`` lies in the project's folder; ``sha256`` is the digest of its content, without which no
    other project runs it.
    """

    file: str
    function: str
    sha256: str | None = None

    def __str__(self) -> str:
        return f"python {self.file}:{self.function}"


@dataclass(frozen=True, slots=True)
class FeatureSpec:
    """A behavioural feature and all that a reader needs to know of it.

    ``unless`` names the canonical fields beside which it says nothing new; ``null_means`` says what
    a missing value tells, and ``null_is`` what preparation puts there (None: the median). Features
    of one ``aspect`` measure the same side; one that ``refines`` it adds detail to that side and no
    weight of its own. One that ``is_core`` is built wherever the events allow it; the others where
    the project's objective recommends them or the project names them. ``source`` is the paper or
    the custom that a formula comes from. One that ``is_own`` stands in the project file.
    """

    name: str
    formula: Formula | Words | Learned | Coded
    facet: Facet
    unit: str
    sentence: str
    null_means: str
    null_is: float | None = None
    objectives: tuple[str, ...] = ()
    unless: tuple[Field, ...] = ()
    share: ShareOf | None = None
    aspect: str | None = None
    refines: bool = False
    is_core: bool = True
    source: str = ""
    also_needs: tuple[Field, ...] = ()
    is_own: bool = False

    @property
    def needs(self) -> tuple[Field, ...]:
        """Name the fields and meanings without which it cannot be built, in order."""
        return _needs(self.formula, self.also_needs)

    @property
    def family(self) -> str | None:
        """Name the model that a derived feature comes from; None for engine features."""
        return self.formula.family if isinstance(self.formula, Learned) else None

    @property
    def is_compiled(self) -> bool:
        """Say whether an engine computes it from a formula: no model tells it, and no function."""
        return not isinstance(self.formula, Learned | Coded)

    @property
    def is_category(self) -> bool:
        """Say whether its values are words."""
        return isinstance(self.formula, Words)

    def with_meanings(self, words: dict[str, tuple[str, ...]]) -> FeatureSpec:
        """Put a project's words in place of meanings; what it needs stays as it was."""
        if not any(n.startswith(MEANING) for n in self.needs):
            return self
        return replace(self, formula=resolved(self.formula, words), also_needs=self.needs)


def family_name(name: str) -> str:
    """Give the name of the family that a share belongs to: what stands before its level."""
    return name.partition("=")[0]


def aggregates_of(spec: FeatureSpec) -> tuple[Aggregate, ...]:
    """Give the aggregates that a feature is made of, each once."""
    return tuple(dict.fromkeys(aggregates_in(spec.formula)))


@lru_cache(maxsize=4096)
def _needs(
    formula: Formula | Words | Learned | Coded, also: tuple[Field, ...]
) -> tuple[Field, ...]:
    found: dict[Field, None] = {}
    for aggregate in aggregates_in(formula):
        found |= dict.fromkeys(_fields_of(aggregate))
    return tuple(dict.fromkeys((*found, *also)))


def _fields_of(aggregate: Aggregate) -> list[Field]:
    """Name what an aggregate needs, those inside it included."""
    found: list[Field] = []
    is_timed = aggregate.span not in _TIMELESS or aggregate.over in _TIMED_OVER
    if is_timed or aggregate.measure in _TIMED:
        found.append(INSTANT)
    holder = GROUPS.get(aggregate.over)
    found += [f for f in (holder, aggregate.by) if f is not None]
    for of in (aggregate.of, *(t.of for t in aggregate.where)):
        found += _fields_of(of) if isinstance(of, Aggregate) else _plain(of)
    for test in aggregate.where:
        found += [f"{MEANING}{v}" for v in test.values] if test.operator == "means" else []
    return found


def _plain(field: Field | None) -> list[Field]:
    if field is None or field in _OF_ROWS:
        return []
    if field == Computed.DECAYED_AMOUNT:
        return [INSTANT, "amount"]
    return [INSTANT] if field in _COMPUTED else [field]
