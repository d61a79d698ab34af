"""Short words for the aggregates that the catalogue is written with.

What lives here: constructors, so that a feature reads like its definition. What does not: what an
aggregate means (``domain.formula``).
"""

from __future__ import annotations

from segmentry.domain.formula import (
    Aggregate,
    Condition,
    Constant,
    Days,
    Field,
    Formula,
    Function,
    Larger,
    Measure,
    Over,
    Span,
    Where,
)


def count(
    *where: Condition,
    of: Field | Aggregate | None = None,
    span: Span = "lookback",
    over: Over = Over.EVENTS,
    by: Field | None = None,
) -> Aggregate:
    """Count rows, or known values."""
    return Aggregate(Measure.COUNT, of, span, where, over, by)


def steps(*where: Condition, by: Field) -> Aggregate:
    """Count events that have one before them, both with a known label."""
    return count(*where, over=Over.STEPS, by=by)


def from_to(before: str, after: str) -> Aggregate:
    """Count steps from an event of one kind to one of another, or of the same."""
    return steps(one_of("before", before), one_of("kind", after), by="kind")


def total(
    of: Field | Aggregate, *where: Condition, span: Span = "lookback", over: Over = Over.EVENTS
) -> Aggregate:
    """Add up a field."""
    return Aggregate(Measure.SUM, of, span, where, over)


def distinct(of: Field, *where: Condition, span: Span = "lookback") -> Aggregate:
    """Count distinct known values."""
    return Aggregate(Measure.DISTINCT, of, span, where)


def most(
    of: Field | Aggregate, *where: Condition, span: Span = "lookback", over: Over = Over.EVENTS
) -> Aggregate:
    """Give the largest value."""
    return Aggregate(Measure.MOST, of, span, where, over)


def median(
    of: Field, *where: Condition, span: Span = "lookback", over: Over = Over.EVENTS
) -> Aggregate:
    """Give the median."""
    return Aggregate(Measure.MEDIAN, of, span, where, over)


def first(*where: Condition, span: Span = "history") -> Aggregate:
    """Give the earliest instant."""
    return Aggregate(Measure.FIRST, None, span, where)


def last(*where: Condition, span: Span = "history") -> Aggregate:
    """Give the latest instant."""
    return Aggregate(Measure.LAST, None, span, where)


def active_days(span: Span = "lookback") -> Aggregate:
    """Count local days with an event."""
    return Aggregate(Measure.COUNT, None, span, (), Over.DAYS)


def gaps(measure: Measure, of: Field = "gap_seconds", span: Span = "lookback") -> Aggregate:
    """Aggregate the times between consecutive distinct instants."""
    return Aggregate(measure, of, span, (Condition("gap", "above"),), Over.STEPS)


def means(*meanings: str) -> Condition:
    """Ask for events whose kind has one of the meanings."""
    return Condition("kind", "means", meanings)


def one_of(field: Field, *values: str | int) -> Condition:
    """Ask for one of the values."""
    return Condition(field, "in", values)


def known(of: Field) -> Condition:
    """Ask for a known value."""
    return Condition(of, "not in")


def above(of: Field | Aggregate, bound: float = 0.0) -> Condition:
    """Ask for more than a bound."""
    return Condition(of, "above", bound=bound)


def below(of: Field | Aggregate, bound: float) -> Condition:
    """Ask for less than a bound."""
    return Condition(of, "below", bound=bound)


def tenure() -> Days:
    """Give the days from the first event to the cut."""
    return Days(first())


def root(of: Formula) -> Function:
    """Give the square root; of what is negative by rounding, zero."""
    return Function("sqrt", Function("positive", of))


def logarithm(of: Formula) -> Function:
    """Give the natural logarithm; null where it has none."""
    return Function("ln", of)


def where(a: Formula, given: Formula, at_least: float) -> Where:
    """Give a formula where another is large enough."""
    return Where(a, given, at_least)


def at_least(a: Formula, least: float) -> Larger:
    """Give a formula, or the bound where it is below."""
    return Larger(a, Constant(least))


def entropy(field: Field) -> Formula:
    """Give Shannon's entropy of a field's known values in nats: ln N - (sum of n ln n) / N."""
    n = count(of=field)
    return Function("positive", logarithm(n) - Aggregate(Measure.SURPRISE, field) / n)


def concentration(field: Field) -> Formula:
    """Give the sum of squared shares of a field's known values (Herfindahl)."""
    n = count(of=field)
    return Aggregate(Measure.PAIRS, field) / (n * n)
