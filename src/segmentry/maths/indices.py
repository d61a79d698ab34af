"""Criteria that one pass over the rows can measure: inertia, Davies-Bouldin, Calinski-Harabasz.

The silhouette, which needs pairs of rows, lives in ``maths.silhouette``.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from segmentry.errors import MathsError


@dataclass(frozen=True, slots=True)
class CentreIndices:
    """What the distances of rows to their cluster's mean say."""

    inertia: float
    """Sum of squared distances to the cluster means (WCSS); less is tighter."""
    davies_bouldin: float
    """Mean over clusters of the worst ratio of spread to distance; less is better."""
    calinski_harabasz: float
    """Between-cluster over within-cluster variance, per degree of freedom; more is better."""


def centre_indices(X: NDArray[np.float64], labels: NDArray[np.int64]) -> CentreIndices:
    """Measure the three criteria in one pass.

    Parameters
    ----------
    X : ndarray of shape (n_rows, n_columns)
    labels : ndarray of shape (n_rows,), int in 0 .. n_clusters - 1, each occurring

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
    means = cluster_means(X, labels, k)
    gaps = X - means[labels]
    squares = np.einsum("ij,ij->i", gaps, gaps)
    inertia = float(squares.sum())
    spread = np.bincount(labels, weights=np.sqrt(squares), minlength=k) / counts
    between = float((counts[:, None] * (means - X.mean(axis=0)) ** 2).sum())
    calinski = np.inf if inertia == 0 else between / inertia * (n - k) / (k - 1)
    return CentreIndices(inertia, _davies_bouldin(means, spread), float(calinski))


def cluster_means(
    X: NDArray[np.float64], labels: NDArray[np.int64], n_clusters: int
) -> NDArray[np.float64]:
    """Average the rows of each cluster; an empty cluster gets zeros.

    Returns
    -------
    ndarray of shape (n_clusters, n_columns)
    """
    counts = np.maximum(np.bincount(labels, minlength=n_clusters), 1)
    sums = [np.bincount(labels, weights=column, minlength=n_clusters) for column in X.T]
    return np.column_stack(sums) / counts[:, None]


def _davies_bouldin(means: NDArray[np.float64], spread: NDArray[np.float64]) -> float:
    gaps = np.sqrt(((means[:, None, :] - means[None, :, :]) ** 2).sum(axis=2))
    np.fill_diagonal(gaps, np.inf)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratios = (spread[:, None] + spread[None, :]) / gaps
    return float(np.where(np.isnan(ratios), 0.0, ratios).max(axis=1).mean())
