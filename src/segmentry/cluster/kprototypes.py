"""k-prototypes: k-means whose centres have the most common level of each category, not a mean.

What lives here: which columns are categories, as they can be read off the matrix. What does not:
the passes (``maths.kprototypes``), and how categories become columns (``prepare.category``).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from segmentry.cluster.method import Arguments, Fits, Method, Sample, Weights
from segmentry.domain.crew import single_threaded
from segmentry.domain.partition import Partition
from segmentry.maths.kprototypes import Category, kprototypes, settle
from segmentry.maths.lloyd import Lloyd
from segmentry.seeds import stream

NAME = "k-prototypes"

SEEDS = 3
"""Fits of a search for each number of segments."""

KNOWN = 0.5
"""Share of rows that have one of several levels, for these to be one category: where most have
none, each is a yes or no of its own, whose mode may be no."""


def categories_of(X: NDArray[np.float64], weights: Weights = None) -> tuple[Category, ...]:
    """Read categories off a matrix.

    Parameters
    ----------
    X : ndarray of shape (n_rows, n_columns)
    weights : ndarray of shape (n_rows,), not negative, default ones

    Returns
    -------
    tuple of Category
        Neighbouring columns of zeros and one value, the same for all, of which no row has two and
        half of all rows have one: the levels of a category. And every other column of two values.
    """
    if not len(X):
        return ()
    low, high = X.min(axis=0), X.max(axis=0)
    is_two = (low < high) & ((low == X) | (high == X)).all(axis=0)
    is_zero = (low == 0.0) & (high == 0.0)
    found: list[Category] = []
    start = 0
    while start < X.shape[1]:
        stop = start + 1
        if is_two[start] and low[start] == 0.0:
            alike = is_two & (low == 0.0) & (high == high[start])
            stop = _end_of_levels(X, start, alike, is_zero, weights)
        if is_two[start]:
            found.append(Category(start, stop))
        start = stop
    return tuple(found)


def _end_of_levels(
    X: NDArray[np.float64],
    start: int,
    alike: NDArray[np.bool_],
    is_zero: NDArray[np.bool_],
    weights: Weights,
) -> int:
    """Give where the levels end of a category that begins at a column; of a yes or no, behind it.

    A level between others that nobody has, as in a resample, is a level all the same.
    """
    taken, stop = X[:, start] > 0.0, start + 1
    while stop < X.shape[1] and (is_zero[stop] or alike[stop]):
        marks = X[:, stop] > 0.0
        if (taken & marks).any():
            break
        taken, stop = taken | marks, stop + 1
    while is_zero[stop - 1]:
        stop -= 1
    return stop if np.average(taken, weights=weights) >= KNOWN else start + 1


def fit_kprototypes(
    X: NDArray[np.float64],
    n_clusters: int,
    *,
    rng: Generator,
    weights: NDArray[np.float64] | None = None,
    categories: Sequence[Category] | None = None,
) -> Partition:
    """Partition rows around means of numbers and modes of categories.

    Parameters
    ----------
    X : ndarray of shape (n_rows, n_columns), finite
    n_clusters : int
        1 .. number of rows.
    rng : Generator
    weights : ndarray of shape (n_rows,), not negative, default ones
    categories : sequence of Category or None
        None reads them off the matrix.

    Returns
    -------
    Partition
        Its centres are the prototypes. No cluster is empty: there are fewer than asked for where
        rows take fewer distinct forms. ``cost`` among the arguments is what was made small,
        ``categories`` the columns of each category.

    References
    ----------
    Huang, Z. (1998). Extensions to the k-means algorithm for clustering large data sets with
    categorical values. Data Mining and Knowledge Discovery 2, 283-304.
    """
    known = categories_of(X, weights) if categories is None else tuple(categories)
    with single_threaded():
        found = kprototypes(X, n_clusters, known, rng=rng, weights=weights)
    return _partition(found, known)


def sweep(sample: Sample) -> dict[int, Fits]:
    """Fit every number of segments from several seeds."""
    known = categories_of(sample.X, sample.weights)

    def fit(k: int, s: int) -> Partition:
        rng = stream(sample.seed, "search", NAME, k, s)
        return fit_kprototypes(sample.X, k, rng=rng, weights=sample.weights, categories=known)

    return sample.each(fit, SEEDS, least="cost")


def fit_labels(
    X: NDArray[np.float64], n_clusters: int, rng: Generator, _: Arguments, weights: Weights = None
) -> NDArray[np.int64]:
    """Fit from scratch, as resampling needs it."""
    return fit_kprototypes(X, n_clusters, rng=rng, weights=weights).labels


def _finish(X: NDArray[np.float64], partition: Partition, weights: Weights) -> Partition:
    known = categories_of(X, weights)
    with single_threaded():
        return _partition(settle(X, partition.centres, known, weights=weights), known)


def _partition(found: Lloyd, categories: Sequence[Category]) -> Partition:
    present, labels = np.unique(found.labels, return_inverse=True)
    arguments: dict[str, float | int | str] = {
        "n_segments": len(present),
        "cost": round(found.inertia, 9),
        "categories": " ".join(f"{c.start}:{c.stop}" for c in categories),
    }
    return Partition(labels.astype(np.int64), found.centres[present], NAME, arguments)


def objection(X: NDArray[np.float64]) -> str:
    """Say that no column is a category; nothing where one is."""
    return "" if categories_of(X) else "no column is a category, so that it would be k-means"


METHOD = Method(
    NAME,
    "round segments around means of numbers and the most common level of each category",
    sweep,
    fit_labels,
    objection,
    has_centres=True,
    finish=_finish,
    reads_columns=True,
)
