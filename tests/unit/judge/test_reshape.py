"""What merging and splitting cost."""

from __future__ import annotations

import numpy as np
import pytest

from builders import blobs
from segmentry.domain.crew import Crew
from segmentry.judge.reshape import clusters_of, merged_refits, price_of, split_refits
from segmentry.judge.stability import Resamples, judge_stability, resample
from segmentry.maths.comparison import Yardstick
from segmentry.maths.lloyd import kmeans

X, TRUTH = blobs(300, k=3)
NOTHING: dict = {"checks": []}


def refits(k: int) -> Resamples:
    fitters = {"k": lambda rows, rng: kmeans(rows, k, rng=rng, n_starts=3).labels}
    return resample(X, fitters, seed=0, crew=Crew())["k"]


def test_each_segment_is_given_the_cluster_that_it_came_back_as() -> None:
    segment = np.array([0, 0, 0, 1, 1, 2, 2])
    labels = np.array([7, 7, 1, 1, 1, -1, 0])
    assert clusters_of(segment, labels).tolist() == [7, 1, 0]


def test_a_segment_that_did_not_come_back_has_no_cluster() -> None:
    found = clusters_of(np.array([0, 0, 1, 2]), np.array([0, 0, 1, 1]))
    assert found[:2].tolist() == [0, 1]
    assert found[2] not in {0, 1}


def test_a_merged_segment_of_sound_groups_comes_back_and_the_others_as_before() -> None:
    before = refits(3)
    after = merged_refits(before, TRUTH, {0, 2})
    segment = np.where(TRUTH == 2, 0, TRUTH)
    told = judge_stability(after, segment, (1, 2))
    assert all(s.jaccard > 0.99 for s in told.segments)
    assert all(len(set(labels)) == 2 for labels in after.labels)
    assert all(np.array_equal(a, b) for a, b in zip(after.rows, before.rows, strict=True))


def test_the_order_of_the_two_does_not_matter() -> None:
    one, other = (merged_refits(refits(3), TRUTH, pair) for pair in ({0, 2}, {2, 0}))
    assert all(np.array_equal(a, b) for a, b in zip(one.labels, other.labels, strict=True))


def test_a_split_along_a_gap_comes_back_and_one_through_a_cloud_does_not() -> None:
    def divide(rows: np.ndarray, number: int) -> np.ndarray:
        return kmeans(X[rows], 2, rng=np.random.default_rng(number), n_starts=3).labels

    two = np.where(TRUTH == 2, 0, TRUTH)
    joined = merged_refits(refits(3), TRUTH, {0, 2})
    along = judge_stability(split_refits(joined, two, 0, divide), TRUTH, (1, 2, 3))
    assert all(s.jaccard > 0.95 for s in along.segments)
    member = TRUTH == 0
    through = TRUTH.copy()
    through[member] = np.where(divide(np.flatnonzero(member), 99) == 0, 0, 3)
    told = judge_stability(split_refits(refits(3), TRUTH, 0, divide), through, (1, 2, 3, 4))
    assert max(told.segments[0].jaccard, told.segments[3].jaccard) < 0.75
    assert min(told.segments[1].jaccard, told.segments[2].jaccard) > 0.95


def test_a_refit_without_the_segment_is_left_as_it_is() -> None:
    lost = Resamples((np.arange(4),), (np.array([0, 0, 1, 1]),), 4)
    segment = np.array([0, 0, 1, 2])
    found = split_refits(lost, segment, 2, lambda rows, number: np.zeros(len(rows), dtype=int))
    assert found.labels[0].tolist() == [0, 0, 1, 1]


def price(one: np.ndarray, other: np.ndarray, before=NOTHING, after=NOTHING, moved=(0, 300)):
    yardstick = Yardstick.over(X, np.random.default_rng(0))
    pair = yardstick.measure([one, other])
    return price_of(before, after, pair, touched=({1: "A", 2: "B"}, {1: "C"}), moved=moved)


def test_merging_sound_groups_lowers_the_silhouette_beyond_chance() -> None:
    found = price(TRUTH, np.where(TRUTH == 2, 0, TRUTH))
    assert found.gain_high < 0
    assert found.gain_low < found.gain < found.gain_high
    assert found.sentence.startswith("The silhouette falls: ")
    back = price(np.where(TRUTH == 2, 0, TRUTH), TRUTH)
    assert back.gain == pytest.approx(-found.gain)
    assert back.sentence.startswith("The silhouette rises: ")


def test_no_change_costs_nothing() -> None:
    found = price(TRUTH, TRUTH)
    assert (found.gain, found.gain_low, found.gain_high) == (0.0, 0.0, 0.0)
    assert "changes by no more than chance" in found.sentence


def test_figures_stand_side_by_side_and_what_there_was_not_is_left_out() -> None:
    before = {
        "checks": [{"name": "smallest_share", "estimate": 0.2}],
        "surrogate": {"accuracy": 0.9, "low": 0.85, "high": 0.95},
        "stability": {"segments": [{"id": 1, "jaccard": 0.8, "low": 0.7, "high": 0.9}]},
    }
    after = {
        "checks": [{"name": "smallest_share", "estimate": 0.3}],
        "surrogate": {"accuracy": 0.7, "low": 0.6, "high": 0.8},
        "stability": {"segments": [{"id": 1, "jaccard": 0.6, "low": 0.5, "high": 0.7}]},
    }
    found = price(TRUTH, TRUTH, before, after, moved=(3, 300))
    assert [f.name for f in found.figures] == [
        "silhouette",
        "surrogate rules right",
        "stability of 'A'",
        "stability of 'C'",
        "smallest share",
    ]
    rules, old, new, share = found.figures[1:]
    assert (rules.before, rules.after_low, rules.after) == (0.9, 0.6, 0.7)
    assert (old.before, old.after, new.before, new.after) == (0.8, None, None, 0.6)
    assert (share.before, share.after) == (0.2, 0.3)
    assert "come back with 0.80 before, and with 0.60 after" in found.sentence
    assert "3 of 300 entities" in found.sentence
