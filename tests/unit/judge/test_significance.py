"""Tests of features that do not make the groups they are compared between."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import kruskal

from builders import blobs
from segmentry.domain.crew import Crew
from segmentry.errors import MathsError
from segmentry.judge.significance import (
    MOST_FEATURES,
    RATE,
    judge_significance,
    outcome_differences,
)
from segmentry.maths.lloyd import kmeans

X, TRUTH = blobs(400, k=3)
NAMES = ("a", "b", "c", "d")


def by_kmeans(rows, rng):
    return kmeans(rows, 3, rng=rng, n_starts=2).labels


def judged(rows=X, names=NAMES, *, fitter=by_kmeans, seed=0, hands=1):
    return judge_significance(rows, names, fitter, seed=seed, crew=Crew(hands))


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


def test_a_single_segment_tells_nothing():
    found = judged(fitter=lambda rows, _: np.zeros(len(rows), dtype=np.int64))
    assert [(f.explained, f.p_value, f.rate) for f in found.features] == [(0.0, 1.0, 1.0)] * 4


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


def test_outcomes_are_compared_by_their_ranks():
    rng = np.random.default_rng(5)
    outcomes = {"spend": np.exp(TRUTH + rng.normal(size=400)), "luck": rng.normal(size=400)}
    found = outcome_differences(outcomes, TRUTH)
    assert [f.feature for f in found] == ["spend", "luck"]
    wanted = [kruskal(*(v[s == TRUTH] for s in range(3))).pvalue for v in outcomes.values()]
    assert [f.p_value for f in found] == pytest.approx(wanted, rel=1e-9)
    assert [f.rate for f in found] == pytest.approx([2 * wanted[0], wanted[1]])


def test_no_outcome_has_no_difference():
    assert outcome_differences({}, TRUTH) == ()
