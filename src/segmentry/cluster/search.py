"""The search: every method and number of segments on one sample, several seeds each.

Searching produces partitions; judging and choosing among them is ``judge``'s work.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from segmentry.cluster.kmeans import fit_kmeans
from segmentry.domain.partition import Partition
from segmentry.domain.progress import Progress
from segmentry.errors import FitError
from segmentry.seeds import stream

METHODS = ("k-means",)
"""Methods that can be searched; ``auto`` tries all of them."""

N_SEEDS = 6
"""Independent fits per candidate: their agreement is the candidate's seed stability."""

N_STARTS = 2
"""Seedings of each fit, of which the better one counts."""

SEARCH_ROWS = 10_000
"""Largest sample that is searched. A share of 2 % is then 200 rows."""


@dataclass(frozen=True)
class Trial:
    """The best of several fits, and the labels of the others."""

    best: Partition
    others: tuple[NDArray[np.int64], ...]


def search(
    X: NDArray[np.float64], band: range, *, seed: int, progress: Progress
) -> tuple[Trial, ...]:
    """Fit every number of segments of the band, each from several seeds.

    Parameters
    ----------
    X : ndarray of shape (n_rows, n_columns), finite
        The search sample.
    band : range
        Numbers of segments to try.
    seed : int
        The project's seed.
    progress : Progress

    Returns
    -------
    tuple of Trial
        One per number of segments that the rows allow.

    Raises
    ------
    FitError
        If the rows are too few or too alike for any number of the band.
    """
    distinct = len(np.unique(X, axis=0))
    feasible = [k for k in band if k <= distinct and k < len(X)]
    if not feasible:
        msg = f"{distinct} distinct entities cannot make {band.start} segments"
        raise FitError(msg, code="E4002", hint="lower segments.min, or add features")
    trials = []
    for done, k in enumerate(feasible):
        progress.advance(done, len(feasible))
        fits = [
            fit_kmeans(X, k, rng=stream(seed, "search", "k-means", k, s), n_starts=N_STARTS)
            for s in range(N_SEEDS)
        ]
        inertias = [_inertia(X, fit) for fit in fits]
        best = int(np.argmin(inertias))
        others = tuple(f.labels for i, f in enumerate(fits) if i != best)
        trials.append(Trial(fits[best], others))
    return tuple(trials)


def _inertia(X: NDArray[np.float64], partition: Partition) -> float:
    return float(((X - partition.centres[partition.labels]) ** 2).sum())
