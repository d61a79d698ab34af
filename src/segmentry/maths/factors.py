"""Common factors behind columns: what they share, apart from what each has for itself."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

MOST_ROUNDS, ENOUGH = 1_000, 1e-9
LEAST_OWN = 1e-6
"""Least variance that a column keeps for itself: at 0 the likelihood has no maximum."""


def factor_loadings(
    covariance: NDArray[np.float64], count: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    r"""Fit a factor model to a covariance matrix by maximum likelihood.

    Parameters
    ----------
    covariance : ndarray of shape (n_columns, n_columns), positive semidefinite
    count : int
        Factors, 1 to n_columns.

    Returns
    -------
    loadings : ndarray of shape (n_columns, count)
        Covariances of columns and factors; turned so that the first explains most.
    own : ndarray of shape (n_columns,)
        Variance of each column that no factor explains, above 0.

    Notes
    -----
    Alternates the closed-form maximum over the loadings for given :math:`\Psi`, from the
    eigenvectors of :math:`\Psi^{-1/2} S \Psi^{-1/2}`, with :math:`\Psi = \mathrm{diag}(S - LL^T)`.

    References
    ----------
    Joreskog, K. G. (1967). Some contributions to maximum likelihood factor analysis. Psychometrika
    32, 443-482; Barber, D. (2012). Bayesian Reasoning and Machine Learning, section 21.2.
    """
    variances = np.diag(covariance).copy()
    own = np.maximum(variances.copy(), LEAST_OWN)
    loadings = np.zeros((len(covariance), count))
    for _ in range(MOST_ROUNDS):
        spread = np.sqrt(own)
        values, vectors = np.linalg.eigh(covariance / np.outer(spread, spread))
        values, vectors = values[::-1][:count], vectors[:, ::-1][:, :count]
        loadings = vectors * np.sqrt(np.maximum(values - 1.0, 0.0)) * spread[:, None]
        left = np.maximum(variances - (loadings**2).sum(axis=1), LEAST_OWN)
        moved = float(np.abs(left - own).max())
        own = left
        if moved < ENOUGH:
            break
    return loadings, own


def varimax(loadings: NDArray[np.float64], *, rounds: int = 500) -> NDArray[np.float64]:
    """Turn factors so that each column loads on few of them, which makes them nameable.

    Parameters
    ----------
    loadings : ndarray of shape (n_columns, n_factors)
    rounds : int, default=500
        Most steps.

    Returns
    -------
    ndarray of shape (n_columns, n_factors)
        The rotated loadings: same row sums of squares; the factor that explains most first, each
        with its largest loading positive.

    References
    ----------
    Kaiser, H. F. (1958). The varimax criterion for analytic rotation in factor analysis.
    Psychometrika 23, 187-200.
    """
    n, count = loadings.shape
    rotation, reached = np.eye(count), 0.0
    for _ in range(rounds if count > 1 else 0):
        turned = loadings @ rotation
        slope = turned**3 - turned * ((turned**2).sum(axis=0) / n)
        u, s, vt = np.linalg.svd(loadings.T @ slope)
        rotation = u @ vt
        if s.sum() <= reached * (1.0 + 1e-12):
            break
        reached = float(s.sum())
    return with_settled_signs(_by_size(loadings @ rotation))


def _by_size(loadings: NDArray[np.float64]) -> NDArray[np.float64]:
    order = np.argsort(-(loadings**2).sum(axis=0), kind="stable")
    return loadings[:, order]


def with_settled_signs(axes: NDArray[np.float64]) -> NDArray[np.float64]:
    """Make the largest weight of each column positive: the sign of an axis is arbitrary."""
    largest = axes[np.abs(axes).argmax(axis=0), np.arange(axes.shape[1])]
    result: NDArray[np.float64] = axes * np.where(largest < 0, -1.0, 1.0)
    return result


def score_weights(loadings: NDArray[np.float64], own: NDArray[np.float64]) -> NDArray[np.float64]:
    r"""Give the weights by which columns are added up to factor scores.

    Parameters
    ----------
    loadings : ndarray of shape (n_columns, n_factors)
        Rotated or not.
    own : ndarray of shape (n_columns,), above 0

    Returns
    -------
    ndarray of shape (n_columns, n_factors)
        :math:`\Psi^{-1} L (I + L^T \Psi^{-1} L)^{-1}`: the expected factors, given the columns.

    References
    ----------
    Thomson, G. H. (1935). The definition and measurement of "g" (general intelligence). Journal of
    Educational Psychology 26, 241-262.
    """
    weighted = loadings / own[:, None]
    inner = np.eye(loadings.shape[1]) + loadings.T @ weighted
    return np.asarray(np.linalg.solve(inner.T, weighted.T).T, dtype=np.float64)
