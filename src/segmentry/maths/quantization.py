"""Learning vector quantisation: prototypes moved until nearest ones give the labels wanted."""

from __future__ import annotations

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from segmentry.errors import MathsError

PASSES = 6
"""Lloyd passes of the first placing: enough for points that are moved again afterwards."""

STEPS = 6
RATE = 0.6
WINDOW = 0.02
"""Squared relative distance from a border over which rows still move prototypes."""

SLACK = 5.0
"""Rows' worth of inertia of each prototype, so that one or two rows do not drag it away."""


BLOCK_CELLS = 2_000_000
"""Distances held at a time where there are many points."""


def nearest_points(X: NDArray[np.float64], points: NDArray[np.float64]) -> NDArray[np.int64]:
    """Find the nearest point of each row; of equally near ones, the first.

    Parameters
    ----------
    X : ndarray of shape (n_rows, n_columns)
    points : ndarray of shape (n_points, n_columns)

    Returns
    -------
    ndarray of shape (n_rows,)
    """
    result = np.empty(len(X), dtype=np.int64)
    step = max(1, BLOCK_CELLS // len(points))
    # Far from zero, products leave nothing of short distances.
    origin = points.mean(axis=0)
    about = points - origin
    # The row's own square changes nothing about which point is nearest.
    squares = (about * about).sum(axis=1)
    for start in range(0, len(X), step):
        scores = (X[start : start + step] - origin) @ about.T
        scores *= -2.0
        scores += squares
        result[start : start + step] = scores.argmin(axis=1)
    return result


def near_labels(
    X: NDArray[np.float64], points: NDArray[np.float64], groups: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Give each row the group of its nearest point.

    Quicker than ``squared_distances``, and not the same to the last bit: for choosing points, not
    for assignment.

    Parameters
    ----------
    X : ndarray of shape (n_rows, n_columns)
    points : ndarray of shape (n_points, n_columns)
    groups : ndarray of int, shape (n_points,)

    Returns
    -------
    ndarray of shape (n_rows,)
    """
    labels: NDArray[np.int64] = groups[nearest_points(X, points)]
    return labels


def spread_points(X: NDArray[np.float64], count: int, rng: Generator) -> NDArray[np.float64]:
    """Place points so that rows have one near by: a few passes of k-means.

    Parameters
    ----------
    X : ndarray of shape (n_rows, n_columns), finite, at least one row
    count : int
        Points wanted; fewer come back where there are fewer distinct rows.
    rng : Generator

    Returns
    -------
    ndarray of shape (n_points, n_columns)

    References
    ----------
    Arthur, D. and Vassilvitskii, S. (2007). k-means++: the advantages of careful seeding. SODA.
    """
    if count == 1:
        middle: NDArray[np.float64] = X.mean(axis=0, keepdims=True)
        return middle
    chosen = [int(rng.integers(len(X)))]
    gaps = ((X - X[chosen[0]]) ** 2).sum(axis=1)
    while len(chosen) < count and gaps.max() > 0:
        ladder = np.cumsum(gaps)
        place = int(np.searchsorted(ladder, rng.random() * ladder[-1]))
        chosen.append(min(place, len(X) - 1))
        np.minimum(gaps, ((X - X[chosen[-1]]) ** 2).sum(axis=1), out=gaps)
    points = X[chosen]
    return _moved(X, points, PASSES)


def _moved(X: NDArray[np.float64], points: NDArray[np.float64], passes: int) -> NDArray[np.float64]:
    points = points.copy()
    for _ in range(passes):
        near = nearest_points(X, points)
        sizes = np.bincount(near, minlength=len(points))
        sums = np.stack([np.bincount(near, column, len(points)) for column in X.T], axis=1)
        filled = sizes > 0
        points[filled] = sums[filled] / sizes[filled, None]
    return points


def pulled_apart(
    X: NDArray[np.float64],
    labels: NDArray[np.int64],
    points: NDArray[np.float64],
    groups: NDArray[np.int64],
) -> NDArray[np.float64]:
    r"""Move prototypes so that rows near a border fall on their own side.

    Parameters
    ----------
    X : ndarray of shape (n_rows, n_columns), finite
    labels : ndarray of int, shape (n_rows,)
        The label that each row should get; each has a prototype.
    points : ndarray of shape (n_points, n_columns)
        Where prototypes start.
    groups : ndarray of int, shape (n_points,)
        Label of each prototype.

    Returns
    -------
    ndarray of shape (n_points, n_columns)
        The placing with the most rows right that was met on the way, the start among them.

    Raises
    ------
    MathsError
        If a label has no prototype.

    Notes
    -----
    For each row let a be the squared distance to the nearest prototype of its own label and b to
    the nearest of another. Generalised learning vector quantisation lowers :math:`(a-b)/(a+b)`:
    own prototypes move towards the row, others away from it. Rows weigh by
    :math:`\exp(-((a-b)/(a+b))^2 / w)`, so that only those near a border speak. All rows move the
    prototypes together, which draws nothing. Cost O(n_rows n_points n_columns) a step.

    References
    ----------
    Kohonen, T. (1990). Improved versions of learning vector quantization. IJCNN, 545-550.
    Sato, A. and Yamada, K. (1996). Generalized learning vector quantization. NIPS 8, 423-429.
    """
    if not np.isin(labels, groups).all():
        msg = "every label needs a prototype"
        raise MathsError(msg)
    rows = np.arange(len(X))
    foreign = groups[None, :] != labels[:, None]
    points = points.copy()
    best, most = points, -1
    for _ in range(STEPS):
        gaps = _gaps(X, points)
        right = int((groups[gaps.argmin(axis=1)] == labels).sum())
        if right > most:
            best, most = points.copy(), right
        if right == len(X) or len(np.unique(groups)) < 2:
            break
        own = np.where(foreign, np.inf, gaps)
        np.copyto(gaps, np.inf, where=~foreign)
        i, j = own.argmin(axis=1), gaps.argmin(axis=1)
        points += _pull(X, points, (i, own[rows, i]), (j, gaps[rows, j]))
    return best


def _pull(
    X: NDArray[np.float64],
    points: NDArray[np.float64],
    own: tuple[NDArray[np.intp], NDArray[np.float64]],
    other: tuple[NDArray[np.intp], NDArray[np.float64]],
) -> NDArray[np.float64]:
    (i, a), (j, b) = own, other
    both = np.maximum(a + b, np.finfo(np.float64).tiny)
    near = np.exp(-(((a - b) / both) ** 2) / WINDOW)
    towards, away = 2.0 * near * b / both, 2.0 * near * a / both
    n = len(points)
    weight = np.bincount(i, towards, n) + np.bincount(j, away, n) + SLACK
    move = np.empty_like(points)
    for c, column in enumerate(X.T):
        gain = np.bincount(i, towards * (column - points[i, c]), n)
        move[:, c] = gain - np.bincount(j, away * (column - points[j, c]), n)
    result: NDArray[np.float64] = RATE * move / weight[:, None]
    return result


def _gaps(X: NDArray[np.float64], points: NDArray[np.float64]) -> NDArray[np.float64]:
    origin = points.mean(axis=0)
    rows, about = X - origin, points - origin
    squares: NDArray[np.float64] = rows @ about.T
    squares *= -2.0
    squares += (rows * rows).sum(axis=1)[:, None]
    squares += (about * about).sum(axis=1)
    return np.maximum(squares, 0.0, out=squares)
