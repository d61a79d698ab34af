"""K-means on arrays: greedy seeding and Lloyd's passes, in blocks of rows and one fixed order.

Written here rather than taken from a library because loading that library takes longer than the
fits of a whole run. Read on in ``docs/methods/k_means.md``.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import log

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from segmentry.errors import MathsError
from segmentry.maths.rowset import checked_weights

MOST_STEPS = 300

TOLERANCE = 1e-4
"""Movement of all centres, as a share of the mean variance of a column, that ends the passes."""

BLOCK_ROWS = 16_384
"""Rows handled together: their distances stay in the processor's cache."""


_Floats = NDArray[np.floating]


@dataclass(frozen=True, slots=True)
class Lloyd:
    """Where the passes ended: labels, centres, and the sum of squared distances to them."""

    labels: NDArray[np.int64]
    centres: NDArray[np.float64]
    inertia: float
    n_steps: int


def kmeans(
    X: NDArray[np.float64],
    n_clusters: int,
    *,
    rng: Generator,
    n_starts: int = 1,
    weights: NDArray[np.float64] | None = None,
) -> Lloyd:
    """Partition rows so that each lies nearest its own cluster's mean.

    Parameters
    ----------
    X : ndarray of shape (n_rows, n_columns), finite
    n_clusters : int
        1 .. number of rows.
    rng : Generator
        Chooses the first centres.
    n_starts : int, default=1
        Seedings tried; the one with the least inertia wins.
    weights : ndarray of shape (n_rows,), not negative, default ones
        How many rows each one stands for.

    Returns
    -------
    Lloyd

    Raises
    ------
    MathsError
        If there are fewer rows than clusters, or weights will not do.

    References
    ----------
    Lloyd, S. (1982). Least squares quantization in PCM. IEEE Trans. Inf. Theory 28, 129-137.
    Arthur, D. and Vassilvitskii, S. (2007). k-means++: the advantages of careful seeding. SODA.

    Examples
    --------
    >>> X = np.array([[0.0], [1.0], [10.0], [11.0]])
    >>> found = kmeans(X, 2, rng=np.random.default_rng(0))
    >>> sorted(found.centres[:, 0].tolist()), found.inertia
    ([0.5, 10.5], 1.0)
    """
    if not 1 <= n_clusters <= len(X):
        msg = f"{len(X)} rows cannot make {n_clusters} clusters"
        raise MathsError(msg)
    rows = _Rows.of(X, checked_weights(weights, len(X)))
    # Seeds are sought about the mean: far from zero, products leave nothing of short distances.
    about = rows.fine[:, :-1]
    seeds = [greedy_seeds(about, n_clusters, rng, rows.weights) for _ in range(n_starts)]
    starts = [rows.roughly(begun, MOST_STEPS) for begun in seeds]
    return rows.finished(min(starts, key=lambda start: start.inertia), MOST_STEPS)


def greedy_seeds(
    X: _Floats, n_clusters: int, rng: Generator, weights: NDArray[np.float64] | None = None
) -> _Floats:
    """Choose rows far apart as first centres.

    Parameters
    ----------
    X : ndarray of shape (n_rows, n_columns), finite
    n_clusters : int
    rng : Generator
    weights : ndarray of shape (n_rows,), not negative, default ones
        How many rows each one stands for.

    Returns
    -------
    ndarray of shape (n_clusters, n_columns)

    Notes
    -----
    Greedy k-means++: of a few rows drawn in proportion to their squared distance from the centres
    so far, the one that lowers the sum of distances most is taken.
    """
    n_candidates = 2 + int(log(n_clusters))
    squares = (X * X).sum(axis=1)

    def gaps_to(rows: NDArray[np.intp]) -> _Floats:
        gaps: _Floats = -2.0 * (X[rows] @ X.T)
        gaps += squares
        gaps += squares[rows, None]
        np.maximum(gaps, 0.0, out=gaps)
        return gaps if weights is None else gaps * weights

    chosen = [int(rng.integers(len(X)))]
    gaps = gaps_to(np.array(chosen))[0]
    for _ in range(n_clusters - 1):
        ladder = np.cumsum(gaps, dtype=np.float64)
        if ladder[-1] <= 0:  # all rows alike: any row will do
            ladder = np.arange(1.0, len(X) + 1)
        drawn = rng.random(n_candidates) * ladder[-1]
        rows = np.searchsorted(ladder, drawn).clip(0, len(X) - 1)
        options = np.minimum(gaps, gaps_to(rows))
        best = int(options.sum(axis=1).argmin())
        chosen.append(int(rows[best]))
        gaps = options[best]
    return X[chosen]


def lloyd(
    X: NDArray[np.float64],
    centres: _Floats,
    *,
    most_steps: int = MOST_STEPS,
    weights: NDArray[np.float64] | None = None,
) -> Lloyd:
    """Move known centres to the means of their rows until they rest. Nothing is drawn.

    The first passes are in single precision, the last ones in double.

    Parameters
    ----------
    X : ndarray of shape (n_rows, n_columns), finite
    centres : ndarray of shape (n_clusters, n_columns)
    most_steps : int, default=300
    weights : ndarray of shape (n_rows,), not negative, default ones
        How many rows each one stands for.

    Returns
    -------
    Lloyd
        A cluster that lost all its rows takes the row that lies farthest from its own centre.

    Notes
    -----
    Cost O(n_rows n_columns n_clusters) a pass. Sums are added up block by block, in one order.
    """
    rows = _Rows.of(X, checked_weights(weights, len(X)))
    return rows.finished(rows.roughly(centres - rows.middle, most_steps), most_steps)


@dataclass(frozen=True, slots=True)
class _Rough:
    """Centres at rest in single precision, and the inertia that they had there."""

    centres: NDArray[np.float32]
    inertia: float
    n_steps: int


@dataclass(frozen=True, slots=True, eq=False)
class _Rows:
    """Rows about their mean, in both precisions.

    They carry a last column of ones, by which one product gives distances, and another one sums
    and sizes.
    """

    fine: NDArray[np.float64]
    rough: NDArray[np.float32]
    middle: NDArray[np.float64]
    scatter: float
    weights: NDArray[np.float64] | None

    @classmethod
    def of(cls, X: NDArray[np.float64], weights: NDArray[np.float64] | None) -> _Rows:
        # Distances do not feel a shift, but the product's cancellation does.
        middle = X.mean(axis=0)
        fine = np.ones((len(X), X.shape[1] + 1))
        np.subtract(X, middle, out=fine[:, :-1])
        if weights is None:
            scatter = float(np.einsum("ij,ij->", fine[:, :-1], fine[:, :-1]))
        else:
            scatter = float(np.einsum("ij,ij,i->", fine[:, :-1], fine[:, :-1], weights))
        return cls(fine, fine.astype(np.float32), middle, scatter, weights)

    @property
    def least(self) -> float:
        """Movement of all centres that ends the passes."""
        n_columns: int = max(self.rough.shape[1] - 1, 1)
        total = len(self.rough) if self.weights is None else float(self.weights.sum())
        return TOLERANCE * self.scatter / (total * n_columns)

    def roughly(self, centres: _Floats, most_steps: int) -> _Rough:
        """Let centres, about the mean, rest in single precision: that far, starts compare."""
        begun = np.asarray(centres, dtype=np.float32)
        found, gap, n_steps = _settled(self.rough, self.weights, begun, self.least, most_steps - 1)
        return _Rough(found, gap + self.scatter, n_steps)

    def finished(self, start: _Rough, most_steps: int) -> Lloyd:
        """Go on in double precision from where a start came to rest."""
        begun, most_steps = start.centres.astype(np.float64), most_steps - start.n_steps
        found, _, n_steps = _settled(self.fine, self.weights, begun, self.least, most_steps)
        labels, gaps = _nearest(self.fine, found)
        inertia = max(_total(gaps, self.weights) + self.scatter, 0.0)
        return Lloyd(labels, found + self.middle, inertia, start.n_steps + n_steps)


def _settled(
    rows: _Floats,
    weights: NDArray[np.float64] | None,
    centres: _Floats,
    least: float,
    most_steps: int,
) -> tuple[_Floats, float, int]:
    """Pass after pass, until the centres move no more; give the last gaps and the passes too."""
    n_steps, shift, gap = 0, np.inf, 0.0
    while n_steps < most_steps and shift > least:
        n_steps += 1
        moved, gap = _moved(rows, weights, centres)
        shift = float(((moved - centres) ** 2).sum())
        centres = moved
    return centres, gap, n_steps


def _moved(
    rows: _Floats, weights: NDArray[np.float64] | None, centres: _Floats
) -> tuple[_Floats, float]:
    """Give the means of the rows nearest to each centre, and the gaps less the rows' squares."""
    towards, totals, gap = _towards(centres), np.zeros((len(centres), rows.shape[1])), 0.0
    for start in range(0, len(rows), BLOCK_ROWS):
        block = rows[start : start + BLOCK_ROWS]
        heavy = None if weights is None else weights[start : start + BLOCK_ROWS]
        gaps = towards @ block.T
        least = gaps.min(axis=0)
        gap += _total(least, heavy)
        members = np.equal(gaps, least).astype(rows.dtype)
        found = members @ block
        is_tied = found[:, -1].sum() != len(block)
        if is_tied:  # the first centre has it
            first = np.equal(np.arange(len(centres))[:, None], gaps.argmin(axis=0))
            members = first.astype(rows.dtype)
        if heavy is not None:
            members *= heavy.astype(rows.dtype)
        totals += members @ block if is_tied or heavy is not None else found
    sizes = totals[:, -1:]
    moved = np.where(sizes > 0, totals[:, :-1] / np.where(sizes > 0, sizes, 1.0), centres)
    empty = np.flatnonzero(sizes[:, 0] == 0)
    if len(empty):
        far = _nearest(rows, centres)[1] + (rows[:, :-1] ** 2).sum(axis=1)
        far = far if weights is None else far * weights
        moved[empty] = rows[np.argsort(-far, kind="stable")[: len(empty)], :-1]
    return moved.astype(rows.dtype), gap


def _total(values: _Floats, weights: NDArray[np.float64] | None) -> float:
    """Sum up, each value as often as its row stands for rows."""
    return float(values.sum(dtype=np.float64) if weights is None else values @ weights)


def _towards(centres: _Floats) -> _Floats:
    """Give what rows are multiplied with for their squared gaps, less their own squares."""
    return np.hstack([-2.0 * centres, (centres * centres).sum(axis=1, keepdims=True)])


def _nearest(rows: _Floats, centres: _Floats) -> tuple[NDArray[np.int64], _Floats]:
    """Give each row's nearest centre, and its squared gap less the row's own square."""
    labels, nearest = np.empty(len(rows), dtype=np.int64), np.empty(len(rows), dtype=rows.dtype)
    towards = _towards(centres)
    for start in range(0, len(rows), BLOCK_ROWS):
        block = slice(start, start + BLOCK_ROWS)
        gaps = towards @ rows[block].T
        labels[block], nearest[block] = gaps.argmin(axis=0), gaps.min(axis=0)
    return labels, nearest
