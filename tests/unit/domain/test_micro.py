"""Micro-segments answer within their segment only, and the same alone as in a batch."""

from __future__ import annotations

import numpy as np
import pytest

from segmentry.domain.micro import MicroAssigner

MICRO = MicroAssigner(
    np.array([[0.0, 0.0], [4.0, 0.0], [4.0, 1.0], [0.0, 9.0], [0.0, 5.0]]),
    np.array([0, 1, 1, 2, 3]),
    np.array([0, 0, 2, 2]),
)
"""Segments 1 and 3 of three have two parts each; the second part of 1 has two prototypes."""


def test_ids_say_where_a_part_belongs():
    assert MICRO.ids((1, 2, 3)) == ("1.1", "1.2", "3.1", "3.2")
    assert MICRO.ids((7, 8, 12)) == ("7.1", "7.2", "12.1", "12.2")


def test_a_row_gets_the_nearest_part_of_its_own_segment():
    X = np.array([[0.0, 0.1], [3.9, 0.9], [0.0, 0.1], [0.0, 0.1]])
    segment = np.array([0, 0, 1, 2])
    # The last row lies nearest to a part of another segment.
    assert MICRO.answer(X, segment).tolist() == [0, 1, -1, 3]
    assert MICRO.named(X, segment, (1, 2, 3)).tolist() == ["1.1", "1.2", "2", "3.2"]


def test_ties_go_to_the_first_part():
    assert MICRO.answer(np.array([[2.0, 0.0]]), np.array([0])).tolist() == [0]


@pytest.mark.parametrize("scale", [1.0, 1e9])
def test_a_row_alone_is_answered_as_in_a_batch(scale):
    rng = np.random.default_rng(0)
    X = rng.normal(size=(300, 2)) * 5.0 * scale
    micro = MicroAssigner(MICRO.prototypes * scale, MICRO.groups, MICRO.parents)
    segment = rng.integers(0, 3, 300)
    alone = [int(micro.answer(X[i : i + 1], segment[i : i + 1])[0]) for i in range(300)]
    assert micro.answer(X, segment).tolist() == alone


def test_no_rows_are_no_answers():
    none = np.zeros(0, dtype=np.int64)
    assert MICRO.answer(np.zeros((0, 2)), none).tolist() == []
