"""Gaussian mixtures: clouds that may be long, bent towards each other, and of unequal width.

Started from k-means, because a mixture finds the nearest optimum and k-means finds good
neighbourhoods cheaply: once on the columns as they are, and once on the same rows stretched to a
round cloud, where groups that lie side by side along one direction stand out. The better of the
two counts. A search fits a few thousand rows, or all of very many (``fit_all``). The formulas are
in ``maths.mixture``, the passes over many rows in ``maths.expectation``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import cast

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from segmentry.cluster import kmeans
from segmentry.cluster.kmeans import fit_kmeans
from segmentry.cluster.method import Arguments, Fits, Method, Sample, Weights
from segmentry.domain.crew import Crew, single_threaded
from segmentry.domain.partition import Partition
from segmentry.errors import MathsError
from segmentry.maths.expectation import (
    RELATIVE_RIDGE,
    Blockwise,
    Components,
    components_of,
    fit_blockwise,
)
from segmentry.maths.indices import cluster_means
from segmentry.maths.mixture import (
    RIDGE,
    Covariances,
    Mixture,
    fit_mixture,
    n_mixture_parameters,
)
from segmentry.seeds import stream

NAME = "gaussian mixture"

FIT_ROWS = 4_000
"""Rows on which a mixture is fitted; all rows of the sample get their label from it."""

MOST_FULL_COLUMNS = 25
"""Beyond it a full covariance matrix has more numbers than rows can tell."""

LEAST_VARIANCE = 1e-6
"""Share of the largest variance below which a direction holds rounding errors only."""

SEEDS = 2
"""Fits of a search, and beginnings of the fit of all rows, each from other seeds of k-means."""

SHARES = (0.01, 0.1, 1.0)
"""Shares of the rows on which the fit of all of them goes on in turn, at least ``FIT_ROWS``."""

FEW_VALUES = 10
ROWS_PER_COLUMN = 10


def objection(X: NDArray[np.float64]) -> str:
    """Say why bell curves are no model of this data; nothing where they may be one."""
    n, d = X.shape
    if n < ROWS_PER_COLUMN * d:
        return f"{n} rows are too few for bell curves in {d} columns"
    smooth = sum(len(np.unique(column[:2_000])) > FEW_VALUES for column in X.T)
    if 2 * smooth < d:
        return f"only {smooth} of {d} columns take more than {FEW_VALUES} values"
    return ""


def allowed_covariances(n_columns: int) -> tuple[Covariances, ...]:
    """Give the forms of covariance that the number of columns allows in a search.

    Spherical ones are fitted where they are asked for: k-means serves round clouds in a search.
    """
    if n_columns > MOST_FULL_COLUMNS:
        return ("tied", "diagonal")
    return ("full", "tied", "diagonal")


def sphered(X: NDArray[np.float64], weights: Weights = None) -> NDArray[np.float64]:
    """Stretch rows along their principal axes until they vary alike in every direction.

    Parameters
    ----------
    X : ndarray of shape (n_rows, n_columns)
    weights : ndarray of shape (n_rows,), not negative, default ones

    Returns
    -------
    ndarray of shape (n_rows, n_directions)
        Directions along which (next to) nothing varies are left out.
    """
    centred = X - np.average(X, axis=0, weights=weights)
    if weights is None:
        scatter = centred.T @ centred / max(len(X), 1)
    else:
        scatter = (centred.T * weights) @ centred / weights.sum()
    variances, directions = np.linalg.eigh(scatter)
    varying = variances > LEAST_VARIANCE * max(float(variances.max()), 1e-300)
    return np.ascontiguousarray(centred @ directions[:, varying] / np.sqrt(variances[varying]))


def in_common_unit(X: NDArray[np.float64]) -> NDArray[np.float64]:
    """Give rows in a unit in which columns vary by about one or more: the ridge drowns less.

    Parameters
    ----------
    X : ndarray of shape (n_rows, n_columns)

    Returns
    -------
    ndarray of shape (n_rows, n_columns)
        Multiplied by a power of four, which no digit feels; prepared columns stay as they are.
    """
    spread = float(np.sqrt(X.var(axis=0).mean()))
    if not 0.0 < spread < 0.5:
        return X
    enlarged: NDArray[np.float64] = X * 4.0 ** round(-np.log(spread) / np.log(4.0))
    return enlarged


def best_covariances(
    X: NDArray[np.float64],
    starts: Sequence[NDArray[np.int64]],
    rows: NDArray[np.int64],
    weights: Weights = None,
) -> Covariances:
    """Choose the form of covariance with the least BIC from any of the starts.

    Parameters
    ----------
    X : ndarray of shape (n_rows, n_columns)
    starts : sequence of ndarray of int, shape (n_rows,)
    rows : ndarray of int, shape (n_fitted,)
        Rows that are fitted.
    weights : ndarray of shape (n_rows,), not negative, default ones

    Returns
    -------
    {"full", "tied", "diagonal"}
    """
    X = in_common_unit(X)
    options = {
        c: min(_fitted(X, start, rows, c, weights).bic for start in starts)
        for c in allowed_covariances(X.shape[1])
    }
    return min(options, key=lambda c: options[c])


def fit_from(
    X: NDArray[np.float64],
    starts: Sequence[NDArray[np.int64]],
    rows: NDArray[np.int64],
    covariances: Covariances,
    weights: Weights = None,
) -> tuple[Partition, Mixture]:
    """Fit mixtures from the labels of other partitions and keep the likeliest.

    Parameters
    ----------
    X : ndarray of shape (n_rows, n_columns)
    starts : sequence of ndarray of int, shape (n_rows,)
    rows : ndarray of int, shape (n_fitted,)
        Rows that are fitted; all of them are labelled.
    covariances : {"full", "tied", "diagonal", "spherical"}
    weights : ndarray of shape (n_rows,), not negative, default ones

    Returns
    -------
    Partition
        Each row with its most probable component; a component that is that of no row is no
        cluster. The centres are means, and no row's label follows from them.
    Mixture
        Of the rows in a common unit (``in_common_unit``).
    """
    given, X = X, in_common_unit(X)
    fits = [_fitted(X, start, rows, covariances, weights) for start in starts]
    mixture = max(fits, key=lambda fit: fit.log_likelihood)
    _, labels = np.unique(mixture.labels(X), return_inverse=True)
    labels = labels.astype(np.int64)
    n_clusters = int(labels.max()) + 1
    centres = cluster_means(given, labels, n_clusters, weights)
    arguments = {"n_segments": n_clusters, "covariances": covariances}
    return Partition(labels, centres, NAME, arguments), mixture


@dataclass(frozen=True, eq=False)
class FittedMixture:
    """A mixture of all rows: their labels, its likelihood, and what it costs by two criteria.

    ``partition`` holds a cluster for each component that is the most probable one of some row.
    """

    partition: Partition
    fit: Blockwise
    bic: float
    icl: float


def fit_all(
    X: NDArray[np.floating],
    n_components: int,
    *,
    rng: Generator,
    covariances: Covariances = "full",
    ridge: float = RELATIVE_RIDGE,
    tolerance: float = 1e-3,
    n_seeds: int = SEEDS,
    crew: Crew | None = None,
) -> FittedMixture:
    """Fit a mixture to all rows: on few of them first, then on more, then on everyone.

    Parameters
    ----------
    X : ndarray of shape (n_rows, n_columns), finite
        Single or double precision.
    n_components : int
        1 .. number of rows.
    rng : Generator
        Draws the rows that are fitted first, and the seeds of k-means.
    covariances : {"full", "tied", "diagonal", "spherical"}
    ridge : float
        Share of each column's variance that is added to it.
    tolerance : float, default=0.001
        Gain in mean log-likelihood below which a fit is done.
    n_seeds : int, default=2
        Times that k-means begins, each on the rows and on the round cloud.
    crew : Crew, default one hand
        Hands for the passes; the result does not depend on their number.

    Returns
    -------
    FittedMixture

    Raises
    ------
    MathsError
        If there are fewer rows than components.
    """
    if not 1 <= n_components <= len(X):
        msg = f"{len(X)} rows cannot make {n_components} components"
        raise MathsError(msg)
    crew = crew or Crew()

    def fitted(rows: NDArray[np.floating], begun: Components) -> Blockwise:
        return fit_blockwise(
            rows,
            begun,
            covariances=covariances,
            ridge=ridge,
            tolerance=tolerance,
            spread=crew.map,
        )

    # Small matrices, too, are faster on one thread than on several that wait for each other.
    with single_threaded():
        order = rng.permutation(len(X))
        sizes = sorted({min(max(int(s * len(X)), FIT_ROWS, n_components), len(X)) for s in SHARES})
        drawn = [X if n == len(X) else X[np.sort(order[:n])] for n in sizes]
        starts = _starts(drawn[0], n_components, rng, n_seeds)
        begun = [components_of(drawn[0], s, covariances=covariances, ridge=ridge) for s in starts]
        fit = max((fitted(drawn[0], one) for one in begun), key=lambda f: f.log_likelihood)
        for rows in drawn[1:]:
            fit = fitted(rows, fit.components)
    n_parameters = n_mixture_parameters(len(fit.components.weights), X.shape[1], covariances)
    bic = n_parameters * float(np.log(len(X))) - 2.0 * fit.log_likelihood
    alive, labels = np.unique(fit.labels, return_inverse=True)
    arguments = {"n_segments": len(alive), "covariances": covariances}
    partition = Partition(labels.astype(np.int64), fit.components.means[alive], NAME, arguments)
    return FittedMixture(partition, fit, bic, bic + 2.0 * fit.entropy)


def _starts(
    X: NDArray[np.floating], n_components: int, rng: Generator, n_seeds: int
) -> list[NDArray[np.int64]]:
    """Begin with k-means of the rows and of the round cloud, from several seeds."""
    plain = X.astype(np.float64)
    result = []
    for rows in n_seeds * (plain, sphered(plain)):
        if not rows.shape[1]:  # nothing varies in any direction
            continue
        start = fit_kmeans(rows, n_components, rng=rng, n_starts=1).labels
        # Where there are fewer different rows than components, some of them stay empty.
        _, labels = np.unique(start, return_inverse=True)
        result.append(labels.astype(np.int64))
    return result


def sweep(sample: Sample) -> dict[int, Fits]:
    """Fit every number of segments, each from k-means of the rows and of the round cloud.

    A mixture whose components die out gives fewer segments than asked for and is left out.
    """
    X, weights, starts = sample.X, sample.weights, kmeans.sweep(sample)
    # Whole passes know no weights: weighted rows are fitted as few ones are.
    if len(X) > kmeans.MANY_ROWS and weights is None:
        return _sweep_many(sample, starts)
    rng = stream(sample.seed, "search", NAME)
    rows = np.sort(rng.permutation(len(X))[:FIT_ROWS])
    round_cloud = sphered(X, weights)

    def both_starts(piece: tuple[int, int]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        k, s = piece
        own = stream(sample.seed, "search", NAME, k, s)
        other = fit_kmeans(round_cloud, k, rng=own, n_starts=kmeans.N_STARTS, weights=weights)
        return starts[k].partitions[s].labels, other.labels

    middle = sample.band[len(sample.band) // 2]
    covariances = best_covariances(X, both_starts((middle, 0)), rows, weights)
    pieces = [(k, s) for k in reversed(sample.band) for s in range(SEEDS)]
    found = sample.crew.map(
        lambda p: (p[0], fit_from(X, both_starts(p), rows, covariances, weights)), pieces
    )
    result = {}
    for k in sample.band:
        fits = [fit for asked, fit in found if asked == k and fit[0].n_clusters == k]
        fits.sort(key=lambda fit: -fit[1].log_likelihood)
        if fits:
            partitions = tuple(p for p, _ in fits)
            result[k] = Fits(partitions, fits[0][1].bic, lost=SEEDS - len(fits))
    return result


def _sweep_many(sample: Sample, starts: Mapping[int, Fits]) -> dict[int, Fits]:
    """Fit every number of segments to all rows; k-means settles the form of covariance."""
    X, rng = sample.X, stream(sample.seed, "search", NAME)
    rows = np.sort(rng.permutation(len(X))[:FIT_ROWS])
    middle = starts[sample.band[len(sample.band) // 2]].partitions[0].labels
    form = best_covariances(X, (middle,), rows)
    result = {}
    for k in sample.band:
        fits = []
        for s in range(SEEDS):
            own = stream(sample.seed, "search", NAME, k, s)
            fits.append(fit_all(X, k, rng=own, covariances=form, ridge=RIDGE, crew=sample.crew))
        whole = sorted(
            (f for f in fits if f.partition.n_clusters == k), key=lambda f: -f.fit.log_likelihood
        )
        if whole:
            partitions = tuple(f.partition for f in whole)
            result[k] = Fits(partitions, whole[0].bic, lost=SEEDS - len(whole))
    return result


def fit_labels(
    X: NDArray[np.float64],
    n_clusters: int,
    rng: Generator,
    settled: Arguments,
    weights: Weights = None,
) -> NDArray[np.int64]:
    """Fit from scratch, as resampling needs it.

    Parameters
    ----------
    X : ndarray of shape (n_rows, n_columns)
    n_clusters : int
    rng : Generator
    settled : mapping
        ``covariances`` where the search has settled their form; otherwise the one with the least
        BIC is taken, at four times the cost.
    weights : ndarray of shape (n_rows,), not negative, default ones

    Returns
    -------
    ndarray of int, shape (n_rows,)
    """
    starts = [
        fit_kmeans(rows, n_clusters, rng=rng, n_starts=1, weights=weights).labels
        for rows in (X, sphered(X, weights))
    ]
    rows = np.arange(len(X))
    form = cast("Covariances | None", settled.get("covariances"))
    form = form or best_covariances(X, starts, rows, weights)
    return fit_from(X, starts, rows, form, weights)[0].labels


def _fitted(
    X: NDArray[np.float64],
    start: NDArray[np.int64],
    rows: NDArray[np.int64],
    covariances: Covariances,
    weights: Weights,
) -> Mixture:
    # A cluster that no fitted row belongs to cannot be a component.
    _, labels = np.unique(start[rows], return_inverse=True)
    own = None if weights is None else weights[rows]
    return fit_mixture(X[rows], labels.astype(np.int64), covariances=covariances, weights=own)


METHOD = Method(
    NAME, "bell-shaped clouds, long or wide", sweep, fit_labels, objection, is_automatic=True
)
