"""Formulas over aggregates as expressions: the last step of each feature."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import reduce
from operator import and_
from typing import TYPE_CHECKING, Any

from segmentry.domain.formula import (
    Aggregate,
    Constant,
    Days,
    Formula,
    Function,
    Larger,
    Operation,
    Reached,
    Where,
    Words,
)
from segmentry.features.rows import DAY_MICROS

if TYPE_CHECKING:
    import ibis.expr.types as ir


def finished(
    formula: Formula | Words,
    grouped: ir.Table,
    names: Mapping[Aggregate, str],
    cut: int | None,
) -> Any:
    """Write a feature out of its aggregates.

    Parameters
    ----------
    formula : Formula or Words
    grouped : ibis table
        One row per entity, a column for each aggregate.
    names : mapping of Aggregate to str
        Which column holds which.
    cut : int or None
        The cut in microseconds since 1970; None for events without time.

    Returns
    -------
    ibis number, or ibis string for words
    """
    if isinstance(formula, Words):
        return _words(formula, grouped, names, cut)
    if isinstance(formula, Aggregate):
        number = grouped[names[formula]].cast("float64")
        return number.fill_null(0.0) if formula.is_count else number
    if isinstance(formula, Days):
        end = cut if formula.until is None else grouped[names[formula.until]]
        return ((end - grouped[names[formula.since]]) / DAY_MICROS).cast("float64")
    if isinstance(formula, Reached):
        return _reached([grouped[names[s]] for s in formula.steps])
    if isinstance(formula, Constant):
        return _literal(formula.value)
    return _combined(formula, lambda f: finished(f, grouped, names, cut))


def _combined(
    formula: Operation | Function | Larger | Where, value: Callable[[Formula], Any]
) -> Any:
    a = value(formula.a)
    if isinstance(formula, Function):
        return _function(formula.name, a)
    if isinstance(formula, Where):
        return _where(value(formula.given) >= formula.at_least, a)
    b = value(formula.b)
    return _larger(a, b) if isinstance(formula, Larger) else _operation(formula.sign, a, b)


def _literal(number: float) -> Any:
    import ibis

    return ibis.literal(number, type="float64")


def _operation(sign: str, a: Any, b: Any) -> Any:
    match sign:
        case "+":
            return a + b
        case "-":
            return a - b
        case "*":
            return a * b
    return a / b.nullif(0.0)


def _function(name: str, a: Any) -> Any:
    import ibis

    match name:
        case "sqrt":
            return ibis.cases((a >= 0, a), else_=ibis.null("float64")).sqrt()
        case "ln":
            return ibis.cases((a > 0, a), else_=ibis.null("float64")).ln()
        case "or zero":
            return a.fill_null(0.0)
    return ibis.cases((a < 0, _literal(0.0)), else_=a)


def _larger(a: Any, b: Any) -> Any:
    import ibis

    return ibis.cases((a.isnull() | (b > a), b), else_=a)


def _where(holds: Any, a: Any) -> Any:
    import ibis

    return ibis.cases((holds, a), else_=ibis.null("float64"))


def _reached(instants: list[Any]) -> Any:
    """Count the steps from the first one on that were first taken in order."""
    import ibis

    cases, before = [], None
    for i, at in enumerate(instants):
        is_missed = at.isnull() if before is None else at.isnull() | (at < before)
        cases.append((is_missed, _literal(float(i))))
        before = at
    return ibis.cases(*cases, else_=_literal(float(len(instants))))


def _words(
    formula: Words, grouped: ir.Table, names: Mapping[Aggregate, str], cut: int | None
) -> Any:
    import ibis

    cases = []
    for conditions, word in formula.cases:
        tests = []
        for f, is_above, bound in conditions:
            number = finished(f, grouped, names, cut)
            tests.append(number > bound if is_above else ~(number > bound))
        cases.append((reduce(and_, tests), ibis.literal(word)))
    return ibis.cases(*cases, else_=ibis.literal(formula.otherwise))
