"""Directions along which a cloud falls in two, wherever among its columns they lie hidden.

What lives here: a few directions found by higher moments and sharpened by discriminants, and how
grouped the rows are along each. What does not: partitions in all columns (``grouping``), the
draws that these figures are compared with (``structure``), or a verdict (``judge``).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from segmentry.maths.grouping import Grouping, valley_depths

FLAT_AXES = 2
"""Directions of least kurtosis that are tried, beside that of the largest skewness."""

STEPS = 12
"""Steps by which a direction is sharpened: it stands still after a few."""

LEAST_SHARE = 0.05
"""Share of rows that each side of a split keeps: fewer are outliers rather than a group."""

THINNEST = 1e-3
"""Share of the mean variance below which an axis holds nothing but rounding."""

STILL = 0.9999


@dataclass(frozen=True, slots=True)
class Directions:
    """Directions of a cloud: how grouped it is along each, and how near each is to one column.

    ``nearness``, of shape (n_directions,), is the largest correlation with any column, in [0, 1].
    """

    grouping: Grouping
    nearness: NDArray[np.float64]


def measure_directions(X: NDArray[np.float64]) -> Directions:
    r"""Split a cloud in two along directions that no column and no long axis shows.

    Groups can lie apart along a direction of little variance: many columns that go together hide
    it from anything that measures distances between rows.

    Parameters
    ----------
    X : ndarray of shape (n_rows, n_columns), finite
        More rows than columns.

    Returns
    -------
    Directions
        By direction: the mean silhouette along it of the two parts, and the valley between them.
        Nothing is drawn, and no change of the columns' units, or of columns for sums of them,
        changes the grouping but by rounding. Without any variance there is one direction, on
        which nothing lies.

    Notes
    -----
    Of whitened rows z the direction :math:`E\, |z|^2 z` is where a single skewed source lies, and
    the first eigenvectors of :math:`E\, |z|^2 z z^\top` are where two groups of similar size do:
    their kurtosis is small. Each direction is cut in two where the squares within are least, and
    turned to the difference of the two means, which of whitened rows is the discriminant, until
    it stands still. Cost O(n_rows n_columns^2).

    References
    ----------
    Tyler, D. E., Critchley, F., Dümbgen, L. and Oja, H. (2009). Invariant co-ordinate selection.
    JRSS B 71, 549-592. Peña, D. and Prieto, F. J. (2001). Cluster identification using
    projections. JASA 96, 1433-1445.
    """
    unit = _standardised(X)
    Z = _whitened(unit)
    if not Z.shape[1]:
        return Directions(Grouping(np.zeros(1), np.zeros(1)), np.ones(1))
    splits = [_sharpened(Z, start) for start in _starts(Z)]
    silhouettes = np.array([_silhouette(*split) for split in splits])
    places = np.stack([_between_means(*split) for split in splits])
    valleys = valley_depths(places, np.ones(places.shape, dtype=bool))
    nearness = np.abs(np.stack([p for p, _ in splits]) @ unit).max(axis=1) / len(X)
    return Directions(Grouping(silhouettes, valleys), nearness)


def _standardised(X: NDArray[np.float64]) -> NDArray[np.float64]:
    centred = X - X.mean(axis=0)
    spread = centred.std(axis=0)
    # A constant column's mean is off by rounding: what is left of it is no spread.
    spread[spread <= 1e-12 * np.abs(X).max(axis=0, initial=0.0)] = np.inf
    unit: NDArray[np.float64] = centred / spread
    return unit


def _whitened(unit: NDArray[np.float64]) -> NDArray[np.float64]:
    variances, axes = np.linalg.eigh(unit.T @ unit / len(unit))
    kept = variances > THINNEST * variances.mean()
    white: NDArray[np.float64] = unit @ (axes[:, kept] / np.sqrt(variances[kept]))
    return white


def _starts(Z: NDArray[np.float64]) -> list[NDArray[np.float64]]:
    squares = (Z * Z).sum(axis=1)
    _, axes = np.linalg.eigh((Z.T * squares) @ Z)
    flat = axes[:, : min(FLAT_AXES, Z.shape[1])].T
    return [squares @ Z, *flat]


def _sharpened(
    Z: NDArray[np.float64], direction: NDArray[np.float64]
) -> tuple[NDArray[np.float64], float]:
    """Turn a direction to the discriminant of its own two parts; give places and the cut."""
    for _ in range(STEPS):
        places = Z @ (direction / (np.linalg.norm(direction) or 1.0))
        cut = _cut(places)
        # All rows add up to nothing, so that one part's sum says where both means lie.
        before, direction = direction, (places > cut) @ Z
        lengths = np.linalg.norm(before) * np.linalg.norm(direction)
        if abs(before @ direction) >= STILL * lengths:
            break
    return places, cut


def _cut(places: NDArray[np.float64]) -> float:
    """Find where to cut a row of values in two so that the squares within are least."""
    values = np.sort(places)
    n = len(values)
    least = max(1, int(LEAST_SHARE * n))
    below = np.arange(least, n - least + 1)
    sums = np.cumsum(values)[below - 1]
    between = sums**2 / below + (values.sum() - sums) ** 2 / (n - below)
    last = int(below[between.argmax()]) - 1
    return float(values[last])


def _silhouette(places: NDArray[np.float64], cut: float) -> float:
    """Measure the mean silhouette of two parts of a line, exactly."""
    low, high = np.sort(places[places <= cut]), np.sort(places[places > cut])
    if len(low) < 2 or len(high) < 2:
        return 0.0
    total = 0.0
    for own, other in ((low, high), (high, low)):
        inner = _total_gaps(own) / (len(own) - 1)
        outer = np.abs(own - other.mean())  # all of the other part lies on one side
        widest = np.maximum(inner, outer)
        total += float(((outer - inner) / np.where(widest > 0, widest, 1.0)).sum())
    return total / len(places)


def _total_gaps(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Add up the distances of each of some ascending values to all others."""
    n, sums = len(values), np.cumsum(values)
    below = np.arange(n)
    gaps: NDArray[np.float64] = values * (2 * below - n + 1) + sums[-1] - 2 * sums + values
    return gaps


def _between_means(places: NDArray[np.float64], cut: float) -> NDArray[np.float64]:
    """Give places anew: 0 at the mean of the lower part, 1 at that of the upper one."""
    above = places > cut
    if not above.any():  # all rows are in one place
        return np.zeros(len(places))
    low, high = float(places[~above].mean()), float(places[above].mean())
    return (places - low) / ((high - low) or 1.0)
