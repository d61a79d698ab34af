"""Roles that show only in two columns at once: copies of an outcome, of a treatment, of a number.

A column that knows the outcome (money that flows only after a conversion, a reason that is given
only for those who left) would make segments of the answer instead of the behaviour.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from segmentry.domain.role import Role
from segmentry.projectfile.names import singular
from segmentry.projectfile.roles import MOST_ARMS, MOST_CATEGORIES, Told
from segmentry.projectfile.survey import Column

ALMOST_ALL = 0.995
"""Share of rows that must agree: a typing mistake or two is no evidence against."""

FEWEST_ROWS = 20
"""Rows that must show it; fewer may agree by chance."""

_ROWS = 20_000
_MOST_COLUMNS = 60


def second_look(columns: tuple[Column, ...], told: Mapping[str, Told]) -> dict[str, Told]:
    """Correct the roles of columns that repeat what another says."""
    after = dict(told)
    features = [c for c in columns if c.name in told and told[c.name].role is Role.CLUSTER]
    outcomes = _of_role(columns, told, Role.OUTCOME)
    arms = _of_role(columns, told, Role.TREATMENT)
    for column in features:
        found = (
            _copies_outcome(column, outcomes)
            or _copies_arm(column, arms, outcomes)
            or _bins_of(column, columns)
        )
        if found is not None:
            after[column.name] = found
    return after


def _of_role(columns: tuple[Column, ...], told: Mapping[str, Told], role: Role) -> list[Column]:
    return [c for c in columns if c.name in told and told[c.name].role is role]


def _copies_outcome(column: Column, outcomes: list[Column]) -> Told | None:
    for outcome in outcomes:
        if not outcome.is_binary:
            continue
        for level in range(outcome.n_distinct):
            happened = outcome.codes == level
            if FEWEST_ROWS <= happened.sum() < 0.5 * len(happened) and _only_where(
                column, happened
            ):
                return Told(Role.OUTCOME, f"only rows with {outcome.name!r} have it")
        if _same(column, outcome):
            return Told(Role.OUTCOME, f"says the same as {outcome.name!r}")
    return None


def _only_where(column: Column, happened: NDArray[np.bool_]) -> bool:
    """Tell whether a column is above zero, or filled at all, only where something happened."""
    number = column.kind == "number"
    shown = np.nan_to_num(column.numbers) != 0 if number else column.codes >= 0
    enough = FEWEST_ROWS <= shown.sum() < 0.5 * len(shown)
    return bool(enough and np.mean(happened[shown]) >= ALMOST_ALL)


def _same(column: Column, other: Column) -> bool:
    """Tell whether two columns of few levels are the same but for their words."""
    if not 2 <= column.n_distinct == other.n_distinct <= MOST_ARMS:
        return False
    both = (column.codes >= 0) & (other.codes >= 0)
    pairs = np.zeros((column.n_distinct, other.n_distinct))
    np.add.at(pairs, (column.codes[both], other.codes[both]), 1)
    enough = both.sum() >= FEWEST_ROWS and both.mean() > 0.9
    return bool(enough and pairs.max(axis=1).sum() >= ALMOST_ALL * both.sum()
                and len(set(pairs.argmax(axis=1))) == column.n_distinct)  # fmt: skip


def _copies_arm(column: Column, arms: list[Column], outcomes: list[Column]) -> Told | None:
    for arm in arms:
        if _same(column, arm):
            return Told(Role.TREATMENT, f"says the same as {arm.name!r}")
    version = bool(column.words) and singular(column.words[-1]) == "version"
    if version and outcomes and column.kind == "text" and 2 <= column.n_distinct <= 4:
        return Told(Role.TREATMENT, "versions, beside an outcome: an experiment's arms")
    return None


def _bins_of(column: Column, columns: tuple[Column, ...]) -> Told | None:
    """Find the number that a text cuts into bins: no two of its levels overlap in it."""
    if column.kind != "text" or not 3 <= column.n_distinct <= MOST_CATEGORIES:
        return None
    for number in [c for c in columns if c.kind == "number" and c.n_distinct > 30][:_MOST_COLUMNS]:
        if _is_cut(column.codes[:_ROWS], number.numbers[:_ROWS], column.n_distinct):
            return Told(Role.OVERLAY, f"repeats {number.name!r} in bins")
    return None


def _is_cut(codes: NDArray[np.int64], numbers: NDArray[np.float64], n_levels: int) -> bool:
    both = (codes >= 0) & np.isfinite(numbers)
    if both.sum() < 10 * n_levels:
        return False
    low, high = np.full(n_levels, np.inf), np.full(n_levels, -np.inf)
    np.minimum.at(low, codes[both], numbers[both])
    np.maximum.at(high, codes[both], numbers[both])
    order = np.argsort(low)
    return bool(np.all(np.isfinite(low)) and np.all(high[order][:-1] <= low[order][1:]))
