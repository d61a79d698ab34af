"""Shares of a cross-table, and what an interval says of a gain."""

from __future__ import annotations

import pytest

from segmentry.domain.existing import Crossing, Gain, told_index, told_parts


def test_shares_of_each_row_sum_to_one():
    counts, told = ((3, 1, 0), (1, 1, 0)), ((False,) * 3,) * 2
    crossing = Crossing(0.0, 0.0, 0.0, 0.0, ("a", "b"), (1, 2), counts, told, (), (), 6, 0, "")
    assert crossing.row_shares.tolist() == [[0.75, 0.25, 0.0], [0.5, 0.5, 0.0]]


@pytest.mark.parametrize(("low", "high", "sign"), [(0.1, 0.2, 1), (-0.2, -0.1, -1), (-0.1, 0.1, 0)])
def test_a_gain_has_a_sign_beyond_its_interval_only(low, high, sign):
    assert Gain("x", 9, 0.0, 0.0, (low + high) / 2, low, high).sign == sign


def test_parts_are_joined_as_in_a_sentence():
    assert told_parts(["a"]) == "a"
    assert told_parts(["a", "b", "c"]) == "a, b and c"


def test_an_index_next_to_zero_has_no_sign():
    assert [told_index(v) for v in (-0.001, 0.204, -0.2)] == ["0.00", "0.20", "-0.20"]
