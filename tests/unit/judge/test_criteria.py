"""The figures of a candidate."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from builders import blobs
from segmentry.domain.partition import Partition, Trial
from segmentry.judge.criteria import measured
from segmentry.maths.comparison import Yardstick
from segmentry.maths.indices import centre_indices, cluster_means
from segmentry.maths.silhouette import silhouettes

X, TRUTH = blobs(200, k=3, gap=5.0)
BEST = Partition(TRUTH, cluster_means(X, TRUTH, 3), "k-means")
YARDSTICK = Yardstick.over(X, np.random.default_rng(0))


def trial(*others, best=BEST, own=TRUTH, fidelity=1.0):
    return Trial(best, own, others, fidelity, bic=12.5)


def scores(*others, **changes):
    return measured(X, [trial(*others, **changes)], YARDSTICK)[0].scores


def test_the_silhouette_is_the_mean_over_the_rows_with_its_interval():
    found = scores()
    assert found["silhouette"] == pytest.approx(silhouettes(X, TRUTH).mean())
    assert found["silhouette_low"] < found["silhouette"] < found["silhouette_high"]


def test_the_criteria_of_centres_are_passed_on():
    found, expected = scores(), centre_indices(X, TRUTH)
    assert found["davies_bouldin"] == expected.davies_bouldin
    assert found["calinski_harabasz"] == expected.calinski_harabasz
    assert found["inertia"] == expected.inertia
    assert found["bic"] == 12.5


def test_the_smallest_share_is_that_of_the_smallest_segment():
    assert scores()["smallest_share"] == np.bincount(TRUTH).min() / 200


def test_a_segment_that_nobody_is_nearest_to_has_no_share_and_no_centre():
    centres = np.vstack([BEST.centres, np.full((1, 4), 99.0)])
    found = scores(best=replace(BEST, centres=centres))
    assert found["smallest_share"] == 0.0
    assert found["inertia"] == centre_indices(X, TRUTH).inertia


def test_everybody_in_one_segment_leaves_nothing_to_compare():
    found = scores(best=replace(BEST, labels=np.zeros(200, dtype=np.int64)))
    assert found["silhouette"] == 0.0
    assert "davies_bouldin" not in found


def test_seeds_are_held_against_the_methods_own_labels():
    answers = replace(BEST, labels=np.roll(TRUTH, 7))
    assert scores(TRUTH, best=answers)["seed_ari"] == 1.0


def test_agreement_of_seeds_is_the_mean_with_the_worst_case_beside_it():
    found = scores(TRUTH + 4, np.zeros_like(TRUTH))
    assert (found["seed_ari"], found["seed_ari_low"]) == (0.5, 0.0)


def test_where_no_other_seed_was_tried_nothing_is_said_of_seeds():
    assert "seed_ari" not in scores()
    assert "seed_ari_low" not in scores()


def test_a_seed_that_gave_another_number_does_not_agree():
    lost = replace(trial(TRUTH), lost=1)
    found = measured(X, [lost], YARDSTICK)[0].scores
    assert (found["seed_ari"], found["seed_ari_low"]) == (0.5, 0.0)
    assert measured(X, [replace(trial(), lost=1)], YARDSTICK)[0].scores["seed_ari"] == 0.0


def test_fidelity_that_was_not_sought_is_absent():
    assert scores(fidelity=0.97)["fidelity"] == 0.97
    assert "fidelity" not in scores(fidelity=float("nan"))


def test_all_candidates_are_measured_by_the_same_rows_and_judged_later():
    first, second = measured(X, [trial(), trial()], YARDSTICK)
    np.testing.assert_array_equal(first.replicates, second.replicates)
    assert first.partition is BEST
    assert not first.kept


@pytest.mark.parametrize("name", ["davies_bouldin", "calinski_harabasz"])
def test_criteria_of_centres_have_intervals(name):
    found = scores()
    assert 0 < found[f"{name}_low"] < found[name] < found[f"{name}_high"] < 2 * found[name]
