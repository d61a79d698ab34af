"""How grouped a cloud is: silhouettes of quick partitions, and the valley between neighbours.

What lives here: two figures that need no labels, measured the same way on data and on
structureless draws. What does not: the draws (``structure``) or a verdict (``judge``). Partitions
made here are for measuring only; the ones that people see come from ``cluster``.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from segmentry.maths.dip import dip_statistic

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


@dataclass(frozen=True, slots=True)
class Grouping:
    """By number of groups: the mean silhouette, and the deepest valley between two neighbours.

    A valley is the dip of two clusters' rows along their discriminant direction times the square
    root of their number.
    """

    silhouettes: NDArray[np.float64]
    valleys: NDArray[np.float64]


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
    O(n_rows^2 n_columns).
    """
    X = X - X.mean(axis=0)
    partitions = _lloyd(X, _seeds(X, max(COUNTS), rng))
    valleys = np.array([_deepest_valley(X, labels, centres) for labels, centres in partitions])
    labels = np.stack([labels for labels, _ in partitions])
    silhouettes = _mean_silhouettes(X[:SILHOUETTE_ROWS], labels[:, :SILHOUETTE_ROWS])
    return Grouping(silhouettes, valleys)


def _seeds(X: NDArray[np.float64], count: int, rng: Generator) -> NDArray[np.float64]:
    n = len(X)
    chosen = [int(rng.integers(n))]
    gaps = ((X - X[chosen[0]]) ** 2).sum(axis=1)
    for _ in range(count - 1):
        # Where all rows are alike any row will do.
        ladder = np.cumsum(gaps) if gaps.sum() > 0 else np.arange(1.0, n + 1)
        rows = np.searchsorted(ladder, rng.random(CANDIDATES) * ladder[-1]).clip(0, n - 1)
        options = np.stack([np.minimum(gaps, ((X - X[r]) ** 2).sum(axis=1)) for r in rows])
        best = int(options.sum(axis=1).argmin())
        chosen.append(int(rows[best]))
        gaps = options[best]
    return X[chosen]


def _lloyd(
    X: NDArray[np.float64], seeds: NDArray[np.float64]
) -> list[tuple[NDArray[np.int64], NDArray[np.float64]]]:
    """Move the centres of all numbers of groups together: one product serves them all."""
    parts = np.cumsum([0, *COUNTS])
    blocks = [slice(a, b) for a, b in pairwise(parts)]
    centres = np.concatenate([seeds[:k] for k in COUNTS])
    rows = np.arange(len(X))
    members = np.zeros((len(centres), len(X)))
    labels: list[NDArray[np.int64]] = []
    for _ in range(STEPS):
        gaps = (centres**2).sum(axis=1) - 2.0 * (X @ centres.T)
        before, labels = labels, [gaps[:, block].argmin(axis=1) for block in blocks]
        if before and all((a == b).all() for a, b in zip(before, labels, strict=True)):
            break
        members[:] = 0.0
        for start, near in zip(parts[:-1], labels, strict=True):
            members[start + near, rows] = 1.0
        sizes = members.sum(axis=1, keepdims=True)
        centres = np.where(sizes > 0, (members @ X) / np.maximum(sizes, 1.0), centres)
    return [(near, centres[block]) for near, block in zip(labels, blocks, strict=True)]


def _mean_silhouettes(X: NDArray[np.float64], labels: NDArray[np.int64]) -> NDArray[np.float64]:
    """Measure all partitions against one matrix of distances."""
    distances = _distances(X)
    rows = np.arange(len(X))
    members = [np.eye(k)[near] for k, near in zip(COUNTS, labels, strict=True)]
    sums = distances @ np.hstack(members)
    results, start = [], 0
    for k, near, member in zip(COUNTS, labels, members, strict=True):
        totals, sizes = sums[:, start : start + k], member.sum(axis=0)
        start += k
        inner = totals[rows, near] / np.maximum(sizes[near] - 1, 1)
        outer = np.where(sizes > 0, totals / np.maximum(sizes, 1), np.inf)
        outer[rows, near] = np.inf
        nearest = outer.min(axis=1)
        widest = np.maximum(nearest, inner)
        good = (sizes[near] > 1) & np.isfinite(nearest) & (widest > 0)
        results.append(np.divide(nearest - inner, widest, out=np.zeros(len(X)), where=good).mean())
    return np.array(results)


def _distances(X: NDArray[np.float64]) -> NDArray[np.float64]:
    squares = X @ X.T
    own = np.diag(squares).copy()
    squares *= -2.0
    squares += own
    squares += own[:, None]
    np.fill_diagonal(squares, 0.0)
    np.maximum(squares, 0.0, out=squares)
    return np.sqrt(squares, out=squares)


def _deepest_valley(
    X: NDArray[np.float64], labels: NDArray[np.int64], centres: NDArray[np.float64]
) -> float:
    """Look along the line between each two neighbouring clusters for a place with few rows."""
    sizes = np.bincount(labels, minlength=len(centres))
    fewest = max(FEWEST_ROWS, SMALLEST_SHARE * len(X))
    within = X - centres[labels]
    scatter = within.T @ within / len(X)
    # A ridge of a thousandth of the mean variance: repeated columns make the scatter singular.
    scatter[np.diag_indices_from(scatter)] += (
        1e-3 * max(float(np.trace(scatter)), 1e-12) / len(scatter)
    )
    best = 0.0
    for a in range(len(centres)):
        for b in range(a):
            if min(sizes[a], sizes[b]) < fewest or not _adjacent(centres, a, b):
                continue
            direction = np.linalg.solve(scatter, centres[a] - centres[b])
            both = (labels == a) | (labels == b)
            dip = dip_statistic(X[both] @ direction)
            best = max(best, dip * float(np.sqrt(both.sum())))
    return best


def _adjacent(centres: NDArray[np.float64], a: int, b: int) -> bool:
    """Tell whether no third cluster owns the midpoint: a cluster in between is no valley."""
    middle = (centres[a] + centres[b]) / 2
    return int(((centres - middle) ** 2).sum(axis=1).argmin()) in (a, b)
