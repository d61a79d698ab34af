"""From a partition to an assigner."""

from __future__ import annotations

import numpy as np

from builders import blobs
from segmentry.cluster.compress import compress
from segmentry.cluster.kmeans import refine_kmeans
from segmentry.domain.partition import Partition
from segmentry.maths.agreement import adjusted_rand_index

LINE = np.array([[0.0], [10.0], [11.0], [12.0]])


def partition(*centres, n_rows=4):
    return Partition(np.zeros(n_rows, dtype=np.int64), np.array(centres)[:, None], "k-means")


def test_segments_are_ordered_by_size_largest_first():
    found = compress(partition(0.0, 11.0), LINE)
    assert found.prototypes.tolist() == [[11.0], [0.0]]
    assert found.groups.tolist() == [0, 1]


def test_segments_of_equal_size_keep_the_order_of_their_centres():
    found = compress(partition(0.0, 10.0), LINE[[0, 0, 1, 1]])
    assert found.prototypes.tolist() == [[0.0], [10.0]]


def test_a_centre_that_nobody_is_nearest_to_is_no_segment():
    assert compress(partition(0.0, 500.0, 11.0), LINE).n_segments == 2


def test_the_radius_is_the_far_out_fence_of_the_distances():
    X = np.array([[0.0], [1.0], [2.0], [3.0], [4.0]])
    # Quartiles of the distances 0 .. 4 are 1 and 3: the fence is 3 + 3 * 2.
    assert compress(partition(0.0, n_rows=5), X).radii.tolist() == [9.0]


def test_a_segment_of_identical_rows_has_a_small_radius_and_no_division_by_zero():
    found = compress(partition(2.0), np.full((4, 1), 2.0))
    assert found.radii.tolist() == [1e-9]
    assert found.answer(np.array([[2.0], [2.1]])).anomaly.tolist() == [False, True]


def test_the_answers_on_the_training_rows_are_the_partition():
    X, truth = blobs(300, k=4)
    found = refine_kmeans(X, np.array([X[truth == g].mean(axis=0) for g in range(4)]))
    answers = compress(found, X).answer(X)
    assert adjusted_rand_index(answers.segment, found.labels) == 1.0
    assert (np.diff(np.bincount(answers.segment)) <= 0).all()


def test_prototypes_are_rounded_so_that_a_fingerprint_can_be_equal():
    found = compress(partition(0.1 + 0.2), np.full((4, 1), 0.3))
    assert found.prototypes[0, 0] == 0.3
