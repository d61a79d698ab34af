"""Criteria by hand; scikit-learn's are compared in tests/oracles."""

from __future__ import annotations

import numpy as np
import pytest

from segmentry.errors import MathsError
from segmentry.maths.indices import centre_indices, cluster_means

LINE = np.array([[0.0], [2.0], [10.0], [12.0]])
PAIRS = np.array([0, 0, 1, 1])


def test_four_points_on_a_line_are_as_by_hand():
    found = centre_indices(LINE, PAIRS)
    # Means 1 and 11; each row is 1 away: inertia 4, spread 1 each, between 4 * 25.
    assert found.inertia == 4.0
    assert found.davies_bouldin == pytest.approx(2.0 / 10.0)
    assert found.calinski_harabasz == pytest.approx((100.0 / 1) / (4.0 / 2))


def test_davies_bouldin_takes_the_worst_neighbour_of_each_cluster():
    X = np.array([[0.0], [2.0], [10.0], [12.0], [20.0], [28.0]])
    found = centre_indices(X, np.array([0, 0, 1, 1, 2, 2]))
    # Means 1, 11, 24 and spreads 1, 1, 4: worst ratios 5/23, 5/13, 5/13.
    assert found.davies_bouldin == pytest.approx((5 / 23 + 5 / 13 + 5 / 13) / 3)


def test_clusters_of_identical_rows_separate_without_bound():
    found = centre_indices(np.array([[0.0], [0.0], [1.0], [1.0]]), PAIRS)
    assert found.inertia == 0.0
    assert found.davies_bouldin == 0.0
    assert found.calinski_harabasz == np.inf


def test_clusters_with_the_same_mean_are_not_separate_at_all():
    found = centre_indices(np.array([[-1.0], [1.0], [-2.0], [2.0]]), PAIRS)
    assert found.calinski_harabasz == 0.0
    assert found.davies_bouldin == np.inf


@pytest.mark.parametrize(
    "labels", [[0, 0, 0, 0], [0, 1, 2, 3], [0, 0, 2, 2]], ids=["one", "as many as rows", "empty"]
)
def test_partitions_without_a_contrast_are_refused(labels):
    with pytest.raises(MathsError, match="without an empty one"):
        centre_indices(LINE, np.array(labels))


def test_means_are_those_of_each_cluster():
    X = np.array([[0.0, 1.0], [2.0, 3.0], [9.0, 9.0]])
    np.testing.assert_array_equal(cluster_means(X, np.array([0, 0, 1]), 2), [[1, 2], [9, 9]])


def test_an_empty_cluster_has_zeros_for_a_mean():
    np.testing.assert_array_equal(cluster_means(LINE, PAIRS, 3), [[1.0], [11.0], [0.0]])
