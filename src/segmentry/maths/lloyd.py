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


def kmeans(X: NDArray[np.float64], n_clusters: int, *, rng: Generator, n_starts: int = 1) -> Lloyd:
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

    Returns
    -------
    Lloyd

    Raises
    ------
    MathsError
        If there are fewer rows than clusters.

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
    fits = (lloyd(X, greedy_seeds(X, n_clusters, rng)) for _ in range(n_starts))
    return min(fits, key=lambda fit: fit.inertia)


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


def lloyd(X: NDArray[np.float64], centres: _Floats, *, most_steps: int = MOST_STEPS) -> Lloyd:
    """Move known centres to the means of their rows until they rest. Nothing is drawn.

    The first passes are in single precision, the last ones in double.

    Parameters
    ----------
    X : ndarray of shape (n_rows, n_columns), finite
    centres : ndarray of shape (n_clusters, n_columns)
    most_steps : int, default=300

    Returns
    -------
    Lloyd
        A cluster that lost all its rows takes the row that lies farthest from its own centre.

    Notes
    -----
    Cost O(n_rows n_columns n_clusters) a pass. Sums are added up block by block, in one order.
    """
    # Distances do not feel a shift, but the product's cancellation does.
    middle = X.mean(axis=0)
    rows = np.ones((len(X), X.shape[1] + 1))
    np.subtract(X, middle, out=rows[:, :-1])
    least = TOLERANCE * float((rows[:, :-1] ** 2).mean())
    begun = np.asarray(centres - middle, dtype=np.float32)
    rough, n_rough = _settled(rows.astype(np.float32), begun, least, most_steps - 1)
    found, n_fine = _settled(rows, rough.astype(np.float64), least, most_steps - n_rough)
    labels, gaps = _nearest(rows, found)
    inertia = max(float(gaps.sum()) + float((rows[:, :-1] ** 2).sum()), 0.0)
    return Lloyd(labels, found + middle, inertia, n_rough + n_fine)


def _settled(rows: _Floats, centres: _Floats, least: float, most_steps: int) -> tuple[_Floats, int]:
    """Pass after pass, until the centres move no more; give the number of passes too.

    Rows carry a last column of ones, by which one product gives distances, and another one sums
    and sizes.
    """
    n_steps, shift = 0, np.inf
    while n_steps < most_steps and shift > least:
        n_steps += 1
        moved = _moved(rows, centres)
        shift = float(((moved - centres) ** 2).sum())
        centres = moved
    return centres, n_steps


def _moved(rows: _Floats, centres: _Floats) -> _Floats:
    """Give the means of the rows that lie nearest to each centre."""
    towards, totals = _towards(centres), np.zeros((len(centres), rows.shape[1]))
    for start in range(0, len(rows), BLOCK_ROWS):
        block = rows[start : start + BLOCK_ROWS]
        gaps = towards @ block.T
        members = np.equal(gaps, gaps.min(axis=0)).astype(rows.dtype)
        found = members @ block
        if found[:, -1].sum() != len(block):  # a tie: the first centre has it
            members = np.equal(np.arange(len(centres))[:, None], gaps.argmin(axis=0))
            found = members.astype(rows.dtype) @ block
        totals += found
    sizes = totals[:, -1:]
    moved = np.where(sizes > 0, totals[:, :-1] / np.maximum(sizes, 1.0), centres)
    empty = np.flatnonzero(sizes[:, 0] == 0)
    if len(empty):
        far = _nearest(rows, centres)[1] + (rows[:, :-1] ** 2).sum(axis=1)
        moved[empty] = rows[np.argsort(-far, kind="stable")[: len(empty)], :-1]
    return moved.astype(rows.dtype)


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
