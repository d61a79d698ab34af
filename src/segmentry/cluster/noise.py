"""What methods that tell noise have in common: partitions with noise, and rows that must not be.

What lives here: a partition out of labels with noise, the nearest cluster of a noise row, and how
many rows are told from a sample of them. What does not: the methods (``dbscan``, ``hdbscan``).
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from segmentry.cluster.method import Arguments, Fits, Sample, Weights
from segmentry.domain.partition import Partition
from segmentry.maths.density import NOISE
from segmentry.maths.indices import cluster_means
from segmentry.maths.quantization import nearest_points

MOST_ROWS = 20_000
"""Rows whose neighbourhoods are looked at; of more, so many are drawn."""

FEWEST_SAMPLES, MOST_SAMPLES = 4, 40

ROOT_PART = 3.0
"""Part of the root of the number of rows that makes a place dense where rows are many: with four
of thousands, every chance clot is a region of its own."""

LEAST_SHARE = 0.02
"""Share of rows from which a dense region is a cluster: below it there is no segment."""


def dense_count(n_rows: int, n_columns: int) -> int:
    """Tell how many rows near by make a place dense: two per column, more where rows are many.

    Parameters
    ----------
    n_rows, n_columns : int

    Returns
    -------
    int
        4 to 40; no more than a fiftieth of the rows, below which there are no segments, and at
        least 2.

    References
    ----------
    Sander, J., Ester, M., Kriegel, H.-P. and Xu, X. (1998). Density-based clustering in spatial
    databases. Data Mining and Knowledge Discovery 2, 169-194.
    """
    wanted = max(2 * n_columns, round(n_rows**0.5 / ROOT_PART))
    wanted = int(np.clip(wanted, FEWEST_SAMPLES, MOST_SAMPLES))
    return max(2, min(wanted, max(FEWEST_SAMPLES, round(LEAST_SHARE * n_rows)), n_rows))


def noisy_partition(
    X: NDArray[np.float64],
    labels: NDArray[np.int64],
    name: str,
    arguments: Arguments,
    weights: Weights = None,
) -> Partition:
    """Make a partition of labels with noise; its centres are means of clustered rows.

    Parameters
    ----------
    X : ndarray of shape (n_rows, n_columns)
    labels : ndarray of int, shape (n_rows,)
        0 .. n_clusters - 1, noise -1.
    name : str
        The method's.
    arguments : mapping
    weights : ndarray of shape (n_rows,), positive, default ones
        They count in the centres and in the share of noise.

    Returns
    -------
    Partition
        With the number of segments and the share of noise among its arguments.
    """
    clustered = labels != NOISE
    k = int(labels.max(initial=NOISE)) + 1
    told = {
        "n_segments": k,
        **arguments,
        "noise_share": round(float(np.average(~clustered, weights=weights)), 6)
        if len(labels)
        else 0.0,
    }
    own = None if weights is None else weights[clustered]
    centres = cluster_means(X[clustered], labels[clustered], k, own)
    return Partition(labels, centres.reshape(k, X.shape[1]), name, told)


def numbered(
    labels: NDArray[np.int64], least: float = 1, weights: Weights = None
) -> NDArray[np.int64]:
    """Give clusters numbers by their first rows; those with fewer rows than wanted are noise.

    Parameters
    ----------
    labels : ndarray of int, shape (n_rows,)
        Any integers from 0 on; those below are noise.
    least : float, default=1
    weights : ndarray of shape (n_rows,), positive, default ones
        How many rows each one stands for.

    Returns
    -------
    ndarray of int, shape (n_rows,)
        0 .. n_clusters - 1, noise -1.
    """
    own = None if weights is None else weights[labels >= 0]
    sizes = np.bincount(labels[labels >= 0], own, minlength=1)
    clustered = np.flatnonzero((labels >= 0) & (sizes[np.maximum(labels, 0)] >= least))
    result = np.full(len(labels), NOISE, dtype=np.int64)
    _, first, place = np.unique(labels[clustered], return_index=True, return_inverse=True)
    result[clustered] = np.argsort(np.argsort(first))[place]
    return result


def without_noise(X: NDArray[np.float64], labels: NDArray[np.int64]) -> NDArray[np.int64]:
    """Give noise rows the label of the nearest clustered row, of one in so many beyond 20,000.

    Parameters
    ----------
    X : ndarray of shape (n_rows, n_columns), finite
    labels : ndarray of int, shape (n_rows,)

    Returns
    -------
    ndarray of int, shape (n_rows,)
        0 or more. Where all rows are noise they are one cluster: nothing tells them apart.
    """
    noise = labels == NOISE
    if noise.all():
        return np.zeros(len(labels), dtype=np.int64)
    result = labels.copy()
    clustered = np.flatnonzero(~noise)
    # Of very many, evenly spaced ones: each noise row is measured against all of them.
    told = clustered[:: -(-len(clustered) // MOST_ROWS)]
    result[noise] = labels[told][nearest_points(X[noise], X[told])]
    return result


def on_sample(
    X: NDArray[np.float64],
    fit: Callable[[NDArray[np.float64], Weights], NDArray[np.int64]],
    rng: Generator,
    *,
    most: int = MOST_ROWS,
    weights: Weights = None,
) -> NDArray[np.int64]:
    """Label rows, of very many only a sample: the others are what their nearest sampled row is.

    Parameters
    ----------
    X : ndarray of shape (n_rows, n_columns), finite
    fit : callable
        Labels rows, by their weights.
    rng : Generator
        Draws the sample; unused where all rows are fitted.
    most : int, default=20000
    weights : ndarray of shape (n_rows,), positive, default ones

    Returns
    -------
    ndarray of int, shape (n_rows,)
    """
    if len(X) <= most:
        return fit(X, weights)
    rows = np.sort(rng.permutation(len(X))[:most])
    sampled = fit(X[rows], None if weights is None else weights[rows])
    labels = sampled[nearest_points(X, X[rows])]
    labels[rows] = sampled
    return labels


def noisy_fits(sample: Sample, partitions: tuple[Partition, ...]) -> Fits:
    """Put partitions with noise together as fits of one number, their BIC without noise."""
    return Fits(partitions, sample.bic(without_noise(sample.X, partitions[0].labels)))


def too_wide(X: NDArray[np.float64], most_columns: int) -> str:
    """Say why density tells little in many columns; nothing where it may serve."""
    if X.shape[1] > most_columns:
        return f"in {X.shape[1]} columns all rows are about as far from their nearest ones"
    return ""


def manner(X: NDArray[np.float64]) -> str:
    """Say that only some rows' neighbourhoods are looked at; nothing where all are."""
    return f"on {MOST_ROWS:,} of {len(X):,} rows" if len(X) > MOST_ROWS else ""
