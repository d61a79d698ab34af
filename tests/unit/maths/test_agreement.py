"""Agreement of partitions by hand; scikit-learn and published numbers are in tests/oracles."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import normalized_mutual_info_score

from segmentry.errors import MathsError
from segmentry.maths.agreement import (
    adjusted_rand_index,
    adjusted_rand_interval,
    best_jaccards,
    bootstrapped_agreement,
    contingency,
    jaccards,
    normalised_mutual_information,
)


def labels(*values):
    return np.array(values, dtype=np.int64)


def test_entities_are_counted_by_both_labels():
    table = contingency(labels(5, 5, 9, 9, 9), labels(-1, 2, 2, 2, 0))
    np.testing.assert_array_equal(table, [[1, 0, 1], [0, 1, 2]])


def test_labels_of_different_length_are_refused():
    with pytest.raises(MathsError, match=r"labels have shapes \(2,\) and \(3,\)"):
        contingency(labels(0, 1), labels(0, 1, 2))


def test_equal_partitions_agree_fully_whatever_their_names():
    assert adjusted_rand_index(labels(0, 0, 1, 2), labels(7, 7, -1, 3)) == 1.0


def test_one_group_against_singletons_is_no_better_than_chance():
    assert adjusted_rand_index(labels(0, 0, 0, 0), labels(0, 1, 2, 3)) == 0.0


def test_partitions_that_cross_agree_less_than_chance():
    # Pairs together in both: 0 of 6; expected 2 * 2 / 6; so (0 - 2/3) / (2 - 2/3).
    found = adjusted_rand_index(labels(0, 0, 1, 1), labels(0, 1, 0, 1))
    assert found == pytest.approx(-0.5)


@pytest.mark.parametrize("same", [labels(), labels(3), labels(1, 1, 1), labels(0, 1, 2)])
def test_partitions_without_a_choice_agree_fully(same):
    assert adjusted_rand_index(same, same) == 1.0


def test_independent_partitions_agree_about_not_at_all():
    rng = np.random.default_rng(0)
    a, b = rng.integers(0, 5, (2, 20_000))
    assert abs(adjusted_rand_index(a, b)) < 0.002


def test_a_million_entities_do_not_overflow():
    a = np.repeat(np.arange(2), 500_000)
    assert adjusted_rand_index(a, 1 - a) == 1.0


def test_a_cluster_comes_back_as_far_as_its_best_match_covers_it():
    # {0, 1, 2} against {0, 1, 3}: two shared of four; {3} against it: one of three; {4} is whole.
    found = best_jaccards(labels(0, 0, 0, 1, 2), labels(7, 7, 5, 7, 9), 3)
    assert found.tolist() == pytest.approx([0.5, 1 / 3, 1.0])


def test_a_cluster_without_rows_has_no_jaccard_index():
    assert np.isnan(best_jaccards(labels(0, 2), labels(1, 1), 3)).tolist() == [False, True, False]
    assert np.isnan(best_jaccards(labels(), labels(), 2)).all()


def test_equal_partitions_come_back_whole():
    a = labels(0, 1, 1, 2)
    assert best_jaccards(a, a + 4, 3).tolist() == [1.0, 1.0, 1.0]


def test_mutual_information_is_a_share_of_what_both_hold():
    a, b = labels(0, 0, 1, 1), labels(0, 1, 0, 1)
    assert normalised_mutual_information(a, a) == 1.0
    assert normalised_mutual_information(a, b) == pytest.approx(0.0, abs=1e-12)
    # Four groups hold ln 4, of which two groups say ln 2: 2 ln 2 / (ln 2 + ln 4).
    assert normalised_mutual_information(a, labels(0, 1, 2, 3)) == pytest.approx(2 / 3)


def test_partitions_without_a_border_agree_and_say_nothing_of_others():
    one = labels(3, 3, 3, 3)
    assert normalised_mutual_information(one, one) == 1.0
    assert normalised_mutual_information(one, labels(0, 0, 1, 1)) == 0.0
    assert normalised_mutual_information(labels(), labels()) == 1.0


@pytest.mark.parametrize("seed", range(4))
def test_mutual_information_is_that_of_scikit_learn(seed):
    a, b = np.random.default_rng(seed).integers(0, 5, (2, 300))
    b = np.where(a == 2, 7, b)
    wanted = normalized_mutual_info_score(a, b)
    assert normalised_mutual_information(a, b) == pytest.approx(wanted)


def test_the_interval_of_agreement_is_that_of_a_bootstrap():
    rng = np.random.default_rng(0)
    n = 800
    a = rng.integers(0, 4, n)
    b = np.where(rng.random(n) < 0.6, a, rng.integers(0, 3, n))
    low, high = adjusted_rand_interval(a, b)
    draws = []
    for _ in range(400):
        rows = rng.integers(0, n, n)
        draws.append(adjusted_rand_index(a[rows], b[rows]))
    assert (high - low) / 2 == pytest.approx(1.96 * np.std(draws), rel=0.15)
    assert (low + high) / 2 == pytest.approx(adjusted_rand_index(a, b))


def test_equal_partitions_agree_without_doubt_and_few_rows_have_no_interval():
    a = np.array([0, 0, 1, 1, 2] * 10)
    assert adjusted_rand_interval(a, 9 - a) == (1.0, 1.0)
    one = np.array([3])
    assert adjusted_rand_interval(one, one) == (1.0, 1.0)
    same = np.zeros(20, dtype=np.int64)
    assert adjusted_rand_interval(same, same) == (1.0, 1.0)


def test_bootstrapped_figures_are_those_of_the_sample():
    rng = np.random.default_rng(1)
    one = rng.integers(0, 4, 400)
    two = np.where(rng.random(400) < 0.7, one, rng.integers(0, 4, 400))
    told = bootstrapped_agreement(one, two, 4, rng=np.random.default_rng(0))
    assert told.ari[0] == adjusted_rand_index(one, two)
    np.testing.assert_array_equal(told.jaccards[:, 0], best_jaccards(one, two, 4))
    assert (told.jaccards[:, 1] <= told.jaccards[:, 0]).all()
    assert (told.jaccards[:, 0] <= told.jaccards[:, 2]).all()


def test_bootstrapped_bounds_are_those_of_drawing_entities_one_by_one():
    rng = np.random.default_rng(2)
    one = rng.integers(0, 3, 300)
    two = np.where(rng.random(300) < 0.8, one, rng.integers(0, 3, 300))
    told = bootstrapped_agreement(one, two, 3, rng=np.random.default_rng(0))
    drawn = [rng.integers(0, 300, 300) for _ in range(1_000)]
    plain = np.array([adjusted_rand_index(one[d], two[d]) for d in drawn])
    np.testing.assert_allclose(told.ari[1:], np.quantile(plain, [0.025, 0.975]), atol=0.015)
    jaccards = np.array([best_jaccards(one[d], two[d], 3) for d in drawn])
    bounds = np.quantile(jaccards, [0.025, 0.975], axis=0).T
    np.testing.assert_allclose(told.jaccards[:, 1:], bounds, atol=0.02)


def test_bootstrapped_bounds_hold_the_truth_about_as_often_as_they_say():
    rng = np.random.default_rng(3)
    many = rng.integers(0, 4, 200_000)
    other = np.where(rng.random(200_000) < 0.75, many, rng.integers(0, 4, 200_000))
    truth, held = adjusted_rand_index(many, other), 0
    for i in range(200):
        rows = rng.integers(0, 200_000, 400)
        told = bootstrapped_agreement(many[rows], other[rows], 4, rng=np.random.default_rng(i))
        held += told.ari[1] <= truth <= told.ari[2]
    assert 180 <= held <= 199


def test_a_cluster_without_rows_and_a_partition_without_any_have_no_bounds():
    told = bootstrapped_agreement(
        labels(0, 0, 2, 2), labels(0, 0, 1, 1), 3, rng=np.random.default_rng(0)
    )
    assert np.isnan(told.jaccards[1]).all()
    np.testing.assert_array_equal(told.jaccards[[0, 2]], np.ones((2, 3)))
    nobody = bootstrapped_agreement(labels(), labels(), 2, rng=np.random.default_rng(0))
    assert nobody.ari == (1.0, 1.0, 1.0)
    assert np.isnan(nobody.jaccards).all()


@pytest.mark.parametrize("seed", range(5))
def test_jaccards_of_all_pairs_agree_with_scikit_learn(seed):
    from sklearn.metrics import jaccard_score

    rng = np.random.default_rng(seed)
    one, other = rng.integers(0, 4, 80), rng.integers(0, 3, 80)
    found = jaccards(one, other, (4, 3))
    for a in range(4):
        for b in range(3):
            assert found[a, b] == pytest.approx(jaccard_score(one == a, other == b))
    assert ((found > 0.5).sum(axis=0) <= 1).all()
    assert ((found > 0.5).sum(axis=1) <= 1).all()


def test_jaccards_of_a_cluster_without_rows_are_zero():
    found = jaccards(np.array([0, 0]), np.array([1, 1]), (2, 2))
    assert found.tolist() == [[0.0, 1.0], [0.0, 0.0]]


def test_jaccards_need_labels_of_the_same_rows():
    with pytest.raises(MathsError, match="2 labels cannot be held against 1"):
        jaccards(np.array([0, 0]), np.array([1]), (2, 2))
