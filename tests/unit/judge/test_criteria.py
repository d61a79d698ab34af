"""The figures of a candidate."""

from __future__ import annotations

import numpy as np
import pytest

from builders import blobs
from segmentry.domain.partition import Partition
from segmentry.judge.criteria import measured
from segmentry.maths.indices import centre_indices, cluster_means
from segmentry.maths.silhouette import silhouettes

X, TRUTH = blobs(200, k=3, gap=5.0)
BEST = Partition(TRUTH, cluster_means(X, TRUTH, 3), "k-means")


def scores(*others):
    return measured(X, BEST, others, rng=np.random.default_rng(0)).scores


def test_the_silhouette_is_the_mean_over_the_rows_with_its_interval():
    found = scores()
    assert found["silhouette"] == pytest.approx(silhouettes(X, TRUTH).mean())
    assert found["silhouette_low"] < found["silhouette"] < found["silhouette_high"]


def test_the_criteria_of_centres_are_passed_on():
    found, expected = scores(), centre_indices(X, TRUTH)
    assert found["davies_bouldin"] == expected.davies_bouldin
    assert found["calinski_harabasz"] == expected.calinski_harabasz
    assert found["inertia"] == expected.inertia


def test_the_smallest_share_is_that_of_the_smallest_segment():
    assert scores()["smallest_share"] == np.bincount(TRUTH).min() / 200


def test_agreement_of_seeds_is_the_mean_with_the_worst_case_beside_it():
    found = scores(TRUTH + 4, np.zeros_like(TRUTH))
    assert (found["seed_ari"], found["seed_ari_low"]) == (0.5, 0.0)


def test_a_fit_without_rivals_agrees_with_itself():
    assert (scores()["seed_ari"], scores()["seed_ari_low"]) == (1.0, 1.0)


def test_a_candidate_is_judged_later():
    candidate = measured(X, BEST, (), rng=np.random.default_rng(0))
    assert candidate.partition is BEST
    assert not candidate.kept
