"""Any partition as an assigner: labelled prototypes with radii, segments in order of size."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from segmentry.domain.assigner import Assigner
from segmentry.domain.partition import Partition
from segmentry.maths.prototypes import squared_distances
from segmentry.maths.rounding import round_significant


def compress(partition: Partition, X: NDArray[np.float64]) -> Assigner:
    """Turn a partition with centres into an assigner.

    Segments are ordered by size, largest first. Its radius is the far-out fence of a segment's
    distances: upper quartile plus three interquartile ranges.

    Parameters
    ----------
    partition : Partition
        Of all rows of ``X``.
    X : ndarray of shape (n_rows, n_columns)

    Returns
    -------
    Assigner

    References
    ----------
    Tukey, J. W. (1977). Exploratory Data Analysis, section 2D: fences.
    """
    centres = round_significant(partition.centres)
    distances = squared_distances(X, centres)
    labels = round_significant(distances, digits=9).argmin(axis=1)
    sizes = np.bincount(labels, minlength=len(centres))
    order = np.argsort(-sizes, kind="stable")
    order = order[sizes[order] > 0]
    own = np.sqrt(distances[np.arange(len(X)), labels])
    radii = np.array([_far_out(own[labels == g]) for g in order])
    return Assigner(centres[order], np.arange(len(order)), round_significant(radii))


def _far_out(distances: NDArray[np.float64]) -> float:
    lower, upper = np.quantile(distances, [0.25, 0.75])
    # Segments of identical rows have no spread: anything away from them is far out.
    return float(max(upper + 3.0 * (upper - lower), 1e-9))
