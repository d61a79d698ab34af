"""Partitions and candidates name and count themselves."""

from __future__ import annotations

import numpy as np

from builders import candidate
from segmentry.domain.partition import Partition


def test_noise_is_no_cluster():
    partition = Partition(np.array([0, -1, 1]), np.zeros((2, 3)), "density")
    assert partition.n_clusters == 2


def test_a_candidate_is_named_by_method_and_number_of_segments():
    assert candidate(6).name == "k-means, 6 segments"


def test_a_candidate_is_not_kept_before_selection():
    assert (candidate().kept, candidate().reason) == (False, "")


def test_a_centre_stands_for_its_own_cluster():
    partition = Partition(np.array([0, 1]), np.zeros((2, 3)), "k-means")
    assert partition.owners.tolist() == [0, 1]


def test_several_prototypes_may_stand_for_one_cluster():
    groups = np.array([0, 0, 1])
    partition = Partition(np.array([0, 1]), np.zeros((3, 2)), "ward", {}, groups)
    assert partition.n_clusters == 2
    assert partition.owners.tolist() == [0, 0, 1]


def test_the_nearest_point_answers_by_place_or_by_direction():
    X, groups = np.array([[9.0, 2.0], [0.1, 0.9]]), np.array([0, 1, 1])
    points = np.array([[9.0, 9.0], [9.0, 0.0], [0.0, 0.0]])
    assert Partition(np.zeros(2), points, "ward", {}, groups).answers(X).tolist() == [1, 1]
    mixes = Partition(np.zeros(2), np.eye(3)[:2], "spherical", origin=np.zeros(2))
    assert mixes.answers(X).tolist() == [0, 1]
