"""What nearness to a segment is worth, learned from refits."""

from __future__ import annotations

import numpy as np
import pytest

from builders import assigner, blobs
from segmentry.domain.crew import Crew
from segmentry.judge.calibration import learn_confidence, stays
from segmentry.judge.stability import Resamples, resample
from segmentry.maths.calibration import calibrated
from segmentry.maths.indices import cluster_means
from segmentry.maths.lloyd import kmeans


def found(X: np.ndarray, k: int):
    """Segment rows, and draw them anew."""
    fit = kmeans(X, k, rng=np.random.default_rng(0), n_starts=3)
    rule = assigner(*map(tuple, cluster_means(X, fit.labels, k)))

    def fitter(rows, rng):
        return kmeans(rows, k, rng=rng, n_starts=2).labels

    return rule, resample(X, {"own": fitter}, seed=1, crew=Crew())["own"]


def test_who_lies_in_plain_groups_is_always_sure() -> None:
    X, _ = blobs(300, k=3)
    rule, refits = found(X, 3)
    kept = learn_confidence(rule, X, refits)
    assert calibrated(np.array([0.5, 0.9]), kept) == pytest.approx([1.0, 1.0])


def test_who_lies_near_a_border_of_a_cloud_is_less_sure_and_nobody_certain() -> None:
    X = np.random.default_rng(0).normal(size=(600, 5))
    rule, refits = found(X, 4)
    kept = learn_confidence(rule, X, refits)
    border, middle = calibrated(np.array([0.5, 0.8]), kept)
    assert border < middle < 1.0


def test_shares_told_hold_on_further_refits() -> None:
    X = np.random.default_rng(3).normal(size=(800, 3)) * [3.0, 1.0, 1.0]
    rule, refits = found(X, 3)
    told = calibrated(rule.nearness(X), learn_confidence(rule, X, refits))
    segment, rng = rule.answer(X).segment, np.random.default_rng(9)
    hits, sure = [], []
    for _ in range(20):
        rows = rng.integers(0, 800, 800)
        labels = kmeans(X[rows], 3, rng=rng, n_starts=2).labels
        hits.append(stays(segment[rows], labels))
        sure.append(told[rows])
    assert np.mean(hits) == pytest.approx(np.mean(sure), abs=0.05)


def test_clusters_are_given_to_segments_one_to_one() -> None:
    segment = np.array([0, 0, 0, 1, 1, 1])
    assert stays(segment, np.array([5, 5, 5, 2, 2, 2])).all()
    assert stays(segment, np.array([1, 1, 1, 1, 0, 0])).tolist() == [True] * 3 + [False, True, True]
    # One cluster can be given to one segment only.
    assert stays(segment, np.zeros(6, dtype=np.int64)).sum() == 3
    assert stays(segment, np.arange(6)).sum() == 2


def test_noise_of_a_refit_is_not_counted() -> None:
    X, truth = blobs(60, k=2)
    rule = assigner(*map(tuple, cluster_means(X, truth, 2)))
    labels = rule.answer(X).segment
    labels[::3] = -1
    rows = np.arange(60)
    silent = Resamples((rows, rows), (labels, np.full(60, -1)), 60)
    assert learn_confidence(rule, X, silent)[1].tolist() == [1.0]


@pytest.mark.parametrize("centres", [((0.0,),), ((0.0,), (1.0,))])
def test_with_nothing_to_learn_from_nearness_stays(centres) -> None:
    rule, X = assigner(*centres), np.linspace(0, 1, 30)[:, None]
    nothing = Resamples((np.arange(30),), (np.full(30, -1),), 30)
    assert learn_confidence(rule, X, nothing) is rule.kept
