"""What a condition lets through, and shares that were counted."""

from __future__ import annotations

import numpy as np
import pytest

from segmentry.domain.ruleset import Condition, Counted
from segmentry.maths.intervals import wilson_interval


def test_a_condition_keeps_what_lies_above_one_bound_and_up_to_the_other():
    column = np.array([1.0, 2.0, 3.0, 4.0, np.nan])
    between = Condition("x", over=1.0, upto=3.0, keeps_gaps=False)
    assert between.holds(column).tolist() == [False, True, True, False, False]
    assert Condition("x", upto=2.0).holds(column).tolist() == [True, True, False, False, True]


@pytest.mark.parametrize(("over", "wanted"), [(0.0, True), (-np.inf, False)])
def test_a_level_is_wanted_or_shunned(over, wanted):
    assert Condition("plan", "pro", over=over, upto=np.inf if wanted else 0.0).has_level is wanted


def test_whole_numbers_are_told_by_those_that_are_allowed():
    whole = Condition("n", over=5.0, upto=9.0, is_whole=True)
    assert (whole.least, whole.most) == (6.0, 9.0)
    fraction = Condition("x", over=5.5, upto=9.5)
    assert (fraction.least, fraction.most) == (5.5, 9.5)


def test_a_share_has_an_interval_and_none_of_nothing():
    assert Counted(3, 4).estimate == 0.75
    assert Counted(3, 4).interval == wilson_interval(3, 4)
    assert Counted(0, 0).estimate is None
    assert Counted(0, 0).interval == (0.0, 1.0)
