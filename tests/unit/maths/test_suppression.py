"""Withheld cells follow from nothing that is told: by linear programmes over all tables alike."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as shaped
from scipy.optimize import linprog

from segmentry.maths.suppression import (
    FEWEST_TOLD,
    small_groups,
    told_beside_total,
    withheld_cells,
)

LEAST = 10


def range_of(counts, hidden, cell):
    """Give the least and the most that a cell may hold, all totals and all other cells known."""
    places = np.argwhere(hidden)
    totals = np.zeros((sum(counts.shape), len(places)))
    totals[places[:, 0], np.arange(len(places))] = 1.0
    totals[len(counts) + places[:, 1], np.arange(len(places))] = 1.0
    wanted = (places == cell).all(axis=1).astype(float)
    held = totals @ counts[hidden]
    ends = [linprog(s * wanted, A_eq=totals, b_eq=held, bounds=(0, None)).fun for s in (1, -1)]
    return ends[0], -ends[1]


def is_small(counts):
    return (counts > 0) & (counts < LEAST)


tables = shaped.arrays(
    np.int64,
    st.tuples(st.integers(2, 5), st.integers(2, 5)),
    elements=st.sampled_from([0, 0, 1, 3, 9, 10, 12, 30, 80]),
).filter(lambda counts: (counts.sum(axis=1) >= LEAST).all())


@settings(max_examples=150, deadline=None)
@given(tables)
def test_no_small_cell_follows_from_the_totals_and_the_cells_that_are_told(counts):
    hidden = withheld_cells(counts, least=LEAST)
    assert hidden[is_small(counts)].all()
    for cell in np.argwhere(is_small(counts)):
        low, high = range_of(counts, hidden, cell)
        assert high - low >= 1.0 - 1e-6


@settings(max_examples=50, deadline=None)
@given(tables)
def test_nothing_is_withheld_where_no_cell_is_small(counts):
    assert not withheld_cells(np.where(is_small(counts), 0, counts), least=LEAST).any()


def test_a_cell_alone_in_its_row_follows_from_what_is_told():
    """What the tests above ask for is not met by withholding small cells alone."""
    counts = np.array([[50, 3, 40], [30, 20, 60]])
    assert range_of(counts, is_small(counts), (0, 1)) == (3.0, 3.0)


def test_the_fewest_further_entities_are_withheld():
    counts = np.array([[500, 3, 40], [300, 20, 60], [90, 80, 11]])
    hidden = withheld_cells(counts, least=LEAST)
    assert np.argwhere(hidden).tolist() == [[0, 1], [0, 2], [1, 1], [1, 2]]


def test_small_cells_that_shield_each_other_need_no_more():
    counts = np.array([[3, 4, 90], [5, 6, 90]])
    assert withheld_cells(counts, least=LEAST).tolist() == [[True, True, False]] * 2


def test_an_empty_cell_is_withheld_where_nothing_else_helps():
    counts = np.array([[50, 3], [60, 0]])
    assert withheld_cells(counts, least=LEAST).all()


def test_one_row_is_told_by_its_totals_whatever_is_withheld():
    assert withheld_cells(np.array([[50, 3]]), least=LEAST).tolist() == [[False, True]]


@pytest.mark.parametrize("shape", [(0, 3), (2, 0)])
def test_a_table_without_cells_withholds_none(shape):
    assert withheld_cells(np.zeros(shape, dtype=np.int64), least=LEAST).shape == shape


@settings(max_examples=200, deadline=None)
@given(st.lists(st.integers(0, 40), min_size=1, max_size=6))
def test_no_small_count_of_a_row_follows_from_its_total(row: list[int]) -> None:
    counts = np.array(row)
    small = (counts > 0) & (counts < LEAST)
    told = told_beside_total(counts, small, set(np.flatnonzero(~small).tolist()), least=LEAST)
    rest = [p for p in range(len(counts)) if p not in told]
    assert not told & set(np.flatnonzero(small).tolist())
    if small[rest].any() and told:
        assert len(rest) > 1
        assert counts[rest].sum() >= LEAST
    if not small.any():
        assert told == set(range(len(counts)))


def test_one_to_nine_are_small_and_none_is_not() -> None:
    counts = np.arange(12)
    assert np.flatnonzero(small_groups(counts)).tolist() == list(range(1, FEWEST_TOLD))
