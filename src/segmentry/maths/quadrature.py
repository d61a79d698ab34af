"""Gauss's quadrature for beta densities: a mean over chances as a sum of a few terms."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def beta_nodes(a: float, b: float, n: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Give the nodes and weights of Gauss's quadrature for the density Beta(a, b).

    Parameters
    ----------
    a, b : float
        Above 0; ``b`` may be many thousands, where ready-made Jacobi rules overflow.
    n : int
        Nodes, 2 or more; polynomials of degree 2n - 1 are integrated exactly.

    Returns
    -------
    nodes, weights : ndarray of shape (n,)
        Nodes ascend in (0, 1); weights are positive and add up to 1.

    Notes
    -----
    Nodes are the eigenvalues of the matrix of the recurrence of Jacobi polynomials, weights the
    squared first entries of its eigenvectors.

    References
    ----------
    Golub, G. H. and Welsch, J. H. (1969). Calculation of Gauss quadrature rules. Mathematics of
    Computation 23, 221-230.

    Examples
    --------
    >>> nodes, weights = beta_nodes(2.0, 6.0, 8)
    >>> round(float(weights @ nodes), 12)
    0.25
    """
    from scipy.linalg import eigh_tridiagonal

    i = np.arange(n, dtype=np.float64)
    c = a + b - 2.0
    middle = np.empty(n)
    middle[0] = a / (a + b)
    k = 2.0 * i[1:] + c
    lead = k * (k + 2.0)
    middle[1:] = (lead + (a - 1.0) ** 2 - (b - 1.0) ** 2) / (2.0 * lead)
    side = np.empty(n - 1)
    side[0] = a * b / ((a + b) ** 2 * (a + b + 1.0))
    j, k = i[2:], 2.0 * i[2:] + c
    side[1:] = j * (j + b - 1.0) * (j + a - 1.0) * (j + c) / (k * k * (k + 1.0) * (k - 1.0))
    nodes, vectors = eigh_tridiagonal(middle, np.sqrt(side))
    return np.maximum(nodes, np.finfo(np.float64).tiny), vectors[0] ** 2
