"""Bisecting k-means: the loosest cluster is divided in two, until there are enough.

Read on in ``docs/methods/bisecting_k_means.md``.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from segmentry.errors import MathsError
from segmentry.maths.descent import Spread
from segmentry.maths.multilevel import check_number, fitted, threads
from segmentry.maths.rowset import BLOCK_ROWS, Rowset, rowset

N_STARTS = 4
"""Seedings of each division: with two centres, few go wrong."""


@dataclass(frozen=True, slots=True, eq=False)
class Bisection:
    """Labels, means, the sum of squared distances to them, and the tree of divisions.

    Row j of ``divisions`` tells that cluster ``divisions[j]`` was divided, and that the part which
    lies apart from its first half became cluster j + 1: the first k - 1 divisions give k clusters.
    """

    labels: NDArray[np.int64]
    centres: NDArray[np.float64]
    inertia: float
    divisions: NDArray[np.int64]

    def cut(self, n_clusters: int) -> NDArray[np.int64]:
        """Give the labels of an earlier number of clusters, 1 .. as many as there are."""
        if not 1 <= n_clusters <= len(self.centres):
            msg = f"{len(self.centres)} clusters cannot be cut into {n_clusters}"
            raise MathsError(msg)
        owner = np.arange(len(self.centres))
        for j in range(len(self.divisions), n_clusters - 1, -1):
            owner[owner == j] = self.divisions[j - 1]
        result: NDArray[np.int64] = owner[self.labels]
        return result


@dataclass(slots=True)
class _Part:
    index: NDArray[np.intp]
    centre: NDArray[np.float64]
    inertia: float


def kmeans_bisecting(
    X: NDArray[np.floating],
    n_clusters: int,
    *,
    rng: Generator,
    weights: NDArray[np.float64] | None = None,
    n_starts: int = N_STARTS,
    hands: int = 1,
) -> Bisection:
    """Divide rows in two, then the loosest part, and so on: nested clusters, each a k-means of two.

    Parameters
    ----------
    X : ndarray of shape (n_rows, n_columns), finite
    n_clusters : int
        1 .. number of distinct rows.
    rng : Generator
    weights : ndarray of shape (n_rows,), not negative, default ones
    n_starts : int, default=4
        Seedings of each division.
    hands : int, default=1
        Threads; the result does not depend on them.

    Returns
    -------
    Bisection
        Every smaller number of clusters is in it too.

    Raises
    ------
    MathsError
        If rows are too few or too alike for as many clusters.

    References
    ----------
    Steinbach, M., Karypis, G. and Kumar, V. (2000). A comparison of document clustering techniques.
    KDD Workshop on Text Mining.

    Examples
    --------
    >>> X = np.array([[0.0], [1.0], [10.0], [20.0]])
    >>> found = kmeans_bisecting(X, 3, rng=np.random.default_rng(0))
    >>> found.inertia, len(set(found.cut(2).tolist()))
    (0.5, 2)
    """
    check_number(len(X), n_clusters)
    rows = rowset(X, weights)
    whole = np.arange(len(rows))
    parts = [_part(rows, whole, whole)]
    divisions: list[int] = []
    with threads(hands) as spread:
        while len(parts) < n_clusters:
            loosest = max(range(len(parts)), key=lambda j: parts[j].inertia)
            if parts[loosest].inertia <= 0:
                msg = f"{len(parts)} distinct rows cannot make {n_clusters} clusters"
                raise MathsError(msg)
            halves = _halves(rows, parts[loosest], rng, n_starts, spread)
            if min(len(half.index) for half in halves) == 0:  # alike but for the last digits
                parts[loosest].inertia = 0.0
                continue
            parts[loosest], divisions = halves[0], [*divisions, loosest]
            parts.append(halves[1])
    labels = np.empty(len(rows), dtype=np.int64)
    for j, part in enumerate(parts):
        labels[part.index] = j
    centres = rows.outward(np.stack([part.centre for part in parts]))
    inertia = sum(part.inertia for part in parts) * rows.scale**2
    return Bisection(labels, centres, inertia, np.array(divisions, dtype=np.int64))


def _halves(
    rows: Rowset, part: _Part, rng: Generator, n_starts: int, spread: Spread
) -> tuple[_Part, _Part]:
    own = rows if len(part.index) == len(rows) else rows.taken(part.index)
    labels = fitted(own, 2, rng, n_starts, spread).labels
    first, second = (np.flatnonzero(labels == j) for j in range(2))
    return _part(own, part.index, first), _part(own, part.index, second)


def _part(own: Rowset, index: NDArray[np.intp], chosen: NDArray[np.intp]) -> _Part:
    """Measure some of the rows: their mean, and how loosely they lie about it."""
    some = own if len(chosen) == len(own) else own.taken(chosen)
    sum_, inertia = np.zeros(some.values.shape[1]), 0.0
    pieces = [slice(i, i + BLOCK_ROWS) for i in range(0, len(some), BLOCK_ROWS)]
    for piece in pieces:
        sum_ += _weights(some, piece) @ some.values[piece]
    centre = sum_ / max(some.total, np.finfo(float).tiny)
    for piece in pieces:
        gaps = some.values[piece] - centre.astype(np.float32)
        inertia += float(_weights(some, piece) @ np.einsum("ij,ij->i", gaps, gaps))
    return _Part(index[chosen], centre, inertia)


def _weights(rows: Rowset, piece: slice) -> NDArray[np.float32]:
    if rows.weights is None:
        return np.ones(len(rows.values[piece]), dtype=np.float32)
    return rows.weights[piece].astype(np.float32)
