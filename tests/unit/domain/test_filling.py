"""Fillings as a recipe applies them, row by row."""

from __future__ import annotations

import numpy as np

from builders import feature_table
from segmentry.domain.filling import Input, Levels, Neighbours, Ridge, matrix_of

TABLE = feature_table({"plan": ["a", None, "gone"], "x": [1.0, 30.0, None]})
EVERY = np.ones(3, dtype=bool)
PLAIN = Input("x", 2.0, "identity", 1.0, 0.0, 2.0)


def test_a_level_that_is_not_known_takes_the_number_for_all():
    np.testing.assert_array_equal(Levels("plan", ("a",), (5.0,)).of(TABLE, 9.0), [5.0, 9.0, 9.0])


def test_an_input_is_filled_scaled_and_pulled_in():
    np.testing.assert_array_equal(matrix_of([PLAIN], TABLE, EVERY)[:, 0], [0.5, 5.0, 1.0])


def test_a_regression_stays_between_what_is_known():
    model = Ridge((PLAIN,), (2.0,), 1.0, 0.0, 4.0)
    np.testing.assert_array_equal(model.of(TABLE, EVERY), [2.0, 4.0, 3.0])
    np.testing.assert_array_equal(model.of(TABLE, np.array([False, False, True])), [3.0])


def test_neighbours_give_their_mean():
    model = Neighbours((PLAIN,), 2, ((0.4,), (0.6,), (4.0,)), (1.0, 3.0, 100.0))
    np.testing.assert_array_equal(model.of(TABLE, EVERY)[[0, 2]], [2.0, 2.0])
