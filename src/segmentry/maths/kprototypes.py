"""k-prototypes: each cluster's means of numbers and modes of categories, in one distance.

Read on in ``docs/methods/k_prototypes.md``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from segmentry.errors import MathsError
from segmentry.maths.lloyd import BLOCK_ROWS, MOST_STEPS, Lloyd, greedy_seeds
from segmentry.maths.rowset import checked_weights

N_STARTS = 4


@dataclass(frozen=True, slots=True)
class Category:
    """Columns ``start`` .. ``stop - 1`` that are one category.

    Several columns mark a level each, by one value above zero; all are zero where no level is
    known. One column alone has two values, which are the levels.
    """

    start: int
    stop: int

    @property
    def columns(self) -> slice:
        """Give its columns."""
        return slice(self.start, self.stop)

    def modes(self, means: NDArray[np.float64], low: float, high: float) -> NDArray[np.float64]:
        """Turn the means of its columns into what marks the most frequent level.

        Parameters
        ----------
        means : ndarray of shape (n_clusters, stop - start)
        low, high : float
            The values of its columns.

        Returns
        -------
        ndarray of the same shape
            Of equally frequent levels, the first; zeros where no level is known of anybody.
        """
        if means.shape[1] == 1:
            return np.where(means > (low + high) / 2, high, low)
        is_first = np.arange(means.shape[1]) == means.argmax(axis=1)[:, None]
        return np.where(is_first & (means > 0), high, 0.0)


def kprototypes(
    X: NDArray[np.float64],
    n_clusters: int,
    categories: Sequence[Category],
    *,
    rng: Generator,
    weights: NDArray[np.float64] | None = None,
    n_starts: int = N_STARTS,
) -> Lloyd:
    r"""Partition rows so that each lies nearest its own cluster's prototype.

    Parameters
    ----------
    X : ndarray of shape (n_rows, n_columns), finite
    n_clusters : int
        1 .. number of rows.
    categories : sequence of Category
        The other columns are numbers.
    rng : Generator
        Chooses the first prototypes.
    weights : ndarray of shape (n_rows,), not negative, default ones
    n_starts : int, default=4
        Seedings tried; the one with the least cost wins.

    Returns
    -------
    Lloyd
        Prototypes hold means of numbers and modes of categories; ``inertia`` is the cost.

    Raises
    ------
    MathsError
        If there are fewer rows than clusters, or weights will not do.

    Notes
    -----
    The cost of a row x and its prototype q is

    .. math:: \sum_{j \in numbers} (x_j - q_j)^2 + \sum_{c \in categories} \gamma_c [x_c \ne q_c].

    Where a level is marked by s in a column of its own, two levels lie :math:`2 s^2` apart, so that
    the squared distance is this cost with :math:`\gamma_c = 2 s^2`; of two values alone,
    :math:`\gamma_c` is the square of their gap. A row of which no level is known lies half a
    :math:`\gamma_c` from every level.

    References
    ----------
    Huang, Z. (1998). Extensions to the k-means algorithm for clustering large data sets with
    categorical values. Data Mining and Knowledge Discovery 2, 283-304.

    Examples
    --------
    >>> X = np.array([[0.0, 1.0, 0.0], [0.2, 1.0, 0.0], [0.1, 0.0, 1.0], [0.3, 0.0, 1.0]])
    >>> found = kprototypes(X, 2, (Category(1, 3),), rng=np.random.default_rng(0))
    >>> found.labels[0] == found.labels[1] != found.labels[2] == found.labels[3]
    np.True_
    >>> round(found.inertia, 9)
    0.04
    """
    if not 1 <= n_clusters <= len(X):
        msg = f"{len(X)} rows cannot make {n_clusters} clusters"
        raise MathsError(msg)
    heavy, middle = checked_weights(weights, len(X)), X.mean(axis=0)
    about = X - middle  # as in ``settle``: far from zero, products leave nothing of short distances
    seeds = (greedy_seeds(about, n_clusters, rng, heavy) + middle for _ in range(n_starts))
    fits = (settle(X, begun, categories, weights=heavy) for begun in seeds)
    return min(fits, key=lambda fit: fit.inertia)


def settle(
    X: NDArray[np.float64],
    prototypes: NDArray[np.floating],
    categories: Sequence[Category],
    *,
    weights: NDArray[np.float64] | None = None,
    most_steps: int = MOST_STEPS,
) -> Lloyd:
    """Move known prototypes to the means and modes of their rows until the cost falls no more.

    Parameters
    ----------
    X : ndarray of shape (n_rows, n_columns), finite
    prototypes : ndarray of shape (n_clusters, n_columns)
    categories : sequence of Category
    weights : ndarray of shape (n_rows,), not negative, default ones
    most_steps : int, default=300

    Returns
    -------
    Lloyd
        A cluster that lost all its rows takes the row farthest from its own prototype. Labels are
        those of the nearest prototype. Nothing is drawn.
    """
    heavy = np.ones(len(X)) if weights is None else weights
    # Distances do not feel a shift, but the product's cancellation does.
    middle = X.mean(axis=0)
    rows = X - middle
    squares = (rows * rows).sum(axis=1)

    def measured(points: NDArray[np.float64]) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        return _nearest(rows, squares, points - middle)

    values = [(c, float(X[:, c.columns].min()), float(X[:, c.columns].max())) for c in categories]
    points = np.asarray(prototypes, dtype=np.float64)
    labels, gaps = measured(points)
    cost, n_steps = np.inf, 0
    while float(gaps @ heavy) < cost and n_steps < most_steps:
        n_steps, best = n_steps + 1, (labels, points, gaps)
        cost = float(gaps @ heavy)
        sums, sizes = _sums(X, labels, heavy, len(points))
        points = np.where(sizes > 0, sums / np.where(sizes > 0, sizes, 1.0), points)
        for category, low, high in values:
            own = category.columns
            points[:, own] = category.modes(points[:, own], low, high)
        empty = np.flatnonzero(sizes[:, 0] == 0)
        if len(empty):
            _, away = measured(points)
            points[empty] = X[np.argsort(-away * heavy, kind="stable")[: len(empty)]]
        labels, gaps = measured(points)
    labels, points, gaps = best
    return Lloyd(labels, points, cost, n_steps)


def _nearest(
    rows: NDArray[np.float64], squares: NDArray[np.float64], points: NDArray[np.float64]
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Give each row's nearest point, of equally near ones the first, and its squared gap."""
    labels, gaps = np.empty(len(rows), dtype=np.int64), np.empty(len(rows))
    lengths = (points * points).sum(axis=1)
    for start in range(0, len(rows), BLOCK_ROWS):
        block = slice(start, start + BLOCK_ROWS)
        found = lengths - 2.0 * (rows[block] @ points.T)
        labels[block], gaps[block] = found.argmin(axis=1), found.min(axis=1) + squares[block]
    return labels, np.maximum(gaps, 0.0, out=gaps)


def _sums(
    X: NDArray[np.float64], labels: NDArray[np.int64], weights: NDArray[np.float64], k: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    sums, sizes = np.zeros((k, X.shape[1])), np.zeros((k, 1))
    for start in range(0, len(X), BLOCK_ROWS):
        block = slice(start, start + BLOCK_ROWS)
        members = (labels[block] == np.arange(k)[:, None]) * weights[block]
        sums += members @ X[block]
        sizes[:, 0] += members.sum(axis=1)
    return sums, sizes
