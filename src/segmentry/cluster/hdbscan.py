"""HDBSCAN: dense regions of any shape and of unequal density, and the noise between them.

A region counts from a share of rows on; several shares are tried, which may give several numbers
of segments. The algorithm itself is scikit-learn's.
"""

from __future__ import annotations

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from segmentry.cluster.method import Arguments, Fits, Method, Sample
from segmentry.cluster.noise import (
    LEAST_SHARE,
    dense_count,
    manner,
    noisy_fits,
    noisy_partition,
    numbered,
    on_sample,
    too_wide,
    without_noise,
)
from segmentry.domain.partition import Partition
from segmentry.maths.density import NOISE
from segmentry.seeds import stream

NAME = "hdbscan"

SHARES = (LEAST_SHARE, 0.04, 0.08)
"""Shares of rows from which a dense region is a cluster."""

FEWEST_ROWS = 5
"""Rows of a cluster at least: fewer are close together by chance."""

MOST_COLUMNS = 25
"""Beyond it distances to the nearest rows differ too little to tell dense from thin."""


def fit_hdbscan(
    X: NDArray[np.float64], *, rng: Generator, least_share: float = SHARES[0]
) -> Partition:
    """Find the dense regions that persist longest as density is asked for more and more.

    Parameters
    ----------
    X : ndarray of shape (n_rows, n_columns), finite
    rng : Generator
        Draws a sample of more than 20,000 rows; unused below.
    least_share : float, default=0.02
        Share of rows from which a region is a cluster, five rows at least.

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
    labels = on_sample(X, lambda rows: _dense(rows, least_share), rng)
    return noisy_partition(X, labels, NAME, {"least_share": least_share})


def _dense(X: NDArray[np.float64], least_share: float) -> NDArray[np.int64]:
    size = max(FEWEST_ROWS, round(least_share * len(X)))
    # One cluster would have to hold fewer rows than there are, or there is nothing to tell apart.
    if size >= len(X) or (np.ptp(X, axis=0) == 0).all():
        return np.full(len(X), NOISE, dtype=np.int64)
    from sklearn.cluster import HDBSCAN

    count = min(dense_count(*X.shape), size)
    model = HDBSCAN(min_cluster_size=size, min_samples=count, n_jobs=1, copy=True)
    found = np.asarray(model.fit(X).labels_, dtype=np.int64)
    return numbered(found)


def sweep(sample: Sample) -> dict[int, Fits]:
    """Give the numbers of segments that are found, where the band holds them.

    Of several shares with equally many segments the one with the least noise counts: nothing is
    drawn, so that there are no other seeds to compare with.
    """
    X = sample.X
    found = sample.crew.map(
        lambda share: fit_hdbscan(
            X, rng=stream(sample.seed, "search", NAME, str(share)), least_share=share
        ),
        SHARES,
    )
    result = {}
    for k in sample.band:
        fits = [p for p in found if p.n_clusters == k]
        if fits:
            result[k] = noisy_fits(X, (min(fits, key=_noise),))
    return result


def _noise(partition: Partition) -> float:
    return float(partition.arguments["noise_share"])


def fit_labels(
    X: NDArray[np.float64], _: int, rng: Generator, settled: Arguments
) -> NDArray[np.int64]:
    """Fit from scratch, as resampling needs it, with the share that the search has settled.

    Noise gets the label of the nearest clustered row, since that is what the segments made of a
    partition answer for it.
    """
    share = float(settled.get("least_share", SHARES[0]))
    return without_noise(X, fit_hdbscan(X, rng=rng, least_share=share).labels)


def objection(X: NDArray[np.float64]) -> str:
    """Say why density tells little here; nothing where it may serve."""
    return too_wide(X, MOST_COLUMNS)


METHOD = Method(
    NAME,
    "dense regions of any shape and density, as many as there are",
    sweep,
    fit_labels,
    objection,
    manner,
    is_robust=True,
)
