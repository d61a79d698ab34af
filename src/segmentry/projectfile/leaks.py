"""Roles that show only in two columns at once: copies of an outcome, of a treatment, of a number.

A column that knows the outcome (money that flows only after a conversion, a reason that is given
only for those who left, a number that tells the two apart by itself) would make segments of the
answer instead of the behaviour.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from segmentry.domain.role import Role
from segmentry.maths.roc import roc_area
from segmentry.projectfile.names import known, singular, words
from segmentry.projectfile.overlays import head
from segmentry.projectfile.survey import Column
from segmentry.projectfile.told import MOST_ARMS, MOST_CATEGORIES, Told

ALMOST_ALL = 0.995
"""Share of rows that must agree: a typing mistake or two is no evidence against."""

FEWEST_ROWS = 20
"""Rows that must show it; fewer may agree by chance."""

GIVES_AWAY = 0.98
"""Area under the ROC curve from which on a column by itself is the outcome in other words."""

TELLS_WELL = 0.80
"""The same from which on a reader is asked whether the column was known before the outcome."""

_ROWS = 20_000
_MOST_COLUMNS = 60


def second_look(columns: tuple[Column, ...], told: Mapping[str, Told]) -> dict[str, Told]:
    """Correct the roles of columns that repeat what another says."""
    after = dict(told)
    features = _of_role(columns, told, Role.CLUSTER)
    outcomes = _of_role(columns, told, Role.OUTCOME)
    arms = _of_role(columns, told, Role.TREATMENT)
    for column in features:
        found = (
            _copies_outcome(column, outcomes, told)
            or _copies_arm(column, arms, outcomes)
            or _bins_of(column, columns)
        )
        if found is not None:
            after[column.name] = found
    for later, why in _meet_only_where(_of_role(columns, after, Role.CLUSTER), outcomes):
        after[later.name] = Told(Role.OUTCOME, why)
    return after


def doubts(columns: tuple[Column, ...], told: Mapping[str, Told]) -> list[str]:
    """Ask about features that tell a yes-or-no outcome rather well, without knowing it."""
    notes = []
    outcomes = [c for c in _of_role(columns, told, Role.OUTCOME) if _is_yes_no(c)]
    for column in _of_role(columns, told, Role.CLUSTER)[:_MOST_COLUMNS]:
        found = [(separation(column, o), o) for o in outcomes]
        best, outcome = max(found, key=lambda pair: pair[0], default=(0.0, None))
        if outcome is not None and best >= TELLS_WELL:
            notes.append(
                f"{column.name!r} tells {outcome.name!r} well by itself (area under the curve"
                f" {best:.2f}): if it is known only afterwards, it is an outcome too"
                f" (--role {column.name}=outcome)"
            )
    return notes


def _of_role(columns: Sequence[Column], told: Mapping[str, Told], role: Role) -> list[Column]:
    return [c for c in columns if c.name in told and told[c.name].role is role]


def _copies_outcome(
    column: Column, outcomes: list[Column], told: Mapping[str, Told]
) -> Told | None:
    for outcome in outcomes:
        # Kinds of flowers are told apart by their petals: that is no leak.
        is_class = told[outcome.name].reason == "a class label"
        found = _only_with(column, outcome, is_class=is_class)
        if found is not None:
            return found
        if _same(column, outcome):
            return Told(Role.OUTCOME, f"says the same as {outcome.name!r}")
        if _is_yes_no(outcome) and not is_class:
            area = separation(column, outcome)
            if area >= GIVES_AWAY:
                return Told(
                    Role.OUTCOME,
                    f"gives {outcome.name!r} away: by itself it tells it almost without error"
                    f" (area under the curve {area:.3f})",
                )
    return None


def _only_with(column: Column, outcome: Column, *, is_class: bool) -> Told | None:
    if not outcome.is_binary and (is_class or not 2 <= outcome.n_distinct <= MOST_ARMS):
        return None
    for level in range(outcome.n_distinct):
        happened = outcome.codes == level
        if FEWEST_ROWS <= happened.sum() < 0.5 * len(happened) and _only_where(column, happened):
            which = "" if outcome.is_binary else f" {outcome.distinct_texts[level]!r}"
            return Told(Role.OUTCOME, f"only rows with {outcome.name!r}{which} have it")
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


def _is_yes_no(outcome: Column) -> bool:
    return outcome.n_distinct == 2


def separation(column: Column, outcome: Column) -> float:
    """Measure how well a column by itself tells two outcomes apart.

    Parameters
    ----------
    column : Column
        Numbers, or a category; of a category each level counts as its own share of the outcome.
    outcome : Column
        Two levels.

    Returns
    -------
    float
        Area under the ROC curve in the better direction, 0.5 to 1, over the rows that have both;
        0.5 where too few rows of either outcome do.
    """
    is_number = column.kind in {"number", "bool"}
    values, codes = column.numbers[:_ROWS], column.codes[:_ROWS]
    label = outcome.codes[:_ROWS]
    rows = (label >= 0) & (np.isfinite(values) if is_number else codes >= 0)
    happened = label[rows] == 1
    n_yes, n_no = int(happened.sum()), int((~happened).sum())
    if min(n_yes, n_no) < FEWEST_ROWS or rows.mean() < 0.5:
        return 0.5
    found = values[rows] if is_number else _shares(codes[rows], happened)
    if found is None:
        return 0.5
    area = roc_area(found, happened)
    return max(area, 1 - area)


def _shares(codes: NDArray[np.int64], happened: NDArray[np.bool_]) -> NDArray[np.float64] | None:
    """Give each row its level's share of the outcome, where levels are few enough to have one."""
    counts = np.bincount(codes)
    if np.count_nonzero(counts) > MOST_CATEGORIES or len(codes) < 20 * np.count_nonzero(counts):
        return None
    shares = np.bincount(codes, weights=happened) / np.maximum(counts, 1)
    return np.asarray(shares[codes], dtype=np.float64)


def _meet_only_where(
    features: list[Column], outcomes: list[Column]
) -> Iterator[tuple[Column, str]]:
    """Find two numbers that are equal for one outcome and for no other: the debt and what was paid.

    The one that comes later in the file is the one that came later in life.
    """
    numbers = [c for c in features if c.kind == "number" and c.n_distinct > MOST_CODES_APART]
    numbers = numbers[:_MOST_COLUMNS]
    labels = [o for o in outcomes if 2 <= o.n_distinct <= MOST_ARMS]
    for i, later in enumerate(numbers):
        for earlier in numbers[:i]:
            equal = np.isclose(later.numbers[:_ROWS], earlier.numbers[:_ROWS], rtol=1e-6)
            where = _where_only(equal, labels)
            if where is not None:
                yield later, f"equals {earlier.name!r} only where {where}"
                break


MOST_CODES_APART = 30
"""Two numbers with fewer values than these meet by chance."""


def _where_only(equal: NDArray[np.bool_], labels: list[Column]) -> str | None:
    if not 0.02 <= equal.mean() <= 0.98:
        return None
    for label in labels:
        codes = label.codes[: len(equal)]
        for level in range(label.n_distinct):
            there = codes == level
            enough = min(there.sum(), (~there).sum()) >= FEWEST_ROWS
            if enough and equal[there].mean() >= 0.98 and equal[~there].mean() <= 0.02:
                return f"{label.name!r} is {label.distinct_texts[level]!r}"
    return None


def _copies_arm(column: Column, arms: list[Column], outcomes: list[Column]) -> Told | None:
    for arm in arms:
        if _same(column, arm):
            return Told(Role.TREATMENT, f"says the same as {arm.name!r}")
    if not outcomes or column.kind != "text" or not 2 <= column.n_distinct <= 4:
        return None
    if column.words and singular(column.words[-1]) == "version":
        return Told(Role.TREATMENT, "versions, beside an outcome: an experiment's arms")
    ends = {words(level)[-1:] for level in column.levels}
    if len(ends) == 1 and set(*ends) & known("arm_objects") and column.n_distinct == 2:
        return Told(Role.TREATMENT, "two of one thing, beside an outcome: an experiment's arms")
    return None


def _bins_of(column: Column, columns: tuple[Column, ...]) -> Told | None:
    """Find the number that a text, or a score of few levels, cuts into bins without overlap."""
    if column.kind != "text" and not column.is_whole:
        return None
    if not 3 <= column.n_distinct <= MOST_CATEGORIES:
        return None
    named = head(column) in known("cut_words")
    fewest = 2 * column.n_distinct if named else 30
    for number in [c for c in columns if c.kind == "number"][:_MOST_COLUMNS]:
        fits = number is not column and number.n_distinct > max(fewest, 2 * column.n_distinct - 1)
        if fits and _is_cut(column.codes[:_ROWS], number.numbers[:_ROWS], column.n_distinct):
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
