"""DBSCAN: dense regions of any shape, however many there are, and the noise between them.

The radius is read off the distances to the k-th nearest rows, so that nothing has to be guessed.
The formulas are in ``maths.density``.
"""

from __future__ import annotations

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from segmentry.cluster.method import Arguments, Fits, Method, Sample, Weights
from segmentry.cluster.noise import (
    LEAST_SHARE,
    MOST_ROWS,
    dense_count,
    manner,
    noisy_fits,
    noisy_partition,
    numbered,
    on_sample,
    too_wide,
    without_noise,
)
from segmentry.domain.partition import Partition
from segmentry.domain.weights import evened
from segmentry.maths.density import dbscan, knee, kth_distances
from segmentry.seeds import stream

NAME = "dbscan"

MOST_COLUMNS = 15
"""Beyond it distances to the nearest rows differ too little to tell dense from thin."""


def fit_dbscan(X: NDArray[np.float64], *, rng: Generator, weights: Weights = None) -> Partition:
    """Find the dense regions of rows, with the radius at the knee of the k-distance curve.

    Parameters
    ----------
    X : ndarray of shape (n_rows, n_columns), finite
    rng : Generator
        Draws a sample of more than 20,000 rows; unused below.
    weights : ndarray of shape (n_rows,), positive, one on average, default ones
        How many rows each one counts for where a place is dense, and where a region is large
        enough. The knee is that of one distance for each row.

    Returns
    -------
    Partition
        As many clusters as there are, perhaps none; a dense region with less than a fiftieth of
        the rows is noise. Noise keeps the label -1; its share is among the arguments. The centres
        are means, and no row's label follows from them.

    References
    ----------
    Ester, M., Kriegel, H.-P., Sander, J. and Xu, X. (1996). A density-based algorithm for
    discovering clusters in large spatial databases with noise. KDD, 226-231.
    """
    count = dense_count(min(len(X), MOST_ROWS), X.shape[1])
    radius = 0.0

    def fit(rows: NDArray[np.float64], own: Weights) -> NDArray[np.int64]:
        nonlocal radius
        own = evened(own)  # of a sample, too, one on average
        distances = kth_distances(rows, min(count, len(rows)), weights=own)
        radius = knee(distances)
        found = dbscan(rows, radius, count, distances=distances, weights=own)
        return numbered(found, round(LEAST_SHARE * len(rows)), own)

    labels = on_sample(X, fit, rng, weights=weights)
    told = {"radius": radius, "min_samples": count}
    return noisy_partition(X, labels, NAME, told, weights)


def sweep(sample: Sample) -> dict[int, Fits]:
    """Give the one number of segments that is found, where the band holds it."""
    found = fit_dbscan(sample.X, rng=stream(sample.seed, "search", NAME), weights=sample.weights)
    if found.n_clusters not in sample.band:
        return {}
    return {found.n_clusters: noisy_fits(sample, (found,))}


def fit_labels(
    X: NDArray[np.float64], _: int, rng: Generator, __: Arguments, weights: Weights = None
) -> NDArray[np.int64]:
    """Fit from scratch, as resampling needs it: radius and number are found anew.

    Rows of other density need another radius. Noise gets the label of the nearest clustered row,
    since that is what the segments made of a partition answer for it.
    """
    return without_noise(X, fit_dbscan(X, rng=rng, weights=weights).labels)


def objection(X: NDArray[np.float64]) -> str:
    """Say why density tells little here; nothing where it may serve."""
    return too_wide(X, MOST_COLUMNS)


METHOD = Method(
    NAME,
    "dense regions of any shape, as many as there are",
    sweep,
    fit_labels,
    objection,
    manner,
    is_robust=True,
)
