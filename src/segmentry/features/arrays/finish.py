"""Formulas over aggregates that are computed: the last step of each feature.

What lives here: arithmetic in which NaN is the unknown. The meaning of everything is that of
``features.finish``.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

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
from segmentry.maths.stretches import Numbers

Found = Mapping[Aggregate, Numbers]


def number(formula: Formula, found: Found, cut: int | None, n: int) -> Numbers:
    """Compute a formula.

    Parameters
    ----------
    formula : Formula
    found : mapping of Aggregate to ndarray of shape (n,)
    cut : int or None
        In microseconds since 1970; None for events without time.
    n : int
        How many entities there are.

    Returns
    -------
    ndarray of float of shape (n,)
        NaN where it is unknown.
    """
    match formula:
        case Aggregate():
            value = found[formula]
            return _or_zero(value) if formula.is_count else value
        case Days(since=since, until=until):
            end = np.float64(_known(cut)) if until is None else found[until]
            return (end - found[since]) / DAY_MICROS
        case Reached(steps=steps):
            return _reached([found[s] for s in steps], n)
        case Constant(value=value):
            return np.full(n, value)
    return _combined(formula, found, cut, n)


def _combined(
    formula: Operation | Function | Larger | Where, found: Found, cut: int | None, n: int
) -> Numbers:
    a = number(formula.a, found, cut, n)
    if isinstance(formula, Function):
        return _function(formula.name, a)
    if isinstance(formula, Where):
        return np.where(number(formula.given, found, cut, n) >= formula.at_least, a, np.nan)
    b = number(formula.b, found, cut, n)
    if isinstance(formula, Larger):
        return np.where(np.isnan(a) | (b > a), b, a)
    return _operation(formula.sign, a, b)


def _operation(sign: str, a: Numbers, b: Numbers) -> Numbers:
    match sign:
        case "+":
            return a + b
        case "-":
            return a - b
        case "*":
            return a * b
    result = np.full(len(a), np.nan)
    np.divide(a, b, out=result, where=b != 0)
    return result


def _function(name: str, a: Numbers) -> Numbers:
    match name:
        case "sqrt":
            return np.sqrt(a)
        case "ln":
            result = np.full(len(a), np.nan)
            np.log(a, out=result, where=a > 0)
            return result
        case "or zero":
            return _or_zero(a)
    return np.where(a < 0, 0.0, a)


def _known(cut: int | None) -> int:
    if cut is None:
        msg = "events without time have no cut"
        raise ValueError(msg)
    return cut


def _or_zero(a: Numbers) -> Numbers:
    return np.where(np.isnan(a), 0.0, a)


def _reached(instants: list[Numbers], n: int) -> Numbers:
    """Count the steps from the first one on that were first taken in order."""
    result = np.zeros(n)
    goes_on = np.ones(n, np.bool_)
    before: Numbers | None = None
    for at in instants:
        goes_on &= ~np.isnan(at)
        if before is not None:
            goes_on &= ~(at < before)
        result += goes_on
        before = at
    return result


def words(formula: Words, found: Found, cut: int | None, n: int) -> NDArray[np.object_]:
    """Give each entity the first word whose conditions all hold."""
    result = np.full(n, formula.otherwise, dtype=object)
    is_open = np.ones(n, np.bool_)
    for conditions, word in formula.cases:
        holds = is_open.copy()
        for of, is_above, bound in conditions:
            value = number(of, found, cut, n)
            # Of what is unknown, neither holds.
            holds &= value > bound if is_above else ~np.isnan(value) & ~(value > bound)
        result[holds] = word
        is_open &= ~holds
    return result
