"""Segments on entities that had no part in finding them, beside those that had."""

from __future__ import annotations

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from segmentry.domain.evidence import Check
from segmentry.domain.notes import SharePair, Validation
from segmentry.maths.intervals import wilson_interval
from segmentry.maths.silhouette import SilhouetteEstimate, mean_silhouette


def validate(
    X: NDArray[np.float64],
    segment: NDArray[np.int64],
    learned: NDArray[np.bool_],
    found: SilhouetteEstimate,
    segment_ids: tuple[int, ...],
    *,
    rng: Generator,
) -> tuple[Validation, Check]:
    """Measure segments on the entities that were kept apart.

    Parameters
    ----------
    X : ndarray of shape (n_entities, n_columns)
        The matrix of everybody.
    segment : ndarray of int, shape (n_entities,)
        The assigner's answers.
    learned : ndarray of bool, shape (n_entities,)
        Who was learned from.
    found : SilhouetteEstimate
        Of those learned from.
    segment_ids : tuple of int
    rng : Generator

    Returns
    -------
    validation : Validation
    check : Check
        The silhouette of the entities kept apart; its threshold is the lower bound of the
        silhouette of those learned from.
    """
    own = segment[~learned]
    low = high = mean = 0.0
    if len(np.unique(own)) > 1:
        estimate = mean_silhouette(np.ascontiguousarray(X[~learned]), own, rng=rng)
        mean, low, high = estimate.mean, estimate.low, estimate.high
    pairs = tuple(
        _pair(segment_id, int((segment[learned] == i).sum()), int(learned.sum()),
              int((own == i).sum()), len(own))
        for i, segment_id in enumerate(segment_ids)
    )  # fmt: skip
    apart = [p.id for p in pairs if p.low > p.train_high or p.high < p.train_low]
    told = f"{len(own):,} entities had no part in finding the segments. "
    told += f"Their silhouette is {mean:.3f}, that of the others {found.mean:.3f}. "
    told += (
        f"Shares of the segments {', '.join(map(str, apart))} differ beyond their intervals."
        if apart
        else "All segments have the same shares there, within their intervals."
    )
    validation = Validation(
        len(own), mean, low, high, found.mean, found.low, found.high, pairs, told
    )
    check = Check(
        "validation_silhouette",
        mean,
        low,
        high,
        found.low,
        sentence="Silhouette of entities that had no part in finding the segments; the threshold "
        "is the lower bound for those that had.",
    )
    return validation, check


def _pair(segment_id: int, train: int, n_train: int, own: int, n: int) -> SharePair:
    train_low, train_high = wilson_interval(train, n_train)
    low, high = wilson_interval(own, n)
    return SharePair(
        segment_id, train / max(n_train, 1), train_low, train_high, own / max(n, 1), low, high
    )
