"""Topics of a matrix of texts by terms: singular vectors turned to be told apart, and parts.

What lives here: truncated singular vectors with fixed signs, their rotation, non-negative parts,
what goes together, and the weights of new rows. What does not: texts, words and
names of topics (``features/text``). Read on in ``docs/methods/text.md``.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from segmentry.errors import MathsError

ROTATIONS = 200
"""Rounds after which a rotation is taken as it stands."""

STILL = 1e-9
"""Relative gain of a rotation below which it has ended."""

PARTS_ROUNDS = 200
"""Rounds of fitting non-negative parts."""

WEIGHT_ROUNDS = 60
"""Rounds of the weights of a row: always as many, so that a row does not depend on the others."""


def leading_axes(
    matrix: Any, count: int, rng: Generator
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    r"""Find the leading right singular vectors of a sparse matrix.

    Parameters
    ----------
    matrix : scipy sparse matrix of shape (n_rows, n_columns)
    count : int
        Vectors wanted; fewer come back where the smaller side is shorter.
    rng : Generator
        Begins the iteration.

    Returns
    -------
    values : ndarray of shape (n_axes,)
        Singular values, largest first; those that are zero are left out.
    axes : ndarray of shape (n_columns, n_axes)
        Orthonormal; the third power of each axis adds up to more than zero, which fixes its sign.

    Notes
    -----
    Lanczos iteration from a drawn start; on one thread equal inputs give equal results.

    References
    ----------
    Deerwester, S., Dumais, S. T., Furnas, G. W., Landauer, T. K. and Harshman, R. (1990). Indexing
    by latent semantic analysis. J. American Society for Information Science 41, 391-407.
    """
    from scipy.sparse.linalg import svds

    n_rows, n_columns = matrix.shape
    shorter = min(n_rows, n_columns)
    if shorter == 0 or not matrix.nnz:
        return np.empty(0), np.empty((n_columns, 0))
    count = min(count, shorter)
    if shorter <= max(count + 1, 8):
        _, values, turned = np.linalg.svd(matrix.toarray(), full_matrices=False)
        values, turned = values[:count], turned[:count]
    else:
        _, values, turned = svds(matrix, k=count, v0=rng.standard_normal(shorter))
    order = np.argsort(-values, kind="stable")
    values, axes = values[order], turned[order].T
    kept = values > 1e-9 * values[0]
    return values[kept], with_fixed_signs(axes[:, kept])


def with_fixed_signs(axes: NDArray[np.float64]) -> NDArray[np.float64]:
    """Turn each axis so that its few large entries are positive.

    Examples
    --------
    >>> with_fixed_signs(np.array([[-0.9, 0.6], [0.1, 0.8]]))
    array([[ 0.9,  0.6],
           [-0.1,  0.8]])
    """
    cubes = (axes**3).sum(axis=0)
    return np.ascontiguousarray(axes * np.where(cubes < 0, -1.0, 1.0))


def varimax(loadings: NDArray[np.float64]) -> NDArray[np.float64]:
    r"""Find the rotation after which each axis rests on few rows of the loadings.

    Distances do not change under it; what the axes mean becomes plain.

    Parameters
    ----------
    loadings : ndarray of shape (n_rows, n_axes)

    Returns
    -------
    ndarray of shape (n_axes, n_axes)
        Orthogonal. ``loadings @ rotation`` has the axis with the largest sum of squares first, and
        its few large entries positive.

    Notes
    -----
    Maximises the variance of the squared loadings over each axis by alternating between the
    criterion's gradient and the rotation nearest to it.

    References
    ----------
    Kaiser, H. F. (1958). The varimax criterion for analytic rotation in factor analysis.
    Psychometrika 23, 187-200. Rohe, K. and Zeng, M. (2023). Vintage factor analysis with varimax
    performs statistical inference. J. Royal Statistical Society B 85, 1037-1060.
    """
    rotation, reached = np.eye(loadings.shape[1]), 0.0
    for _ in range(ROTATIONS if loadings.shape[1] > 1 else 0):
        turned = loadings @ rotation
        gradient = loadings.T @ (turned**3 - turned * (turned**2).mean(axis=0))
        left, size, right = np.linalg.svd(gradient)
        rotation = left @ right
        if size.sum() <= reached * (1.0 + STILL):
            break
        reached = float(size.sum())
    turned = loadings @ rotation
    order = np.argsort(-(turned**2).sum(axis=0), kind="stable")
    signs = np.where((turned**3).sum(axis=0) < 0, -1.0, 1.0)
    return np.ascontiguousarray((rotation * signs)[:, order])


def nonnegative_parts(matrix: Any, count: int, rng: Generator) -> NDArray[np.float64]:
    """Find parts that add up to the rows of a matrix without negative entries.

    Parameters
    ----------
    matrix : scipy sparse matrix of shape (n_rows, n_columns)
        Nothing below zero.
    count : int
    rng : Generator
        Begins the search for the singular vectors that the parts start from.

    Returns
    -------
    ndarray of shape (n_columns, n_parts)
        Each of length 1, those that explain most first; parts without a column are left out.

    Raises
    ------
    MathsError
        If an entry is negative.

    References
    ----------
    Lee, D. D. and Seung, H. S. (1999). Learning the parts of objects by non-negative matrix
    factorization. Nature 401, 788-791.
    """
    import warnings

    from sklearn.decomposition import NMF
    from sklearn.exceptions import ConvergenceWarning

    if matrix.nnz and matrix.min() < 0:
        msg = f"parts need entries of zero or more, and one is {matrix.min():.6g}"
        raise MathsError(msg)
    count = min(count, *matrix.shape)
    if not count or not matrix.nnz:
        return np.empty((matrix.shape[1], 0))
    fitted = NMF(
        n_components=count,
        init="nndsvd",
        random_state=int(rng.integers(2**31)),
        max_iter=PARTS_ROUNDS,
    )
    with warnings.catch_warnings():
        # Parts that still move a little after the last round are as good.
        warnings.simplefilter("ignore", ConvergenceWarning)
        shares = fitted.fit_transform(matrix)
    lengths = np.sqrt((fitted.components_**2).sum(axis=1))
    order = np.argsort(-(shares.sum(axis=0) * lengths), kind="stable")
    kept = [i for i in order if lengths[i] > 0]
    parts: NDArray[np.float64] = np.ascontiguousarray(fitted.components_[kept].T / lengths[kept])
    return parts.astype(np.float64)


def nonnegative_weights(matrix: Any, parts: NDArray[np.float64]) -> NDArray[np.float64]:
    """Give the weights of zero or more with which parts add up best to each row.

    Parameters
    ----------
    matrix : scipy sparse matrix of shape (n_rows, n_columns)
    parts : ndarray of shape (n_columns, n_parts)

    Returns
    -------
    ndarray of shape (n_rows, n_parts)
        A row's weights are the same alone and in a batch: nothing is learned from other rows.
    """
    wanted = np.asarray(matrix @ parts, dtype=np.float64)
    together = parts.T @ parts
    sizes = np.diag(together)
    weights = np.zeros_like(wanted)
    for _ in range(WEIGHT_ROUNDS):
        for part in np.flatnonzero(sizes > 0):
            # Summed along the row, so that the order of the sum is the same for any batch.
            missing = wanted[:, part] - (weights * together[part]).sum(axis=1)
            weights[:, part] = np.maximum(weights[:, part] + missing / sizes[part], 0.0)
    return weights


def association(presence: Any, *, smoothing: float = 0.75) -> Any:
    r"""Measure how much more often two columns are seen in one row than chance would have it.

    Parameters
    ----------
    presence : scipy sparse matrix of shape (n_rows, n_columns)
        One where a column is seen in a row, nothing elsewhere.
    smoothing : float, default=0.75
        Exponent of the columns' shares: below 1, rare columns are not taken for telling.

    Returns
    -------
    scipy sparse matrix of shape (n_columns, n_columns)
        :math:`\max(0, \ln p(a, b) / (p(a)\, p_s(b)))`; zero on the diagonal.

    References
    ----------
    Church, K. W. and Hanks, P. (1990). Word association norms, mutual information, and
    lexicography. Computational Linguistics 16, 22-29. Levy, O., Goldberg, Y. and Dagan, I. (2015).
    Improving distributional similarity with lessons learned from word embeddings. Trans. ACL 3,
    211-225 (the exponent).
    """
    from scipy.sparse import csr_matrix

    counts = (presence.T @ presence).tocoo()
    apart = counts.row != counts.col
    row, column, n = counts.row[apart], counts.col[apart], counts.data[apart].astype(np.float64)
    together = np.bincount(row, weights=n, minlength=counts.shape[0])
    smooth = together**smoothing
    expected = together[row] * (smooth[column] / max(smooth.sum(), 1.0))
    gain = np.log(n / expected)
    kept = gain > 0
    return csr_matrix((gain[kept], (row[kept], column[kept])), shape=counts.shape)
