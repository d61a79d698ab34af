"""Spectral embedding: rows placed by the neighbours they share, so that chains become clusters.

What lives here: the graph of neighbours and the eigenvectors of its Laplacian. What does not: the
clusters in the embedding (``cluster.spectral``). Read on in ``docs/methods/spectral.md``.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from segmentry.errors import MathsError
from segmentry.maths.distances import squared_gaps

BLOCK_CELLS = 2_000_000
"""Distances held at a time."""

DENSE_ROWS = 300
"""Rows of a part of the graph up to which all of its eigenvectors cost least."""

Graph = Any
"""A sparse symmetric matrix of scipy."""


def neighbour_graph(X: NDArray[np.float64], n_neighbours: int) -> Graph:
    """Link each row with its nearest ones.

    Parameters
    ----------
    X : ndarray of shape (n_rows, n_columns), finite
    n_neighbours : int
        Nearest rows, the row itself among them; all where there are fewer.

    Returns
    -------
    csr_array of shape (n_rows, n_rows)
        1 where two rows are each among the nearest of the other, 0.5 where one is; symmetric.

    Raises
    ------
    MathsError
        If no neighbour is asked for.
    """
    from scipy.sparse import csr_array

    n = len(X)
    if n_neighbours < 1:
        msg = f"a graph of {n_neighbours} neighbours links nothing"
        raise MathsError(msg)
    count = min(n_neighbours, n)
    centred = X - X.mean(axis=0) if n else X
    nearest = np.empty((n, count), dtype=np.int64)
    step = max(1, BLOCK_CELLS // max(n, 1))
    for start in range(0, n, step):
        gaps = squared_gaps(centred[start : start + step], centred)
        rows = np.arange(start, min(start + step, n))
        # Of rows that are alike, each is its own nearest.
        gaps[rows - start, rows] = -1.0
        nearest[rows] = np.argpartition(gaps, count - 1, axis=1)[:, :count]
    places = np.arange(0, n * count + 1, count)
    links = csr_array((np.ones(n * count), nearest.ravel(), places), shape=(n, n))
    return ((links + links.T) * 0.5).tocsr()


def spectral_embedding(graph: Graph, n_dimensions: int) -> NDArray[np.float64]:
    r"""Place rows by the smoothest functions on a graph.

    Parameters
    ----------
    graph : sparse array of shape (n_rows, n_rows), symmetric, 0 or more
        Each row has a link, be it with itself.
    n_dimensions : int
        1 .. n_rows.

    Returns
    -------
    ndarray of shape (n_rows, n_dimensions)
        Eigenvectors of the normalised Laplacian, smallest eigenvalue first.

    Raises
    ------
    MathsError
        If there are fewer rows than dimensions.

    Notes
    -----
    The smallest eigenvalues of :math:`I - D^{-1/2} A D^{-1/2}` are the largest of
    :math:`D^{-1/2} A D^{-1/2}`, with D the sums of links. Parts of the graph without a link between
    them have eigenvectors of their own, which are found part by part: the largest eigenvalue is 1
    for each part, and no iteration tells equal eigenvalues apart well. Of equal ones those of the
    largest parts come first. Signs are such that the largest entry is positive.

    References
    ----------
    Ng, A., Jordan, M. and Weiss, Y. (2002). On spectral clustering: analysis and an algorithm.
    NIPS 14, 849-856. von Luxburg, U. (2007). A tutorial on spectral clustering. Statistics and
    Computing 17, 395-416.
    """
    from scipy.sparse import csr_array, diags_array
    from scipy.sparse.csgraph import connected_components

    n = graph.shape[0]
    if not 1 <= n_dimensions <= n:
        msg = f"{n} rows have no embedding in {n_dimensions} dimensions"
        raise MathsError(msg)
    roots = np.sqrt(np.maximum(np.asarray(graph.sum(axis=1)).ravel(), 1e-300))
    shared = csr_array(diags_array(1.0 / roots) @ graph @ diags_array(1.0 / roots))
    n_parts, part = connected_components(graph, directed=False)
    sizes = np.bincount(part, minlength=n_parts)
    found: list[tuple[float, int, NDArray[np.int64], NDArray[np.float64]]] = []
    for p in range(n_parts):
        rows = np.flatnonzero(part == p)
        own = shared[rows][:, rows]
        values, vectors = _largest(own, roots[rows], min(n_dimensions, len(rows)))
        found += [
            (float(value), int(sizes[p]), rows, vector)
            for value, vector in zip(values, vectors.T, strict=True)
        ]
    found.sort(key=lambda one: (-round(one[0], 9), -one[1], int(one[2][0])))
    result = np.zeros((n, n_dimensions))
    for d, (_, _, rows, vector) in enumerate(found[:n_dimensions]):
        result[rows, d] = vector * np.sign(vector[np.abs(vector).argmax()])
    return result


def _largest(
    shared: Graph, roots: NDArray[np.float64], count: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Give the largest eigenvalues of a connected part and their vectors, largest first."""
    n = shared.shape[0]
    if n <= max(DENSE_ROWS, 3 * count):
        values, vectors = np.linalg.eigh(shared.toarray())
        return values[::-1][:count], vectors[:, ::-1][:, :count]
    from scipy.sparse.linalg import eigsh

    # The first eigenvector is known; a start that lies along it alone would find no other.
    start = roots / np.linalg.norm(roots) + np.cos(np.arange(n)) / np.sqrt(n)
    values, vectors = eigsh(
        shared, k=count, which="LA", v0=start, ncv=min(n, max(4 * count + 1, 40)), maxiter=50 * n
    )
    order = np.argsort(-values, kind="stable")
    return values[order], vectors[:, order]
