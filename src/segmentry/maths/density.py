"""Dense regions and the noise between them: distances to the k-th nearest row, knee, DBSCAN.

What lives here: what density says of rows. What does not: how many neighbours make a region dense
for data of some size (``cluster.dbscan``). Read on in ``docs/methods/dbscan.md``.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from segmentry.errors import MathsError
from segmentry.maths.distances import squared_gaps
from segmentry.maths.rowset import checked_weights

BLOCK_CELLS = 2_000_000
"""Distances held at a time."""

NOISE = -1

FIRST_NEIGHBOURS = 4
"""Nearest rows that are looked at first where rows have weights, in units of what is wanted."""

FAR_OUT = 6.0
"""Interquartile ranges above the upper quartile beyond which a distance counts no further: twice
the fence at which single values are called far out."""

SLACK = 1e-9
"""Share by which a radius reaches further, so that a row at its very edge is surely inside."""


def kth_distances(
    X: NDArray[np.float64], k: int, *, weights: NDArray[np.float64] | None = None
) -> NDArray[np.float64]:
    """Measure how far each row's k-th nearest row is, the row itself being the first.

    Parameters
    ----------
    X : ndarray of shape (n_rows, n_columns), finite
    k : int
        1 .. n_rows.
    weights : ndarray of shape (n_rows,), not negative, default ones
        How many rows each one stands for: the distance within which they reach ``k`` together.

    Returns
    -------
    ndarray of shape (n_rows,)

    Raises
    ------
    MathsError
        If ``k`` is out of range, or beyond what the rows stand for.

    Examples
    --------
    >>> kth_distances(np.array([[0.0], [1.0], [3.0]]), 2)
    array([1., 1., 2.])
    """
    n, weights = len(X), checked_weights(weights, len(X))
    there = n if weights is None else float(weights.sum())
    if not 1 <= k <= there * (1.0 + SLACK):
        msg = f"{there:g} rows have a first to {there:g}th nearest row, not number {k}"
        raise MathsError(msg)
    centred = X - X.mean(axis=0)
    result = np.empty(n)
    step = max(1, BLOCK_CELLS // n)
    for start in range(0, n, step):
        gaps = squared_gaps(centred[start : start + step], centred)
        if weights is None:
            result[start : start + step] = np.partition(gaps, k - 1, axis=1)[:, k - 1]
        else:
            result[start : start + step] = _reaching(gaps, weights, k)
    return np.sqrt(result, out=result)


def _reaching(
    gaps: NDArray[np.float64], weights: NDArray[np.float64], wanted: float
) -> NDArray[np.float64]:
    """Give the least gap within which the weight that is wanted lies, line by line."""
    n, enough = gaps.shape[1], wanted * (1.0 - SLACK)
    lines, count = np.arange(len(gaps)), min(n, FIRST_NEIGHBOURS * int(wanted + 1))
    result = np.empty(len(gaps))
    while len(lines):
        near = np.argpartition(gaps, count - 1, axis=1)[:, :count]
        own = np.take_along_axis(gaps, near, axis=1)
        order = np.argsort(own, axis=1, kind="stable")
        held = np.cumsum(weights[np.take_along_axis(near, order, axis=1)], axis=1)
        place = (held < enough).sum(axis=1)
        reached = (place < count) | (count == n)
        last = np.minimum(place, count - 1)[:, None]
        found = np.take_along_axis(own, np.take_along_axis(order, last, axis=1), axis=1)
        result[lines[reached]] = found[reached, 0]
        lines, gaps, count = lines[~reached], gaps[~reached], min(n, 4 * count)
    return result


def knee(distances: NDArray[np.float64]) -> float:
    """Find where sorted distances begin to rise steeply: rows beyond are far from any others.

    Parameters
    ----------
    distances : ndarray of shape (n,), 0 or more, in any order
        At least one.

    Returns
    -------
    float
        One of the distances, or the furthest that counts; 0 where all are 0.

    Raises
    ------
    MathsError
        If there is no distance.

    Notes
    -----
    The place at which the upper half of the curve lies furthest below the line from its first to
    its last point, both axes brought to [0, 1]: rows denser than most say nothing of where thin
    begins. Distances further than ``FAR_OUT`` interquartile ranges above the upper quartile count
    as that far: one lonely row must not stretch the whole axis. Rows at distance 0 repeat others
    and say nothing of how far apart rows are.

    References
    ----------
    Ester, M., Kriegel, H.-P., Sander, J. and Xu, X. (1996). A density-based algorithm for
    discovering clusters in large spatial databases with noise. KDD, 226-231, section 4.2.
    Satopaa, V., Albrecht, J., Irwin, D. and Raghavan, B. (2011). Finding a "kneedle" in a
    haystack. ICDCS Workshops, 166-171.

    Examples
    --------
    >>> knee(np.array([1.0, 1.1, 1.2, 1.3, 1.4, 1.5, 2.5, 3.5]))
    1.5
    """
    if not len(distances):
        msg = "no distances have no knee"
        raise MathsError(msg)
    rising = np.sort(distances[distances > 0])
    if not len(rising):
        return 0.0
    lower, upper = np.quantile(rising, [0.25, 0.75])
    np.minimum(rising, upper + FAR_OUT * (upper - lower), out=rising)
    rising = rising[len(rising) // 2 :]
    height = rising[-1] - rising[0]
    if height <= 0:
        return float(rising[-1])
    along = np.arange(len(rising)) / (len(rising) - 1)
    return float(rising[int(np.argmax(along - (rising - rising[0]) / height))])


def dbscan(
    X: NDArray[np.float64],
    radius: float,
    min_samples: int,
    *,
    distances: NDArray[np.float64] | None = None,
    weights: NDArray[np.float64] | None = None,
) -> NDArray[np.int64]:
    """Group rows that are linked through dense neighbourhoods; the rest is noise.

    Parameters
    ----------
    X : ndarray of shape (n_rows, n_columns), finite
    radius : float, 0 or more
    min_samples : int
        A row with so many rows within the radius, itself among them, is a core row.
    distances : ndarray of shape (n_rows,) or None
        From ``kth_distances`` with ``min_samples``, where they are known.
    weights : ndarray of shape (n_rows,), not negative, default ones
        How many rows each one stands for.

    Returns
    -------
    ndarray of int, shape (n_rows,)
        0 .. n_clusters - 1, numbered by the first core row of each; noise is -1.

    Raises
    ------
    MathsError
        If the radius is negative or fewer than one row is asked for.

    Notes
    -----
    Core rows within the radius of each other belong together. A row that is not core belongs to
    its nearest core row within the radius, where the paper leaves it to the order of rows.
    Neighbourhoods are never held: a cluster grows from all of its newest rows at once. O(n^2)
    time, O(n) memory.

    References
    ----------
    Ester, M., Kriegel, H.-P., Sander, J. and Xu, X. (1996). KDD, 226-231.

    Examples
    --------
    >>> dbscan(np.array([[0.0], [1.0], [2.0], [9.0]]), 1.0, 2)
    array([ 0,  0,  0, -1])
    """
    n = len(X)
    if radius < 0 or min_samples < 1:
        msg = f"a radius of {radius} with {min_samples} rows makes nothing dense"
        raise MathsError(msg)
    labels = np.full(n, NOISE, dtype=np.int64)
    weights = checked_weights(weights, n)
    if min_samples > (n if weights is None else weights.sum() * (1.0 + SLACK)):
        return labels
    if distances is None:
        distances = kth_distances(X, min_samples, weights=weights)
    reach = radius * (1.0 + SLACK)
    core = np.flatnonzero(distances <= reach)
    if not len(core):
        return labels
    centred = X - X.mean(axis=0)
    labels[core] = _linked(centred[core], reach**2)
    others = np.flatnonzero(labels == NOISE)
    step = max(1, BLOCK_CELLS // len(core))
    for start in range(0, len(others), step):
        rows = others[start : start + step]
        gaps = squared_gaps(centred[rows], centred[core])
        near = gaps.argmin(axis=1)
        inside = gaps[np.arange(len(rows)), near] <= reach**2
        labels[rows[inside]] = labels[core[near[inside]]]
    return labels


def _linked(points: NDArray[np.float64], limit: float) -> NDArray[np.int64]:
    """Give points of one chain of squared gaps below the limit one number."""
    labels = np.empty(len(points), dtype=np.int64)
    left = np.arange(len(points))
    number = 0
    while len(left):
        newest, left = left[:1], left[1:]
        while len(newest):
            labels[newest] = number
            found, left = _touched(points, newest, left, limit)
            newest = found
        number += 1
    return labels


def _touched(
    points: NDArray[np.float64], newest: NDArray[np.int64], left: NDArray[np.int64], limit: float
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Split what is left into what the newest points reach and what they do not."""
    found = []
    step = max(1, BLOCK_CELLS // max(len(left), 1))
    for start in range(0, len(newest), step):
        if not len(left):
            break
        gaps = squared_gaps(points[newest[start : start + step]], points[left])
        near = gaps.min(axis=0) <= limit
        found.append(left[near])
        left = left[~near]
    reached = np.sort(np.concatenate(found)) if found else left[:0]
    return reached, left
