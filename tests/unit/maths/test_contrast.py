"""How far segments lie from each other."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats.contingency import association

from segmentry.errors import MathsError
from segmentry.maths.contrast import associations, mean_gaps

RNG = np.random.default_rng(0)
VALUES = RNG.normal(size=400)
SEGMENT = RNG.integers(0, 3, 400)
CODES = RNG.integers(0, 4, 400)


def test_gaps_are_those_of_the_definition():
    found = mean_gaps(VALUES, SEGMENT, 3)
    for s in range(3):
        for t in range(3):
            gap = abs(VALUES[s == SEGMENT].mean() - VALUES[t == SEGMENT].mean()) / VALUES.std()
            assert found[s, t] == pytest.approx(gap, abs=1e-12)


@pytest.mark.parametrize(("shift", "scale"), [(1e9, 1.0), (0.0, 1e9), (-3.0, 1e-6)])
def test_a_shift_and_a_scale_change_nothing(shift, scale):
    np.testing.assert_allclose(
        mean_gaps(VALUES * scale + shift, SEGMENT, 3), mean_gaps(VALUES, SEGMENT, 3), atol=1e-6
    )


def test_halves_of_a_cloud_are_not_made_large_by_their_own_narrowness():
    values = np.sort(RNG.normal(size=20_000))
    eighth = np.repeat(np.arange(8), 2_500)
    own = values[eighth == 3]
    next_one = values[eighth == 4]
    pooled = np.sqrt((own.var() + next_one.var()) / 2)
    assert abs(own.mean() - next_one.mean()) / pooled > 3.0
    assert mean_gaps(values, eighth, 8)[3, 4] < 0.4


def test_associations_are_cramers():
    found = associations(CODES, SEGMENT, 3)
    for s in range(3):
        for t in range(s):
            table = [np.bincount(CODES[u == SEGMENT], minlength=4) for u in (s, t)]
            expected = association(np.array(table), method="cramer")
            assert found[s, t] == pytest.approx(expected)


@given(st.lists(st.tuples(st.integers(-1, 2), st.integers(0, 2)), min_size=1, max_size=40))
def test_both_are_symmetric_and_levels_and_segments_have_no_order(rows):
    codes, segment = np.array(rows).T
    found = associations(codes, segment, 3)
    np.testing.assert_array_equal(found, found.T)
    renamed = associations(np.where(codes < 0, -1, 2 - codes), 2 - segment, 3)
    np.testing.assert_allclose(renamed, found[::-1, ::-1], atol=1e-12)
    assert np.nanmin(found, initial=0.0) >= 0.0
    assert np.nanmax(found, initial=0.0) <= 1.0
    values = np.where(codes < 0, np.nan, codes)
    gaps = mean_gaps(values, segment, 3)
    np.testing.assert_array_equal(gaps, gaps.T)


def test_a_segment_of_which_nothing_is_known_lies_nowhere():
    values = np.array([1.0, 2.0, np.nan])
    assert np.isnan(mean_gaps(values, np.arange(3), 3)[2]).all()
    assert np.isnan(associations(np.array([0, 1, -1]), np.arange(3), 3)[2]).all()


@pytest.mark.parametrize("value", [0.0, 5.0, 1e9])
def test_what_is_the_same_for_everyone_tells_nobody_apart(value):
    assert not mean_gaps(np.full(6, value), np.arange(6) % 2, 2).any()
    assert not associations(np.zeros(6, dtype=np.int64), np.arange(6) % 2, 2).any()


def test_lengths_have_to_agree():
    with pytest.raises(MathsError, match="shape"):
        mean_gaps(VALUES, SEGMENT[1:], 3)
    with pytest.raises(MathsError, match="shape"):
        associations(CODES, SEGMENT[1:], 3)
