"""Spherical k-means: rows that point the same way belong together, however long they are.

What lives here: fits and their rest. What does not: where directions begin (``directions``). Read
on in ``docs/methods/spherical_k_means.md``.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from segmentry.errors import MathsError
from segmentry.maths.lloyd import MOST_STEPS, Lloyd
from segmentry.maths.multilevel import N_STARTS, check_number, fitted, threads
from segmentry.maths.rowset import BLOCK_ROWS, checked_weights, framed


def kmeans_spherical(
    X: NDArray[np.floating],
    n_clusters: int,
    *,
    rng: Generator,
    weights: NDArray[np.float64] | None = None,
    n_starts: int = N_STARTS,
    hands: int = 1,
) -> Lloyd:
    r"""Partition rows by their direction: each gets the centre with the largest cosine.

    Parameters
    ----------
    X : ndarray of shape (n_rows, n_columns), finite, no row of zeros
    n_clusters : int
        1 .. number of rows.
    rng : Generator
        Draws samples and first centres.
    weights : ndarray of shape (n_rows,), not negative, default ones
    n_starts : int, default=8
    hands : int, default=1
        Threads; the result does not depend on them.

    Returns
    -------
    Lloyd
        Centres have length one; inertia is the sum of one less the cosine.

    Raises
    ------
    MathsError
        If there are fewer rows than clusters, or a row has no direction.

    Notes
    -----
    Of rows and centres of length one, the squared distance is :math:`2 - 2 \cos`: passes are those
    of k-means, with means brought back to length one.

    References
    ----------
    Dhillon, I. S. and Modha, D. S. (2001). Concept decompositions for large sparse text data using
    clustering. Machine Learning 42, 143-175.

    Examples
    --------
    >>> X = np.array([[1.0, 0.0], [9.0, 0.1], [0.0, 2.0]])
    >>> found = kmeans_spherical(X, 2, rng=np.random.default_rng(0))
    >>> bool(found.labels[0] == found.labels[1] != found.labels[2])
    True
    """
    check_number(len(X), n_clusters)
    weights = checked_weights(weights, len(X))
    rows = replace(
        framed(_directions(X), weights, np.zeros(X.shape[1]), 1.0),
        on_sphere=True,
    )
    with threads(hands) as spread:
        found = fitted(rows, n_clusters, rng, n_starts, spread)
    away = found.inertia(rows.scatter) / 2
    return Lloyd(found.labels.astype(np.int64), found.centres, away, found.n_steps)


ALIKE = 1e-9
"""One less the cosine of two directions up to which they are the same."""


def rest_on_sphere(
    units: NDArray[np.float64],
    centres: NDArray[np.float64],
    *,
    weights: NDArray[np.float64] | None = None,
    most_steps: int = MOST_STEPS,
) -> Lloyd:
    """Move known centres to the mean directions of their rows until no row changes its centre.

    In double precision throughout, to end what ``kmeans_spherical`` begins in single.

    Parameters
    ----------
    units : ndarray of shape (n_rows, n_columns)
        Rows of length one.
    centres : ndarray of shape (n_clusters, n_columns)
        Of length one.
    weights : ndarray of shape (n_rows,), not negative, default ones
    most_steps : int, default=300

    Returns
    -------
    Lloyd
        A cluster that lost all its rows takes the row farthest from its own centre, so that one
        is empty only where there are fewer distinct directions than clusters.

    Examples
    --------
    >>> found = rest_on_sphere(np.eye(2)[[0, 0, 1]], np.array([[1.0, 0.0], [1.0, 0.0]]))
    >>> found.labels, found.inertia
    (array([0, 0, 1]), 0.0)
    """
    heavy = np.ones(len(units)) if weights is None else weights
    labels, gaps = _by_cosine(units, centres)
    n_steps, is_moving = 0, True
    while is_moving and n_steps < most_steps:
        n_steps += 1
        centres = _mean_directions(units, labels, heavy, centres)
        empty = np.flatnonzero(np.bincount(labels[heavy > 0], minlength=len(centres)) == 0)
        _, own = _by_cosine(units, centres)
        far = np.argsort(-own * heavy, kind="stable")[: len(empty)]
        far = far[(own * heavy)[far] > ALIKE]
        centres[empty[: len(far)]] = units[far]
        before, (labels, gaps) = labels, _by_cosine(units, centres)
        is_moving = len(far) > 0 or not np.array_equal(before, labels)
    return Lloyd(labels, centres, float(gaps @ heavy), n_steps)


def _by_cosine(
    units: NDArray[np.float64], centres: NDArray[np.float64]
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Give each row the centre with the largest cosine, and one less that cosine."""
    labels, gaps = np.empty(len(units), dtype=np.int64), np.empty(len(units))
    for start in range(0, len(units), BLOCK_ROWS):
        block = slice(start, start + BLOCK_ROWS)
        cosines = units[block] @ centres.T
        labels[block], gaps[block] = cosines.argmax(axis=1), 1.0 - cosines.max(axis=1)
    return labels, np.maximum(gaps, 0.0, out=gaps)


def _mean_directions(
    units: NDArray[np.float64],
    labels: NDArray[np.int64],
    weights: NDArray[np.float64],
    centres: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Give the mean direction of each centre's rows; where these cancel or are none, the centre."""
    sums = np.zeros(centres.shape)
    for start in range(0, len(units), BLOCK_ROWS):
        block = slice(start, start + BLOCK_ROWS)
        members = (labels[block] == np.arange(len(centres))[:, None]) * weights[block]
        sums += members @ units[block]
    lengths = np.sqrt((sums**2).sum(axis=1, keepdims=True))
    return np.where(lengths > 0, sums / np.where(lengths > 0, lengths, 1.0), centres)


def _directions(X: NDArray[np.floating]) -> NDArray[np.float32]:
    units = np.empty(X.shape, dtype=np.float32)
    for start in range(0, len(X), BLOCK_ROWS):
        block = X[start : start + BLOCK_ROWS].astype(np.float64)
        # Measured by the largest value, no square is too large or too small.
        block /= np.maximum(np.abs(block).max(axis=1, keepdims=True), np.finfo(np.float64).tiny)
        lengths = np.sqrt((block**2).sum(axis=1, keepdims=True))
        if not (lengths > 0).all():
            msg = "rows must be finite, and none all zeros: it has no direction"
            raise MathsError(msg)
        units[start : start + BLOCK_ROWS] = block / lengths
    return units
