"""Nearest prototypes by hand; batches are a law in tests/properties."""

from __future__ import annotations

import numpy as np
import pytest

from segmentry.errors import MathsError
from segmentry.maths.prototypes import squared_distances, two_nearest


def test_distances_are_squared_euclidean():
    found = squared_distances(np.array([[0.0, 0.0], [3.0, 0.0]]), np.array([[3.0, 4.0]]))
    np.testing.assert_array_equal(found, [[25.0], [16.0]])


def test_distances_equal_those_of_the_definition():
    rng = np.random.default_rng(0)
    X, P = rng.normal(size=(50, 7)), rng.normal(size=(4, 7))
    expected = ((X[:, None, :] - P[None]) ** 2).sum(axis=2)
    np.testing.assert_allclose(squared_distances(X, P), expected, rtol=1e-14)


def test_a_row_on_its_prototype_has_distance_zero_however_far_from_the_origin():
    X = np.array([[1e8, 1e-8]])
    assert squared_distances(X, X)[0, 0] == 0.0


@pytest.mark.parametrize(("X", "P"), [((2, 3), (1, 2)), ((3,), (1, 3)), ((1, 3), (3,))])
def test_shapes_that_do_not_fit_are_refused(X, P):
    with pytest.raises(MathsError, match=r"X has shape .* but prototypes have"):
        squared_distances(np.zeros(X), np.zeros(P))


def test_the_two_nearest_groups_come_with_their_distances():
    first, second, nearest, runner_up = two_nearest(np.array([[9.0, 1.0, 4.0]]), np.arange(3))
    assert (first[0], second[0], nearest[0], runner_up[0]) == (1, 2, 1.0, 2.0)


def test_the_second_nearest_is_of_another_group():
    distances, groups = np.array([[1.0, 4.0, 9.0]]), np.array([0, 0, 1])
    first, second, _, runner_up = two_nearest(distances, groups)
    assert (first[0], second[0], runner_up[0]) == (0, 1, 3.0)


def test_ties_go_to_the_lowest_group():
    first, second, _, _ = two_nearest(np.array([[4.0, 4.0, 4.0]]), np.array([2, 1, 0]))
    assert (first[0], second[0]) == (0, 1)


def test_a_single_group_is_its_own_runner_up():
    first, second, nearest, runner_up = two_nearest(np.array([[4.0]]), np.array([0]))
    assert (first[0], second[0], nearest[0], runner_up[0]) == (0, 0, 2.0, 2.0)


def test_the_distances_given_are_left_as_they_are():
    distances = np.array([[4.0, 1.0]])
    two_nearest(distances, np.array([0, 1]))
    assert distances.tolist() == [[4.0, 1.0]]
