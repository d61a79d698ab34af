"""Reductions over stretches of rows, against pandas and plain Python."""

from __future__ import annotations

from itertools import pairwise
from statistics import median

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from segmentry.errors import MathsError
from segmentry.maths.stretches import (
    counted,
    edges_of,
    extreme,
    medians,
    ordered_by,
    owners,
    shared_out,
    squared,
    summed,
    value_counts,
)

WIDE = st.integers(-(2**62), 2**62)
GROUPS = st.lists(st.lists(st.integers(-5, 5), max_size=6), max_size=8)


def laid_out(groups: list[list[int]]) -> tuple[np.ndarray, np.ndarray]:
    n = [len(g) for g in groups]
    return np.array([v for g in groups for v in g], np.int64), np.cumsum([0, *n])


def test_edges_lie_where_equal_neighbours_begin() -> None:
    assert edges_of(np.array([3, 3, 5, 9, 9])).tolist() == [0, 2, 3, 5]
    assert edges_of(np.array([], np.int64)).tolist() == [0]
    assert owners(np.array([0, 2, 2, 3])).tolist() == [0, 0, 2]


@given(GROUPS)
def test_counts_and_sums_are_those_of_each_group(groups: list[list[int]]) -> None:
    values, edges = laid_out(groups)
    low, high = edges[:-1], edges[1:]
    assert counted(values > 0, low, high).tolist() == [sum(v > 0 for v in g) for g in groups]
    assert summed(values, low, high).tolist() == [sum(g) for g in groups]
    assert squared(values, low, high).tolist() == [sum(v * v for v in g) for g in groups]


@given(st.lists(st.lists(WIDE, min_size=1, max_size=20), min_size=1, max_size=5))
def test_sums_beyond_64_bits_are_rounded_once(groups: list[list[int]]) -> None:
    values, edges = laid_out(groups)
    found = summed(values, edges[:-1], edges[1:])
    # A last digit of the widest sum that is rounded on the way is all that may differ.
    assert found == pytest.approx([float(sum(g)) for g in groups], rel=1e-15, abs=2**-10)


def test_squares_of_centuries_of_seconds_are_added_up() -> None:
    values = np.array([3_449_388_600, 7, 2**40 + 1])
    found = squared(values, np.array([0, 2]), np.array([2, 3]))
    assert found.tolist() == [float(3_449_388_600**2 + 49), float((2**40 + 1) ** 2)]
    with pytest.raises(MathsError, match="47 bits"):
        squared(np.array([2**50]), np.array([0]), np.array([1]))


@given(st.lists(st.tuples(st.integers(0, 6), st.floats(-9, 9)), max_size=40), st.booleans())
def test_extremes_and_medians_are_those_of_pandas(
    pairs: list[tuple[int, float]], is_whole: bool
) -> None:
    pairs.sort(key=lambda p: p[0])
    group = np.array([g for g, _ in pairs], np.int32)
    values = np.array([v for _, v in pairs], np.float64)
    values = np.round(values).astype(np.int64) if is_whole else values + 0.0
    frame = pd.DataFrame({"g": group, "v": values}).groupby("g")["v"]
    for found, wanted in (
        (extreme(values, group, 7, "least"), frame.min()),
        (extreme(values, group, 7, "most"), frame.max()),
        (medians(values, group, 7), frame.median()),
    ):
        assert found == pytest.approx(wanted.reindex(range(7)).to_numpy(), nan_ok=True)


@given(st.lists(st.tuples(st.integers(0, 4), st.sampled_from([1, 2, 9, 2**61, -(2**61)]))))
def test_values_are_counted_whatever_their_range(pairs: list[tuple[int, int]]) -> None:
    pairs.sort(key=lambda p: p[0])
    group, value, n = value_counts(
        np.array([v for _, v in pairs], np.int64), np.array([g for g, _ in pairs], np.int32)
    )
    counts = pd.Series(pairs).value_counts().to_dict() if pairs else {}
    found = dict(zip(zip(group.tolist(), value.tolist(), strict=True), n.tolist(), strict=True))
    assert found == counts
    assert list(found) == sorted(counts)


@pytest.mark.parametrize("width", [2**5, 2**45])
def test_values_are_counted_in_each_of_the_ways(width: int) -> None:
    rng = np.random.default_rng(0)
    group = np.sort(rng.integers(0, 50_000, 9_000)).astype(np.int32)
    values = rng.integers(0, 40, 9_000) * (width // 2**5)
    found = value_counts(values, group)
    wanted = pd.DataFrame({"g": group, "v": values}).groupby(["g", "v"]).size()
    assert [f.tolist() for f in found] == [
        wanted.index.get_level_values(0).tolist(),
        wanted.index.get_level_values(1).tolist(),
        wanted.tolist(),
    ]


@given(
    st.lists(
        st.tuples(st.sampled_from([0, 1, 2**62]), st.sampled_from([5, 6, -(2**61), 2**61])),
        max_size=30,
    )
)
def test_rows_are_ordered_by_group_and_then(pairs: list[tuple[int, int]]) -> None:
    group = np.array([g for g, _ in pairs], np.int64)
    then = np.array([t for _, t in pairs], np.int64)
    order = ordered_by(group, then)
    assert sorted(order.tolist()) == list(range(len(pairs)))
    assert [pairs[i] for i in order] == sorted(pairs)
    assert group[ordered_by(group, None)].tolist() == sorted(group.tolist())


def test_rows_in_order_of_time_keep_it() -> None:
    group, then = np.array([2, 1, 2, 1]), np.array([1, 2, 3, 4])
    assert ordered_by(group, then).tolist() == [1, 3, 0, 2]


@pytest.mark.parametrize("width", [10, 10**6, 10**13, 2**62])
def test_many_rows_are_ordered_by_as_much_of_an_instant_as_there_is_room_for(width: int) -> None:
    rng = np.random.default_rng(width % 7)
    group = rng.integers(-5, 400, 20_000)
    then = rng.integers(-width, width, 20_000)
    # Instants that lie so close that only their last bits differ.
    then[::3] = then[0] + rng.integers(0, 4, len(then[::3]))
    order = ordered_by(group, then)
    assert sorted(order.tolist()) == list(range(20_000))
    wanted = np.lexsort((then, group))
    assert (group[order] == group[wanted]).all()
    assert (then[order] == then[wanted]).all()


@given(st.lists(st.integers(0, 9), max_size=30), st.integers(1, 12))
def test_groups_are_shared_out_whole_and_in_order(sizes: list[int], most: int) -> None:
    edges = np.concatenate(([0], np.cumsum(sizes, dtype=np.int64))).astype(np.int64)
    parts = shared_out(edges, most)
    assert parts[0] == 0
    assert parts[-1] == len(sizes)
    assert parts == sorted(parts)
    held = [int(edges[b] - edges[a]) for a, b in pairwise(parts)]
    assert sum(held) == sum(sizes)
    assert max(held, default=0) < most + max([1, *sizes])


def test_the_median_of_an_even_number_is_between_the_two() -> None:
    values = np.array([1, 2, 4, 10])
    assert medians(values, np.zeros(4, np.int32), 1).tolist() == [median([1, 2, 4, 10])]
