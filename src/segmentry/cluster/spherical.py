"""Spherical k-means: segments of rows with much the same mix, however much of it they have.

The formulas are in ``maths.spherical``, directions in ``maths.directions``.
"""

from __future__ import annotations

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from segmentry.cluster.cosine import beginnings, objection
from segmentry.cluster.method import Arguments, Fits, Method, Sample, Weights
from segmentry.domain.crew import Crew, single_threaded
from segmentry.domain.partition import Partition
from segmentry.maths.directions import directions
from segmentry.maths.spherical import kmeans_spherical, rest_on_sphere
from segmentry.seeds import stream

NAME = "spherical k-means"

SEEDS = 2
"""Fits of a search for each number of segments, each the best of several starts."""


def fit_spherical(
    X: NDArray[np.float64],
    n_clusters: int,
    *,
    rng: Generator,
    weights: NDArray[np.float64] | None = None,
    crew: Crew | None = None,
) -> Partition:
    """Partition rows by the direction of what they have above each column's least value.

    Parameters
    ----------
    X : ndarray of shape (n_rows, n_columns), finite
        Amounts, which may have been centred and scaled since.
    n_clusters : int
        1 .. number of rows.
    rng : Generator
    weights : ndarray of shape (n_rows,), not negative, default ones
    crew : Crew or None
        Hands; the result does not depend on their number.

    Returns
    -------
    Partition
        Centres are directions from its ``origin``, the columns' least values: a row has the one
        with the largest cosine. Rows with nothing above them are alike, and like no other. No
        cluster is empty: there are fewer than asked for where there are fewer distinct directions.
        ``away`` among the arguments is the sum of one less the cosine.

    References
    ----------
    Dhillon, I. S. and Modha, D. S. (2001). Concept decompositions for large sparse text data using
    clustering. Machine Learning 42, 143-175.
    """
    origin = beginnings(X)
    units = directions(X, origin)
    hands = (crew or Crew()).hands
    with single_threaded():
        begun = kmeans_spherical(units, n_clusters, rng=rng, weights=weights, hands=hands)
        found = rest_on_sphere(units, begun.centres, weights=weights)
    present, labels = np.unique(found.labels, return_inverse=True)
    arguments = {"n_segments": len(present), "away": round(found.inertia, 9)}
    return Partition(
        labels.astype(np.int64), found.centres[present], NAME, arguments, origin=origin
    )


def sweep(sample: Sample) -> dict[int, Fits]:
    """Fit every number of segments from several seeds.

    Fewer distinct directions than segments are asked for give no such number.
    """

    def fit(k: int, s: int) -> Partition:
        rng = stream(sample.seed, "search", NAME, k, s)
        return fit_spherical(sample.X, k, rng=rng, weights=sample.weights)

    return sample.each(fit, SEEDS, least="away")


def fit_labels(
    X: NDArray[np.float64], n_clusters: int, rng: Generator, _: Arguments, weights: Weights = None
) -> NDArray[np.int64]:
    """Fit from scratch, as resampling needs it."""
    return fit_spherical(X, n_clusters, rng=rng, weights=weights).labels


def manner(X: NDArray[np.float64]) -> str:
    """Say that rows with nothing are held to be alike, where there are any."""
    count = int(directions(X, beginnings(X))[:, -1].sum())
    return f"{count:,} rows with nothing held to be alike" if count else ""


METHOD = Method(
    NAME,
    "segments around a mean mix, however much of it",
    sweep,
    fit_labels,
    objection,
    manner,
    has_centres=True,
    reads_columns=True,
)
