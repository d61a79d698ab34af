"""K-means of many rows: starts on a sample, a tenth next, all rows last.

What lives here: which centres go from one level to the next, for one number of clusters or a band
of them. What does not: the passes (``maths.descent``). Read on in
``docs/methods/k_means_levels.md``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from segmentry.errors import MathsError
from segmentry.maths.descent import TOLERANCE, Descent, Spread, descend
from segmentry.maths.lloyd import Lloyd, greedy_seeds
from segmentry.maths.rowset import Rowset, rowset

TRIAL_ROWS, START_ROWS = 10_000, 20_000
"""Rows on which seedings are tried, and on which the best of them come to rest."""

NEXT_SHARE, NEXT_ROWS = 0.1, (100_000, 500_000)
"""Share of rows of the level between, and the fewest and most that it has."""

N_STARTS = 8
TRIAL_STEPS, FEW_STEPS, NEXT_STEPS = 8, 15, 10
"""Passes of each level after which its starts are compared: the worse ones rarely win later."""

CARRIED, FINALISTS = 4, 3
"""Best starts that go to the sample, and those of them that come to rest there and go on."""

EXCHANGES = 2
"""Times that the best start tries to do with one centre less and another one elsewhere."""

SAMPLE_STEPS = 100

CHANCE = 0.03
"""Share of what chance moves a sample's centres by within which its passes may end."""

ALIKE = 1e-4
"""Share of inertia within which two starts count as one."""

SAVED, SAVED_BY_EACH = 1e-5, 1e-4
"""Share of inertia that a pass over all rows has to save for another one to follow: of a single
number of clusters, and of each of many."""


@dataclass(frozen=True, slots=True)
class _Levels:
    """The same rows four times, thinned out ever more."""

    rows: Rowset
    some: Rowset
    few: Rowset
    trial: Rowset


def kmeans_levels(
    X: NDArray[np.floating],
    n_clusters: int,
    *,
    rng: Generator,
    weights: NDArray[np.float64] | None = None,
    n_starts: int = N_STARTS,
    hands: int = 1,
) -> Lloyd:
    """Partition many rows so that each lies nearest its own cluster's mean.

    For tens of thousands of rows and more; for fewer, all of them are the sample.

    Parameters
    ----------
    X : ndarray of shape (n_rows, n_columns), finite
        Read in single precision; rows in single precision near zero are not copied.
    n_clusters : int
        1 .. number of rows.
    rng : Generator
        Draws samples and first centres.
    weights : ndarray of shape (n_rows,), not negative, default ones
        How many rows each one stands for.
    n_starts : int, default=8
        Seedings tried on the sample.
    hands : int, default=1
        Threads; the result does not depend on them, as long as the caller holds BLAS to one.

    Returns
    -------
    Lloyd
        ``n_steps`` counts the passes at the level of all rows.

    Raises
    ------
    MathsError
        If there are fewer rows than clusters, or rows or weights will not do.

    References
    ----------
    Lloyd, S. (1982). Least squares quantization in PCM. IEEE Trans. Inf. Theory 28, 129-137.
    Bradley, P. S. and Fayyad, U. M. (1998). Refining initial points for k-means clustering. ICML.
    Hamerly, G. (2010). Making k-means even faster. SIAM Data Mining, 130-140.

    Examples
    --------
    >>> X = np.array([[0.0], [1.0], [10.0], [11.0]])
    >>> found = kmeans_levels(X, 2, rng=np.random.default_rng(0))
    >>> sorted(found.centres[:, 0].tolist()), found.inertia
    ([0.5, 10.5], 1.0)
    """
    check_number(len(X), n_clusters)
    rows = rowset(X, weights)
    with threads(hands) as spread:
        return told(X, rows, fitted(rows, n_clusters, rng, n_starts, spread))


def fitted(rows: Rowset, n_clusters: int, rng: Generator, n_starts: int, spread: Spread) -> Descent:
    """Take starts from level to level, for rows that are prepared."""
    levels = _levels(rows, rng)
    starts = _starts(levels, n_clusters, rng.spawn(n_starts), spread)
    return _carried(levels, starts, rng, spread)


def kmeans_sweep(
    X: NDArray[np.floating],
    band: Sequence[int],
    *,
    rng: Generator,
    weights: NDArray[np.float64] | None = None,
    n_starts: int = N_STARTS,
    hands: int = 1,
) -> tuple[Lloyd, ...]:
    """Partition many rows into each of several numbers of clusters.

    Samples, squares and the copy of the rows are shared, and the best centres for one number plus
    one more row are a start for the next.

    Parameters
    ----------
    X : ndarray of shape (n_rows, n_columns), finite
    band : sequence of int
        Numbers of clusters, 1 .. number of rows.
    rng : Generator
    weights : ndarray of shape (n_rows,), not negative, default ones
    n_starts : int, default=8
        Seedings tried for each number.
    hands : int, default=1
        Threads; the result does not depend on them.

    Returns
    -------
    tuple of Lloyd
        In the order of the band.

    Raises
    ------
    MathsError
        If there are fewer rows than clusters, or rows or weights will not do.

    Examples
    --------
    >>> X = np.array([[0.0], [1.0], [10.0], [11.0]])
    >>> found = kmeans_sweep(X, range(1, 4), rng=np.random.default_rng(0))
    >>> [f.inertia for f in found]
    [101.0, 1.0, 0.5]
    """
    for k in band:
        check_number(len(X), k)
    levels = _levels(rowset(X, weights), rng)
    # More clusters take longer: they go first, so that no hand waits at the end.
    order = sorted(set(band), reverse=True)
    seeds = dict(zip(order, rng.spawn(len(order)), strict=True))
    with threads(hands) as spread:
        found = spread(lambda k: _starts(levels, k, seeds[k].spawn(n_starts), map), order)
        starts = dict(zip(order, found, strict=True))
        _hand_on(levels.few, starts, seeds)
        carried = spread(
            lambda k: told(
                X, levels.rows, _carried(levels, starts[k], seeds[k], map, SAVED_BY_EACH)
            ),
            order,
        )
        results = dict(zip(order, carried, strict=True))
    return tuple(results[k] for k in band)


@contextmanager
def threads(hands: int) -> Iterator[Spread]:
    """Give what carries out work on pieces with so many threads."""
    if hands <= 1:
        yield map
        return
    with ThreadPoolExecutor(hands) as pool:
        yield pool.map


def check_number(n_rows: int, n_clusters: int) -> None:
    """Refuse fewer rows than clusters."""
    if not 1 <= n_clusters <= n_rows:
        msg = f"{n_rows} rows cannot make {n_clusters} clusters"
        raise MathsError(msg)


def _levels(rows: Rowset, rng: Generator) -> _Levels:
    some_rng, few_rng, trial_rng = rng.spawn(3)
    least, most = NEXT_ROWS
    some = rows.coreset(int(np.clip(NEXT_SHARE * len(rows), least, most)), some_rng)
    # Drawn evenly from rows that weigh much or little, a sample would be neither.
    few = rows.coreset(START_ROWS, few_rng)
    return _Levels(rows, some, few, rows.coreset(TRIAL_ROWS, trial_rng))


def _starts(
    levels: _Levels, n_clusters: int, rngs: Sequence[Generator], spread: Spread
) -> list[Descent]:
    """Try seedings for a few passes and let the best ones rest; best first."""
    few, trial = levels.few, levels.trial

    def begun(rng: Generator) -> Descent:
        seeds = greedy_seeds(trial.values, n_clusters, rng, trial.weights)
        return descend(trial, seeds.astype(np.float64), most_steps=TRIAL_STEPS)

    def further(start: Descent) -> Descent:
        return descend(few, start.centres, most_steps=FEW_STEPS)

    tried = ordered(trial, spread(begun, rngs))[:CARRIED]
    best = ordered(few, spread(further, tried))[:FINALISTS]
    return ordered(few, spread(lambda start: sampled(few, start.centres), best))


def roughly(
    rows: Rowset, n_clusters: int, rng: Generator, n_starts: int, worth: float, spread: Spread
) -> Descent:
    """Partition rows with no pass that saves less than a share of the inertia."""

    def begun(one: Generator) -> Descent:
        seeds = greedy_seeds(rows.values, n_clusters, one, rows.weights)
        return descend(rows, seeds.astype(np.float64), gain=worth)

    best = ordered(rows, spread(begun, rng.spawn(n_starts)))[0]
    return _exchanged(rows, best, rng, worth)


def _exchanged(rows: Rowset, best: Descent, rng: Generator, worth: float = 0.0) -> Descent:
    """Try a centre elsewhere and do without the one least missed, as long as this tightens."""
    scatter = rows.scatter
    for _ in range(EXCHANGES if len(best.centres) > 2 else 0):
        more = descend(rows, one_more(rows, best.centres, rng), most_steps=TRIAL_STEPS, gain=worth)
        gaps = ((more.centres[:, None, :] - more.centres) ** 2).sum(axis=2)
        np.fill_diagonal(gaps, np.inf)
        nearest = gaps.argmin(axis=1)
        both = more.sizes + more.sizes[nearest]
        missed = more.sizes * more.sizes[nearest] / np.maximum(both, 1e-30) * gaps.min(axis=1)
        fewer = np.delete(more.centres, int(missed.argmin()), axis=0)
        tried = descend(rows, fewer, most_steps=FEW_STEPS, gain=worth)
        if tried.inertia(scatter) >= best.inertia(scatter) * (1 - max(ALIKE, worth)):
            break
        best = sampled(rows, tried.centres, max(SAVED, worth))
    return best


def sampled(rows: Rowset, centres: NDArray[np.float64], saved: float = SAVED) -> Descent:
    """Let centres rest on a sample, as far as resting there means something.

    A mean of n rows errs by its variance over n, so that all centres together move by chance by
    about the columns' variance times their number times the square of the clusters' over the rows.
    """
    k, columns = centres.shape
    by_chance = CHANCE * columns * k**2 / len(rows)
    tolerance = max(TOLERANCE, min(by_chance, 1e-2))
    return descend(rows, centres, most_steps=SAMPLE_STEPS, tolerance=tolerance, gain=saved)


def _hand_on(rows: Rowset, starts: dict[int, list[Descent]], seeds: dict[int, Generator]) -> None:
    """Let each number of clusters try what the one before found, and one row more."""
    for k in sorted(starts):
        if k - 1 not in starts:
            continue
        before = starts[k - 1][0].centres
        added = one_more(rows, before, seeds[k])
        tried = sampled(rows, added)
        starts[k] = ordered(rows, [*starts[k], tried])[:CARRIED]


def one_more(rows: Rowset, centres: NDArray[np.float64], rng: Generator) -> NDArray[np.float64]:
    """Add the row that lowers the sum of squared gaps most, of a few drawn by their own gaps."""
    values = rows.values
    towards = centres.astype(np.float32)
    gaps = (towards**2).sum(axis=1)[:, None] - 2.0 * (towards @ values.T)
    nearest = np.maximum(gaps.min(axis=0) + rows.squares, 0.0).astype(np.float64)
    if rows.weights is not None:
        nearest *= rows.weights
    if nearest.sum() <= 0:
        return np.vstack([centres, values[:1]])
    drawn = rng.choice(len(values), 16, p=nearest / nearest.sum())
    to_drawn = rows.squares + rows.squares[drawn][:, None] - 2.0 * (values[drawn] @ values.T)
    if rows.weights is not None:
        to_drawn *= rows.weights
    best = int(np.minimum(to_drawn, nearest).sum(axis=1).argmin())
    return np.vstack([centres, values[drawn[best]]])


def ordered(rows: Rowset, found: Iterable[Descent]) -> list[Descent]:
    """Sort by inertia, best first; equal ones stay in their order."""
    scatter = rows.scatter
    return sorted(found, key=lambda one: one.inertia(scatter))


def _carried(
    levels: _Levels, starts: list[Descent], rng: Generator, spread: Spread, saved: float = SAVED
) -> Descent:
    """Take the best starts to the next level, and the best of them to all rows."""
    best, some, scatter = starts[0], levels.some, levels.few.scatter
    if some is not levels.few:
        others = [s for s in starts if s.inertia(scatter) > best.inertia(scatter) * (1 + ALIKE)]
        tried = [one.centres for one in (best, *others[: FINALISTS - 1])]
        if len(tried) > 1:
            found = spread(lambda c: descend(some, c, most_steps=NEXT_STEPS), tried)
            tried = [one.centres for one in ordered(some, found)]
        best = sampled(some, tried[0])
    best = _exchanged(some, best, rng)
    return descend(levels.rows, best.centres, spread=spread, gain=saved)


def told(X: NDArray[np.floating], rows: Rowset, found: Descent) -> Lloyd:
    """Give what passes found in the frame of the rows that were handed in."""
    centres = rows.outward(found.centres)
    return Lloyd(found.labels.astype(np.int64), centres, inertia_of(X, rows, found), found.n_steps)


TIGHT = 0.01
"""Share of the scatter below which the difference of two sums has lost digits."""


def inertia_of(X: NDArray[np.floating], rows: Rowset, found: Descent) -> float:
    """Sum up squared distances of rows to their own centre."""
    scatter = rows.scatter
    quick = found.inertia(scatter)
    if quick > TIGHT * scatter:
        return quick * rows.scale**2
    centres, sum_ = rows.outward(found.centres), 0.0
    for start in range(0, len(X), 16_384):
        block = slice(start, start + 16_384)
        gaps = ((X[block] - centres[found.labels[block]]) ** 2).sum(axis=1)
        sum_ += float(gaps.sum() if rows.weights is None else gaps @ rows.weights[block])
    return sum_
