"""Formulas drawn at random out of the rules of the language, for laws that hold of all of them."""

from __future__ import annotations

from hypothesis import strategies as st

from segmentry.domain.formula import (
    GROUPS,
    LABELS,
    Aggregate,
    Computed,
    Condition,
    Constant,
    Days,
    Formula,
    Function,
    Larger,
    Measure,
    Operation,
    Operator,
    Over,
    Reached,
    Where,
    Words,
)
from segmentry.domain.formularules import EVENT_HOLDS, SPANS, Holds
from segmentry.domain.project import MEANINGS

WORDS = ("cart", "purchase", "renewal", "view", "a", "b", "x", "web", "app", "12")
ODD_WORDS = (*WORDS, "log in", "it's", "in", "and", "É-1", '"', "", "count", "then)", "(other)")
BOUNDS = st.sampled_from([0.0, 1.0, 2.0, 0.5, -3.0, 1e-9, 12.25, 100.0, 1 / 3])
NUMBERS = (Measure.COUNT, Measure.SUM, Measure.LEAST, Measure.MOST, Measure.MEDIAN)
COMPARED: tuple[Operator, ...] = ("above", "below", "at least", "at most")
PARTS = {f for f, held in EVENT_HOLDS.items() if held is Holds.PART}
UNSEEN = {"topic", "sentiment", "is_negative", "n_words"}
"""Fields of texts, which logs of the plain oracle have not."""


@st.composite
def formulas(draw: st.DrawFn, *, any_field: bool = True, depth: int = 2) -> Formula:
    """Draw a formula; one of fields that the plain oracle knows, unless any field will do."""
    if depth == 0 or draw(st.integers(0, 3)) == 0:
        return draw(_leaves(any_field))
    inner = formulas(any_field=any_field, depth=depth - 1)
    kind = draw(st.sampled_from(["sign", "sign", "function", "larger", "where"]))
    if kind == "sign":
        return Operation(draw(st.sampled_from("+-*/")), draw(inner), draw(inner))
    if kind == "function":
        names = st.sampled_from(["sqrt", "ln", "positive", "or zero"])
        return Function(draw(names), draw(inner))
    if kind == "larger":
        return Larger(draw(inner), draw(inner))
    return Where(draw(inner), draw(inner), draw(BOUNDS))


@st.composite
def words(draw: st.DrawFn, *, any_field: bool = True) -> Words:
    """Draw a formula that tells a word."""
    cases = []
    for word in draw(st.lists(st.sampled_from(ODD_WORDS), min_size=1, max_size=3)):
        test = st.tuples(formulas(any_field=any_field, depth=1), st.booleans(), BOUNDS)
        cases.append((tuple(draw(st.lists(test, min_size=1, max_size=2))), word))
    return Words(tuple(cases), draw(st.sampled_from(ODD_WORDS)))


@st.composite
def _leaves(draw: st.DrawFn, any_field: bool) -> Formula:
    kind = draw(st.sampled_from(["aggregate"] * 6 + ["constant", "days", "reached"]))
    if kind == "constant":
        return Constant(draw(BOUNDS))
    if kind == "days":
        return Days(draw(_instants(any_field)), draw(st.none() | _instants(any_field)))
    if kind == "reached":
        return Reached(tuple(draw(st.lists(_instants(any_field), min_size=1, max_size=3))))
    return draw(_aggregates(any_field))


@st.composite
def _instants(draw: st.DrawFn, any_field: bool) -> Aggregate:
    measure = draw(st.sampled_from([Measure.FIRST, Measure.LAST]))
    where = draw(_conditions(Over.EVENTS, None, any_field))
    return Aggregate(measure, None, draw(_spans()), where)


@st.composite
def _aggregates(draw: st.DrawFn, any_field: bool) -> Aggregate:
    over = draw(st.sampled_from([Over.EVENTS] * 4 + list(Over)))
    span = draw(_spans())
    if over is Over.EVENTS:
        measure, of = draw(_measured(any_field))
        has_where = measure not in {Measure.TOP, Measure.PAIRS, Measure.SURPRISE}
        where = draw(_conditions(over, None, any_field)) if has_where else ()
        return Aggregate(measure, of, span, where)
    if over is Over.DAYS:
        return Aggregate(Measure.COUNT, None, span, (), over)
    labels = [f for f in LABELS if any_field or f not in UNSEEN]
    by = draw(st.none() | st.sampled_from(labels)) if over is Over.STEPS else None
    where = draw(_conditions(over, by, any_field))
    if draw(st.booleans()):
        return Aggregate(Measure.COUNT, None, span, where, over, by)
    if over in GROUPS:
        measure = draw(st.sampled_from(NUMBERS[1:]))
        if over is not Over.ORDERS and draw(st.booleans()):
            return Aggregate(measure, "seconds", span, where, over)
        return Aggregate(measure, draw(_inner(any_field)), span, where, over)
    of = draw(st.sampled_from(["gap", "gap_seconds"] if over is Over.STEPS else ["days", "age"]))
    ways = (*NUMBERS, Measure.SQUARES) if of == "gap_seconds" else NUMBERS
    return Aggregate(draw(st.sampled_from(ways)), of, span, where, over, by)


@st.composite
def _inner(draw: st.DrawFn, any_field: bool) -> Aggregate:
    allowed = {*NUMBERS, Measure.DISTINCT}
    told = _measured(any_field).filter(
        lambda m: m[0] in allowed and m[1] != Computed.IS_LATER_DAY and m[1] not in PARTS
    )
    measure, of = draw(told)
    where = draw(_conditions(Over.EVENTS, None, any_field))
    where = tuple(t for t in where if t.of != Computed.IS_LATER_DAY)
    return Aggregate(measure, of, where=where)


@st.composite
def _measured(draw: st.DrawFn, any_field: bool) -> tuple[Measure, str | None]:
    if draw(st.integers(0, 4)) == 0:
        return Measure.COUNT, None
    of = draw(st.sampled_from(_fields(any_field)))
    ways: dict[Holds, tuple[Measure, ...]] = {
        Holds.WORD: (
            *(Measure.COUNT, Measure.DISTINCT, Measure.TOP, Measure.PAIRS, Measure.SURPRISE),
        ),
        Holds.ID: (Measure.COUNT, Measure.DISTINCT),
        Holds.NUMBER: (*NUMBERS, Measure.LATEST, Measure.EARLIEST),
        Holds.WHOLE: (*NUMBERS, Measure.DISTINCT, Measure.LATEST, Measure.EARLIEST),
        Holds.PART: (Measure.SUM, Measure.LEAST, Measure.MOST),
    }
    held = EVENT_HOLDS.get(of, Holds.NUMBER)
    return draw(st.sampled_from(ways[held])), of


def _fields(any_field: bool) -> list[str]:
    fields = [*EVENT_HOLDS, "measure: minutes"]
    if any_field:
        return [*fields, "measure: dwell time", "measure: in"]
    return [f for f in fields if f not in PARTS | UNSEEN]


@st.composite
def _conditions(
    draw: st.DrawFn, over: Over, by: str | None, any_field: bool
) -> tuple[Condition, ...]:
    if over is Over.ORDERS:
        told = _compared(_inner(any_field))
    elif over in GROUPS:
        told = _compared(st.just("seconds") | _inner(any_field))
    elif over is Over.STEPS:
        told = _compared(st.sampled_from(["gap", "gap_seconds"]))
        told = told | _labels(by, by, any_field) if by else told
    elif over is Over.RUNS:
        told = _compared(st.sampled_from(["days", "age"]))
    else:
        told = _of_events(any_field)
    return tuple(draw(st.lists(told, max_size=2)))


def _compared(of: st.SearchStrategy[str | Aggregate]) -> st.SearchStrategy[Condition]:
    return st.builds(Condition, of, st.sampled_from(COMPARED), st.just(()), BOUNDS)


@st.composite
def _of_events(draw: st.DrawFn, any_field: bool) -> Condition:
    of = draw(st.sampled_from([f for f in _fields(any_field) if f not in PARTS]))
    held = EVENT_HOLDS.get(of, Holds.NUMBER)
    if held is Holds.WORD:
        return draw(_labels(of, None, any_field))
    if held is Holds.ID or draw(st.integers(0, 4)) == 0:
        return Condition(of, "not in")
    if held in {Holds.WHOLE, Holds.NUMBER} and draw(st.booleans()):
        among = st.integers(1, 7) if of == Computed.WEEKDAY else st.integers(0, 23)
        values = tuple(draw(st.lists(among, min_size=1, max_size=3)))
        return Condition(of, draw(st.sampled_from(["in", "not in"])), values)
    return draw(_compared(st.just(of)))


@st.composite
def _labels(draw: st.DrawFn, label: str, by: str | None, any_field: bool) -> Condition:
    of = draw(st.sampled_from([label, "before"])) if by else label
    ways = ["in", "not in", "known"] + (["means"] if label == "kind" else [])
    way = draw(st.sampled_from(ways + (["repeats"] if by == of else [])))
    if way == "known":
        return Condition(of, "not in")
    if way == "repeats":
        return Condition(of, "repeats")
    among = list(MEANINGS) if way == "means" else ODD_WORDS if any_field else WORDS
    values = tuple(draw(st.lists(st.sampled_from(among), min_size=1, max_size=3)))
    return Condition(of, way, values)  # type: ignore[arg-type]


def _spans() -> st.SearchStrategy[str]:
    return st.sampled_from([*SPANS, "1d", "30d", "14.5d", "400d"])
