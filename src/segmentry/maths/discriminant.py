"""Linear discriminants: Gaussian classes with one covariance between them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from segmentry.errors import MathsError

RIDGE = 1e-3
"""Share of the mean variance added to each: repeated columns make the covariance singular."""


@dataclass(frozen=True)
class LinearDiscriminant:
    """What a discriminant learned: a score per class, linear in a row."""

    classes: NDArray[np.int64]
    weights: NDArray[np.float64]
    constants: NDArray[np.float64]

    def labels(self, X: NDArray[np.float64]) -> NDArray[np.int64]:
        """Give each row the class with the highest score."""
        best: NDArray[np.int64] = self.classes[(X @ self.weights + self.constants).argmax(axis=1)]
        return best


def fit_discriminant(X: NDArray[np.float64], labels: NDArray[np.int64]) -> LinearDiscriminant:
    r"""Fit a linear discriminant.

    Parameters
    ----------
    X : ndarray of shape (n_rows, n_columns), finite
    labels : ndarray of int, shape (n_rows,)

    Returns
    -------
    LinearDiscriminant

    Raises
    ------
    MathsError
        If shapes differ or there is no row.

    Notes
    -----
    .. math:: x^\top \Sigma^{-1} \mu_k - \tfrac12 \mu_k^\top \Sigma^{-1} \mu_k + \ln \pi_k

    with the covariance :math:`\Sigma` pooled within classes. Cost O(n d^2 + d^3).

    References
    ----------
    Fisher, R. A. (1936). The use of multiple measurements in taxonomic problems. Annals of
    Eugenics 7, 179-188.

    Examples
    --------
    >>> model = fit_discriminant(np.array([[0.0], [1.0], [9.0], [10.0]]), np.array([3, 3, 8, 8]))
    >>> model.labels(np.array([[2.0], [7.0]]))
    array([3, 8])
    """
    if labels.shape != (len(X),) or not len(X):
        msg = f"X has shape {X.shape} but labels have {labels.shape}"
        raise MathsError(msg)
    classes, codes = np.unique(labels, return_inverse=True)
    members = np.eye(len(classes))[codes]
    sizes = members.sum(axis=0)
    means = members.T @ X / sizes[:, None]
    rest = X - means[codes]
    pooled = rest.T @ rest / max(len(X) - len(classes), 1)
    pooled[np.diag_indices_from(pooled)] += (
        RIDGE * max(float(np.trace(pooled)), 1e-12) / len(pooled)
    )
    weights = np.linalg.solve(pooled, means.T)
    constants = np.log(sizes / len(X)) - 0.5 * (means * weights.T).sum(axis=1)
    return LinearDiscriminant(classes, weights, constants)
