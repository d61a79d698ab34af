"""Densities of rows under the components of a Gaussian mixture, in double precision.

What lives here: what a fitted mixture says of any rows. What does not: fitting one
(``maths.mixture``, ``maths.expectation``).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from segmentry.errors import MathsError


def weighted_log_densities(
    X: NDArray[np.floating],
    weights: NDArray[np.float64],
    means: NDArray[np.float64],
    covariances: NDArray[np.float64],
) -> NDArray[np.float64]:
    r"""Measure how likely rows are under each component, times the component's weight.

    Parameters
    ----------
    X : ndarray of shape (n_rows, n_columns), finite
    weights : ndarray of shape (n_components,), positive
    means : ndarray of shape (n_components, n_columns)
    covariances : ndarray of shape (n_components, n_columns, n_columns)
        Positive definite.

    Returns
    -------
    ndarray of shape (n_rows, n_components)
        Logarithms, in nats. Their exponentials, summed, are the density of a row.

    Raises
    ------
    MathsError
        If shapes differ.

    Notes
    -----
    .. math:: \log w_k - \tfrac12 \bigl(d \log 2\pi + \log|\Sigma_k| + |C_k^{-1}(x - \mu_k)|^2\bigr)

    with the Cholesky factor :math:`\Sigma_k = C_k C_k^\top`.

    Examples
    --------
    >>> one = np.ones(1), np.zeros((1, 1)), np.ones((1, 1, 1))
    >>> weighted_log_densities(np.array([[0.0], [1.0]]), *one).round(3).ravel()
    array([-0.919, -1.419])
    """
    k, d = means.shape
    if X.ndim != 2 or X.shape[1] != d or covariances.shape != (k, d, d) or len(weights) != k:
        msg = f"rows of shape {X.shape} do not suit components of shape {means.shape}"
        raise MathsError(msg)
    result = np.empty((len(X), k))
    for j, factor in enumerate(np.linalg.cholesky(covariances)):
        white = (X - means[j]) @ np.linalg.inv(factor).T
        result[:, j] = np.einsum("ij,ij->i", white, white)
        result[:, j] += d * np.log(2.0 * np.pi) + 2.0 * np.log(np.diagonal(factor)).sum()
    result *= -0.5
    result += np.log(weights)
    return result
