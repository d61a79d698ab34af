"""The assigner by hand; that it does not depend on batches is a law in tests/properties."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from builders import assigner
from segmentry.domain.assigner import Assigner


def test_a_row_goes_to_the_nearest_segment_with_the_next_as_runner_up():
    answers = assigner((0.0,), (10.0,), (14.0,)).answer(np.array([[1.0], [13.0]]))
    assert answers.segment.tolist() == [0, 2]
    assert answers.second.tolist() == [1, 1]


def test_confidence_is_the_share_of_the_runner_ups_distance():
    answers = assigner((0.0,), (10.0,)).answer(np.array([[0.0], [2.0], [5.0]]))
    assert answers.confidence.tolist() == [1.0, 0.8, 0.5]


def test_a_row_beyond_the_radius_is_an_anomaly():
    answers = assigner((0.0,), (10.0,), radius=2.0).answer(np.array([[1.0], [2.0], [-2.1]]))
    assert answers.anomaly_score.tolist() == [0.5, 1.0, 1.05]
    assert answers.anomaly.tolist() == [False, False, True]


def test_a_tie_goes_to_the_first_segment():
    answers = assigner((3.0,), (1.0,)).answer(np.array([[2.0]]))
    assert (answers.segment[0], answers.second[0], answers.confidence[0]) == (0, 1, 0.5)


def test_distances_equal_in_nine_digits_are_a_tie():
    answers = assigner((1.0 + 1e-11,), (-1.0,)).answer(np.array([[0.0]]))
    assert answers.segment.tolist() == [0]


def test_two_segments_in_one_place_are_a_coin_on_its_edge():
    answers = assigner((1.0,), (1.0,)).answer(np.array([[1.0]]))
    assert answers.confidence.tolist() == [0.5]


def test_a_single_segment_is_certain_and_its_own_runner_up():
    answers = assigner((0.0,)).answer(np.array([[0.5], [9.0]]))
    assert answers.confidence.tolist() == [1.0, 1.0]
    assert answers.second.tolist() == [0, 0]
    assert answers.anomaly.tolist() == [False, True]


def test_a_segment_may_have_several_prototypes():
    rule = Assigner(np.array([[0.0], [10.0], [20.0]]), np.array([0, 1, 0]), np.ones(2))
    answers = rule.answer(np.array([[19.0], [9.0]]))
    assert rule.n_segments == 2
    assert answers.segment.tolist() == [0, 1]
    assert answers.second.tolist() == [1, 0]


def test_no_rows_get_no_answers():
    answers = assigner((0.0,), (1.0,)).answer(np.empty((0, 1)))
    assert len(answers.segment) == len(answers.confidence) == 0


def test_confidence_is_what_nearness_was_found_to_be_worth():
    nearness = assigner((0.0,), (10.0,))
    rule = replace(nearness, kept=np.array([[0.5, 0.8], [0.4, 0.9]]))
    X = np.array([[5.0], [2.0], [0.0], [4.0]])
    answers = rule.answer(X)
    assert answers.confidence.tolist() == pytest.approx([0.4, 0.9, 0.9, 0.4 + 0.5 / 3])
    assert rule.nearness(X).tolist() == nearness.answer(X).confidence.tolist()
    assert (rule.is_calibrated, nearness.is_calibrated) == (True, False)
    assert replace(assigner((0.0,)), kept=rule.kept).answer(X).confidence.tolist() == [1.0] * 4


def test_with_an_origin_rows_are_compared_by_direction():
    rule = Assigner(np.eye(3)[:2], np.arange(2), np.ones(2), origin=np.array([1.0, 1.0]))
    rows = np.array([[9.0, 2.0], [1.1, 1.0], [2.0, 80.0], [1.0, 1.0]])
    answers = rule.answer(rows)
    assert answers.segment.tolist() == [0, 0, 1, 0]
    # A row with nothing is as far from all mixes as can be, and goes to the first of them.
    assert answers.confidence[3] == 0.5
    np.testing.assert_allclose(rule.distances(rows)[3], np.sqrt(2.0))
    np.testing.assert_allclose(rule.distances(rows)[1], [0.0, np.sqrt(2.0)])
    np.testing.assert_allclose(rule.nearness(rows), answers.confidence, rtol=1e-8)
    alone = [rule.answer(rows[i : i + 1]).segment[0] for i in range(4)]
    assert answers.segment.tolist() == alone
