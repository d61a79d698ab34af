"""How grouped a cloud is: silhouettes of quick partitions, and the valley between neighbours.

What lives here: two figures that need no labels, measured the same way on data and on
structureless draws. What does not: the draws (``structure``) or a verdict (``judge``). Partitions
made here are for measuring only; the ones that people see come from ``cluster``. All of it is in
single precision: a verdict compares figures of two decimals, each taken a hundred times.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from itertools import pairwise

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

COUNTS = (2, 3, 4, 5, 6)
"""Numbers of groups that are tried."""

STEPS = 15
"""Lloyd steps: enough for a measurement, where the last row to change sides does not matter."""

CANDIDATES = 4
"""Rows tried for each next centre; the one that lowers the scatter most is taken."""

SILHOUETTE_ROWS = 1_000
"""Rows whose distances are held for the silhouettes: the first ones, so rows come in any order."""

SMALLEST_SHARE = 0.03
"""Clusters below this share of rows are outliers rather than groups: no valley is sought there."""

FEWEST_ROWS = 20

CELLS = 80
"""Cells in which rows between two centres are counted, over twice the centres' distance."""

PLACES = 21
"""Places from centre to centre at which the density is looked at."""

BLUR = 0.16
"""Standard deviation by which counts are blurred, in distances of the two centres."""

_PARTS = tuple(np.cumsum([0, *COUNTS]).tolist())
_BLOCKS = tuple(slice(a, b) for a, b in pairwise(_PARTS))


@dataclass(frozen=True, slots=True)
class Grouping:
    """By number of groups: the mean silhouette, and the deepest valley between two neighbours.

    A valley is how far the density of two clusters' rows, along their discriminant direction,
    falls between two places below both: square roots of blurred counts, so that it is in units of
    chance whatever the number of rows.
    """

    silhouettes: NDArray[np.float64]
    valleys: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class _Partitions:
    """All numbers of groups at once: who belongs where, and the means of the groups."""

    members: NDArray[np.float32]
    """Of shape (sum of COUNTS, n_rows), 0 or 1."""
    centres: NDArray[np.float32]


def measure_grouping(X: NDArray[np.float64], rng: Generator) -> Grouping:
    """Partition a cloud into two to six groups and measure how real they look.

    Parameters
    ----------
    X : ndarray of shape (n_rows, n_columns), finite
        In random order; no order must mean anything.
    rng : Generator
        Chooses the first centres.

    Returns
    -------
    Grouping

    Notes
    -----
    K-means with greedy seeding, all numbers of groups at once on nested seeds. Cost
    O(n_rows n_columns) for the partitions and O(SILHOUETTE_ROWS^2 n_columns) for the silhouettes.
    """
    scaled = _scaled(X)
    found = _lloyd(scaled, _seeds(scaled, max(COUNTS), rng))
    return Grouping(_mean_silhouettes(scaled, found), _valleys(scaled, found))


def _scaled(X: NDArray[np.float64]) -> NDArray[np.float32]:
    """Centre, and bring to unit size as a whole, where single precision is at its best."""
    centred = X - X.mean(axis=0)
    size = float(np.sqrt((centred**2).mean()))
    return np.ascontiguousarray(centred / (size or 1.0), dtype=np.float32)


def _seeds(X: NDArray[np.float32], count: int, rng: Generator) -> NDArray[np.float32]:
    n, squares = len(X), (X * X).sum(axis=1)

    def gaps_to(rows: NDArray[np.int64]) -> NDArray[np.float32]:
        gaps = -2.0 * (X[rows] @ X.T)
        gaps += squares
        gaps += squares[rows, None]
        np.maximum(gaps, 0.0, out=gaps)
        return gaps

    chosen = [int(rng.integers(n))]
    gaps = gaps_to(np.array(chosen))[0]
    for _ in range(count - 1):
        ladder = np.cumsum(gaps, dtype=np.float64)
        if ladder[-1] <= 0:  # all rows alike: any row will do
            ladder = np.arange(1.0, n + 1)
        rows = np.searchsorted(ladder, rng.random(CANDIDATES) * ladder[-1]).clip(0, n - 1)
        options = np.minimum(gaps, gaps_to(rows))
        best = int(options.sum(axis=1).argmin())
        chosen.append(int(rows[best]))
        gaps = options[best]
    return X[chosen]


def _lloyd(X: NDArray[np.float32], seeds: NDArray[np.float32]) -> _Partitions:
    """Move the centres of all numbers of groups together: one product serves them all."""
    centres = np.concatenate([seeds[:k] for k in COUNTS])
    across = np.ascontiguousarray(X.T)
    gaps, members = (np.empty((len(centres), len(X)), dtype=np.float32) for _ in range(2))
    sizes = np.empty(0)
    for _ in range(STEPS):
        np.matmul(-2.0 * centres, across, out=gaps)
        gaps += (centres * centres).sum(axis=1)[:, None]
        for block in _BLOCKS:
            np.equal(gaps[block], gaps[block].min(axis=0), out=members[block], casting="unsafe")
        before, sizes = sizes, members.sum(axis=1)
        moved = (members @ X) / np.maximum(sizes, 1.0)[:, None]
        last, centres = centres, np.where(sizes[:, None] > 0, moved, centres)
        if np.array_equal(before, sizes) and np.array_equal(last, centres):
            break
    return _Partitions(members, centres)


def _mean_silhouettes(X: NDArray[np.float32], found: _Partitions) -> NDArray[np.float64]:
    """Measure all partitions against one matrix of distances."""
    rows = X[:SILHOUETTE_ROWS]
    members = found.members[:, :SILHOUETTE_ROWS]
    sums = members @ _distances(rows)
    sizes = members.sum(axis=1, keepdims=True)
    means = np.where(sizes > 0, sums / np.maximum(sizes, 1.0), np.inf)
    results = []
    for block in _BLOCKS:
        own = members[block] > 0
        inner = np.where(own, sums[block] / np.maximum(sizes[block] - 1.0, 1.0), 0.0).sum(axis=0)
        nearest = np.where(own, np.inf, means[block]).min(axis=0)
        widest = np.maximum(nearest, inner)
        alone = (own & (sizes[block] < 2)).any(axis=0)
        good = ~alone & np.isfinite(nearest) & (widest > 0)
        values = np.divide(nearest - inner, widest, out=np.zeros_like(inner), where=good)
        results.append(values.mean(dtype=np.float64))
    return np.array(results)


def _distances(X: NDArray[np.float32]) -> NDArray[np.float32]:
    squares = X @ X.T
    own = np.diag(squares).copy()
    squares *= -2.0
    squares += own
    squares += own[:, None]
    np.fill_diagonal(squares, 0.0)
    np.maximum(squares, 0.0, out=squares)
    np.sqrt(squares, out=squares)
    return squares


def _valleys(X: NDArray[np.float32], found: _Partitions) -> NDArray[np.float64]:
    """Look along the line between each two neighbouring clusters for a place with few rows."""
    total = X.T @ X
    results = np.zeros(len(COUNTS))
    for i, block in enumerate(_BLOCKS):
        members, centres = found.members[block], found.centres[block]
        first, second = _neighbours(centres, members.sum(axis=1), len(X))
        if len(first):
            gaps = centres[first] - centres[second]
            along = gaps @ np.linalg.inv(_within(total, members, centres, len(X)))
            lengths = (along * gaps).sum(axis=1)
            # 0 at the second centre, 1 at the first one.
            along = along / lengths[:, None]
            places = X @ along.T - (along * centres[second]).sum(axis=1)
            results[i] = valley_depths(places.T, members[first] + members[second] > 0).max()
    return results


def _neighbours(
    centres: NDArray[np.float32], sizes: NDArray[np.float32], n_rows: int
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Give pairs of clusters whose midpoint no third one owns; one in between is no valley."""
    first, second = np.tril_indices(len(centres), -1)
    large = sizes >= max(FEWEST_ROWS, SMALLEST_SHARE * n_rows)
    middles = (centres[first] + centres[second]) / 2
    owner = ((middles[:, None, :] - centres) ** 2).sum(axis=2).argmin(axis=1)
    apart = ((centres[first] - centres[second]) ** 2).sum(axis=1) > 0
    keep = large[first] & large[second] & ((owner == first) | (owner == second)) & apart
    return first[keep], second[keep]


def _within(
    total: NDArray[np.float32],
    members: NDArray[np.float32],
    centres: NDArray[np.float32],
    n_rows: int,
) -> NDArray[np.float64]:
    """Give the scatter within clusters, kept invertible where columns repeat each other."""
    between = (centres * members.sum(axis=1)[:, None]).T @ centres
    scatter: NDArray[np.float64] = (total.astype(np.float64) - between) / n_rows
    scatter = (scatter + scatter.T) / 2
    # A ridge of a thousandth of the mean variance.
    scatter[np.diag_indices_from(scatter)] += (
        1e-3 * max(float(np.trace(scatter)), 1e-6) / len(scatter)
    )
    return scatter


def valley_depths(places: NDArray[np.float64], chosen: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Measure the deepest valley of the density between 0 and 1, for each row of places.

    Parameters
    ----------
    places : ndarray of shape (n_lines, n_rows)
        Two centres lie at 0 and 1.
    chosen : ndarray of bool, shape (n_lines, n_rows)
        Rows that count on a line.

    Returns
    -------
    ndarray of shape (n_lines,)
        In units of chance; 0 where the density only rises and falls once.
    """
    cells = np.floor((places + 0.5) * (CELLS / 2)).astype(np.int64)
    inside = chosen & (cells >= 0) & (cells < CELLS)
    cells += CELLS * np.arange(len(places))[:, None]
    counts = np.bincount(cells[inside], minlength=CELLS * len(places)).reshape(-1, CELLS)
    density = np.sqrt(counts @ _blurring())
    left = np.maximum.accumulate(density, axis=1)
    right = np.maximum.accumulate(density[:, ::-1], axis=1)[:, ::-1]
    depths: NDArray[np.float64] = (np.minimum(left, right) - density).max(axis=1)
    return depths


@cache
def _blurring() -> NDArray[np.float64]:
    """Give the weight of each cell at each place."""
    middles = (np.arange(CELLS) + 0.5) * (2.0 / CELLS) - 0.5
    places = np.linspace(0.0, 1.0, PLACES)
    return np.exp(-0.5 * ((middles[:, None] - places) / BLUR) ** 2)
