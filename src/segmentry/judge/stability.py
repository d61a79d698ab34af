"""Whether segments come back when entities are drawn again and the method is run anew."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from segmentry.domain.crew import Crew
from segmentry.domain.evidence import (
    DISSOLVED_JACCARD,
    STABLE_JACCARD,
    SegmentStability,
    Stability,
    StabilityVerdict,
)
from segmentry.domain.partition import Fitter
from segmentry.maths.agreement import best_jaccards
from segmentry.seeds import stream

N_RESAMPLES = 20
RESAMPLED_ROWS = 2_500
"""Rows of a resample: as many as there are, this at most."""


@dataclass(frozen=True)
class Resamples:
    """Fits to resamples: which rows were drawn, each once, and the cluster of each."""

    rows: tuple[NDArray[np.int64], ...]
    labels: tuple[NDArray[np.int64], ...]
    n_rows: int

    def jaccards(self, reference: NDArray[np.int64], n_segments: int) -> NDArray[np.float64]:
        """Hold a partition of all rows against the fits.

        Parameters
        ----------
        reference : ndarray of int, shape (n_rows,)
        n_segments : int

        Returns
        -------
        ndarray of shape (n_resamples, n_segments)
            NaN where a resample drew nobody of a segment.
        """
        return np.stack(
            [
                best_jaccards(reference[rows], labels, n_segments)
                for rows, labels in zip(self.rows, self.labels, strict=True)
            ]
        )


def resample(
    X: NDArray[np.float64],
    fitters: Mapping[str, Fitter],
    *,
    seed: int,
    crew: Crew,
    most: int = RESAMPLED_ROWS,
    weights: NDArray[np.float64] | None = None,
) -> dict[str, Resamples]:
    """Draw rows with replacement, fit anew, and remember what was found.

    Parameters
    ----------
    X : ndarray of shape (n_rows, n_columns)
    fitters : mapping of str to Fitter
        By name; the name also names its stream of chance, so that others change nothing.
    seed : int
    crew : Crew
    most : int, default=2500
        Rows of a resample, where there are more.
    weights : ndarray of shape (n_rows,), positive, or None
        How much each row counts in a fit; each is as likely to be drawn.

    Returns
    -------
    dict of str to Resamples

    References
    ----------
    Hennig, C. (2007). Cluster-wise assessment of cluster stability. Comput. Statist. Data Anal.
    52, 258-271.
    """
    size = min(len(X), most)

    def fit(piece: tuple[str, int]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        name, number = piece
        rng = stream(seed, "resample", name, number)
        drawn = np.sort(rng.integers(0, len(X), size))
        own = () if weights is None else (weights[drawn],)
        labels = fitters[name](X[drawn], rng, *own)
        # A row that was drawn twice counts once when partitions are compared.
        rows, first = np.unique(drawn, return_index=True)
        return rows, labels[first]

    pieces = [(name, number) for name in fitters for number in range(N_RESAMPLES)]
    found = crew.map(fit, pieces)
    result = {}
    for i, name in enumerate(fitters):
        own = found[i * N_RESAMPLES : (i + 1) * N_RESAMPLES]
        result[name] = Resamples(tuple(r for r, _ in own), tuple(v for _, v in own), size)
    return result


def mean_jaccards(jaccards: NDArray[np.float64]) -> NDArray[np.float64]:
    """Average over the resamples that drew a segment; 0 for one that none drew."""
    drawn = ~np.isnan(jaccards)
    sums = np.where(drawn, jaccards, 0.0).sum(axis=0)
    result: NDArray[np.float64] = sums / np.maximum(drawn.sum(axis=0), 1)
    return result


def judge_stability(
    resamples: Resamples, segment: NDArray[np.int64], segment_ids: Sequence[int]
) -> Stability:
    """Say of each segment whether it comes back.

    Parameters
    ----------
    resamples : Resamples
        Of the rows that ``segment`` labels.
    segment : ndarray of int, shape (n_rows,)
        Places in ``segment_ids``.
    segment_ids : sequence of int

    Returns
    -------
    Stability
    """
    jaccards = resamples.jaccards(segment, len(segment_ids))
    means = mean_jaccards(jaccards)
    segments = []
    for s, segment_id in enumerate(segment_ids):
        drawn = jaccards[~np.isnan(jaccards[:, s]), s]
        low, high = np.quantile(drawn, [0.05, 0.95]) if len(drawn) else (0.0, 0.0)
        segments.append(SegmentStability(segment_id, float(means[s]), float(low), float(high)))
    return Stability(
        len(resamples.rows), resamples.n_rows, tuple(segments), _sentence(segments, resamples)
    )


def _sentence(segments: list[SegmentStability], resamples: Resamples) -> str:
    stable = [s for s in segments if s.verdict is StabilityVerdict.STABLE]
    how = f"In {len(resamples.rows)} resamples of {resamples.n_rows:,} entities"
    if len(stable) == len(segments):
        weakest = min(segments, key=lambda s: s.jaccard)
        return (
            f"{how} every segment comes back (Jaccard index of at least {STABLE_JACCARD}); the "
            f"weakest is segment {weakest.id} with {weakest.jaccard:.2f}."
        )
    others = [
        f"segment {s.id} {'is doubtful' if s.jaccard >= DISSOLVED_JACCARD else 'dissolves'} "
        f"({s.jaccard:.2f})"
        for s in segments
        if s not in stable
    ]
    return (
        f"{how} {len(stable)} of {len(segments)} segments come back (Jaccard index of at least "
        f"{STABLE_JACCARD}); {', '.join(others)}."
    )
