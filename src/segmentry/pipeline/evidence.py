"""The evidence for the final segmentation: everything that is measured once it is settled."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from segmentry.domain.assigner import Answers
from segmentry.domain.evidence import (
    Baseline,
    Discriminant,
    Merging,
    SegmentSilhouette,
    Silhouettes,
    Stability,
    Surrogate,
)
from segmentry.domain.matrix import Matrix
from segmentry.domain.table import FeatureTable
from segmentry.judge.baseline import judge_baseline, usual_tiers
from segmentry.judge.discriminant import judge_discriminant
from segmentry.judge.merging import judge_merging
from segmentry.judge.stability import Resamples, judge_stability
from segmentry.judge.surrogate import grow_surrogate, readable_features
from segmentry.maths.comparison import Yardstick
from segmentry.maths.silhouette import SilhouetteEstimate
from segmentry.seeds import stream

QUANTILES = 60
"""Points of a segment's silhouette curve."""


@dataclass(frozen=True)
class Settled:
    """A segmentation that is settled, and the sample on which it is judged."""

    matrix: Matrix
    answers: Answers
    segment_ids: tuple[int, ...]
    silhouette: SilhouetteEstimate
    rows: NDArray[np.int64]
    yardstick: Yardstick
    """Over the sample's rows of the matrix."""


@dataclass(frozen=True)
class Judged:
    """The parts of the evidence that speak of the final segmentation."""

    stability: Stability
    silhouettes: Silhouettes
    surrogate: Surrogate | None
    discriminant: Discriminant | None
    baseline: Baseline | None
    merging: Merging | None


def judge_settled(
    settled: Settled, resamples: Resamples, *, table: FeatureTable | None, seed: int
) -> Judged:
    """Measure what speaks for and against a segmentation.

    Parameters
    ----------
    settled : Settled
    resamples : Resamples
        Of the sample's rows, by the method that was chosen.
    table : FeatureTable or None
        The features in their own units, with the matrix's rows.
    seed : int

    Returns
    -------
    Judged
    """
    matrix, segment, ids = settled.matrix, settled.answers.segment, settled.segment_ids
    sample = segment[settled.rows]
    tiers = usual_tiers(matrix, table, len(ids))
    return Judged(
        judge_stability(resamples, sample, ids),
        _silhouettes(settled, sample),
        grow_surrogate(
            readable_features(matrix, table), segment, ids, rng=stream(seed, "surrogate")
        ),
        judge_discriminant(matrix.X, segment, ids, rng=stream(seed, "discriminant")),
        judge_baseline(matrix.X, segment, tiers, yardstick=settled.yardstick, rows=settled.rows),
        judge_merging(matrix.X, segment, ids),
    )


def _silhouettes(settled: Settled, sample: NDArray[np.int64]) -> Silhouettes:
    values = settled.yardstick.measure([sample])[0].values
    own = sample[settled.yardstick.rows]
    whole = settled.silhouette
    places = np.linspace(1.0, 0.0, QUANTILES)
    segments = []
    for i, s in enumerate(whole.labels):
        mine = values[own == s]
        curve = np.quantile(mine, places) if len(mine) > QUANTILES else np.sort(mine)[::-1]
        segments.append(
            SegmentSilhouette(
                settled.segment_ids[int(s)],
                float(whole.by_cluster[i]),
                float(whole.cluster_low[i]),
                float(whole.cluster_high[i]),
                float((mine < 0).mean()) if len(mine) else 0.0,
                tuple(round(float(v), 4) for v in curve),
            )
        )
    return Silhouettes(len(own), tuple(segments))
