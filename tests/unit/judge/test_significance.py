"""Tests of features that do not make the groups they are compared between."""

from __future__ import annotations

import numpy as np
import pytest

from builders import blobs
from segmentry.domain.crew import Crew
from segmentry.errors import MathsError
from segmentry.judge.significance import (
    MOST_FEATURES,
    RATE,
    carried_over,
    judge_significance,
)
from segmentry.maths.lloyd import kmeans

X, TRUTH = blobs(400, k=3)
NAMES = ("a", "b", "c", "d")


def by_kmeans(rows, rng):
    return kmeans(rows, 3, rng=rng, n_starts=2).labels


def judged(rows=X, names=NAMES, *, fitter=by_kmeans, seed=0, hands=1, known=None):
    return judge_significance(rows, names, fitter, seed=seed, crew=Crew(hands), known=known)


def test_features_of_planted_groups_are_told_by_the_others():
    found = judged()
    assert {f.feature for f in found.features} == set(NAMES)
    assert all(f.rate <= RATE and f.low <= f.explained <= f.high for f in found.features)
    shares = [f.explained for f in found.features]
    assert shares == sorted(shares, reverse=True)
    assert (found.n_fitted, found.n_tested) == (200, 200)
    assert "differ in it for 4 of 4 features" in found.sentence


def test_a_feature_that_goes_its_own_way_differs_by_chance_alone():
    rng = np.random.default_rng(0)
    p_values = []
    for seed in range(60):
        noise = np.exp(rng.normal(size=(200, 3)))
        p_values += [f.p_value for f in judged(noise, ("a", "b", "c"), seed=seed).features]
    p_values = np.sort(p_values)
    # The largest gap from uniform of 180 values: at most 0.12 in nineteen of twenty cases.
    assert np.abs(p_values - (np.arange(180) + 0.5) / 180).max() < 0.12


def test_noise_alone_is_said_to_be_noise():
    found = judged(np.random.default_rng(1).normal(size=(300, 4)))
    assert "differ in it for none of 4 features" in found.sentence


def test_columns_of_one_feature_are_left_out_together():
    rng = np.random.default_rng(2)
    twin = rng.normal(size=400)
    rows = np.c_[twin, twin, rng.normal(size=(400, 2))]
    together = judged(rows, ("twin", "twin", "c", "d"))
    apart = judged(rows, NAMES)
    assert all(f.rate > RATE for f in together.features)
    assert {f.feature for f in apart.features if f.rate <= RATE} == {"a", "b"}


def test_rows_that_are_noise_make_no_segment():
    seen = []

    def noisy(rows, rng):
        labels = by_kmeans(rows, rng)
        labels[:10] = -1
        seen.append(labels)
        return labels

    assert judged(fitter=noisy).features[0].rate <= RATE
    assert len(seen) == 4


def test_where_no_segments_can_be_made_without_any_feature_nothing_is_said():
    assert judged(fitter=lambda rows, _: np.zeros(len(rows), dtype=np.int64)) is None


def test_chance_and_hands():
    assert judged(seed=3) == judged(seed=3)
    assert judged(seed=3) == judged(seed=3, hands=3)


def test_other_columns_scale_means_nothing_to_the_tested_one():
    moved = judged(X * np.array([1e9, 1.0, 1.0, 1.0]))
    told = {f.feature: f for f in moved.features}
    same = {f.feature: f for f in judged().features}
    assert told["a"].explained == pytest.approx(same["a"].explained)
    assert told["a"].p_value == pytest.approx(same["a"].p_value)


MANY = tuple(map(str, range(MOST_FEATURES + 1)))


@pytest.mark.parametrize(
    ("rows", "names"), [(X[:59], NAMES), (X, ("a",) * 4), (np.ones((100, len(MANY))), MANY)]
)
def test_too_few_rows_or_features_are_not_tested(rows, names):
    assert judged(rows, names) is None


def test_every_column_needs_a_feature():
    with pytest.raises(MathsError, match="3 features were named for 4 columns"):
        judged(names=("a", "b", "c"))


def test_values_that_were_filled_in_from_other_features_are_not_asked():
    rng = np.random.default_rng(3)
    groups = rng.integers(0, 2, 2_000)
    others = groups[:, None] * 4.0 + rng.normal(size=(2_000, 3))
    free, gaps = rng.normal(size=2_000), rng.random(2_000) < 0.3
    filled = np.where(gaps, groups * 2.0, free)
    rows, names = np.column_stack([others, filled]), ("a", "b", "c", "free")
    by = {f.feature: f for f in judged(rows, names).features}
    assert by["free"].p_value < 1e-6
    by = {f.feature: f for f in judged(rows, names, known=~gaps).features}
    assert by["free"].p_value > 0.01
    assert judged(rows, names, known=np.arange(2_000) < 59) is None


def test_rows_are_told_the_segments_that_others_made():
    rng = np.random.default_rng(2)
    group = np.arange(400) % 3
    X = np.eye(3)[group] * 20.0 + rng.normal(size=(400, 3))
    labels = np.where(group[:200] == 1, 4, np.where(group[:200] == 2, -1, 0))
    told = carried_over(X[:200], X[200:], labels, rng)
    known = group[200:] < 2  # the third group was noise, which has no segment
    np.testing.assert_array_equal(told[known], np.where(group[200:] == 1, 4, 0)[known])
    assert carried_over(X[:200], X[200:], np.zeros(200, dtype=np.int64), rng) is None
