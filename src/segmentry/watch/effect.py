"""What a moved feature does to segments, and whether it is only told in another unit.

What lives here: figures that need the rows of now. What does not: what two sketches tell
(``drift``).
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from segmentry.domain.arrays import numbers_of
from segmentry.domain.bounded import Bounded
from segmentry.domain.drift import Shift, Sign
from segmentry.domain.release import Release
from segmentry.domain.role import Kind
from segmentry.domain.sketch import Sketch
from segmentry.domain.table import FeatureTable
from segmentry.maths.intervals import wilson_interval
from segmentry.watch.reference import level_codes

UNITS = (10.0, 100.0, 1_000.0, 1e4, 1e6, 7.0, 12.0, 24.0, 30.0, 60.0, 365.25, 1_024.0, 1_440.0,
         3_600.0, 86_400.0)  # fmt: skip
"""One unit in another: powers of ten, times, bytes; their inverses too. Smaller factors, such as
those of lengths and currencies, are not told from behaviour."""

NEAR_UNIT = 0.02
"""How far a factor may lie from a unit's."""

EVEN_FACTOR = 0.05
"""How far the factors at quantiles may lie apart: only a unit moves all of them alike."""


def effect_on_segments(
    table: FeatureTable, shift: Shift, then: Sketch, release: Release, rng: Generator
) -> Bounded:
    """Say how many would be in another segment if one feature had its earlier distribution.

    Ranks stay as they are: the lowest value now gets the lowest then. Of gaps and levels as few as
    can be give way, drawn at random.

    Parameters
    ----------
    table : FeatureTable
        Of now.
    shift : Shift
        The feature.
    then : Sketch
    release : Release
    rng : numpy.random.Generator

    Returns
    -------
    Bounded
        A share with Wilson's interval.
    """
    name = shift.feature
    if table.column(name).kind is Kind.NUMBER:
        values = _numbers_as_then(table.numbers(name), name, then, rng)
        column = numbers_of(values)
    else:
        column = _levels_as_then(table, name, then, rng)
    place = table.data.schema.get_field_index(name)
    as_then = replace(table, data=table.data.set_column(place, name, column))
    here = release.assigner.answer(release.recipe.apply(table).X).segment
    there = release.assigner.answer(release.recipe.apply(as_then).X).segment
    n_other = int((here != there).sum())
    return Bounded(n_other / max(len(here), 1), *wilson_interval(n_other, max(len(here), 1)))


def _numbers_as_then(
    values: NDArray[np.float64], name: str, then: Sketch, rng: Generator
) -> NDArray[np.float64]:
    result, gaps = values.copy(), np.isnan(values)
    wanted = round(then.missing_share(name) * len(values))
    known = np.flatnonzero(~gaps)
    if int(then.inner(name).sum()) == 0:
        return np.full(len(values), np.nan)
    # Equal values share the middle of their ranks, and so stay equal.
    order = np.sort(values[known])
    low = np.searchsorted(order, values[known], side="left")
    high = np.searchsorted(order, values[known], side="right")
    result[known] = then.quantiles(name, 0.5 * (low + high) / max(len(known), 1))
    surplus = int(gaps.sum()) - wanted
    if surplus > 0:
        filled = rng.choice(np.flatnonzero(gaps), surplus, replace=False)
        result[filled] = then.quantiles(name, rng.random(surplus))
    elif surplus < 0 and len(known) >= -surplus:
        result[rng.choice(known, -surplus, replace=False)] = np.nan
    return result


def _levels_as_then(table: FeatureTable, name: str, then: Sketch, rng: Generator) -> object:
    """Move as few entities as can be to other levels, so that levels have their earlier shares."""
    import pyarrow as pa

    levels = dict(then.grid.levels)[name]
    codes = level_codes(table, name, levels)
    slots = np.where(codes < 0, len(levels) + 1, codes)
    had = np.concatenate([then.counts[name], [then.missing[name]]])
    wanted = np.floor(had / max(then.n, 1) * len(codes)).astype(np.int64)
    lacking = []
    free: list[int] = []
    for slot, count in enumerate(wanted):
        rows = np.flatnonzero(slots == slot)
        if len(rows) > count:
            free += rng.choice(rows, len(rows) - count, replace=False).tolist()
        else:
            lacking += [slot] * (int(count) - len(rows))
    words = np.array(table.data[name].to_pylist(), dtype=object)
    for row, slot in zip(rng.permutation(free).astype(np.int64), lacking, strict=False):
        words[row] = levels[slot] if slot < len(levels) else None
    return pa.array(words.tolist(), pa.string())


def unit_sign(values: NDArray[np.float64], shift: Shift, then: Sketch) -> Sign | None:
    """Tell whether one factor that parts two units explains how a feature has moved.

    Parameters
    ----------
    values : ndarray of shape (n,), NaN where missing
        Of now.
    shift : Shift
    then : Sketch

    Returns
    -------
    Sign or None
        Where the factor is the same at quantiles from 10 to 90 %, and near one of ``UNITS``.
    """
    known = values[~np.isnan(values)]
    if len(known) < 30 or int(then.inner(shift.feature).sum()) < 30:
        return None
    shares = np.linspace(0.1, 0.9, 17)
    here, there = np.quantile(known, shares), then.quantiles(shift.feature, shares)
    usable = (np.abs(there) > 1e-12) & (np.abs(here) > 1e-12)
    if int(usable.sum()) < 8:
        return None
    factors = here[usable] / there[usable]
    if (factors <= 0).any():
        return None
    logs = np.log(factors)
    middle = float(np.median(logs))
    if float(np.quantile(np.abs(logs - middle), 0.75)) > EVEN_FACTOR:
        return None
    for unit in (*UNITS, *(1.0 / u for u in UNITS)):
        if abs(middle - np.log(unit)) < NEAR_UNIT + EVEN_FACTOR / 2:
            words = f"{shift.feature!r} is {unit:g} times what it was, everywhere alike: a unit"
            return Sign("unit", shift.feature, words, shift.p_value)
    return None
