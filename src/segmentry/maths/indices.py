"""Criteria that one pass over the rows can measure: inertia, Davies-Bouldin, Calinski-Harabasz.

The silhouette, which needs pairs of rows, lives in ``maths.silhouette``.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from segmentry.errors import MathsError
from segmentry.maths.pieces import Spread

PIECE_ROWS = 65_536
"""Rows of one piece of work."""

BLOCK_ROWS = 2_048
"""Rows whose gaps to their means stay in a core's cache."""


@dataclass(frozen=True, slots=True)
class CentreIndices:
    """What the distances of rows to their cluster's mean say."""

    inertia: float
    """Sum of squared distances to the cluster means (WCSS); less is tighter."""
    davies_bouldin: float
    """Mean over clusters of the worst ratio of spread to distance; less is better."""
    calinski_harabasz: float
    """Between-cluster over within-cluster variance, per degree of freedom; more is better."""


def centre_indices(
    X: NDArray[np.floating], labels: NDArray[np.int64], *, spread: Spread = map
) -> CentreIndices:
    """Measure the three criteria in two passes: one for the means, one for the gaps to them.

    Parameters
    ----------
    X : ndarray of shape (n_rows, n_columns)
        Single or double precision; sums are double.
    labels : ndarray of shape (n_rows,), int in 0 .. n_clusters - 1, each occurring
    spread : callable, default=map
        Carries out pieces of the rows; the result does not depend on how many hands it has.

    Returns
    -------
    CentreIndices

    Raises
    ------
    MathsError
        If there are fewer than two clusters, or as many clusters as rows, or an empty cluster.

    References
    ----------
    Davies, D. L. and Bouldin, D. W. (1979). A cluster separation measure. IEEE PAMI 1, 224-227.
    Calinski, T. and Harabasz, J. (1974). A dendrite method for cluster analysis. Communications
    in Statistics 3, 1-27.
    """
    counts = np.bincount(labels)
    k, n = len(counts), len(X)
    if k < 2 or k >= n or (counts == 0).any():
        msg = f"criteria need 2 .. n - 1 clusters without an empty one, got {k} for {n} rows"
        raise MathsError(msg)
    pieces = [slice(start, start + PIECE_ROWS) for start in range(0, n, PIECE_ROWS)]
    origin = X[:BLOCK_ROWS].mean(axis=0)
    parts = list(spread(lambda piece: _sums(X[piece] - origin, labels[piece], k), pieces))
    sums = np.sum(parts, axis=0)
    means = sums / counts[:, None]
    centres = (origin + means).astype(X.dtype)
    gaps = list(spread(lambda piece: _gaps(X[piece], labels[piece], centres), pieces))
    inertia = float(sum(squares for squares, _ in gaps))
    widths = sum(lengths for _, lengths in gaps) / counts
    between = float((counts[:, None] * (means - sums.sum(axis=0) / n) ** 2).sum())
    calinski = np.inf if inertia == 0 else between / inertia * (n - k) / (k - 1)
    return CentreIndices(inertia, worst_ratios(means, widths), float(calinski))


def cluster_means(
    X: NDArray[np.floating],
    labels: NDArray[np.int64],
    n_clusters: int,
    weights: NDArray[np.float64] | None = None,
) -> NDArray[np.float64]:
    """Average the rows of each cluster, each by its weight; an empty cluster gets zeros.

    Returns
    -------
    ndarray of shape (n_clusters, n_columns)
    """
    counts = np.bincount(labels, weights, minlength=n_clusters)
    held = np.where(counts > 0, counts, 1)
    columns = X.T if weights is None else X.T * weights
    sums = [np.bincount(labels, weights=column, minlength=n_clusters) for column in columns]
    return np.column_stack(sums) / held[:, None]


def worst_ratios(means: NDArray[np.float64], spread: NDArray[np.float64]) -> float:
    """Average over clusters the worst ratio of two spreads to the distance of the two means.

    Parameters
    ----------
    means : ndarray of shape (n_clusters, n_columns)
    spread : ndarray of shape (n_clusters,)
        Mean distance of a cluster's rows to its mean.

    Returns
    -------
    float
        The Davies-Bouldin index.
    """
    gaps = np.sqrt(((means[:, None, :] - means[None, :, :]) ** 2).sum(axis=2))
    np.fill_diagonal(gaps, np.inf)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratios = (spread[:, None] + spread[None, :]) / gaps
    return float(np.where(np.isnan(ratios), 0.0, ratios).max(axis=1).mean())


def _sums(X: NDArray[np.floating], labels: NDArray[np.int64], k: int) -> NDArray[np.float64]:
    """Sum the rows of each cluster, as a product with who belongs to which."""
    totals = np.zeros((k, X.shape[1]))
    for start in range(0, len(X), BLOCK_ROWS):
        block = slice(start, start + BLOCK_ROWS)
        members = np.equal(np.arange(k)[:, None], labels[block]).astype(X.dtype)
        totals += members @ X[block]
    return totals


def _gaps(
    X: NDArray[np.floating], labels: NDArray[np.int64], centres: NDArray[np.floating]
) -> tuple[float, NDArray[np.float64]]:
    """Sum squared distances to the own centre over all rows, and distances over each cluster."""
    squares = np.empty(len(X))
    for start in range(0, len(X), BLOCK_ROWS):
        block = slice(start, start + BLOCK_ROWS)
        gaps = X[block] - centres[labels[block]]
        squares[block] = np.einsum("ij,ij->i", gaps, gaps)
    lengths = np.bincount(labels, np.sqrt(squares), minlength=len(centres))
    return float(squares.sum()), lengths.astype(np.float64)
