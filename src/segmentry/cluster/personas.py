"""Personas of sparse usage: non-negative parts of which each entity has some, mostly one.

The factorisation itself is scikit-learn's. Zeros are recovered from the scaled matrix of a run by
taking each column's least value away.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from segmentry.cluster.cosine import SPARSE, amounts, empty_share
from segmentry.cluster.method import Arguments, Fits, Method, Sample, Weights
from segmentry.domain.partition import Partition
from segmentry.domain.percent import percent
from segmentry.maths.indices import cluster_means
from segmentry.maths.quantization import nearest_points
from segmentry.seeds import stream

NAME = "personas"

FIT_ROWS = 4_000
"""Rows from which parts are learned; all rows of the sample get their shares of them."""

SEEDS = 2
"""Fits of a search: one from the singular vectors, one from chance."""

PASSES = 200


@dataclass(frozen=True, eq=False)
class Factors:
    """Parts and how much of each a row has: rows are nearly ``amounts @ parts``.

    ``parts`` has shape (k, n_columns), each summing to 1 or, where nothing is left for it, to 0;
    ``amounts`` has shape (n_rows, k).
    """

    parts: NDArray[np.float64]
    amounts: NDArray[np.float64]


def factorise(
    rows: NDArray[np.float64],
    n_parts: int,
    *,
    rng: Generator,
    by_chance: bool = False,
    weights: Weights = None,
) -> Factors:
    """Write rows as sums of a few non-negative parts, as nearly as can be.

    Parameters
    ----------
    rows : ndarray of shape (n_rows, n_columns), 0 or more
    n_parts : int
    rng : Generator
        Draws the rows that are fitted of more than 4,000, and seeds the start.
    by_chance : bool, default=False
        Start from chance, not from the singular vectors.
    weights : ndarray of shape (n_rows,), not negative, default ones
        How much the squared error of each row counts.

    Returns
    -------
    Factors

    Notes
    -----
    A row times the root of its weight has the error that the row has by its weight, and the same
    parts, of which it takes that much more: parts are learned from such rows.

    References
    ----------
    Lee, D. D. and Seung, H. S. (1999). Learning the parts of objects by non-negative matrix
    factorization. Nature 401, 788-791. Boutsidis, C. and Gallopoulos, E. (2008). SVD based
    initialization. Pattern Recognition 41, 1350-1362.
    """
    fitted = np.sort(rng.permutation(len(rows))[:FIT_ROWS])
    if not rows[fitted].any():
        return Factors(np.zeros((n_parts, rows.shape[1])), np.zeros((len(rows), n_parts)))
    # Columns in an order of their own values: the start draws by place, and sums are rounded by it.
    order = np.lexsort(rows[fitted][::-1])
    # One scale for all cells: steps end where little changes beside the size of the values.
    scale = float(rows.max(initial=0.0))
    cells = np.ascontiguousarray((rows / scale)[:, order])
    learned = cells[fitted]
    if weights is not None:
        learned *= np.sqrt(weights[fitted])[:, None]
    found, components = _fitted(cells, learned, n_parts, rng, by_chance=by_chance)
    sizes = components.sum(axis=1)
    parts = np.empty_like(components)
    parts[:, order] = components / np.where(sizes > 0, sizes, 1.0)[:, None]
    return Factors(parts, found * sizes * scale)


def _fitted(
    cells: NDArray[np.float64],
    learned: NDArray[np.float64],
    n_parts: int,
    rng: Generator,
    *,
    by_chance: bool,
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Give amounts of all cells' rows, and parts that are learned from others."""
    from sklearn.decomposition import NMF

    enough = n_parts <= min(len(learned), cells.shape[1])
    model = NMF(
        n_parts,
        init="nndsvda" if enough and not by_chance else "random",
        max_iter=PASSES,
        tol=0.0,  # a number of passes: an end that is not reached would be warned of
        random_state=int(rng.integers(2**31)),
    )
    model.fit(learned)
    found = np.asarray(model.transform(cells), dtype=np.float64)
    return found, np.asarray(model.components_, dtype=np.float64)


def fit_personas(
    X: NDArray[np.float64],
    n_clusters: int,
    *,
    rng: Generator,
    by_chance: bool = False,
    weights: Weights = None,
) -> Partition:
    """Give each row the persona with the largest share of it.

    Parameters
    ----------
    X : ndarray of shape (n_rows, n_columns), finite
        Each column's least value counts as nothing.
    n_clusters : int
    rng : Generator
    by_chance : bool, default=False
        Start from chance, not from the singular vectors.
    weights : ndarray of shape (n_rows,), positive, default ones

    Returns
    -------
    Partition
        A row with nothing gets the persona whose rows' mean is nearest. A persona that is the
        first of no row is no cluster. The centres are means, and no row's label follows from them.
        ``error`` among the arguments is the share of the squared amounts that is not explained.
    """
    rows = amounts(X)
    # Of order one, so that the squares of large amounts stay finite.
    rows /= float(rows.max(initial=0.0)) or 1.0
    factors = factorise(rows, n_clusters, rng=rng, by_chance=by_chance, weights=weights)
    labels = factors.amounts.argmax(axis=1)
    something = factors.amounts.any(axis=1)
    present, known = np.unique(labels[something], return_inverse=True)
    k = max(len(present), 1)
    result = np.zeros(len(X), dtype=np.int64)
    if len(present):
        result[something] = known
        own = None if weights is None else weights[something]
        means = cluster_means(rows[something], known, k, own)
        result[~something] = nearest_points(rows[~something], means)
    left = _squares(rows - factors.amounts @ factors.parts, weights)
    error = left / max(_squares(rows, weights), 1e-300)
    arguments = {"n_segments": k, "error": round(error, 9)}
    return Partition(result, cluster_means(X, result, k, weights), NAME, arguments)


def _squares(rows: NDArray[np.float64], weights: Weights) -> float:
    squares = rows**2
    return float(squares.sum() if weights is None else weights @ squares.sum(axis=1))


def sweep(sample: Sample) -> dict[int, Fits]:
    """Fit every number of segments from the singular vectors and from chance.

    Personas that come first in no row make fewer segments than asked for; these are left out.
    """

    def fit(k: int, s: int) -> Partition:
        rng = stream(sample.seed, "search", NAME, k, s)
        return fit_personas(sample.X, k, rng=rng, by_chance=s > 0, weights=sample.weights)

    return sample.each(fit, SEEDS, least="error")


def fit_labels(
    X: NDArray[np.float64], n_clusters: int, rng: Generator, _: Arguments, weights: Weights = None
) -> NDArray[np.int64]:
    """Fit from scratch, as resampling needs it."""
    return fit_personas(X, n_clusters, rng=rng, weights=weights).labels


def objection(X: NDArray[np.float64]) -> str:
    """Say that columns are no sparse amounts; nothing where they are.

    Whether a column was negative before it was scaled cannot be seen any more; but one whose least
    value is not the usual one has no zero to begin from.
    """
    share = empty_share(X)
    if share < SPARSE:
        return (
            f"only {percent(share)} of values are their column's least, so that columns hold no "
            "sparse amounts above zero"
        )
    return ""


METHOD = Method(
    NAME, "personas: what is used together", sweep, fit_labels, objection, reads_columns=True
)
