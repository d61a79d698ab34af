"""The small language of features: aggregates over events, and formulas over aggregates.

What lives here: frozen values that say what is counted and how counts become a number. Small and
typed on purpose, so that a formula compiles to any engine, to arrays, and prints as text. What does
not: any of these targets (``features``), what a feature means to a reader (``feature``), and the
way back from the text (``formulatext``): ``read_formula(str(f)) == f``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass
from enum import StrEnum
from typing import Any, Literal

Field = str
"""A canonical field (``amount``, ``item`` ...), a measure's column behind ``MEASURE``, or one that
is computed from the row (``Computed``)."""

Span = str
"""A stretch of time before the cut: ``history`` (all), ``lookback``, ``recent`` (the recent
window), ``prior`` (the one before it), ``earlier`` (the one before that), ``trend`` (six recent
windows), or days such as ``30d``."""

MEASURE = "measure: "
"""Stands before the name of a column of the events that is measured."""

LABELS = ("kind", "channel", "category", "item", "device", "topic")
"""Fields that hold words out of a list, in the order in which their features are read."""

TREND_PERIODS = 6
"""Recent windows over which a slope is fitted."""


class Computed(StrEnum):
    """Fields that every timed event has, computed from its instant in the project's zone."""

    WEEKDAY = "weekday"
    """1 (Monday) to 7."""
    HOUR = "hour"
    """0 to 23 on the local clock."""
    DAY = "day"
    """Whole days of 24 hours before the cut."""
    WEEK = "week"
    """Whole weeks before the cut."""
    PERIOD = "period"
    """Whole recent windows before the cut."""
    WEIGHT = "weight"
    """``0.5 ** (age / half-life)``, rounded to nine digits."""
    DAY_AGE = "day_age"
    """Local days from the event's to that of the last instant before the cut."""
    IS_LATER_DAY = "is_later_day"
    """1 after the local day of the entity's first event, 0 on it."""
    DECAYED_AMOUNT = "decayed_amount"
    """``amount`` times the weight."""
    HOUR_COS = "hour_cos"
    HOUR_SIN = "hour_sin"
    """The hour as a place on a circle of 24."""
    YEAR_COS = "year_cos"
    YEAR_SIN = "year_sin"
    """The twelfth of a year of 365.2425 days that the day falls into, as a place on a circle."""


class Measure(StrEnum):
    """How rows of one entity become one number."""

    COUNT = "count"
    """Rows, or rows where ``of`` is known."""
    SUM = "sum"
    """Exact sum of ``of``: over events 0 where there is no row, null where no value is known."""
    SQUARES = "sum of squares"
    """Exact sum of the squares of whole numbers."""
    LEAST = "least"
    """Smallest known value of ``of``."""
    MOST = "most"
    """Largest known value of ``of``."""
    MEDIAN = "median"
    """Median of the known values of ``of``."""
    FIRST = "first"
    """Earliest instant."""
    LAST = "last"
    """Latest instant."""
    LATEST = "latest"
    """The known value of the latest event that has one; of several at one instant the largest."""
    EARLIEST = "earliest"
    """The known value of the earliest event that has one; of several at an instant the largest."""
    DISTINCT = "distinct"
    """Distinct known values of ``of``."""
    TOP = "top"
    """Rows that hold the most frequent known value of ``of``."""
    PAIRS = "pairs"
    """Sum over the known values of ``of`` of the square of their rows."""
    SURPRISE = "surprise"
    """Sum over the known values of ``of`` of n ln n, n being their rows."""


class Over(StrEnum):
    """What is gone over: rows that are made of an entity's events."""

    EVENTS = "events"
    STEPS = "steps"
    """Each event but the first, beside the one before it; both inside the span. Fields: ``gap``
    (days), ``gap_seconds`` (whole, a begun second counts), and, in steps ``by`` a label, the label
    and ``before``; events whose label is not known are then skipped, and those of one instant
    stand in the order of their labels."""
    DAYS = "days"
    """Each local day with an event."""
    RUNS = "runs"
    """Days in a row with events. Fields: ``days``, and ``age`` (days from the last to the cut)."""
    VISITS = "visits"
    """Events without a longer pause than the project's. Fields: ``seconds`` from first to last."""
    ORDERS = "orders"
    """Events of one ``order_id``."""
    SESSIONS = "sessions"
    """Events of one ``session_id``. Fields: ``seconds``."""


GROUPS = {Over.VISITS: None, Over.ORDERS: "order_id", Over.SESSIONS: "session_id"}
"""What holds groups of events together; None: time."""

IDENTITIES = ("order_id", "session_id", "user")
"""Fields whose values only tell what is alike and what is different among an entity's events."""

Operator = Literal["in", "not in", "above", "below", "at least", "at most", "means", "repeats"]

SIGNS: dict[str, Operator] = {">": "above", "<": "below", ">=": "at least", "<=": "at most"}
"""How a comparison with a number is written."""

_SIGN_OF = {operator: sign for sign, operator in SIGNS.items()}

KEYWORDS = frozenset(
    ["and", "or", "not", "in", "is", "means", "where", "over", "by", "if", "else", "above", "below"]
)
"""Words of the language: as a value of a field they stand in quotes."""

_ALL_DIGITS = 1e15
"""Whole numbers below it are written with all of their digits."""

_BARE = re.compile(r"[^\W\d]\w*")


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition on a row.

    ``in`` and ``not in`` take words (or whole numbers) and hold of known values only, so that not
    to be in nothing is to be known; ``above``, ``below``, ``at least`` and ``at most`` a number;
    ``means`` names of meanings, which a project resolves into words of its own;
    ``repeats`` nothing: the label is that of the event before. Over groups, ``of`` may be an
    aggregate of the group's events.
    """

    of: Field | Aggregate
    operator: Operator
    values: tuple[str | int, ...] = ()
    bound: float = 0.0

    def __str__(self) -> str:
        of = _field_text(self.of) if isinstance(self.of, str) else str(self.of)
        if self.operator in _SIGN_OF:
            return f"{of} {_SIGN_OF[self.operator]} {number_text(self.bound)}"
        if self.operator == "repeats":
            return f"{of} is that before"
        if not self.values:
            return f"{of} is {'known' if self.operator == 'not in' else 'nothing'}"
        return f"{of} {self.operator} {', '.join(value_text(v) for v in self.values)}"


class _Arithmetic:
    """Formulas are written with the signs of arithmetic."""

    __slots__ = ()

    def __add__(self, other: Formula | float) -> Operation:
        return Operation("+", _formula(self), _formula(other))

    def __radd__(self, other: float) -> Operation:
        return Operation("+", _formula(other), _formula(self))

    def __sub__(self, other: Formula | float) -> Operation:
        return Operation("-", _formula(self), _formula(other))

    def __rsub__(self, other: float) -> Operation:
        return Operation("-", _formula(other), _formula(self))

    def __mul__(self, other: Formula | float) -> Operation:
        return Operation("*", _formula(self), _formula(other))

    def __rmul__(self, other: float) -> Operation:
        return Operation("*", _formula(other), _formula(self))

    def __rtruediv__(self, other: float) -> Operation:
        return Operation("/", _formula(other), _formula(self))

    def __truediv__(self, other: Formula | float) -> Operation:
        return Operation("/", _formula(self), _formula(other))


@dataclass(frozen=True, slots=True)
class Aggregate(_Arithmetic):
    """One number per entity out of its rows inside a span before the cut."""

    measure: Measure
    of: Field | Aggregate | None = None
    span: Span = "lookback"
    where: tuple[Condition, ...] = ()
    over: Over = Over.EVENTS
    by: Field | None = None
    """The label that is compared from step to step."""

    def __str__(self) -> str:
        of = _field_text(self.of) if isinstance(self.of, str) else str(self.of or "")
        rows = f"{self.over} by {_field_text(self.by)}" if self.by else str(self.over)
        if of and self.over is not Over.EVENTS:
            rows = f"{of} over {rows}"
        parts = [of if of and self.over is Over.EVENTS else rows]
        if self.where:
            parts.append(f"where {' and '.join(str(t) for t in self.where)}")
        if self.span != "lookback":
            parts.append(f"in {self.span}")
        return f"{self.measure}({' '.join(parts)})"

    @property
    def is_count(self) -> bool:
        """Say whether no row means zero, not unknown."""
        return self.measure in _COUNTS


_COUNTS = {Measure.COUNT, Measure.DISTINCT, Measure.PAIRS, Measure.SURPRISE}


@dataclass(frozen=True, slots=True)
class Constant(_Arithmetic):
    """A number."""

    value: float

    def __str__(self) -> str:
        return number_text(self.value)


@dataclass(frozen=True, slots=True)
class Days(_Arithmetic):
    """Fractional days from an instant to another; to the cut where ``until`` is None."""

    since: Aggregate
    until: Aggregate | None = None

    def __str__(self) -> str:
        return f"days({self.until or 'cut'} - {self.since})"


@dataclass(frozen=True, slots=True)
class Operation(_Arithmetic):
    """Arithmetic: null where a side is null, or where a number is divided by zero."""

    sign: Literal["+", "-", "*", "/"]
    a: Formula
    b: Formula

    def __str__(self) -> str:
        strength = _STRENGTH[self.sign]
        return f"{_beside(self.a, strength)} {self.sign} {_beside(self.b, strength + 1)}"


@dataclass(frozen=True, slots=True)
class Function(_Arithmetic):
    """A function of one number: ``positive`` is the number, or zero where it is negative.

    Null where there is none: a root of a negative number, a logarithm of one that is not positive.
    """

    name: Literal["sqrt", "ln", "positive", "or zero"]
    a: Formula

    def __str__(self) -> str:
        return f"{self.name}({self.a})"


@dataclass(frozen=True, slots=True)
class Larger(_Arithmetic):
    """The larger of two numbers; the known one where one is null."""

    a: Formula
    b: Formula

    def __str__(self) -> str:
        return f"larger({self.a}, {self.b})"


@dataclass(frozen=True, slots=True)
class Where(_Arithmetic):
    """A formula where another is at least a bound; null elsewhere."""

    a: Formula
    given: Formula
    at_least: float

    def __str__(self) -> str:
        return f"{self.a} if {_beside(self.given, 1)} >= {number_text(self.at_least)}"


@dataclass(frozen=True, slots=True)
class Reached(_Arithmetic):
    """How many of the steps were first taken in their order, from the first one on.

    The second step counts where it was first taken after the first step was, or with it.
    """

    steps: tuple[Aggregate, ...]

    def __str__(self) -> str:
        return f"steps in order({', '.join(str(s) for s in self.steps)})"


@dataclass(frozen=True, slots=True)
class Words:
    """The first word whose conditions all hold; ``otherwise`` where none do.

    A condition is ``(formula, is above, bound)``: the formula is above the bound, or it is not.
    """

    cases: tuple[tuple[tuple[tuple[Formula, bool, float], ...], str], ...]
    otherwise: str

    def __str__(self) -> str:
        told = []
        for conditions, word in self.cases:
            tests = (
                f"{_beside(f, 1)} {'>' if is_above else '<='} {number_text(bound)}"
                for f, is_above, bound in conditions
            )
            told.append(f"{value_text(word)} if {' and '.join(tests)}")
        return "; ".join([*told, f"else {value_text(self.otherwise)}"])


@dataclass(frozen=True, slots=True)
class Learned:
    """A model over other features, fitted to all entities: a *derived* feature."""

    family: str

    def __str__(self) -> str:
        return f"learned by the model '{self.family}'"


Formula = Aggregate | Constant | Days | Operation | Function | Larger | Where | Reached


_STRENGTH = {"+": 1, "-": 1, "*": 2, "/": 2}
"""How closely a sign binds; what binds less closely stands in brackets inside."""


def _beside(formula: Formula, strength: int) -> str:
    """Write a part of a formula, in brackets where it would otherwise fall apart."""
    own = 3
    if isinstance(formula, Where):
        own = 0
    elif isinstance(formula, Operation):
        own = _STRENGTH[formula.sign]
    return str(formula) if own >= strength else f"({formula})"


def number_text(value: float) -> str:
    """Write a number in as few digits as tell it from all others."""
    is_short = float(value).is_integer() and abs(value) < _ALL_DIGITS
    return str(int(value)) if is_short else repr(float(value))


def value_text(value: str | int) -> str:
    """Write a word, in quotes where it could be taken for something else."""
    if isinstance(value, int) or (_BARE.fullmatch(value) and value not in KEYWORDS):
        return str(value)
    return "'" + value.replace("'", "''") + "'"


def _field_text(field: Field) -> str:
    if field.startswith(MEASURE):
        return f"measure {value_text(field.removeprefix(MEASURE))}"
    return field


def _formula(value: Any) -> Formula:
    return Constant(float(value)) if isinstance(value, int | float) else value


def aggregates_in(value: Any) -> Iterator[Aggregate]:
    """Give the aggregates that a formula is made of, in reading order; not those inside them."""
    if isinstance(value, Aggregate):
        yield value
    elif isinstance(value, tuple):
        for one in value:
            yield from aggregates_in(one)
    elif is_dataclass(value):
        for f in fields(value):
            yield from aggregates_in(getattr(value, f.name))


def resolved(value: Any, words: dict[str, tuple[str, ...]]) -> Any:
    """Put words of a project in place of meanings, wherever a formula tests for them."""
    if isinstance(value, Condition):
        of = resolved(value.of, words)
        if value.operator != "means":
            return Condition(of, value.operator, value.values, value.bound)
        own = tuple(w for meaning in value.values for w in words.get(str(meaning), ()))
        return Condition(of, "in", own)
    if isinstance(value, tuple):
        return tuple(resolved(one, words) for one in value)
    if is_dataclass(value) and not isinstance(value, type):
        return type(value)(*(resolved(getattr(value, f.name), words) for f in fields(value)))
    return value
