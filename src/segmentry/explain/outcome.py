"""What happened to the entities of a segment, and who they are: outcomes and overlays.

What lives here: outcome means with intervals, and the overlay levels that a segment holds more or
less of than everyone. What does not: clustering features (``contrast.py``). Neither outcomes nor
overlays shape a segment or its name.
"""

from __future__ import annotations

import itertools

import numpy as np
from numpy.typing import NDArray

from segmentry.domain.profile import Contrast, OutcomeRate, OverlayShare
from segmentry.domain.role import Kind, Role
from segmentry.domain.table import FeatureColumn, FeatureTable
from segmentry.explain.contrast import Measured
from segmentry.explain.word import figure
from segmentry.maths.effect import cohens_h
from segmentry.maths.intervals import (
    bootstrap_mean_interval,
    mean_interval,
    newcombe_interval,
    share_against_all_interval,
    wilson_interval,
)
from segmentry.maths.suppression import FEWEST_TOLD

YES = ("yes", "true", "1", "1.0", "y", "t")
NO = ("no", "false", "0", "0.0", "n", "f")
MOST_OVERLAYS = 6
MOST_CODES, MOST_VALUES = 30, 10
"""Whole and other numbers of so few kinds are told one by one: codes more often than amounts."""
MOST_LEVELS = 50
"""An overlay with more levels than this is an address or a name, not a description."""
FEW_ROWS = 5_000
"""Up to here a mean's interval is bootstrapped; beyond, the normal curve is close enough."""


def outcome_rates(
    table: FeatureTable,
    segment: NDArray[np.int64],
    n_segments: int,
    rng: np.random.Generator,
) -> tuple[tuple[OutcomeRate, ...], ...]:
    """Measure each outcome column in each segment.

    Yes/no columns give a share with Wilson's interval; other numbers a mean with a bootstrap
    interval; other categories one share per level, named ``column: level``.

    Returns
    -------
    tuple of tuple of OutcomeRate
        One entry per segment. A segment without a known value has no rate for that outcome.
    """
    found: list[list[OutcomeRate]] = [[] for _ in range(n_segments)]
    for column in table.with_role(Role.OUTCOME):
        for name, values in outcome_values(table, column):
            for s in range(n_segments):
                rate = _rate(name, values, segment == s, rng)
                if rate is not None:
                    found[s].append(rate)
    return tuple(tuple(rates) for rates in found)


def outcome_measures(
    table: FeatureTable, segment: NDArray[np.int64], n_segments: int
) -> tuple[tuple[Measured, ...], ...]:
    """Compare the shares of yes/no outcomes with everyone's, as actions need them."""
    found: list[list[Measured]] = [[] for _ in range(n_segments)]
    for column in table.with_role(Role.OUTCOME):
        for _, values in outcome_values(table, column)[:1]:
            known = ~np.isnan(values)
            if not is_binary(values) or not known.any():
                continue
            for s in range(n_segments):
                found[s].append(_share(column, values, known, segment == s))
    return tuple(tuple(measured) for measured in found)


def _share(
    column: FeatureColumn,
    values: NDArray[np.float64],
    known: NDArray[np.bool_],
    members: NDArray[np.bool_],
) -> Measured:
    inside = values[members & known]
    overall = float(values[known].mean())
    if not len(inside):
        nothing = Contrast(column.name, None, None, None, overall, None, 0.0, 0.0, 0.0)
        return Measured(nothing, column, is_share=True, present_share=0.0)
    held, n = int(inside.sum()), len(inside)
    low, high = share_against_all_interval(held, n, int(values[known].sum()), int(known.sum()))
    h = cohens_h(held / n, overall)
    contrast = Contrast(column.name, None, held / n, None, overall, None, h, low, high)
    return Measured(contrast, column, is_share=True, present_share=n / int(members.sum()))


def outcome_values(
    table: FeatureTable, column: FeatureColumn
) -> list[tuple[str, NDArray[np.float64]]]:
    """Give an outcome as numbers: itself, 0/1 for yes/no, or 0/1 per level."""
    if column.kind is Kind.NUMBER:
        return [(column.name, table.numbers(column.name))]
    codes, levels = table.categories(column.name)
    yes = [i for i, level in enumerate(levels) if level.strip().lower() in YES]
    no = [i for i, level in enumerate(levels) if level.strip().lower() in NO]
    if len(yes) + len(no) == len(levels) and len(yes) == 1 and len(no) <= 1:
        return [(column.name, _flags(codes, yes[0]))]
    if len(levels) > MOST_LEVELS:
        return []
    return [(f"{column.name}: {level}", _flags(codes, i)) for i, level in enumerate(levels)]


def _flags(codes: NDArray[np.int64], level: int) -> NDArray[np.float64]:
    return np.where(codes < 0, np.nan, (codes == level).astype(np.float64))


def is_binary(values: NDArray[np.float64]) -> bool:
    """Tell whether the known values are zeros and ones."""
    known = values[~np.isnan(values)]
    return bool(np.isin(known, (0.0, 1.0)).all())


def _rate(
    name: str,
    values: NDArray[np.float64],
    members: NDArray[np.bool_],
    rng: np.random.Generator,
) -> OutcomeRate | None:
    known = ~np.isnan(values)
    inside = values[members & known]
    if not len(inside):
        return None
    is_share = is_binary(values)
    if is_share:
        low, high = wilson_interval(int(inside.sum()), len(inside))
    elif len(inside) <= FEW_ROWS:
        low, high = bootstrap_mean_interval(inside, rng)
    else:
        low, high = mean_interval(inside)
    overall = float(values[known].mean())
    return OutcomeRate(name, float(inside.mean()), low, high, overall, len(inside), is_share)


def overlay_shares(
    table: FeatureTable, segment: NDArray[np.int64], n_segments: int
) -> tuple[tuple[OverlayShare, ...], ...]:
    """Find the overlay levels that a segment holds more or less of than the others.

    A level is told where Newcombe's interval of its share in the segment against the rest leaves
    out 0 and at least 10 of the segment's entities hold it; the strongest few per segment.

    Returns
    -------
    tuple of tuple of OverlayShare
        One entry per segment, strongest first.
    """
    columns = [(c.name, *_banded(table, c)) for c in table.with_role(Role.OVERLAY)]
    return tuple(_told(columns, segment == s) for s in range(n_segments))


def _told(
    columns: list[tuple[str, NDArray[np.int64], tuple[str, ...]]], members: NDArray[np.bool_]
) -> tuple[OverlayShare, ...]:
    found: list[tuple[float, OverlayShare]] = []
    for name, codes, levels in columns:
        inside = np.bincount(codes[members & (codes >= 0)], minlength=len(levels))
        everyone = np.bincount(codes[codes >= 0], minlength=len(levels))
        n, total = int(inside.sum()), int(everyone.sum())
        for i, level in enumerate(levels):
            held, held_by_all = int(inside[i]), int(everyone[i])
            if held < FEWEST_TOLD or n == total:
                continue
            low, high = newcombe_interval(held, n, held_by_all - held, total - n)
            if low <= 0.0 <= high:
                continue
            share = OverlayShare(name, level, held / n, held_by_all / total)
            found.append((cohens_h(share.share, share.overall_share), share))
    found.sort(key=lambda item: (-abs(item[0]), item[1].column, item[1].level))
    return tuple(share for _, share in found[:MOST_OVERLAYS])


def _banded(
    table: FeatureTable, column: FeatureColumn
) -> tuple[NDArray[np.int64], tuple[str, ...]]:
    """Give an overlay as codes and levels; many-valued numbers become thirds of everyone.

    Whole numbers of few kinds stay what they are: the third browser is no more than the second, and
    "up to 2" says nothing of either.
    """
    if column.kind is Kind.CATEGORY:
        codes, levels = table.categories(column.name)
        if len(levels) > MOST_LEVELS:
            return np.full(len(codes), -1, dtype=np.int64), ()
        return codes, ("no", "yes") if levels == ("0", "1") else levels
    values = table.numbers(column.name)
    known = ~np.isnan(values)
    distinct = np.unique(values[known])
    is_whole = bool((distinct == np.floor(distinct)).all())
    if len(distinct) <= (MOST_CODES if is_whole else MOST_VALUES):
        codes = np.searchsorted(distinct, np.where(known, values, 0.0))
        return np.where(known, codes, -1), _each(distinct, is_whole=is_whole)
    low, high = np.quantile(values[known], [1 / 3, 2 / 3])
    cuts = np.unique([low, high])
    codes = np.searchsorted(cuts, np.where(known, values, 0.0))
    return np.where(known, codes, -1), _bands(distinct, cuts)


def _each(distinct: NDArray[np.float64], *, is_whole: bool) -> tuple[str, ...]:
    """Write each value; yes and no of zeros and ones, and codes without a separator."""
    if is_binary(distinct):
        return tuple("yes" if v else "no" for v in distinct)
    return tuple(f"{v:.0f}" if is_whole else figure(v) for v in distinct)


def _bands(distinct: NDArray[np.float64], cuts: NDArray[np.float64]) -> tuple[str, ...]:
    """Name the bands between cuts; a band that holds one value alone by that value."""
    bands = np.searchsorted(cuts, distinct)
    held = [distinct[bands == i] for i in range(len(cuts) + 1)]
    ends = [figure(c) for c in cuts]
    between = [f"{a} to {b}" for a, b in itertools.pairwise(ends)]
    names = [f"up to {ends[0]}", *between, f"over {ends[-1]}"]
    told = tuple(
        figure(own[0]) if len(own) == 1 else name for own, name in zip(held, names, strict=True)
    )
    return told if len(set(told)) == len(told) else tuple(names)
