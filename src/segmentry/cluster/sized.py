"""K-means with bounded sizes: no segment smaller or larger than a share of the rows.

The formulas are in ``maths.constrained`` and ``maths.transport``.
"""

from __future__ import annotations

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from segmentry.cluster.method import Arguments, Fits, Method, Sample, Weights
from segmentry.domain.crew import Crew, single_threaded
from segmentry.domain.partition import Partition
from segmentry.maths.constrained import kmeans_sized

NAME = "sized k-means"

MIN_SHARE = 0.02
"""Share of rows of the smallest segment, where nothing else is asked for."""

SEEDS = 2
"""Fits of a search for each number of segments."""


def fit_sized(
    X: NDArray[np.float64],
    n_clusters: int,
    *,
    rng: Generator,
    min_share: float = MIN_SHARE,
    max_share: float = 1.0,
    crew: Crew | None = None,
) -> Partition:
    """Partition rows into segments of bounded size, tight within these bounds.

    Parameters
    ----------
    X : ndarray of shape (n_rows, n_columns), finite
    n_clusters : int
        2 .. number of rows.
    rng : Generator
    min_share, max_share : float, share in [0, 1]
        They hold exactly.
    crew : Crew or None
        Hands; the result does not depend on their number.

    Returns
    -------
    Partition
        Its centres are means; a row that a bound has moved lies nearer to another one.

    References
    ----------
    Bradley, P. S., Bennett, K. P. and Demiriz, A. (2000). Constrained k-means clustering.
    Microsoft Research MSR-TR-2000-65.
    """
    hands = (crew or Crew()).hands
    with single_threaded():
        found = kmeans_sized(
            X, n_clusters, rng=rng, min_share=min_share, max_share=max_share, hands=hands
        )
    arguments = {"n_segments": n_clusters, "min_share": min_share, "max_share": max_share}
    return Partition(found.labels, found.centres, NAME, arguments)


def sweep(sample: Sample) -> dict[int, Fits]:
    """Fit every number of segments from several seeds.

    Prototypes answer in the end, so that a segment may come out smaller or larger than the method
    made it: finding tells by how much.
    """

    def fit(
        X: NDArray[np.float64], band: tuple[int, ...], rng: Generator, _: Weights
    ) -> tuple[Partition, ...]:
        found = []
        for k in band:
            least, most = _fitting(sample.min_share, sample.max_share, k, len(X))
            found.append(fit_sized(X, k, rng=rng, min_share=least, max_share=most))
        return tuple(found)

    return sample.swept(NAME, fit, SEEDS)


def fit_labels(
    X: NDArray[np.float64],
    n_clusters: int,
    rng: Generator,
    settled: Arguments,
    _: Weights = None,
) -> NDArray[np.int64]:
    """Fit from scratch, as resampling needs it; a bound that cannot hold gives way."""
    asked = float(settled.get("min_share", MIN_SHARE)), float(settled.get("max_share", 1.0))
    least, most = _fitting(*asked, n_clusters, len(X))
    return fit_sized(X, n_clusters, rng=rng, min_share=least, max_share=most).labels


def _fitting(
    min_share: float, max_share: float, n_clusters: int, n_rows: int
) -> tuple[float, float]:
    """Give shares that as many segments can hold."""
    least = min(min_share, (n_rows // n_clusters - 0.5) / n_rows)
    return least, min(1.0, max(max_share, (n_rows // n_clusters + 1.5) / n_rows))


METHOD = Method(
    NAME,
    "round segments that are kept from growing too small",
    sweep,
    fit_labels,
    weighs_not="its bounds hold to the row, and no row can be divided; take k-means, of which "
    "segments.min_share and segments.max_share pass over what misses them by weight",
)
