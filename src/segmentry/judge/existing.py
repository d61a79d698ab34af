"""Our segments beside those that somebody already has: agreement, cross-table, and what is new.

What lives here: how far two segmentations of the same entities agree, and which of theirs ours
take apart, by what. What does not: which of the two is better, of which agreement says nothing.
Read on in ``docs/methods/existing.md``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from segmentry.domain.percent import percent
from segmentry.errors import MathsError
from segmentry.maths.agreement import (
    adjusted_rand_index,
    contingency,
    normalised_mutual_information,
)
from segmentry.maths.intervals import student_quantile

LEAST_SHARE = 0.1
"""Share of an existing segment from which one of ours is a part of it and no border case."""

FEWEST_ROWS = 10
"""Entities from which a part is told of."""

MOST_FEATURES = 5
"""Features that are told for each split: the strongest ones."""


@dataclass(frozen=True)
class Difference:
    """A feature on which the parts of an existing segment differ, highest part against lowest.

    ``effect`` is the difference of the two parts' means in standard deviations of the existing
    segment, with its 95 % interval; ``highest`` and ``lowest`` are segment ids.
    """

    feature: str
    effect: float
    low: float
    high: float
    highest: int
    lowest: int


@dataclass(frozen=True)
class Split:
    """An existing segment that ours take apart.

    ``parts`` are segment ids, the largest part first, with their shares of the existing segment;
    ``differences`` are what tells the parts apart, the strongest first.
    """

    existing: str
    parts: tuple[int, ...]
    shares: tuple[float, ...]
    differences: tuple[Difference, ...]
    sentence: str


@dataclass(frozen=True)
class Comparison:
    """Two segmentations of the same entities.

    ``counts`` has one row per existing segment, in the order of ``existing`` (largest first), and
    one column per segment of ours. ``n_without`` entities have no existing segment and are in no
    figure.
    """

    adjusted_rand: float
    mutual_information: float
    existing: tuple[str, ...]
    counts: tuple[tuple[int, ...], ...]
    splits: tuple[Split, ...]
    n_compared: int
    n_without: int
    sentence: str

    @property
    def row_shares(self) -> NDArray[np.float64]:
        """Give where each existing segment's entities are among ours; a row sums to 1."""
        table = np.array(self.counts, dtype=np.float64)
        return _shares(table, table.sum(axis=1, keepdims=True))

    @property
    def column_shares(self) -> NDArray[np.float64]:
        """Give what each of ours is made of; a column sums to 1, or to 0 where it is empty."""
        table = np.array(self.counts, dtype=np.float64)
        return _shares(table, table.sum(axis=0, keepdims=True))


def compare_existing(
    existing: Sequence[str | None],
    segment: NDArray[np.int64],
    n_segments: int,
    *,
    values: NDArray[np.float64],
    names: Sequence[str],
) -> Comparison:
    """Hold our segments against an existing segmentation of the same entities.

    Parameters
    ----------
    existing : sequence of str or None, of length n_rows
        The existing segment of each entity; None where it has none.
    segment : ndarray of int, shape (n_rows,)
        Ours, 0 .. n_segments - 1.
    n_segments : int
    values : ndarray of shape (n_rows, n_features), finite
        What the parts of a split are compared on; any unit.
    names : sequence of str, of length n_features

    Returns
    -------
    Comparison
        Segment ids of ours count from 1.

    Raises
    ------
    MathsError
        If lengths differ, or no entity has an existing segment.

    Notes
    -----
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
    table = np.zeros((len(levels), n_segments), dtype=np.int64)
    table[:, np.unique(ours)] = contingency(codes, ours)
    splits = tuple(
        _split(level, table[i], ours[codes == i], values[known][codes == i], names)
        for i, level in enumerate(levels)
        if len(_parts(table[i])) > 1
    )
    agreement = adjusted_rand_index(codes, ours)
    common = normalised_mutual_information(codes, ours)
    return Comparison(
        agreement,
        common,
        levels,
        tuple(tuple(int(c) for c in row) for row in table),
        splits,
        int(known.sum()),
        int(n - known.sum()),
        _sentence(agreement, common, levels, splits, int(n - known.sum())),
    )


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
    least = max(FEWEST_ROWS, LEAST_SHARE * counts.sum())
    result: NDArray[np.int64] = order[counts[order] >= least]
    return result


def _split(
    level: str,
    counts: NDArray[np.int64],
    ours: NDArray[np.int64],
    values: NDArray[np.float64],
    names: Sequence[str],
) -> Split:
    parts = _parts(counts)
    found = [
        difference
        for name, column in zip(names, values.T, strict=True)
        if (difference := _difference(name, column, ours, parts)) is not None
    ]
    found.sort(key=lambda d: (-round(d.effect, 9), d.feature))
    strongest = tuple(found[:MOST_FEATURES])
    ids = tuple(int(p) + 1 for p in parts)
    shares = tuple(float(counts[p] / counts.sum()) for p in parts)
    told = ", ".join(f"{i} ({percent(s)})" for i, s in zip(ids, shares, strict=True))
    by = ""
    if strongest:
        first = strongest[0]
        by = (
            f"; they differ most in {first.feature} ({first.effect:.1f} standard deviations, "
            f"{first.low:.1f} to {first.high:.1f}, highest in segment {first.highest}, lowest in "
            f"segment {first.lowest})"
        )
    return Split(level, ids, shares, strongest, f"{level} falls into segments {told}{by}.")


def _difference(
    name: str, column: NDArray[np.float64], ours: NDArray[np.int64], parts: NDArray[np.int64]
) -> Difference | None:
    """Compare the highest part with the lowest; nothing where the column tells none apart."""
    groups = [column[ours == p] for p in parts]
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
    highest, lowest = int(parts[top]) + 1, int(parts[bottom]) + 1
    return Difference(name, effect, effect - half, effect + half, highest, lowest)


def _shares(table: NDArray[np.float64], totals: NDArray[np.float64]) -> NDArray[np.float64]:
    result: NDArray[np.float64] = table / np.where(totals > 0, totals, 1.0)
    return result


def _sentence(
    agreement: float, common: float, levels: Sequence[str], splits: Sequence[Split], without: int
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
    return (
        f"Agreement with the existing segments: adjusted Rand index {agreement:.2f}, normalised "
        f"mutual information {common:.2f}; {taken} existing segments {verb} taken apart by "
        f"ours.{left}"
    )
