"""Segments on entities kept apart, against scikit-learn's silhouette."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import silhouette_score

from segmentry.maths.silhouette import mean_silhouette
from segmentry.pipeline.validation import validate

RNG = np.random.default_rng(0)
SEGMENT = RNG.integers(0, 3, 600)
X = np.array([[0.0, 0.0], [8.0, 0.0], [0.0, 8.0]])[SEGMENT] + RNG.normal(size=(600, 2))
LEARNED = RNG.random(600) < 0.8
FOUND = mean_silhouette(X[LEARNED], SEGMENT[LEARNED], rng=RNG)


def judged(segment=SEGMENT, learned=LEARNED):
    return validate(X, segment, learned, FOUND, (1, 2, 3), rng=np.random.default_rng(1))


def test_the_silhouette_is_that_of_the_entities_kept_apart():
    validation, check = judged()
    expected = silhouette_score(X[~LEARNED], SEGMENT[~LEARNED])
    assert validation.silhouette == pytest.approx(expected, abs=1e-6)
    assert validation.low <= validation.silhouette <= validation.high
    assert (check.estimate, check.threshold) == (validation.silhouette, FOUND.low)


def test_shares_are_told_for_both_sides_with_intervals():
    validation, _ = judged()
    assert sum(s.train for s in validation.segments) == pytest.approx(1.0)
    assert all(s.low <= s.validation <= s.high for s in validation.segments)
    assert "All segments have the same shares" in validation.sentence


def test_a_segment_that_is_not_there_again_is_named():
    moved = np.where(LEARNED, SEGMENT, 0)
    validation, _ = judged(moved)
    assert "Shares of the segments 1, 2, 3 differ" in validation.sentence
    assert validation.silhouette == 0.0
