"""Medoids: rows that stand for others under any dissimilarity, improved by swaps.

What lives here: the search among the rows of one matrix of dissimilarities. What does not: which
rows are in it, and what unlike means (``cluster.medoids``, ``maths.dissimilarity``). Read on in
``docs/methods/medoids.md``.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from segmentry.errors import MathsError
from segmentry.maths.rowset import checked_weights

BLOCK = 64
"""Candidates that are looked at together; the best of them is swapped in."""

START_ROWS, MANY = 500, 3
"""Rows in which the first medoids are sought where there are so many times more of them."""

GAIN = 1e-7
"""Share of the deviation that a swap must save: less is rounding."""


@dataclass(frozen=True, eq=False)
class Medoids:
    """Rows that stand for the others: ``rows`` of shape (k,), labels 0 .. k - 1."""

    rows: NDArray[np.int64]
    labels: NDArray[np.int64]
    deviation: float
    """Sum of the dissimilarities of all rows to their medoid, by their weights."""


def partition_around_medoids(
    gaps: NDArray[np.float32] | NDArray[np.float64],
    n_clusters: int,
    *,
    rng: Generator,
    weights: NDArray[np.float64] | None = None,
) -> Medoids:
    r"""Choose rows so that all others are as like their nearest chosen one as can be.

    Parameters
    ----------
    gaps : ndarray of shape (n_rows, n_rows), symmetric, 0 or more, 0 on its diagonal
    n_clusters : int
        1 .. n_rows.
    rng : Generator
        Chooses the first medoids, each the likelier the further it is from those before; of
        1,500 rows and more, among 500 of them, where they are improved first.
    weights : ndarray of shape (n_rows,), not negative, default ones
        How much the dissimilarity of each row to its medoid counts.

    Returns
    -------
    Medoids
        No single swap of a medoid for another row makes its deviation less.

    Raises
    ------
    MathsError
        If the matrix is not square, there are fewer rows than clusters, or weights will not do.

    Notes
    -----
    Putting j in place of medoid i changes the deviation by

    .. math:: \sum_o \min(d_{oj} - d_1, 0) + \sum_{o: n_1(o) = i}
        \left(\mathrm{clip}(d_{oj}, d_1, d_2) - d_1\right)

    with :math:`d_1, d_2` the gaps of o to its nearest and second nearest medoid: the first sum is
    the same for all medoids, so that k of them are tried for the price of one. Swaps are made as
    soon as a block of candidates holds a gain. O(n^2) a pass.

    References
    ----------
    Schubert, E. and Rousseeuw, P. J. (2021). Fast and eager k-medoids clustering: O(k) runtime
    improvement of the PAM, CLARA, and CLARANS algorithms. Information Systems 101, 101804.

    Examples
    --------
    >>> line = np.array([0.0, 1.0, 2.0, 10.0, 11.0, 12.0])
    >>> gaps = np.abs(line[:, None] - line)
    >>> found = partition_around_medoids(gaps, 2, rng=np.random.default_rng(0))
    >>> sorted(found.rows.tolist()), found.deviation
    ([1, 4], 4.0)
    """
    n = len(gaps)
    if gaps.shape != (n, n) or not 1 <= n_clusters <= n:
        msg = f"gaps of shape {gaps.shape} hold no {n_clusters} medoids"
        raise MathsError(msg)
    weights = checked_weights(weights, n)
    medoids = _started(gaps, n_clusters, rng, weights)
    if n_clusters == 1:
        medoids = np.array([int(_totals(gaps.T, weights).argmin())])
        return _labelled(gaps, medoids, weights)
    near = _Nearest(gaps, medoids, weights)
    n_blocks = -(-n // BLOCK)
    block, since = 0, 0
    while since < n_blocks:
        start = block * BLOCK
        gain, row, place = _best_swap(gaps[start : start + BLOCK], near)
        since += 1
        if gain > GAIN * near.deviation:
            swapped = medoids.copy()
            swapped[place] = start + row
            found = _Nearest(gaps, swapped, weights)
            # In single precision a gain may be rounding, which must not go round in circles.
            if found.deviation < near.deviation:
                medoids, near, since = swapped, found, 0
        block = (block + 1) % n_blocks
    return _labelled(gaps, medoids, weights)


def _totals(
    gaps: NDArray[np.float32] | NDArray[np.float64], weights: NDArray[np.float64] | None
) -> NDArray[np.float64]:
    """Sum up each line, its places by their weights."""
    result: NDArray[np.float64] = (
        gaps.sum(axis=-1, dtype=np.float64) if weights is None else gaps @ weights
    )
    return result


class _Nearest:
    """Which medoid is nearest to each row, how far it is, and how far the second is."""

    def __init__(
        self,
        gaps: NDArray[np.float32] | NDArray[np.float64],
        medoids: NDArray[np.int64],
        weights: NDArray[np.float64] | None,
    ) -> None:
        self.weights = weights
        own = gaps[:, medoids]
        everyone = np.arange(len(own))
        first = own.argmin(axis=1)
        self.d1 = own[everyone, first]
        own[everyone, first] = np.inf
        self.d2 = own.min(axis=1)
        self.members = np.zeros_like(own)
        self.members[everyone, first] = 1.0 if weights is None else weights
        self.deviation = float(_totals(self.d1, weights))
        counted = self.d1 if weights is None else self.d1 * weights
        self.kept = np.bincount(first, counted, own.shape[1])
        """Deviation of each medoid's rows: what is left where nothing is swapped."""


def _best_swap(
    candidates: NDArray[np.float32] | NDArray[np.float64], near: _Nearest
) -> tuple[float, int, int]:
    """Give the most that a swap saves, its candidate and the medoid that goes."""
    # min(g, d1) + clip(g, d1, d2) = min(g, d2) + d1, so that one pass over the block gives both.
    reach = np.minimum(candidates, near.d2)
    closer = _totals(reach, near.weights)
    np.maximum(reach, near.d1, out=reach)
    clipped = (reach @ near.members).astype(np.float64)
    closer -= clipped.sum(axis=1)
    change = clipped - near.kept + closer[:, None]
    row, place = np.unravel_index(int(change.argmin()), change.shape)
    return -float(change[row, place]), int(row), int(place)


def _started(
    gaps: NDArray[np.float32] | NDArray[np.float64],
    count: int,
    rng: Generator,
    weights: NDArray[np.float64] | None,
) -> NDArray[np.int64]:
    """Begin, of many rows, with the medoids of a few: two passes are then enough for most."""
    if len(gaps) < MANY * START_ROWS or count * MANY > START_ROWS:
        return _first(gaps, count, rng, weights)
    few = np.sort(rng.permutation(len(gaps))[:START_ROWS])
    own = None if weights is None else weights[few]
    among = partition_around_medoids(gaps[np.ix_(few, few)], count, rng=rng, weights=own)
    found: NDArray[np.int64] = few[among.rows]
    return found


def _first(
    gaps: NDArray[np.float32] | NDArray[np.float64],
    count: int,
    rng: Generator,
    weights: NDArray[np.float64] | None,
) -> NDArray[np.int64]:
    chosen = [int(rng.integers(len(gaps)))]
    nearest = gaps[chosen[0]].astype(np.float64)
    while len(chosen) < count:
        ladder = np.cumsum(nearest if weights is None else nearest * weights)
        if ladder[-1] > 0:
            row = min(int(np.searchsorted(ladder, rng.random() * ladder[-1])), len(gaps) - 1)
        else:  # all rows are like one that is chosen: any other will do
            row = int(np.setdiff1d(np.arange(len(gaps)), chosen)[0])
        chosen.append(row)
        np.minimum(nearest, gaps[row], out=nearest)
    return np.array(chosen, dtype=np.int64)


def _labelled(
    gaps: NDArray[np.float32] | NDArray[np.float64],
    medoids: NDArray[np.int64],
    weights: NDArray[np.float64] | None,
) -> Medoids:
    own = gaps[:, medoids].astype(np.float64)
    labels = own.argmin(axis=1)
    return Medoids(medoids, labels, float(_totals(own[np.arange(len(own)), labels], weights)))
