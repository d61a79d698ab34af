"""Entities to learn from and entities to judge by, alike in activity; the same at every time.

A split by time is the judging cut of ``pipeline.judging``: ``time_note`` only tells it in the same
form. Read on in ``docs/methods/splits.md``.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from segmentry.domain.notes import Side, SplitNote
from segmentry.domain.role import Kind, Role
from segmentry.domain.table import FeatureTable
from segmentry.errors import DataError
from segmentry.maths.kolmogorov import kolmogorov_distance

STRATA = 10
"""Layers of activity: within each of them the share is kept."""

FEWEST = 20
"""Entities that either side needs."""

ACTIVITIES = (
    *("n_events", "n_orders", "n_sessions", "active_days", "decayed_activity"),
    *("quantity_total", "value_total"),
)
"""Features that measure activity, the first that is there."""


def activity_of(table: FeatureTable) -> tuple[str, NDArray[np.float64]]:
    """Give the feature that measures activity, and its values; an empty name where none does."""
    for name in ACTIVITIES:
        if any(c.name == name and c.kind is Kind.NUMBER for c in table.columns):
            values = table.numbers(name)
            return name, np.where(np.isnan(values), 0.0, values)
    return "", np.zeros(table.n_entities)


def split_entities(table: FeatureTable, *, train: float, seed: int) -> NDArray[np.bool_]:
    """Choose the entities to learn from.

    Parameters
    ----------
    table : FeatureTable
    train : float
        Their share, above 0 and below 1.
    seed : int

    Returns
    -------
    ndarray of bool, shape (n_entities,)
        True for who is learned from. The order of rows does not matter.

    Raises
    ------
    DataError
        E2006 if either side would have fewer than 20 entities.

    Notes
    -----
    Each entity has a number that its id and the seed settle. Entities are layered by tenths of
    activity and by the answers of outcomes; in each layer those with the smallest numbers are
    learned from. Thus a split repeats to the last entity, and who joins later moves at most those
    near the border of a layer.

    References
    ----------
    Neyman, J. (1934). On the two different aspects of the representative method. Journal of the
    Royal Statistical Society 97, 558-625.
    """
    numbers = hashed(table.entity_ids.cast("string").to_pylist(), seed)
    strata = _strata(table)
    learned = np.zeros(table.n_entities, dtype=bool)
    # Rounding each layer by itself would drift: what is left over goes on to the next layer.
    owed = 0.0
    for stratum in np.unique(strata):
        rows = np.flatnonzero(strata == stratum)
        owed += train * len(rows)
        count = min(round(owed), len(rows))
        owed -= count
        learned[rows[np.argsort(numbers[rows], kind="stable")[:count]]] = True
    smaller = int(min(learned.sum(), (~learned).sum()))
    if smaller < FEWEST:
        raise DataError(
            f"split.train {train:g} leaves {smaller} entities on one side, and each needs {FEWEST}",
            code="E2006",
            hint="give more data, change split.train, or leave 'split' out",
        )
    return learned


def hashed(ids: Sequence[str | None], seed: int) -> NDArray[np.float64]:
    """Give each id a number in [0, 1) that nothing but the id and the seed settles.

    Examples
    --------
    >>> a, b = hashed(["x", "y"], 0), hashed(["y", "x"], 0)
    >>> bool(a[0] == b[1] != a[1])
    True
    """
    start = f"{seed}:".encode()
    whole = float(2**64)
    return np.array(
        [
            int.from_bytes(hashlib.sha256(start + str(i).encode()).digest()[:8], "big") / whole
            for i in ids
        ]
    )


def _strata(table: FeatureTable) -> NDArray[np.int64]:
    """Give each entity its layer: tenths of activity, crossed with the answers of an outcome."""
    _, values = activity_of(table)
    edges = np.unique(np.quantile(values, np.linspace(0.0, 1.0, STRATA + 1)[1:-1]))
    strata = np.searchsorted(edges, values, side="left").astype(np.int64)
    for column in table.with_role(Role.OUTCOME)[:1]:
        if column.kind is Kind.CATEGORY:
            codes, levels = table.categories(column.name)
            n_answers = len(levels)
        else:
            answers = table.numbers(column.name)
            found, codes = np.unique(np.nan_to_num(answers, nan=-1.0), return_inverse=True)
            n_answers = len(found)
        if n_answers <= STRATA:
            strata = strata * (n_answers + 2) + codes.astype(np.int64) + 1
    return strata


def split_note(table: FeatureTable, learned: NDArray[np.bool_], share: float) -> SplitNote:
    """Measure how alike both sides are in activity.

    Parameters
    ----------
    table : FeatureTable
    learned : ndarray of bool, shape (n_entities,)
    share : float
        What was asked for.

    Returns
    -------
    SplitNote
    """
    name, values = activity_of(table)
    return _note("entity", share, name, values[learned], values[~learned])


def time_note(now: FeatureTable, then: FeatureTable) -> SplitNote:
    """Tell a split by time in the same form: features at the cut, and at the judging cut."""
    name, values = activity_of(now)
    _, earlier = activity_of(then)
    share = then.n_entities / max(now.n_entities, 1)
    return _note("time", share, name, earlier, values)


def _note(
    by: Literal["entity", "time"],
    share: float,
    name: str,
    train: NDArray[np.float64],
    validation: NDArray[np.float64],
) -> SplitNote:
    statistic, p_value = kolmogorov_distance(train, validation)
    told = f"{len(train):,} entities to learn from and {len(validation):,} to judge by"
    if by == "time":
        told = f"{len(train):,} entities at the judging cut and {len(validation):,} at the cut"
    if name:
        told += (
            f"; their distributions of {name} differ by {statistic:.3f} at most "
            f"(Kolmogorov-Smirnov, p = {p_value:.2g})"
        )
    return SplitNote(
        by, share, name, _side(train), _side(validation), statistic, p_value, f"{told}."
    )


def _side(values: NDArray[np.float64]) -> Side:
    if not len(values):
        return Side(0, 0.0, 0.0)
    return Side(len(values), float(values.mean()), float(np.median(values)))
