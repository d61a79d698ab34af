"""Which formulas make sense: what may be measured of which rows, and what may be asked of a row.

What lives here: the table of fields by what they hold, and the rules on one aggregate and one
condition. What does not: the language (``formula``), and its text (``formulatext``). A formula that
keeps these rules compiles on every engine; every feature of the catalogue keeps them.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from segmentry.domain.formula import (
    GROUPS,
    IDENTITIES,
    LABELS,
    MEASURE,
    Aggregate,
    Computed,
    Condition,
    Field,
    Measure,
    Over,
)
from segmentry.domain.project import MEANINGS, NUMBER_FIELDS
from segmentry.domain.window import MOST_DAYS, fixed_days


class Holds(StrEnum):
    """What a field holds, as a reader is told."""

    WORD = "a word"
    ID = "an id"
    NUMBER = "a number"
    WHOLE = "a whole number"
    PART = "a part of a sum"


_WHOLE_COMPUTED = (
    *(Computed.WEEKDAY, Computed.HOUR, Computed.DAY, Computed.WEEK, Computed.PERIOD),
    *(Computed.DAY_AGE, Computed.IS_LATER_DAY),
)

EVENT_HOLDS: Mapping[Field, Holds] = MappingProxyType(
    {
        **dict.fromkeys(LABELS, Holds.WORD),
        **dict.fromkeys(IDENTITIES, Holds.ID),
        **dict.fromkeys(NUMBER_FIELDS, Holds.NUMBER),
        **dict.fromkeys(("sentiment", "is_negative", "n_words"), Holds.NUMBER),
        **dict.fromkeys((str(c) for c in Computed), Holds.PART),
        **dict.fromkeys((str(c) for c in _WHOLE_COMPUTED), Holds.WHOLE),
    }
)
"""Fields of an event; measured columns (``MEASURE``) hold numbers too."""

SPANS = ("history", "lookback", "recent", "prior", "earlier", "trend")
"""Spans that have a name; all others are days, such as ``30d``."""

_OF_NUMBERS = (Measure.COUNT, Measure.SUM, Measure.LEAST, Measure.MOST, Measure.MEDIAN)
_OF_EVENTS = {
    Holds.WORD: (Measure.COUNT, Measure.DISTINCT, Measure.TOP, Measure.PAIRS, Measure.SURPRISE),
    Holds.ID: (Measure.COUNT, Measure.DISTINCT),
    Holds.NUMBER: (*_OF_NUMBERS, Measure.LATEST, Measure.EARLIEST),
    Holds.WHOLE: (*_OF_NUMBERS, Measure.DISTINCT, Measure.LATEST, Measure.EARLIEST),
    Holds.PART: (Measure.SUM, Measure.LEAST, Measure.MOST),
}
_INSIDE = (*_OF_NUMBERS, Measure.DISTINCT)
"""What may be said of the events of one order, session or visit."""

_UNTESTED = {Measure.TOP, Measure.PAIRS, Measure.SURPRISE}
_TESTS = {
    Holds.WORD: {"in", "not in", "means", "repeats"},
    Holds.ID: {"not in"},
    Holds.NUMBER: {"in", "not in", "above", "below", "at least", "at most"},
    Holds.WHOLE: {"in", "not in", "above", "below", "at least", "at most"},
    Holds.PART: set(),
}
_RANGES: dict[str, tuple[int, int]] = {Computed.WEEKDAY: (1, 7), Computed.HOUR: (0, 23)}


def holds_of(field: Field, over: Over = Over.EVENTS, by: Field | None = None) -> Holds | None:
    """Say what a field of some rows holds; None where these rows have no such field."""
    if over is Over.EVENTS and field.startswith(MEASURE):
        return Holds.NUMBER
    return fields_of(over, by).get(field)


def fields_of(over: Over, by: Field | None = None) -> Mapping[Field, Holds]:
    """Give the fields of some rows, each with what it holds."""
    if over is Over.EVENTS:
        return EVENT_HOLDS
    if over is Over.STEPS:
        labels = {} if by is None else {by: Holds.WORD, "before": Holds.WORD}
        return {"gap": Holds.NUMBER, "gap_seconds": Holds.WHOLE, **labels}
    if over is Over.RUNS:
        return {"days": Holds.WHOLE, "age": Holds.WHOLE}
    return {"seconds": Holds.NUMBER} if over in {Over.VISITS, Over.SESSIONS} else {}


def why_not_span(span: str) -> str | None:
    """Say why a span is none; None where it is one."""
    if span in SPANS:
        return None
    days = fixed_days(span)
    if days is None:
        return f"{span!r} is no span of time"
    return None if 0 < days <= MOST_DAYS else f"a span of {span} is empty, or longer than any log"


def why_not_aggregate(a: Aggregate) -> str | None:
    """Say why an aggregate makes no sense; None where it does. Its conditions have their own rule.

    Examples
    --------
    >>> why_not_aggregate(Aggregate(Measure.SUM, "kind"))
    "'kind' holds a word: of it there is count, distinct, top, pairs, surprise, and no sum"
    """
    if a.where and (a.over is Over.DAYS or a.measure in _UNTESTED):
        what = "days are" if a.over is Over.DAYS else f"'{a.measure}' is"
        return f"{what} not told for some of the events alone, so there is no 'where'"
    if isinstance(a.of, Aggregate):
        return _why_not_inside(a, a.of)
    if a.of is None:
        allowed: tuple[Measure, ...] = (Measure.COUNT,)
        if a.over is Over.EVENTS:
            allowed += (Measure.FIRST, Measure.LAST)
        return None if a.measure in allowed else f"'{a.measure}' needs to know of what"
    held = holds_of(a.of, a.over, a.by)
    if held is None:
        return f"{a.over} have no field {a.of!r}"
    ways = _OF_EVENTS[held] if a.over is Over.EVENTS else _OF_NUMBERS
    if held is Holds.WORD and a.over is not Over.EVENTS:
        ways = (Measure.COUNT,)
    if a.of == "gap_seconds":
        ways = (*ways, Measure.SQUARES)
    if a.measure in ways:
        return None
    return f"{a.of!r} holds {held}: of it there is {', '.join(ways)}, and no {a.measure}"


def _why_not_inside(a: Aggregate, inner: Aggregate) -> str | None:
    if a.measure not in _OF_NUMBERS or a.measure is Measure.COUNT:
        return f"of a number of each of the {a.over} there is no {a.measure}"
    return why_not_inner(inner, a.over)


def why_not_inner(inner: Aggregate, over: Over) -> str | None:
    """Say why an aggregate says nothing of each of some groups of events; None where it does."""
    if over not in GROUPS:
        return f"{over} are no groups of events: only orders, sessions and visits are"
    if inner.over is not Over.EVENTS or isinstance(inner.of, Aggregate):
        return f"of each of the {over} only its events are measured"
    if inner.span != "lookback":
        return f"the span stands outside: it is that of the {over}"
    if Computed.IS_LATER_DAY in {inner.of, *(t.of for t in inner.where)}:
        return f"'{Computed.IS_LATER_DAY}' is told of all events of an entity, not of {over}"
    if inner.measure not in _INSIDE:
        return f"of each of the {over} there is no {inner.measure}"
    return None


def why_not_condition(test: Condition, over: Over, by: Field | None) -> str | None:
    """Say why nothing of that kind can be asked of a row; None where it can."""
    if isinstance(test.of, Aggregate):
        is_compared = test.operator in {"above", "below", "at least", "at most"}
        why = f"a number is compared with >, <, >= or <=, not with '{test.operator}'"
        return why_not_inner(test.of, over) if is_compared else why
    held = holds_of(test.of, over, by)
    if held is None:
        return f"{over} have no field {test.of!r}"
    if test.operator not in _TESTS[held]:
        return f"{test.of!r} holds {held}, which cannot be asked so"
    if test.operator == "repeats" and test.of != by:
        return "'is that before' is asked of steps by a label, and of that label"
    is_meant = test.operator == "means"
    return _why_not_meaning(test, by) if is_meant else _why_not_values(test, held)


def _why_not_meaning(test: Condition, by: Field | None) -> str | None:
    if (by if test.of == "before" else test.of) != "kind":
        return f"only kinds of events mean something, and {test.of!r} is none"
    unknown = [str(v) for v in test.values if v not in MEANINGS]
    return f"no kind of event means {unknown[0]!r}" if unknown else None


def _why_not_values(test: Condition, held: Holds) -> str | None:
    numbers = [v for v in test.values if isinstance(v, int)]
    if held is Holds.ID:
        return (
            f"{test.of!r} holds an id: whether it is known is all to ask" if test.values else None
        )
    if held is not Holds.WORD and len(numbers) < len(test.values):
        return f"{test.of!r} holds {held}, and is compared with a word"
    low, high = _RANGES.get(str(test.of), (None, None))
    if low is not None and high is not None and any(not low <= n <= high for n in numbers):
        return f"{test.of!r} goes from {low} to {high}"
    return None
