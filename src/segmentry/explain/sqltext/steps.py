"""Each step of a recipe as an expression over raw features.

What lives here: one expression per prepared column, in the order and the arithmetic of
``domain.recipe``, so that sums and products agree to the bit; only logarithms and exponentials may
differ in the last bits. What does not: how expressions make a statement (``statement``).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise

from segmentry.domain.filling import Levels
from segmentry.domain.recipe import CategoryStep, GapStep, NumberStep, Recipe, ScoreStep
from segmentry.explain.sqltext.dialect import Dialect, less, not_as_sql, number

LARGEST_POWER = 300.0
"""Exponents are held within this: what lies beyond is pulled in to the column's limit anyway, and
some engines call an overflow an error."""

LARGEST_LOG = 710.0
"""No logarithm of a double is larger."""

MOST_QUANTILES = 1_000
"""A ladder of more rungs than this is no statement that anybody reads."""


def check_recipe(recipe: Recipe) -> None:
    """Refuse a recipe that holds what SQL cannot say, before anything is written.

    Raises
    ------
    AssignmentError
        E6004, with the column and the reason.
    """
    for step in recipe.numbers:
        why = _inexpressible(step)
        if why is not None:
            raise not_as_sql(
                f"the feature {step.column!r} {why}",
                hint="use the script of `segmentry export code`, which can do that; or change it "
                "under prepare in the project file and run again",
            )


def _inexpressible(step: NumberStep) -> str | None:
    if step.ridge is not None or step.neighbours is not None:
        return "has its gaps filled by a model of other features"
    if step.transform == "quantile-normal":
        return "is bent to a bell, for which SQL has no function"
    if len(step.quantiles) > MOST_QUANTILES:
        return f"is bent by {len(step.quantiles):,} quantiles, and {MOST_QUANTILES:,} are the most"
    return None


def known(step: NumberStep, dialect: Dialect) -> str:
    """Write a number with its gaps filled, in the step's unit."""
    raw = f"cast({dialect.column(step.column)} as {dialect.double})"
    filled = f"coalesce({raw}, {_fill(step.by, step.impute, dialect)})"
    return filled if step.unit == 1 else f"{filled} / {number(step.unit)}"


def _fill(by: Levels | None, otherwise: float, dialect: Dialect) -> str:
    if by is None or not by.levels:
        return number(otherwise)
    told = zip(by.levels, by.values, strict=True)
    return chosen(dialect.column(by.column), told, otherwise, dialect)


def prepared(step: NumberStep, x: str) -> str:
    """Write a known number bent, scaled, pulled in and weighed."""
    units = less(bent(step, x), step.centre)
    if step.scale != 1:
        units = f"({units}) / {number(step.scale)}"
    if abs(step.limit) < float("inf"):
        units = f"greatest({number(-step.limit)}, least({number(step.limit)}, {units}))"
    return units if step.weight == 1 else f"({units}) * {number(step.weight)}"


def bent(step: NumberStep, x: str) -> str:
    """Write the transform of a known number."""
    if step.transform == "identity":
        return x
    if step.transform == "log1p":
        return f"ln(1e0 + greatest({x}, 0e0))"
    if step.transform == "yeo-johnson":
        above, below = _power(x, step.exponent), _power(x, 2.0 - step.exponent)
        return f"case when {x} < 0e0 then -({below}) else {above} end"
    return _ladder(x, step.quantiles)


def _power(x: str, exponent: float) -> str:
    logs = f"ln(1e0 + abs({x}))"
    if exponent == 1:
        return f"abs({x})"
    if abs(exponent) < 1e-12:
        return logs
    power = f"{number(exponent)} * {logs}"
    if abs(exponent) * LARGEST_LOG > LARGEST_POWER:
        bound = "least" if exponent > 0 else "greatest"
        power = f"{bound}({number(LARGEST_POWER if exponent > 0 else -LARGEST_POWER)}, {power})"
    return f"(exp({power}) - 1e0) / {number(exponent)}"


def _ladder(x: str, marks: tuple[float, ...]) -> str:
    """Write the share of learned rows below a value: a straight line between any two marks.

    Of a value at which several marks lie, the middle of their shares counts.
    """
    places: dict[float, list[int]] = {}
    for i, mark in enumerate(marks):
        places.setdefault(mark, []).append(i)
    last = len(marks) - 1
    rungs = [
        f"when {x} >= {number(marks[-1])} then 1e0",
        f"when {x} <= {number(marks[0])} then 0e0",
    ]
    for low, high in pairwise(places):
        start, end = places[low][-1] / last, places[high][0] / last
        slope = (end - start) / (high - low)
        line = f"({less(x, low)}) * {number(slope)} + {number(start)}"
        rungs.append(f"when {x} < {number(high)} then {line}")
        if len(places[high]) > 1:
            middle = (places[high][0] + places[high][-1]) / (2 * last)
            rungs.append(f"when {x} = {number(high)} then {number(middle)}")
    return f"case {' '.join(rungs)} end"


def indicators(step: CategoryStep, dialect: Dialect) -> Iterator[str]:
    """Write one column per level of a category, and one for all others where the step folds."""
    column, factor = dialect.column(step.column), step.scale * step.weight
    own = step.levels[:-1] if step.folds else step.levels
    for level in own:
        yield chosen(column, [(level, factor)], 0.0, dialect)
    if step.folds:
        nothing = f"{column} is null"
        if own:
            nothing += f" or {column} in ({', '.join(map(dialect.text, own))})"
        yield _double(f"case when {nothing} then 0e0 else {number(factor)} end", dialect)


def score(step: ScoreStep, dialect: Dialect) -> str:
    """Write the score of a category's level; a gap has one of its own."""

    def scaled(value: float) -> float:
        return (value - step.centre) / step.scale * step.weight

    column = dialect.column(step.column)
    told = zip(step.levels, map(scaled, step.scores), strict=True)
    known_level = chosen(column, told, scaled(step.unseen), dialect)
    gap = number(scaled(step.missing))
    return f"case when {column} is null then {gap} else {known_level} end"


def gap_mark(step: GapStep, dialect: Dialect) -> str:
    """Write whether a value is missing, as a standardised number."""
    gap, value = ((mark - step.centre) / step.scale * step.weight for mark in (1.0, 0.0))
    is_gap = f"{dialect.column(step.column)} is null"
    case = f"case when {is_gap} then {number(gap)} else {number(value)} end"
    return _double(case, dialect)


def chosen(
    column: str, told: Iterable[tuple[str, float]], otherwise: float, dialect: Dialect
) -> str:
    """Write the number of a column's level; other levels and gaps have ``otherwise``."""
    whens = " ".join(f"when {column} = {dialect.text(level)} then {number(v)}" for level, v in told)
    return _double(
        f"case {whens} else {number(otherwise)} end" if whens else number(otherwise), dialect
    )


def _double(expression: str, dialect: Dialect) -> str:
    # PostgreSQL takes every number that is written down for an exact one.
    return f"cast({expression} as {dialect.double})"
