"""Whether other entities, or the same ones behaving otherwise, explain what has moved.

What lives here: weighing strata as they were, and holding the same entities against themselves.
What does not: the rules that name a cause (``cause``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow.compute as pc
from numpy.typing import NDArray

from segmentry.domain.role import Kind, Role
from segmentry.domain.sketch import Grid
from segmentry.domain.table import FeatureTable
from segmentry.maths.divergence import even_starts, population_stability
from segmentry.watch.reference import bin_counts, level_codes

MOST_STRATA = 20
FEWEST_IN_STRATUM = 20

SURELY_MOVED = 1e-3
"""An overlay explains nothing unless its own shares moved so surely."""


@dataclass(frozen=True, slots=True)
class Explained:
    """How much of what moved an explanation takes away: 1 all of it."""

    by: str
    share: float


def by_strata(
    now: FeatureTable, then: FeatureTable, features: Sequence[str], grid: Grid
) -> Explained | None:
    """Find the overlay whose earlier shares take most of the movement away.

    Parameters
    ----------
    now, then : FeatureTable
    features : sequence of str
        Those that have moved.
    grid : Grid

    Returns
    -------
    Explained or None
        None where no overlay of words has moved.
    """
    present = {c.name for c in now.columns}
    best: Explained | None = None
    for column in then.with_role(Role.OVERLAY):
        known = dict(grid.levels).get(column.name)
        if column.kind is not Kind.CATEGORY or known is None or column.name not in present:
            continue
        if not 2 <= len(known) <= MOST_STRATA:
            continue
        here, there = (level_codes(t, column.name, known) + 1 for t in (now, then))
        had, have = (np.bincount(c, minlength=len(known) + 2) for c in (there, here))
        if population_stability(have, had).p_value > SURELY_MOVED:
            continue
        weights = np.where(have >= FEWEST_IN_STRATUM, had / np.maximum(have, 1), 0.0)
        share = explained(now, then, features, grid, weights[here])
        if best is None or share > best.share:
            best = Explained(column.name, share)
    return best


def explained(
    now: FeatureTable,
    then: FeatureTable,
    features: Sequence[str],
    grid: Grid,
    weights: NDArray[np.float64],
) -> float:
    """Say how much of the movement of all features goes away once entities of now are weighed.

    Parameters
    ----------
    now, then : FeatureTable
    features : sequence of str
    grid : Grid
    weights : ndarray of shape (n_now,), 0 or more

    Returns
    -------
    float
        At most 1; below 0 where weighing makes it worse.
    """
    plain = weighed = 0.0
    for name in features:
        starts, there = _bins(then, name, grid, None)
        _, here = _bins(now, name, grid, None, starts)
        _, like = _bins(now, name, grid, weights, starts)
        plain += population_stability(here, there).value
        weighed += population_stability(like, there).value
    return 1.0 - weighed / plain if plain > 0 else 0.0


def same_entities(
    now: FeatureTable, then: FeatureTable, features: Sequence[str], grid: Grid
) -> tuple[float, float] | None:
    """Measure how much of the movement the entities known at both times show themselves.

    Parameters
    ----------
    now, then : FeatureTable
    features : sequence of str
    grid : Grid

    Returns
    -------
    tuple of float, or None
        The sum of indices of those known at both times over that of all; the share of entities of
        now that were known. None where fewer than 50 are, or nothing moved.
    """
    places = pc.index_in(now.entity_ids.cast("string"), value_set=then.entity_ids.cast("string"))
    known = places.is_valid().to_numpy(zero_copy_only=False)
    if int(known.sum()) < 50:
        return None
    here = now.take(np.flatnonzero(known))
    there = then.take(places.drop_null().to_numpy().astype(np.int64))
    alone = whole = 0.0
    for name in features:
        starts, had = _bins(then, name, grid, None)
        whole += population_stability(_bins(now, name, grid, None, starts)[1], had).value
        mine, theirs = (_bins(t, name, grid, None, starts)[1] for t in (here, there))
        alone += population_stability(mine, theirs).value
    return (alone / whole, float(known.mean())) if whole > 0 else None


def is_newcomer(now: FeatureTable, then: FeatureTable) -> NDArray[np.bool_]:
    """Tell who was not in the reference."""
    known = pc.is_in(now.entity_ids.cast("string"), value_set=then.entity_ids.cast("string"))
    flags: NDArray[np.bool_] = ~known.to_numpy(zero_copy_only=False)
    return flags


def _bins(
    table: FeatureTable,
    name: str,
    grid: Grid,
    weights: NDArray[np.float64] | None,
    starts: NDArray[np.int64] | None = None,
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Count a column in coarse bins, gaps last; without ``starts`` bins are settled by it."""
    if name in grid.numbers:
        values, edges = table.numbers(name), grid.numbers[name]
        known = ~np.isnan(values)
        places = np.searchsorted(edges, values[known], side="right")
        fine = np.bincount(
            places, None if weights is None else weights[known], minlength=len(edges) + 1
        )
        starts = even_starts(bin_counts(values[known], edges), 10) if starts is None else starts
        counts = np.add.reduceat(fine.astype(np.float64), starts)
        gaps = (~known).sum() if weights is None else weights[~known].sum()
        return starts, np.append(counts, float(gaps))
    levels = dict(grid.levels)[name]
    codes = level_codes(table, name, levels)
    slots = np.where(codes < 0, len(levels) + 1, codes)
    counts = np.bincount(slots, weights, minlength=len(levels) + 2).astype(np.float64)
    return np.zeros(0, dtype=np.int64), counts
