"""K-means whose clusters have at least and at most so many rows.

What lives here: centres and sizes in turns, on a sample first. What does not: how rows are shared
out (``maths.transport``). Read on in ``docs/methods/sized_k_means.md``.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, floor

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from segmentry.maths.descent import Spread
from segmentry.maths.lloyd import Lloyd, greedy_seeds
from segmentry.maths.multilevel import N_STARTS, check_number, fitted, threads
from segmentry.maths.rowset import BLOCK_ROWS, Rowset, rowset
from segmentry.maths.transport import cheapest, check_bounds, priced, settled

SAMPLE_ROWS = 20_000
"""Rows on which centres and prices are found, where there are more."""

SEEDED = 2
"""Seedings tried beside plain k-means, whose small far clusters the bounds may forbid."""

FIRST_STEPS, MOST_STEPS, LAST_STEPS = 6, 50, 3
"""Turns of sharing out and moving centres: of each start, of the best one, and on all rows."""

TOLERANCE = 1e-4

EXACT_ROWS = 2_000
"""Rows up to which every turn shares out at the very least cost."""


@dataclass(frozen=True, slots=True, eq=False)
class _Turns:
    centres: NDArray[np.float64]
    prices: NDArray[np.float64]
    cost: float
    n_steps: int


def kmeans_sized(
    X: NDArray[np.floating],
    n_clusters: int,
    *,
    rng: Generator,
    min_share: float = 0.0,
    max_share: float = 1.0,
    n_starts: int = N_STARTS,
    hands: int = 1,
) -> Lloyd:
    """Partition rows into clusters of bounded size, tight within these bounds.

    Parameters
    ----------
    X : ndarray of shape (n_rows, n_columns), finite
    n_clusters : int
        1 .. number of rows.
    rng : Generator
        Draws the sample and the first centres.
    min_share, max_share : float, share in [0, 1]
        Least and largest share of rows of a cluster; they hold exactly.
    n_starts : int, default=8
    hands : int, default=1
        Threads; the result does not depend on them.

    Returns
    -------
    Lloyd
        Centres are the means of their rows. A row need not lie nearest its own one.

    Raises
    ------
    MathsError
        If no sizes within the bounds add up to the number of rows.

    Notes
    -----
    Rows are shared out at the least sum of squared distances that the bounds allow, centres move
    to the means, and so on in turns: neither loosens. Holds n_rows times n_clusters distances.

    References
    ----------
    Bradley, P. S., Bennett, K. P. and Demiriz, A. (2000). Constrained k-means clustering.
    Microsoft Research MSR-TR-2000-65.

    Examples
    --------
    >>> X = np.array([[0.0], [1.0], [2.0], [10.0]])
    >>> found = kmeans_sized(X, 2, rng=np.random.default_rng(0), min_share=0.5)
    >>> sorted(found.centres[:, 0].tolist())
    [0.5, 6.0]
    """
    check_number(len(X), n_clusters)
    check_bounds(n_clusters, len(X), *_bounds(len(X), min_share, max_share))
    rows = rowset(X)
    sample_rng, start_rng, *seed_rngs = rng.spawn(2 + SEEDED)
    few = rows.sample(SAMPLE_ROWS, sample_rng)
    shares = (min_share, max_share)
    with threads(hands) as spread:
        plain = fitted(few, n_clusters, start_rng, n_starts, spread).centres
        seeded = [greedy_seeds(few.values, n_clusters, one) for one in seed_rngs]
        begun = spread(lambda c: _turns(few, c, shares, FIRST_STEPS), [plain, *seeded])
        best = min(begun, key=lambda one: one.cost)
        best = _turns(few, best.centres, shares, MOST_STEPS, best.prices)
        if few is not rows:
            best = _turns(rows, best.centres, shares, LAST_STEPS, best.prices, spread)
        gaps = _gaps(rows, best.centres, spread)
    labels = settled(gaps, best.prices, *_bounds(len(rows), *shares))
    centres = _means(rows, labels, best.centres)
    own = _own_gaps(rows, labels, centres)
    return Lloyd(labels, rows.outward(centres), own * rows.scale**2, best.n_steps)


def _bounds(n: int, min_share: float, max_share: float) -> tuple[int, int]:
    # A share of 0.1 of 30 rows is 3 rows, although 0.1 * 30 is a hair more.
    return ceil(min_share * n - 1e-9), floor(max_share * n + 1e-9)


def _turns(
    rows: Rowset,
    start: NDArray[np.floating],
    shares: tuple[float, float],
    most_steps: int,
    prices: NDArray[np.float64] | None = None,
    spread: Spread = map,
) -> _Turns:
    """Share out rows and move centres in turns, until centres rest."""
    k, centres = len(start), start.astype(np.float64)
    prices = np.zeros(k) if prices is None else prices
    # Of a sample, bounds may have no whole numbers between them: it need not keep them to a row.
    least, most = _bounds(len(rows), *shares)
    least, most = min(least, len(rows) // k), max(most, -(-len(rows) // k))
    resting = TOLERANCE * rows.scatter / rows.total / rows.values.shape[1]
    n_steps, shift, cost = 0, np.inf, np.inf
    while n_steps < most_steps and shift > resting:
        n_steps += 1
        gaps = _gaps(rows, centres, spread)
        prices = priced(gaps, prices, least, most)
        if len(rows) <= EXACT_ROWS:
            labels = settled(gaps, prices, least, most)
        else:
            labels = cheapest(gaps, prices)
        moved = _means(rows, labels, centres)
        shift = float(((moved - centres) ** 2).sum())
        centres, cost = moved, _own_gaps(rows, labels, moved)
    return _Turns(centres, prices, cost, n_steps)


def _gaps(rows: Rowset, centres: NDArray[np.float64], spread: Spread) -> NDArray[np.float32]:
    """Measure squared distances, of shape (n_clusters, n_rows)."""
    gaps = np.empty((len(centres), len(rows)), dtype=np.float32)
    towards = (-2.0 * centres).astype(np.float32)
    lengths = (centres * centres).sum(axis=1, keepdims=True).astype(np.float32)

    def work(start: int) -> None:
        block = slice(start, start + BLOCK_ROWS)
        here = towards @ rows.values[block].T
        here += lengths
        here += rows.squares[block]
        gaps[:, block] = here

    for _ in spread(work, range(0, len(rows), BLOCK_ROWS)):
        pass
    return gaps


def _means(
    rows: Rowset, labels: NDArray[np.int64], centres: NDArray[np.float64]
) -> NDArray[np.float64]:
    sums, sizes = np.zeros(centres.shape), np.zeros(len(centres))
    every = np.arange(len(centres), dtype=labels.dtype)[:, None]
    for start in range(0, len(rows), BLOCK_ROWS):
        block = slice(start, start + BLOCK_ROWS)
        members = np.equal(every, labels[block]).astype(np.float32)
        sums += members @ rows.values[block]
        sizes += members.sum(axis=1)
    filled = sizes[:, None] > 0
    return np.where(filled, sums / np.maximum(sizes, 1.0)[:, None], centres)


def _own_gaps(rows: Rowset, labels: NDArray[np.int64], centres: NDArray[np.float64]) -> float:
    """Sum up squared distances of rows to their own centre."""
    near, total = centres.astype(np.float32), 0.0
    for start in range(0, len(rows), BLOCK_ROWS):
        block = slice(start, start + BLOCK_ROWS)
        gaps = rows.values[block] - near.take(labels[block], axis=0)
        total += float(np.einsum("ij,ij->", gaps, gaps))
    return total
