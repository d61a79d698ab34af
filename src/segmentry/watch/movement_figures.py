"""Figures of movement: flows beside noise, paths nobody expected, sizes, staying, centres.

What lives here: counts with their intervals. What does not: who moved and why (``movements``).
Read on in ``docs/methods/movements.md``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from segmentry.domain.bounded import Bounded
from segmentry.domain.movement import (
    BEHAVIOUR,
    Flow,
    Growth,
    Shift,
    Staying,
    Transitions,
    Unexpected,
)
from segmentry.maths.intervals import normal_quantile, paired_difference_interval, wilson_interval
from segmentry.maths.multiplicity import benjamini_hochberg
from segmentry.maths.survival import kaplan_meier
from segmentry.watch.movements import Spells

Ints = NDArray[np.int64]

RATE = 0.05
"""False discovery rate at which a path is told as above noise, or as unexpected."""

MOST_COLUMNS = 3
"""Columns told of each segment's centre: those in which it went furthest."""


def flows(
    counts: Ints, told: Transitions, ids: Sequence[int], expected: NDArray[np.float64] | None
) -> tuple[Flow, ...]:
    """Give every path that anybody took, with its share and what noise alone would make of it.

    Parameters
    ----------
    counts : ndarray of int, shape (n_steps, n_segments, n_segments)
    told : Transitions
    ids : sequence of int
        Of the segments.
    expected : ndarray of shape (n_segments, n_segments) or None
        By noise alone.

    Returns
    -------
    tuple of Flow
        P-values are Poisson's, corrected for the number of paths (Benjamini and Hochberg).
    """
    total, k = counts.sum(axis=0), len(ids)
    moved = np.zeros((k, k), dtype=np.int64)
    own = told.cause == BEHAVIOUR
    np.add.at(moved, (told.source[own], told.target[own]), 1)
    paths = [(i, j) for i in range(k) for j in range(k) if i != j and total[i, j]]
    rates = [None] * len(paths)
    if expected is not None and paths:
        at = tuple(np.array(paths).T)
        rates = benjamini_hochberg(_poisson_tail(total[at], expected[at])).tolist()
    return tuple(
        Flow(
            ids[i], ids[j], int(total[i, j]), int(moved[i, j]),
            _share(int(total[i, j]), int(total[i].sum())),
            None if expected is None else float(expected[i, j]), rate,
        )
        for (i, j), rate in zip(paths, rates, strict=True)
    )  # fmt: skip


def _poisson_tail(n: Ints, expected: NDArray[np.float64]) -> NDArray[np.float64]:
    """Give the chance of as many or more, 1 for none."""
    from scipy.special import pdtrc

    tail = np.ones(len(n))
    some = n > 0
    tail[some] = pdtrc(n[some] - 1, np.maximum(expected[some], 1e-12))
    return tail


def share_by_noise(counts: Ints, expected: NDArray[np.float64]) -> Bounded | None:
    """Give the share of changes of answer that noise could make; None without changes.

    Path by path no more than were seen. The interval is that of the number of changes seen
    (Poisson's, by the square root).
    """
    total = counts.sum(axis=0)
    seen = np.where(np.eye(len(total), dtype=bool), 0, total)
    n = int(seen.sum())
    if not n:
        return None
    made, half = float(np.minimum(seen, expected).sum()), normal_quantile() / 2.0
    high, low = (max((n**0.5 + sign * half) ** 2, 1e-9) for sign in (-1, 1))
    return Bounded(made / n, min(made / low, 1.0), min(made / high, 1.0))


def unexpected(counts: Ints, ids: Sequence[int], days: Sequence[date]) -> tuple[Unexpected, ...]:
    """Find paths that more took at one step than a Markov chain of the steps before lets expect.

    Parameters
    ----------
    counts : ndarray of int, shape (n_steps, n_segments, n_segments)
    ids : sequence of int
    days : sequence of date
        Of the snapshots, one more than steps.

    Returns
    -------
    tuple of Unexpected
        At a false discovery rate of 0.05 over all paths and steps from the second one on.

    Notes
    -----
    Of those in a segment, each takes each path with a chance that the earlier steps told, under
    Jeffreys' prior: the number is beta-binomial, so that little history makes nothing unexpected.
    """
    from scipy.stats import betabinom

    k, rows = len(ids), []
    for step in range(1, len(counts)):
        before = counts[:step].sum(axis=0)
        for i in range(k):
            n, seen = int(counts[step, i].sum()), int(before[i].sum())
            for j in range(k):
                if i == j or not n or not seen:
                    continue
                a, b = before[i, j] + 0.5, seen - before[i, j] + 0.5
                tail = float(betabinom.sf(counts[step, i, j] - 1, n, a, b))
                rows.append((step, i, j, int(counts[step, i, j]), n * a / (a + b), tail))
    if not rows:
        return ()
    rates = benjamini_hochberg(np.clip([r[5] for r in rows], 0.0, 1.0))
    return tuple(
        Unexpected(days[step + 1], ids[i], ids[j], n, float(mean), float(rate))
        for (step, i, j, n, mean, _), rate in zip(rows, rates, strict=True)
        if rate <= RATE
    )


def growth(sizes: Ints, ends: Ints, ids: Sequence[int]) -> tuple[Growth, ...]:
    """Tell each segment's size at every snapshot, and what movement alone did to its share.

    Parameters
    ----------
    sizes : ndarray of int, shape (n_snapshots, n_segments)
    ends : ndarray of int, shape (n_segments, n_segments)
        Entities at both ends: in which segment first, in which last.
    ids : sequence of int
    """
    n = int(ends.sum())
    found = []
    for i, number in enumerate(ids):
        came, went = int(ends[:, i].sum() - ends[i, i]), int(ends[i].sum() - ends[i, i])
        net = Bounded((came - went) / max(n, 1), *paired_difference_interval(came, went, n))
        shares = tuple(_share(int(s[i]), int(s.sum())) for s in sizes)
        found.append(Growth(number, tuple(map(int, sizes[:, i])), shares, came, went, net))
    return tuple(found)


def staying(spells: Spells, ids: Sequence[int]) -> tuple[Staying, ...]:
    """Estimate how long entities stay in each segment (Kaplan and Meier), in snapshots."""
    found = []
    for i, number in enumerate(ids):
        own = spells.segment == i
        told = kaplan_meier(spells.length[own], spells.ended[own])
        rows = zip(told.share, told.low, told.high, strict=True)
        shares = tuple(Bounded(*map(float, row)) for row in rows)
        found.append(Staying(number, int(own.sum()), tuple(map(int, told.at_risk)), shares))
    return tuple(found)


@dataclass(frozen=True, eq=False)
class Centres:
    """Members' means and variances in each column; shapes (n_segments, n_columns), sizes (n,)."""

    sizes: Ints
    means: NDArray[np.float64]
    variances: NDArray[np.float64]

    @classmethod
    def of(cls, X: NDArray[np.float64], segment: Ints, n_segments: int) -> Centres:
        """Measure the members of each segment; one without members has no numbers."""
        sizes = np.bincount(segment, minlength=n_segments)
        shape = (n_segments, X.shape[1])
        means, variances = np.full(shape, np.nan), np.full(shape, np.nan)
        for i in np.flatnonzero(sizes):
            own = X[segment == i]
            means[i] = own.mean(axis=0)
            variances[i] = own.var(axis=0, ddof=1) if len(own) > 1 else np.nan
        return cls(sizes, means, variances)


def shifts(
    first: Centres,
    last: Centres,
    scale: NDArray[np.float64],
    ids: Sequence[int],
    columns: Sequence[str],
) -> tuple[Shift, ...]:
    """Say in which columns the centre of each segment's members went furthest.

    Parameters
    ----------
    first, last : Centres
        At both ends of the range.
    scale : ndarray of shape (n_columns,)
        Standard deviation of everyone at the first snapshot; columns without any are left out.
    ids : sequence of int
    columns : sequence of str

    Returns
    -------
    tuple of Shift
        Intervals take both ends for independent, and are too wide where members are the same.
    """
    found = []
    moving = np.flatnonzero(scale > 0.0)
    for i, number in enumerate(ids):
        if min(first.sizes[i], last.sizes[i]) < 2:
            continue
        gap = (last.means[i] - first.means[i])[moving] / scale[moving]
        spread = first.variances[i] / first.sizes[i] + last.variances[i] / last.sizes[i]
        half = normal_quantile() * np.sqrt(spread[moving]) / scale[moving]
        for j in np.argsort(-np.abs(gap), kind="stable")[:MOST_COLUMNS]:
            moved = Bounded(*(float(v) for v in (gap[j], gap[j] - half[j], gap[j] + half[j])))
            found.append(Shift(number, columns[moving[j]], moved))
    return tuple(found)


def _share(count: int, n: int) -> Bounded:
    return Bounded(count / n if n else 0.0, *wilson_interval(count, n))
