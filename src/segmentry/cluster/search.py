"""The search: every method and number of segments on one sample, several seeds each.

Searching produces partitions; judging and choosing among them is ``judge``'s work.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from segmentry.cluster import kmeans, mixture, ward
from segmentry.cluster.catalogue import METHODS
from segmentry.cluster.compress import stand_in
from segmentry.domain.crew import Crew, single_threaded
from segmentry.domain.partition import STABLE_ARI, Partition, Trial
from segmentry.domain.progress import Progress
from segmentry.errors import FitError
from segmentry.maths.agreement import adjusted_rand_index
from segmentry.maths.mixture import spherical_bic
from segmentry.maths.quantization import near_labels
from segmentry.maths.rounding import round_significant
from segmentry.seeds import stream

FIRST_SEEDS, MOST_SEEDS = 3, 6
"""Independent fits of k-means per number of segments; more where the first leave doubt."""

DOUBTFUL_ARI = (0.6, 0.95)
"""Agreement of the first seeds between which more are asked."""

MIXTURE_SEEDS, WARD_SEEDS = 2, 2
"""Fits of the other methods: from other seeds of k-means, and from other small clusters."""

SEARCH_ROWS = 10_000
"""Largest sample that is searched. A share of 2 % is then 200 rows."""


@dataclass(frozen=True)
class _Fits:
    """Fits of one method with one number of segments, best first, and their BIC."""

    partitions: tuple[Partition, ...]
    bic: float


def search(
    X: NDArray[np.float64],
    band: range,
    *,
    seed: int,
    progress: Progress,
    methods: Sequence[str] = METHODS,
    crew: Crew | None = None,
) -> tuple[Trial, ...]:
    """Fit every method with every number of segments of the band, each from several seeds.

    Parameters
    ----------
    X : ndarray of shape (n_rows, n_columns), finite
        The search sample.
    band : range
        Numbers of segments to try.
    seed : int
        The project's seed.
    progress : Progress
    methods : sequence of str, default all
    crew : Crew or None
        Hands for independent fits; the result does not depend on their number.

    Returns
    -------
    tuple of Trial
        By method, simplest first, and number of segments, as far as the rows allow. A mixture
        whose components die out gives fewer segments than asked for and is left out.

    Raises
    ------
    FitError
        If the rows are too few or too alike for any number of the band.
    """
    crew = crew or Crew()
    distinct = len(np.unique(X, axis=0))
    feasible = tuple(k for k in band if k <= distinct and k < len(X))
    if not feasible:
        msg = f"{distinct} distinct entities cannot make {band.start} segments"
        raise FitError(msg, code="E4002", hint="lower segments.min, or add features")
    with single_threaded():
        return _searched(X, feasible, seed, progress, methods, crew)


def _searched(
    X: NDArray[np.float64],
    feasible: tuple[int, ...],
    seed: int,
    progress: Progress,
    methods: Sequence[str],
    crew: Crew,
) -> tuple[Trial, ...]:
    progress.advance(0, 4)
    fits: dict[tuple[str, int], _Fits] = {}
    round_ones = _kmeans(X, feasible, seed, crew)
    progress.advance(1, 4)
    if kmeans.NAME in methods:
        fits |= {(kmeans.NAME, k): found for k, found in round_ones.items()}
    if ward.NAME in methods:
        fits |= _ward(X, feasible, seed, crew)
    progress.advance(2, 4)
    if mixture.NAME in methods:
        fits |= _mixtures(X, round_ones, seed, crew)
    progress.advance(3, 4)
    order = [(name, k) for name in METHODS for k in feasible if (name, k) in fits]
    trials = crew.map(lambda key: _trial(X, fits[key], key, seed), order)
    progress.advance(4, 4)
    return trials


def _kmeans(
    X: NDArray[np.float64], feasible: tuple[int, ...], seed: int, crew: Crew
) -> dict[int, _Fits]:
    def fit(piece: tuple[int, int]) -> Partition:
        k, s = piece
        rng = stream(seed, "search", kmeans.NAME, k, s)
        return kmeans.fit_kmeans(X, k, rng=rng, n_starts=kmeans.N_STARTS)

    # More segments take longer: they go first, so that no hand waits at the end.
    pieces = [(k, s) for k in reversed(feasible) for s in range(FIRST_SEEDS)]
    found = dict(zip(pieces, crew.map(fit, pieces), strict=True))
    doubtful = [k for k in feasible if _is_doubtful([found[k, s] for s in range(FIRST_SEEDS)])]
    more = [(k, s) for k in reversed(doubtful) for s in range(FIRST_SEEDS, MOST_SEEDS)]
    found |= dict(zip(more, crew.map(fit, more), strict=True))
    result = {}
    for k in feasible:
        fits = [found[k, s] for s in range(MOST_SEEDS) if (k, s) in found]
        ordered = tuple(sorted(fits, key=lambda p: _inertia(X, p)))
        result[k] = _Fits(ordered, spherical_bic(X, ordered[0].labels))
    return result


def _is_doubtful(fits: list[Partition]) -> bool:
    pairs = [(a, b) for i, a in enumerate(fits) for b in fits[:i]]
    mean = float(np.mean([adjusted_rand_index(a.labels, b.labels) for a, b in pairs]))
    return DOUBTFUL_ARI[0] <= mean <= DOUBTFUL_ARI[1]


def _inertia(X: NDArray[np.float64], partition: Partition) -> float:
    return float(((X - partition.centres[partition.labels]) ** 2).sum())


def _ward(
    X: NDArray[np.float64], feasible: tuple[int, ...], seed: int, crew: Crew
) -> dict[tuple[str, int], _Fits]:
    # Where every row is a point, nothing is drawn and one hierarchy says all.
    seeds = range(1 if ward.is_exact(len(X)) else WARD_SEEDS)
    found = crew.map(
        lambda s: ward.fit_ward(X, feasible, rng=stream(seed, "search", ward.NAME, s)), seeds
    )
    result = {}
    for i, k in enumerate(feasible):
        fits = tuple(sorted((cuts[i] for cuts in found), key=lambda p: _inertia(X, p)))
        result[ward.NAME, k] = _Fits(fits, spherical_bic(X, fits[0].labels))
    return result


def _mixtures(
    X: NDArray[np.float64], starts: dict[int, _Fits], seed: int, crew: Crew
) -> dict[tuple[str, int], _Fits]:
    rng = stream(seed, "search", mixture.NAME)
    rows = np.sort(rng.permutation(len(X))[: mixture.FIT_ROWS])
    round_cloud = mixture.sphered(X)

    def both_starts(piece: tuple[int, int]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        k, s = piece
        own = stream(seed, "search", mixture.NAME, k, s)
        other = kmeans.fit_kmeans(round_cloud, k, rng=own, n_starts=kmeans.N_STARTS)
        return starts[k].partitions[s].labels, other.labels

    middle = sorted(starts)[len(starts) // 2]
    covariances = mixture.best_covariances(X, both_starts((middle, 0)), rows)
    pieces = [(k, s) for k in sorted(starts, reverse=True) for s in range(MIXTURE_SEEDS)]
    found = crew.map(
        lambda p: (p[0], mixture.fit_from(X, both_starts(p), rows, covariances)), pieces
    )
    result = {}
    for k in sorted(starts):
        fits = [fit for asked, fit in found if asked == k and fit[0].n_clusters == k]
        fits.sort(key=lambda fit: -fit[1].log_likelihood)
        if fits:
            result[mixture.NAME, k] = _Fits(tuple(p for p, _ in fits), fits[0][1].bic)
    return result


def _trial(X: NDArray[np.float64], fits: _Fits, key: tuple[str, int], seed: int) -> Trial:
    own = fits.partitions[0]
    others = tuple(p.labels for p in fits.partitions[1:])
    if own.method == kmeans.NAME:
        answers = near_labels(X, round_significant(own.centres), own.owners)
        fidelity = float((answers == own.labels).mean())
        return Trial(replace(own, labels=answers), own.labels, others, fidelity, fits.bic)
    rng = stream(seed, "prototypes", *key)
    agreement = [adjusted_rand_index(own.labels, labels) for labels in others]
    if agreement and float(np.mean(agreement)) < STABLE_ARI:
        # A matter of luck: one prototype per segment will do to show what it is like.
        best, _ = stand_in(own, X, rng=rng, counts=(1,))
        return Trial(best, own.labels, others, float("nan"), fits.bic)
    best, fidelity = stand_in(own, X, rng=rng)
    return Trial(best, own.labels, others, fidelity, fits.bic)
