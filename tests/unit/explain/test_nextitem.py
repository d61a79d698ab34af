"""Items of segments: what is more common than in everyone, and nothing of small groups."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from segmentry.explain.nextitem import MOST_ITEMS, segment_items
from segmentry.maths.cooccurrence import incidence
from segmentry.maths.intervals import wilson_interval
from segmentry.maths.suppression import FEWEST_TOLD

NAMES = {1: "Near", 4: "Far"}


def table(had: NDArray[np.float64], groups: NDArray[np.int64]) -> list[tuple[str, str, int]]:
    items = [f"item {i}" for i in range(had.shape[1])]
    matrix = incidence(*np.nonzero(had), shape=had.shape)
    return [(f.segment, f.item, f.n) for f in segment_items(matrix, groups, NAMES, items)]


def test_what_is_far_more_common_is_told_with_its_figures() -> None:
    groups = np.repeat([0, 1], 200)
    had = np.zeros((400, 3))
    had[:100, 0] = 1  # half of the first segment
    had[200:220, 0] = 1
    had[:, 1] = 1 - had[:, 0]  # everybody has one
    matrix = incidence(*np.nonzero(had), shape=had.shape)
    found, _ = segment_items(matrix, groups, NAMES, ["tea", "milk", "rare"])
    assert (found.segment_id, found.segment, found.item, found.n) == (1, "Near", "tea", 100)
    assert found.share == 0.5
    assert found.everyone == 0.3
    assert abs(found.lift - 0.5 / 0.3) < 1e-12
    assert found.low < 0.5 < found.high
    assert found.alike.value == pytest.approx(found.lift)  # of everybody with one item


def test_small_groups_are_told_of_nobody() -> None:
    groups = np.repeat([0, 1], 200)
    for n, m in ((FEWEST_TOLD - 1, 0), (100, 3), (197, 20)):
        had = np.zeros((400, 1))
        had[:n] = 1
        had[200 : 200 + m] = 1
        assert table(had, groups) == []
    # Of a third segment with the same few, neither follows from everybody's count.
    had, groups = np.zeros((600, 1)), np.repeat([0, 1, 2], 200)
    had[:100], had[200:203], had[400:420] = 1, 1, 1
    # Everybody has one item, so that there are others with as many.
    had = np.column_stack([had, 1 - had])
    matrix, names = incidence(*np.nonzero(had), shape=had.shape), {1: "a", 2: "b", 3: "c"}
    found = segment_items(matrix, groups, names, ["tea", "milk"])
    assert [f.n for f in found if f.item == "tea"] == [100]
    had = np.zeros((400, 2))
    groups = np.repeat([0, 1], 200)
    had[:100, 0] = 1
    had[100:, 1] = 1
    assert ("Near", "item 0", 100) in table(had, groups)


def test_chance_alone_is_not_told() -> None:
    rng = np.random.default_rng(0)
    told = [table((rng.random((500, 60)) < 0.2) * 1.0, np.arange(500) % 2) for _ in range(20)]
    assert sum(map(len, told)) <= 4  # 5 % of the tables hold one


def test_no_more_than_a_few_of_each() -> None:
    groups, had = np.repeat([0, 1], 200), np.zeros((400, 12))
    had[:150, :6] = 1
    had[200:360, 6:] = 1
    found = table(had, groups)
    assert [s for s, _, _ in found] == ["Near"] * MOST_ITEMS + ["Far"] * MOST_ITEMS


def test_who_has_more_of_everything_has_no_item_of_its_own() -> None:
    rng = np.random.default_rng(4)
    appetite = rng.uniform(0.1, 0.8, 1200)
    had = (rng.random((1200, 40)) < appetite[:, None]) * 1.0
    # The first segment are those who have much, of the same things; and one that others leave.
    groups = (had.sum(axis=1) + rng.normal(0, 5, 1200) < 18).astype(np.int64)
    had[:, 7] = rng.random(1200) < np.where(groups == 0, 0.7, 0.2)
    matrix, items = incidence(*np.nonzero(had), shape=had.shape), [f"i{j}" for j in range(40)]
    found = segment_items(matrix, groups, NAMES, items, {"i7": "kettle"})
    assert [(f.segment, f.told) for f in found] == [("Near", "i7 (kettle)")]
    assert 1.0 < found[0].alike.low < found[0].alike.value < found[0].alike.high
    # By shares of members alone, nearly every item would be theirs.
    shares = had[groups == 0].mean(axis=0) / had.mean(axis=0)
    assert (shares > 1.15).mean() > 0.8


def test_the_interval_of_a_chosen_item_is_wider_than_one_alone() -> None:
    groups = np.repeat([0, 1], 200)
    had = np.zeros((400, 30))
    had[:100, 0] = 1
    had[200:220, 0] = 1
    rng = np.random.default_rng(2)
    had[:, 1:] = rng.random((400, 29)) < 0.3
    matrix = incidence(*np.nonzero(had), shape=had.shape)
    (found,) = (f for f in segment_items(matrix, groups, NAMES, [str(i) for i in range(30)])
                if f.item == "0")  # fmt: skip
    low, high = wilson_interval(100, 200)
    assert found.low < low
    assert found.high > high
