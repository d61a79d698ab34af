"""Medoids by Jaccard: entities that share what they have, for columns of yes and no.

What neither of two entities has says nothing of them, as it does to a distance.
"""

from __future__ import annotations

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from segmentry.cluster.medoids import Unlike, fit_medoids, manner, refit_medoids, sweep_medoids
from segmentry.cluster.method import Fits, Method, Sample, Weights
from segmentry.domain.partition import Partition
from segmentry.maths.dissimilarity import jaccard_gaps

NAME = "jaccard medoids"


def yes_and_no(X: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Read columns as yes or no: yes is whatever lies above a column's least value.

    A column of two values comes back as it was before it was centred and scaled. Of a column of
    counts it remains whether there was anything.
    """
    result: NDArray[np.bool_] = X.min(axis=0, initial=np.inf) < X
    return result


UNLIKE = Unlike(NAME, yes_and_no, jaccard_gaps)


def fit_jaccard(
    X: NDArray[np.float64], n_clusters: int, *, rng: Generator, weights: Weights = None
) -> Partition:
    """Choose entities that stand for all others by what they have in common.

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
    """Say which columns are not yes or no; nothing where all are."""
    many = sum(_has_more_than_two(column) for column in X.T)
    if many:
        return f"{many} of {X.shape[1]} columns take more than two values"
    return ""


def _has_more_than_two(column: NDArray[np.float64]) -> bool:
    if not len(column):
        return False
    return bool(((column != column.min()) & (column != column.max())).any())


METHOD = Method(
    NAME,
    "entities that share what they have",
    sweep,
    fit_labels,
    objection,
    manner,
    reads_columns=True,
)
