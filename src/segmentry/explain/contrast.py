"""Each feature of each segment against everyone, measured.

What lives here: means, medians, shares and standardised differences with intervals. What does
not: outcomes and overlays (``outcome.py``), and what the differences mean (``reading.py``).

A number column that shaped the matrix is compared on its scaled matrix column, so a difference
means the same for a skewed and a symmetric feature. One that preparation left out (because it
repeats another) is compared on mid-ranks, which need no transform. Raw means and medians are
always those of the table, missing values left out.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from segmentry.domain.matrix import Matrix
from segmentry.domain.profile import Contrast
from segmentry.domain.role import Kind, Role
from segmentry.domain.table import FeatureColumn, FeatureTable
from segmentry.maths.effect import cohens_h, standardised_differences, standardised_ranks
from segmentry.maths.intervals import share_against_all_interval, student_quantile
from segmentry.maths.suppression import FEWEST_TOLD

MOST_LEVELS = 12
"""Levels of a category that are compared: the most frequent ones."""


@dataclass(frozen=True, slots=True)
class Measured:
    """A contrast with what its reader needs to know of the column behind it."""

    contrast: Contrast
    column: FeatureColumn
    is_share: bool
    """The mean is a share: a category's level, or a column of zeros and ones."""
    present_share: float
    """Share of the segment's entities for which the value is known."""
    spread: float = 0.0
    """Standard deviation of everyone's values, the outermost hundredths pulled in; 0: not known."""

    def leaves_out_zero(self, widened: float = 1.0) -> bool:
        """Tell whether the interval, made wider by a factor, leaves out 0."""
        c = self.contrast
        nearer = c.low if c.difference > 0 else c.high
        return abs(c.difference) > widened * abs(c.difference - nearer)


Measures = tuple[tuple[Measured, ...], ...]
"""For each segment its measured contrasts, strongest first."""


def measure(
    table: FeatureTable, matrix: Matrix, segment: NDArray[np.int64], n_segments: int
) -> Measures:
    """Compare every clustering feature of every segment with everyone.

    Parameters
    ----------
    table : FeatureTable of n rows
    matrix : Matrix of the same n rows
    segment : ndarray of shape (n,)
        Segment index of each row.
    n_segments : int

    Returns
    -------
    tuple of tuple of Measured
        One entry per segment; the strongest difference first, ties by name.
    """
    rows = _rows_of(segment, n_segments)
    found: list[list[Measured]] = [[] for _ in range(n_segments)]
    for column in table.with_role(Role.CLUSTER):
        if column.kind is Kind.CATEGORY:
            columns = _levels(table, column, segment, rows)
        else:
            columns = [_number(table, matrix, column, segment, rows)]
        for by_segment in columns:
            for kept, measured in zip(found, by_segment, strict=True):
                kept.append(measured)
    return tuple(tuple(sorted(kept, key=_strongest_first)) for kept in found)


def _strongest_first(measured: Measured) -> tuple[float, str, str]:
    c = measured.contrast
    return (-round(abs(c.difference), 9), c.feature, c.level or "")


def _rows_of(segment: NDArray[np.int64], n_segments: int) -> list[NDArray[np.int64]]:
    order = np.argsort(segment, kind="stable")
    ends = np.cumsum(np.bincount(segment, minlength=n_segments))
    return list(np.split(order, ends[:-1]))


def _number(
    table: FeatureTable,
    matrix: Matrix,
    column: FeatureColumn,
    segment: NDArray[np.int64],
    rows: list[NDArray[np.int64]],
) -> list[Measured]:
    raw = table.numbers(column.name)
    differences, errors, counts = _scaled_differences(raw, matrix, column, segment, len(rows))
    halves = errors * student_quantile(counts - 1.0)
    known = raw[~np.isnan(raw)]
    is_share = bool(len(known)) and bool(((known == 0.0) | (known == 1.0)).all())
    everyone, spread = _middle(known), _spread(known)
    result = []
    for s, members in enumerate(rows):
        own = raw[members]
        own = own[~np.isnan(own)]
        mean, median = _middle(own)
        d, half = float(differences[s]), float(halves[s])
        contrast = Contrast(
            column.name,
            None,
            mean,
            median,
            everyone[0],
            everyone[1],
            d,
            d - half,
            d + half,
            _share_below(known, median),
        )
        present_share = len(own) / max(len(members), 1)
        result.append(Measured(contrast, column, is_share, present_share, spread))
    return result


def _scaled_differences(
    raw: NDArray[np.float64],
    matrix: Matrix,
    column: FeatureColumn,
    segment: NDArray[np.int64],
    n_segments: int,
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Give differences, standard errors and rows behind them, per segment."""
    if column.name in matrix.names:
        values, labels = matrix.X[:, matrix.names.index(column.name)], segment
    else:
        filled = raw if column.null_is is None else np.where(np.isnan(raw), column.null_is, raw)
        known = ~np.isnan(filled)
        values, labels = standardised_ranks(filled[known]), segment[known]
    differences, errors = standardised_differences(values, labels, n_segments)
    counts = np.bincount(labels, minlength=n_segments).astype(np.float64)
    return differences, errors, counts


def _share_below(values: NDArray[np.float64], at: float | None) -> float | None:
    """Give the share of values below one, those equal to it counted half."""
    if at is None or not len(values):
        return None
    return float((values < at).mean() + (values == at).mean() / 2.0)


def _middle(values: NDArray[np.float64]) -> tuple[float | None, float | None]:
    """Give mean and median; numpy's own median costs ten times as much on a short column."""
    n = len(values)
    if n == 0:
        return None, None
    below, above = (n - 1) // 2, n // 2
    parted = np.partition(values, [below, above])
    low, high = float(parted[below]), float(parted[above])
    return float(values.mean()), low + (high - low) / 2


def _spread(values: NDArray[np.float64]) -> float:
    """Give the standard deviation after the outermost hundredths are pulled in: few are far out."""
    n = len(values)
    if n == 0:
        return 0.0
    outer = n // 100
    parted = np.partition(values, [outer, n - 1 - outer])
    return float(np.clip(values, parted[outer], parted[n - 1 - outer]).std())


def _levels(
    table: FeatureTable,
    column: FeatureColumn,
    segment: NDArray[np.int64],
    rows: list[NDArray[np.int64]],
) -> list[list[Measured]]:
    codes, levels = table.categories(column.name)
    known = codes >= 0
    n_segments, n_levels = len(rows), len(levels)
    cells = np.bincount(
        segment[known] * n_levels + codes[known], minlength=n_segments * n_levels
    ).reshape(n_segments, n_levels)
    totals = cells.sum(axis=0)
    frequent = np.argsort(-totals, kind="stable")[:MOST_LEVELS]
    return [
        [
            _level(column, levels[j], cells[s], totals, int(j), len(rows[s]))
            for s in range(n_segments)
        ]
        for j in sorted(frequent)
        if totals[j] >= FEWEST_TOLD
    ]


def _level(
    column: FeatureColumn,
    level: str,
    cells: NDArray[np.int64],
    totals: NDArray[np.int64],
    j: int,
    size: int,
) -> Measured:
    held, n = int(cells[j]), int(cells.sum())
    all_held, all_n = int(totals[j]), int(totals.sum())
    overall = all_held / all_n
    if n == 0:
        contrast = Contrast(column.name, level, None, None, overall, None, 0.0, 0.0, 0.0)
        return Measured(contrast, column, is_share=True, present_share=0.0)
    low, high = share_against_all_interval(held, n, all_held, all_n)
    h = cohens_h(held / n, overall)
    contrast = Contrast(column.name, level, held / n, None, overall, None, h, low, high)
    return Measured(contrast, column, is_share=True, present_share=n / size)
