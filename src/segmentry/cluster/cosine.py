"""Medoids by cosine: entities with the same mix of usage, however much of it, for sparse counts."""

from __future__ import annotations

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from segmentry.cluster.medoids import Unlike, fit_medoids, manner, refit_medoids, sweep_medoids
from segmentry.cluster.method import Fits, Method, Sample, Weights
from segmentry.domain.partition import Partition
from segmentry.domain.percent import percent
from segmentry.maths.dissimilarity import cosine_gaps

NAME = "cosine medoids"

SPARSE = 0.5
"""Share of cells at their column's least value from which zeros are the usual case."""

LEAST = 1e-9
"""Spread of a column below which a value counts as its least."""


def amounts(X: NDArray[np.float64]) -> NDArray[np.float64]:
    """Read columns as amounts: how far each value lies above its column's least.

    The matrix of a run is centred and scaled. Without the least value zeros are zeros again; the
    scale remains, so that a rare column weighs as much as a common one.
    """
    result: NDArray[np.float64] = X - beginnings(X)
    return result


def beginnings(X: NDArray[np.float64]) -> NDArray[np.float64]:
    """Give where the amounts of each column begin: its least value."""
    least: NDArray[np.float64] = X.min(axis=0, initial=np.inf)
    return least


def empty_share(X: NDArray[np.float64]) -> float:
    """Give the share of cells at their column's least value."""
    above = amounts(X)
    if not above.size:
        return 0.0
    return float((above <= LEAST * above.max(axis=0)).mean())


UNLIKE = Unlike(NAME, amounts, cosine_gaps)


def fit_cosine(
    X: NDArray[np.float64], n_clusters: int, *, rng: Generator, weights: Weights = None
) -> Partition:
    """Choose entities that stand for all others by their mix.

    Parameters
    ----------
    X : ndarray of shape (n_rows, n_columns), finite
    n_clusters : int
    rng : Generator
    weights : ndarray of shape (n_rows,), not negative, default ones

    Returns
    -------
    Partition
        Fewer clusters than asked for where rows take fewer distinct forms.
    """
    return fit_medoids(X, UNLIKE, n_clusters, rng=rng, weights=weights)


def sweep(sample: Sample) -> dict[int, Fits]:
    """Fit every number of segments from two seeds."""
    return sweep_medoids(sample, UNLIKE)


fit_labels = refit_medoids(UNLIKE)


def objection(X: NDArray[np.float64]) -> str:
    """Say that columns are no sparse amounts; nothing where they are."""
    share = empty_share(X)
    if share < SPARSE:
        return f"only {percent(share)} of values are their column's least, so usage is not sparse"
    return ""


METHOD = Method(
    NAME,
    "entities with the same mix, however much",
    sweep,
    fit_labels,
    objection,
    manner,
    reads_columns=True,
)
