"""Whether segments differ in an outcome."""

from __future__ import annotations

import numpy as np
import pytest

from segmentry.domain.partition import Partition
from segmentry.judge.differing import ALPHA, OutcomeRows, difference
from segmentry.maths.outcome import (
    difference_p_value,
    epsilon_squared,
    eta_squared,
    eta_squared_interval,
)

RNG = np.random.default_rng
X = RNG(3).normal(size=(600, 1)) + 6.0 * (np.arange(600) % 2)[:, None]
HALVES = Partition(np.arange(600) % 2, np.array([[0.0], [6.0]]), "k-means")
SEGMENT = (X[:, 0] > 3.0).astype(np.int64)


def outcome(*columns, is_share=True):
    return OutcomeRows("left", X, np.column_stack(columns), is_share, "600 entities")


def test_an_outcome_that_follows_the_segments_is_told():
    left = (RNG(1).random(600) < np.where(SEGMENT, 0.5, 0.1)).astype(float)
    found = difference(HALVES, outcome(left))
    assert found.p_value < ALPHA
    assert found.explained == epsilon_squared(left, SEGMENT)
    assert found.low < found.explained < found.high
    bounds = eta_squared_interval(eta_squared(left, SEGMENT), 600, 2)
    assert (found.low, found.high) == bounds
    assert found.p_value == difference_p_value(left, SEGMENT, is_share=True)


def test_chance_is_told_about_as_often_as_it_may_be():
    rng = RNG(2)
    told = [
        difference(HALVES, outcome((rng.random(600) < 0.3).astype(float))).p_value < ALPHA
        for _ in range(200)
    ]
    assert np.mean(told) == pytest.approx(0.05, abs=0.05)


def test_the_best_of_many_candidates_pays_for_their_number():
    found = difference(HALVES, outcome((RNG(2).random(600) < 0.3).astype(float)))
    assert found.p_among(1) == found.p_value
    assert found.p_among(2) == min(1.0, 2 * found.p_value)
    assert found.p_among(10**9) == 1.0


def test_of_several_levels_the_best_told_pays_for_their_number():
    rng = RNG(4)
    levels = [(rng.random(600) < 0.3).astype(float) for _ in range(4)]
    each = [difference(HALVES, outcome(v)).p_value for v in levels]
    assert difference(HALVES, outcome(*levels)).p_value == min(1.0, 4 * min(each))


def test_prototypes_answer_for_the_rows():
    two = Partition(
        HALVES.labels, np.array([[0.0], [5.0], [7.0]]), "ward", groups=np.array([0, 1, 1])
    )
    spent = X[:, 0] ** 2
    found = difference(two, outcome(spent, is_share=False))
    segment = (np.abs(X) > np.abs(X - np.array([5.0, 7.0])).min(axis=1, keepdims=True))[:, 0]
    assert found.explained == pytest.approx(epsilon_squared(spent, segment.astype(np.int64)))
