"""Humps: which values are tested, and when one column is enough."""

from __future__ import annotations

import numpy as np
import pytest

from segmentry.judge.humps import Humps, beside_heaps, find_humps

RNG = np.random.default_rng


def two_humps(n: int, distance: float, share: float = 0.5) -> np.ndarray:
    rng = RNG(1)
    return rng.standard_normal(n) + distance * (rng.random(n) < share)


def test_the_column_with_humps_is_named() -> None:
    found = find_humps([("flat", RNG(0).random(2_000)), ("spend", two_humps(2_000, 6.0))], RNG(0))
    assert (found.where, found.are_clear) == ("spend", True)
    assert found.p_value < 0.001
    assert found.valley < 0.2


@pytest.mark.parametrize("share", [0.5, 0.2])
def test_far_humps_are_clear_whatever_their_sizes(share: float) -> None:
    assert find_humps([("spend", two_humps(4_000, 6.0, share))], RNG(0)).are_clear


def test_near_humps_are_seen_and_not_clear() -> None:
    found = find_humps([("spend", two_humps(4_000, 4.0))], RNG(0))
    assert found.level < 0.01
    assert not found.are_clear


def test_a_column_that_is_enough_goes_before_one_with_a_smaller_p_value() -> None:
    shallow, deep = two_humps(4_000, 4.2), two_humps(600, 6.0)
    found = find_humps([("shallow", shallow), ("deep", deep)], RNG(0))
    assert (found.where, found.are_clear) == ("deep", True)


def test_many_columns_make_one_hump_by_chance_no_more_telling() -> None:
    columns = [(f"c{j}", RNG(j).standard_normal(500)) for j in range(40)]
    assert find_humps(columns, RNG(0)).level == 1.0


def test_nothing_to_test_tells_nothing() -> None:
    assert find_humps([], RNG(0)) == Humps(1.0, 0.0, "")


def test_humps_beside_a_heap_of_zeros_are_tested() -> None:
    rest = np.round(two_humps(900, 6.0) * 4) + 40
    column = np.concatenate([np.zeros(100), rest])
    found = beside_heaps([("visits", column)], RNG(0), fewest_rows=60)
    assert [name for name, _ in found] == ["visits"]
    assert len(found[0][1]) == 900
    assert find_humps(found, RNG(0)).are_clear


@pytest.mark.parametrize(
    "column",
    [
        np.repeat([0.0, 1.0, 2.0], 200),
        np.concatenate([np.zeros(700), np.arange(300.0)]),
        np.concatenate([np.zeros(20), np.arange(50.0)]),
        np.concatenate([np.zeros(200), np.arange(1.0, 301.0), -np.arange(1.0, 301.0)]),
    ],
    ids=["few values", "few rows beside the heap", "too few rows", "a heap in the middle"],
)
def test_what_has_no_shape_beside_its_heaps_is_left_out(column: np.ndarray) -> None:
    assert beside_heaps([("x", column)], RNG(0), fewest_rows=60) == []
