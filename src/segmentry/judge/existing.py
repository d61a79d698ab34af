"""Our segments beside those that somebody already has: agreement, cross-table, and what is new.

What lives here: how far two segmentations of the same entities agree, and which of theirs ours
take apart, by what. What does not: which of the two is better, of which agreement says nothing.
Read on in ``docs/methods/existing.md``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from segmentry.domain.existing import Crossing, Difference, Label, Split, told_index, told_parts
from segmentry.domain.percent import percent
from segmentry.errors import MathsError
from segmentry.maths.agreement import (
    adjusted_rand_index,
    adjusted_rand_interval,
    contingency,
    normalised_mutual_information,
)
from segmentry.maths.intervals import student_quantile
from segmentry.maths.suppression import FEWEST_TOLD, withheld_cells

LEAST_SHARE = 0.1
"""Share of an existing segment from which one of ours is a part of it and no border case."""

OTHERS = "(others)"
"""What existing segments of fewer entities are called together."""

MOST_FEATURES = 5
"""Features that are told for each split: the strongest ones."""


def compare_existing(
    existing: Sequence[str | None],
    segment: NDArray[np.int64],
    segment_ids: Sequence[int],
    *,
    values: NDArray[np.float64],
    names: Sequence[str],
) -> Crossing:
    """Hold our segments against an existing segmentation of the same entities.

    Parameters
    ----------
    existing : sequence of str or None, of length n_rows
        The existing segment of each entity; None where it has none.
    segment : ndarray of int, shape (n_rows,)
        Ours, as places in ``segment_ids``.
    segment_ids : sequence of int
    values : ndarray of shape (n_rows, n_features), finite
        What the parts of a split are compared on; any unit.
    names : sequence of str, of length n_features

    Returns
    -------
    Crossing

    Raises
    ------
    MathsError
        If lengths differ, or no entity has an existing segment.

    Notes
    -----
    Cells of one to nine entities are withheld, and with them what they would follow from, since the
    sizes of both kinds of segments are told. Splits are told the other way round too: which of ours
    the existing ones take apart.

    Effects describe parts that were found on the same features: that they differ is no news, by
    what and how much is. Intervals are those of Welch for two means, with the fewer degrees of
    freedom of the two parts; that the standard deviation is estimated is left out. For more than
    two parts the pair that differs most is told, so that its interval is a little too narrow.

    References
    ----------
    Hubert, L. and Arabie, P. (1985). Comparing partitions. Journal of Classification 2, 193-218.
    Welch, B. L. (1938). The significance of the difference between two means when the population
    variances are unequal. Biometrika 29, 350-362.
    """
    n = len(segment)
    if len(existing) != n or values.shape != (n, len(names)):
        msg = (
            f"{n} segments, {len(existing)} existing ones and values of shape {values.shape} "
            f"under {len(names)} names do not belong together"
        )
        raise MathsError(msg)
    known = np.array([e is not None for e in existing], dtype=bool)
    if not known.any():
        msg = f"none of {n} entities has an existing segment to compare with"
        raise MathsError(msg)
    levels, codes = _by_size([e for e in existing if e is not None])
    ours = segment[known]
    # Each of ours has its column, empty ones too.
    table = np.zeros((len(levels), len(segment_ids)), dtype=np.int64)
    table[:, np.unique(ours)] = contingency(codes, ours)
    withheld = withheld_cells(table, least=FEWEST_TOLD)
    theirs, mine = Side(levels, codes), Side(tuple(segment_ids), ours)
    splits = _splits(theirs, mine, Cells(table, withheld), values[known], names)
    agreement = adjusted_rand_index(codes, ours)
    common = normalised_mutual_information(codes, ours)
    low, high = adjusted_rand_interval(codes, ours)
    without = int(n - known.sum())
    return Crossing(
        agreement,
        low,
        high,
        common,
        levels,
        tuple(segment_ids),
        tuple(tuple(int(c) for c in row) for row in table),
        tuple(tuple(bool(c) for c in row) for row in withheld),
        splits,
        _splits(mine, theirs, Cells(table.T, withheld.T), values[known], names),
        int(known.sum()),
        without,
        _sentence((agreement, low, high), common, levels, splits, without),
    )


def folded(existing: Sequence[str | None]) -> tuple[tuple[str | None, ...], int]:
    """Fold existing segments of fewer than ten entities into one, so that few persons are no group.

    Parameters
    ----------
    existing : sequence of str or None

    Returns
    -------
    existing : tuple of str or None
        None, too, for those of small segments that are fewer than ten all together, and for all
        where every segment is small: what nobody told apart is no segmentation.
    n_folded : int
        Entities in small segments.
    """
    sizes = Counter(e for e in existing if e is not None)
    small = {name for name, size in sizes.items() if size < FEWEST_TOLD}
    n_folded = sum(sizes[name] for name in small)
    other = OTHERS if n_folded >= FEWEST_TOLD and len(small) < len(sizes) else None
    return tuple(other if e in small else e for e in existing), n_folded


def _by_size(existing: Sequence[str]) -> tuple[tuple[str, ...], NDArray[np.int64]]:
    """Give the existing segments, largest first and ties by name, and the place of each entity."""
    levels, codes, sizes = np.unique(
        np.array(existing, dtype=str), return_inverse=True, return_counts=True
    )
    order = np.argsort(-sizes, kind="stable")
    place = np.empty(len(order), dtype=np.int64)
    place[order] = np.arange(len(order))
    return tuple(str(levels[i]) for i in order), place[codes]


def _parts(counts: NDArray[np.int64]) -> NDArray[np.int64]:
    """Give those of ours that hold enough of an existing segment, largest part first."""
    order = np.argsort(-counts, kind="stable")
    least = max(FEWEST_TOLD, LEAST_SHARE * counts.sum())
    result: NDArray[np.int64] = order[counts[order] >= least]
    return result


@dataclass(frozen=True, eq=False)
class Side:
    """One of two segmentations: what its segments are called, and the place of each entity."""

    labels: Sequence[Label]
    codes: NDArray[np.int64]

    def called(self, place: int) -> str:
        """Name a segment within a sentence."""
        label = self.labels[place]
        return f"segment {label}" if isinstance(label, int) else label


@dataclass(frozen=True, eq=False)
class Cells:
    """Counts of a cross-table, a row for each segment that may be taken apart, and what is told."""

    counts: NDArray[np.int64]
    withheld: NDArray[np.bool_]


def _splits(
    whole: Side,
    other: Side,
    table: Cells,
    values: NDArray[np.float64],
    names: Sequence[str],
) -> tuple[Split, ...]:
    """Tell which segments of one segmentation the other takes apart."""
    return tuple(
        _split(whole, other, place, table, values, names)
        for place in range(len(whole.labels))
        if len(_parts(table.counts[place])) > 1
    )


def _split(
    whole: Side,
    other: Side,
    place: int,
    table: Cells,
    values: NDArray[np.float64],
    names: Sequence[str],
) -> Split:
    counts = table.counts[place]
    parts, rows = _parts(counts), whole.codes == place
    inside = other.codes[rows]
    found = [
        difference
        for name, column in zip(names, values[rows].T, strict=True)
        if (difference := _difference(name, column, inside, parts, other)) is not None
    ]
    found.sort(key=lambda d: (-round(d.effect, 9), d.feature))
    strongest = tuple(found[:MOST_FEATURES])
    shares = tuple(
        None if table.withheld[place, p] else float(counts[p] / counts.sum()) for p in parts
    )
    told = told_parts(
        [
            other.called(int(p)) + ("" if s is None else f" ({percent(s)})")
            for p, s in zip(parts, shares, strict=True)
        ]
    )
    by = ""
    if strongest:
        first = strongest[0]
        top, bottom = (other.called(other.labels.index(e)) for e in (first.highest, first.lowest))
        by = (
            f"; they differ most in {first.feature} ({first.effect:.1f} standard deviations, "
            f"{first.low:.1f} to {first.high:.1f}, highest in {top}, lowest in {bottom})"
        )
    name = whole.called(place)
    return Split(
        whole.labels[place],
        tuple(other.labels[int(p)] for p in parts),
        shares,
        strongest,
        f"{name[:1].upper() if isinstance(whole.labels[place], int) else name[:1]}{name[1:]} "
        f"falls into {told}{by}.",
    )


def _difference(
    name: str,
    column: NDArray[np.float64],
    inside: NDArray[np.int64],
    parts: NDArray[np.int64],
    other: Side,
) -> Difference | None:
    """Compare the highest part with the lowest; nothing where the column tells none apart."""
    groups = [column[inside == p] for p in parts]
    means = np.array([g.mean() for g in groups])
    top, bottom = int(means.argmax()), int(means.argmin())
    spread = float(column.std())
    if spread <= 1e-12 * float(np.abs(column).max(initial=1e-300)) or top == bottom:
        return None
    effect = float(means[top] - means[bottom]) / spread
    sizes = np.array([len(groups[top]), len(groups[bottom])], dtype=np.float64)
    inner = np.array([groups[top].var(ddof=1), groups[bottom].var(ddof=1)])
    error = float(np.sqrt((inner / sizes).sum())) / spread
    half = error * float(student_quantile(sizes.min(keepdims=True) - 1.0)[0])
    highest, lowest = other.labels[int(parts[top])], other.labels[int(parts[bottom])]
    return Difference(name, effect, effect - half, effect + half, highest, lowest)


def _sentence(
    agreement: tuple[float, float, float],
    common: float,
    levels: Sequence[str],
    splits: Sequence[Split],
    without: int,
) -> str:
    taken = f"{len(splits) or 'none'} of the {len(levels)}"
    verb = "is" if len(splits) == 1 or not splits else "are"
    left = ""
    if without:
        who = (
            "1 entity has none and is"
            if without == 1
            else f"{without:,} entities have none and are"
        )
        left = f" {who} left out."
    index, low, high = map(told_index, agreement)
    return (
        f"Agreement with the existing segments: adjusted Rand index {index} ({low} to {high}), "
        f"normalised mutual information {common:.2f}; "
        f"{taken} existing segments {verb} taken apart by ours.{left}"
    )
