"""HDBSCAN: dense regions of any shape and of unequal density, and the noise between them.

A region counts from a share of rows on; several shares are tried, which may give several numbers
of segments. Up to 50,000 rows each row is a point of the tree; beyond, small clusters of rows are.
The tree is in ``maths.spanning``, what is taken from it in ``maths.condensation``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from segmentry.cluster.method import Arguments, Fits, Method, Sample, Weights
from segmentry.cluster.noise import (
    LEAST_SHARE,
    dense_count,
    noisy_fits,
    noisy_partition,
    too_wide,
    without_noise,
)
from segmentry.cluster.points import points_of
from segmentry.domain.crew import Crew
from segmentry.domain.partition import Partition
from segmentry.maths.condensation import lasting_clusters
from segmentry.maths.density import NOISE
from segmentry.maths.spanning import spanning_tree
from segmentry.seeds import stream

NAME = "hdbscan"

SHARES = (LEAST_SHARE, 0.04, 0.08)
"""Shares of rows from which a dense region is a cluster."""

FEWEST_ROWS = 5
"""Rows of a cluster at least: fewer are close together by chance."""

MOST_COLUMNS = 25
"""Beyond it distances to the nearest rows differ too little to tell dense from thin."""

EXACT_ROWS = 50_000
MICRO_CLUSTERS = 20_000


def fit_hdbscan(
    X: NDArray[np.float64],
    *,
    rng: Generator,
    least_share: float = SHARES[0],
    weights: Weights = None,
    crew: Crew | None = None,
) -> Partition:
    """Find the dense regions that persist longest as density is asked for more and more.

    Parameters
    ----------
    X : ndarray of shape (n_rows, n_columns), finite
    rng : Generator
        Chooses the seeds of small clusters; unused up to 50,000 rows.
    least_share : float, default=0.02
        Share of rows from which a region is a cluster, five rows at least.
    weights : ndarray of shape (n_rows,), positive, one on average, default ones
        How many rows each one counts for: a core distance reaches as far as it takes to hold the
        weight that is asked for, and a region counts from a share of the weight on.
    crew : Crew or None
        Hands; the result does not depend on their number.

    Returns
    -------
    Partition
        As many clusters as there are, perhaps none. Noise keeps the label -1; its share is among
        the arguments. The centres are means, and no row's label follows from them.

    References
    ----------
    Campello, R., Moulavi, D. and Sander, J. (2013). Density-based clustering based on hierarchical
    density estimates. PAKDD, 160-172.
    """
    return fit_shares(X, (least_share,), rng=rng, weights=weights, crew=crew)[least_share]


def fit_shares(
    X: NDArray[np.float64],
    shares: Iterable[float],
    *,
    rng: Generator,
    weights: Weights = None,
    crew: Crew | None = None,
) -> Mapping[float, Partition]:
    """Find the dense regions of several least shares of rows in one tree.

    Parameters
    ----------
    X : ndarray of shape (n_rows, n_columns), finite
    shares : iterable of float
    rng : Generator
    weights : ndarray of shape (n_rows,), positive, one on average, default ones
    crew : Crew or None

    Returns
    -------
    mapping of float to Partition
        Each as of ``fit_hdbscan``.
    """
    points = points_of(X, exact_rows=EXACT_ROWS, count=MICRO_CLUSTERS, rng=rng, weights=weights)
    n_points = len(points.weights)
    rows_each = len(X) / n_points if n_points else 1.0
    spread = (crew or Crew()).map
    trees: dict[int, NDArray[np.float64]] = {}
    found = {}
    for share in shares:
        size = max(FEWEST_ROWS, round(share * len(X)))
        labels = np.full(len(X), NOISE, dtype=np.int64)
        # One cluster would have to hold fewer rows than there are, or nothing is to be told apart.
        if size < len(X) and (np.ptp(X, axis=0) > 0).any():
            count = min(dense_count(n_points, X.shape[1]), size)
            if count not in trees:
                smoothing = count * rows_each
                trees[count] = spanning_tree(
                    points.places, smoothing=smoothing, weights=points.weights, spread=spread
                )
            labels = lasting_clusters(trees[count], size, points.weights)[points.owners]
        found[share] = noisy_partition(X, labels, NAME, {"least_share": share}, weights)
    return found


def sweep(sample: Sample) -> dict[int, Fits]:
    """Give the numbers of segments that are found, where the band holds them.

    Of several shares with equally many segments the one with the least noise counts: nothing is
    drawn, so that there are no other seeds to compare with.
    """
    X = sample.X
    rng = stream(sample.seed, "search", NAME)
    found = fit_shares(X, SHARES, rng=rng, weights=sample.weights, crew=sample.crew).values()
    result = {}
    for k in sample.band:
        fits = [p for p in found if p.n_clusters == k]
        if fits:
            result[k] = noisy_fits(sample, (min(fits, key=_noise),))
    return result


def _noise(partition: Partition) -> float:
    return float(partition.arguments["noise_share"])


def fit_labels(
    X: NDArray[np.float64],
    _: int,
    rng: Generator,
    settled: Arguments,
    weights: Weights = None,
) -> NDArray[np.int64]:
    """Fit from scratch, as resampling needs it, with the share that the search has settled.

    Noise gets the label of the nearest clustered row, since that is what the segments made of a
    partition answer for it.
    """
    share = float(settled.get("least_share", SHARES[0]))
    return without_noise(X, fit_hdbscan(X, rng=rng, least_share=share, weights=weights).labels)


def objection(X: NDArray[np.float64]) -> str:
    """Say why density tells little here; nothing where it may serve."""
    return too_wide(X, MOST_COLUMNS)


def _manner(X: NDArray[np.float64]) -> str:
    if len(X) <= EXACT_ROWS:
        return ""
    return f"on {MICRO_CLUSTERS:,} small clusters that stand for {len(X):,} rows"


METHOD = Method(
    NAME,
    "dense regions of any shape and density, as many as there are",
    sweep,
    fit_labels,
    objection,
    _manner,
    is_robust=True,
)
