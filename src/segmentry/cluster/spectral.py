"""Spectral clustering: segments that hang together through neighbours, whatever their shape.

K-means in the space of the smoothest functions on the graph of neighbours (``maths.spectral``).
"""

from __future__ import annotations

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from segmentry.cluster.method import Arguments, Fits, Method, Sample, Weights
from segmentry.cluster.noise import on_sample
from segmentry.domain.partition import Partition
from segmentry.maths.indices import cluster_means
from segmentry.maths.lloyd import Lloyd, kmeans
from segmentry.maths.spectral import neighbour_graph, spectral_embedding
from segmentry.seeds import stream

NAME = "spectral"

MOST_ROWS = 5_000
"""Rows whose graph is embedded; of more, so many are drawn."""

NEIGHBOURS = 10
"""Nearest rows that a row is linked with, itself among them."""

SEEDS = 2
"""Fits of a search, each from other first centres in the embedding."""

N_STARTS = 4
"""Seedings of each fit: k-means in an embedding costs next to nothing."""


def embed(X: NDArray[np.float64], n_dimensions: int) -> NDArray[np.float64]:
    """Place rows by the neighbours they share.

    Parameters
    ----------
    X : ndarray of shape (n_rows, n_columns), finite
    n_dimensions : int
        1 .. n_rows.

    Returns
    -------
    ndarray of shape (n_rows, n_dimensions)
    """
    return spectral_embedding(neighbour_graph(X, NEIGHBOURS), n_dimensions)


def group_embedded(
    embedding: NDArray[np.float64],
    n_clusters: int,
    *,
    rng: Generator,
    weights: Weights = None,
) -> tuple[NDArray[np.int64], float]:
    """Group embedded rows by direction.

    Parameters
    ----------
    embedding : ndarray of shape (n_rows, n_dimensions)
        The first ``n_clusters`` dimensions count.
    n_clusters : int
    rng : Generator
    weights : ndarray of shape (n_rows,), not negative, default ones

    Returns
    -------
    labels : ndarray of int, shape (n_rows,)
        0 .. number of clusters found - 1.
    inertia : float
        In the embedding; less is better among fits of one number.
    """
    own = embedding[:, :n_clusters]
    lengths = np.sqrt((own**2).sum(axis=1, keepdims=True))
    found: Lloyd = kmeans(
        own / np.where(lengths > 0, lengths, 1.0),
        n_clusters,
        rng=rng,
        n_starts=N_STARTS,
        weights=weights,
    )
    _, labels = np.unique(found.labels, return_inverse=True)
    return labels.astype(np.int64), float(found.inertia)


def fit_spectral(
    X: NDArray[np.float64], n_clusters: int, *, rng: Generator, weights: Weights = None
) -> Partition:
    """Group rows that hang together through neighbours.

    Parameters
    ----------
    X : ndarray of shape (n_rows, n_columns), finite
    n_clusters : int
    rng : Generator
        Draws a sample of more than 5,000 rows, and the first centres.
    weights : ndarray of shape (n_rows,), positive, default ones
        They count where embedded rows are grouped; who is whose neighbour does not feel them.

    Returns
    -------
    Partition
        The centres are means, and no row's label follows from them.

    References
    ----------
    Ng, A., Jordan, M. and Weiss, Y. (2002). On spectral clustering: analysis and an algorithm.
    NIPS 14, 849-856.
    """

    def fit(rows: NDArray[np.float64], own: Weights) -> NDArray[np.int64]:
        k = min(n_clusters, len(rows))
        return group_embedded(embed(rows, k), k, rng=rng, weights=own)[0]

    return _partition(X, on_sample(X, fit, rng, most=MOST_ROWS, weights=weights), weights)


def _partition(X: NDArray[np.float64], labels: NDArray[np.int64], weights: Weights) -> Partition:
    k = int(labels.max()) + 1
    arguments = {"n_segments": k, "n_neighbours": NEIGHBOURS}
    return Partition(labels, cluster_means(X, labels, k, weights), NAME, arguments)


def sweep(sample: Sample) -> dict[int, Fits]:
    """Embed once, and group in as many dimensions as segments are asked for, from two seeds."""
    X = sample.X
    if len(X) > MOST_ROWS:
        return _sweep_sampled(sample)
    embedding = embed(X, max(sample.band))

    def fit(piece: tuple[int, int]) -> tuple[float, Partition]:
        k, s = piece
        rng = stream(sample.seed, "search", NAME, k, s)
        labels, spread = group_embedded(embedding, k, rng=rng, weights=sample.weights)
        return spread, _partition(X, labels, sample.weights)

    return _gathered(sample, sample.crew.map(fit, _pieces(sample)))


def _sweep_sampled(sample: Sample) -> dict[int, Fits]:
    def fit(piece: tuple[int, int]) -> tuple[float, Partition]:
        k, s = piece
        rng = stream(sample.seed, "search", NAME, k, s)
        return float(s), fit_spectral(sample.X, k, rng=rng, weights=sample.weights)

    return _gathered(sample, sample.crew.map(fit, _pieces(sample)))


def _pieces(sample: Sample) -> list[tuple[int, int]]:
    return [(k, s) for k in reversed(sample.band) for s in range(SEEDS)]


def _gathered(sample: Sample, fits: tuple[tuple[float, Partition], ...]) -> dict[int, Fits]:
    """Put fits together by number, the least spread first."""
    result = {}
    for k in sample.band:
        own = [(spread, p) for spread, p in fits if p.n_clusters == k]
        own.sort(key=lambda one: one[0])
        if own:
            bic = sample.bic(own[0][1].labels)
            result[k] = Fits(tuple(p for _, p in own), bic, lost=SEEDS - len(own))
    return result


def fit_labels(
    X: NDArray[np.float64], n_clusters: int, rng: Generator, _: Arguments, weights: Weights = None
) -> NDArray[np.int64]:
    """Fit from scratch, as resampling needs it."""
    return fit_spectral(X, n_clusters, rng=rng, weights=weights).labels


def objection(X: NDArray[np.float64]) -> str:
    """Say that rows are too many; nothing where they are few."""
    if len(X) > MOST_ROWS:
        return f"{len(X):,} rows are more than the {MOST_ROWS:,} whose graph is embedded"
    return ""


METHOD = Method(
    NAME, "segments that hang together through neighbours", sweep, fit_labels, objection
)
