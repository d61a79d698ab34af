"""The fast criteria that every candidate of a search is measured by."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from segmentry.domain.partition import Candidate, Trial
from segmentry.maths.agreement import adjusted_rand_index
from segmentry.maths.comparison import Comparable, Yardstick
from segmentry.maths.index_intervals import Factors, centre_intervals
from segmentry.maths.indices import centre_indices, cluster_means
from segmentry.maths.pieces import Spread


def measured(
    X: NDArray[np.float64],
    trials: Sequence[Trial],
    yardstick: Yardstick,
    *,
    spread: Spread = map,
    weights: NDArray[np.float64] | None = None,
) -> tuple[Candidate, ...]:
    """Measure partitions of the search sample, all by the same rows.

    What is judged is what is used: labels are the answers of the prototypes. Only whether the
    borders run through empty space is asked of the method's own labels: of a narrow gap,
    prototypes that mistake a row in two hundred would say nothing.

    Parameters
    ----------
    X : ndarray of shape (n_rows, n_columns)
    trials : sequence of Trial
    yardstick : Yardstick
        Over ``X``.
    spread : callable
        Carries out one trial after the other, ``map`` or one that has several hands.
    weights : ndarray of shape (n_rows,), positive, or None
        How much each row counts in shares of segments and in what methods make small themselves,
        ``inertia`` and ``bic``. Silhouette, neighbours, Davies-Bouldin and Calinski-Harabasz look
        at each row once.

    Returns
    -------
    tuple of Candidate
        Scores: ``silhouette`` with its interval, ``neighbour_agreement``, ``davies_bouldin``,
        ``calinski_harabasz`` (both with theirs), ``inertia``, ``bic`` (comparable within one
        method only),
        ``smallest_share``, ``seed_ari`` (mean over the other seeds) with its worst case where
        a seed matters at all, and ``fidelity`` where it was sought.
    """
    found = yardstick.measure([trial.best.labels for trial in trials], spread=spread)

    def candidate(piece: tuple[Trial, Comparable]) -> Candidate:
        trial, seen = piece
        scores = _scores(X, trial, seen, yardstick, weights)
        return Candidate(trial.best, scores, replicates=seen.replicates)

    return tuple(spread(candidate, list(zip(trials, found, strict=True))))


def _scores(
    X: NDArray[np.float64],
    trial: Trial,
    seen: Comparable,
    yardstick: Yardstick,
    weights: NDArray[np.float64] | None,
) -> dict[str, float]:
    labels = trial.best.labels
    agreement = [adjusted_rand_index(trial.own, other) for other in trial.others]
    agreement += [0.0] * trial.lost  # no such partition came of them at all
    total = len(X) if weights is None else weights.sum()
    shares = np.bincount(labels, weights, minlength=trial.best.n_clusters) / total
    # A segment that no row is nearest to has no centre to measure by.
    distinct, codes = np.unique(labels, return_inverse=True)
    scores = {
        "silhouette": seen.mean,
        "silhouette_low": seen.low,
        "silhouette_high": seen.high,
        "neighbour_agreement": yardstick.agreement(trial.own),
        "bic": trial.bic,
        "smallest_share": float(shares.min()),
    }
    if agreement:
        scores |= {"seed_ari": float(np.mean(agreement)), "seed_ari_low": float(min(agreement))}
    if not np.isnan(trial.fidelity):
        scores["fidelity"] = trial.fidelity
    if 2 <= len(distinct) < len(X):
        codes = codes.astype(np.int64)
        indices, factors = centre_indices(X, codes), centre_intervals(X, codes, yardstick.order)
        scores |= _bounded("davies_bouldin", indices.davies_bouldin, factors.davies_bouldin)
        scores |= _bounded(
            "calinski_harabasz", indices.calinski_harabasz, factors.calinski_harabasz
        )
        scores["inertia"] = indices.inertia if weights is None else _inertia(X, codes, weights)
    return scores


def _inertia(
    X: NDArray[np.float64], codes: NDArray[np.int64], weights: NDArray[np.float64]
) -> float:
    """Sum up squared distances to the weighted means, each row by its weight."""
    means = cluster_means(X, codes, int(codes.max()) + 1, weights)
    return float(weights @ ((X - means[codes]) ** 2).sum(axis=1))


def _bounded(name: str, value: float, factors: Factors | None) -> dict[str, float]:
    if factors is None:
        return {name: value}
    return {name: value, f"{name}_low": value * factors[0], f"{name}_high": value * factors[1]}
