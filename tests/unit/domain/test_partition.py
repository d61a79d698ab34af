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
