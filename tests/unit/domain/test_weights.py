"""What may be a weight, and that equal ones are none."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from segmentry.domain.weights import checked, evened
from segmentry.errors import WeightError

WEIGHTS = st.lists(st.floats(0.0, 1e6), min_size=1, max_size=20).filter(lambda w: max(w) > 1e-6)


@given(WEIGHTS, st.sampled_from([0.25, 2.0, 1024.0]))
def test_weights_are_one_on_average_whatever_their_scale(weights, factor):
    one, other = evened(np.array(weights)), evened(factor * np.array(weights))
    if one is None:
        assert other is None
        assert len(set(weights)) == 1
        return
    assert one.mean() == pytest.approx(1.0)
    np.testing.assert_array_equal(one, other)


def test_a_part_in_which_nobody_counts_is_refused():
    with pytest.raises(WeightError, match=r"none of 2 rows has any weight"):
        evened(np.zeros(2))


def test_no_weights_stay_none():
    assert evened(None) is None


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ([1.0, np.nan, 2.0], r"the weight of 'b' in 'w' is missing: no number of 0 or more"),
        ([1.0, 2.0, -2.5], r"the weight of 'c' in 'w' is -2\.5: no number"),
        ([np.inf, 2.0, np.nan], r"the weight of 'a' in 'w' is inf, and so are 1 others: no"),
        ([0.0, 0.0, 0.0], r"all 3 weights in 'w' are zero, so that no row shapes anything"),
    ],
)
def test_what_is_no_weight_is_named_with_its_row(values, told):
    with pytest.raises(WeightError, match=rf"(?s){told}.*E5070.*try: give "):
        checked(np.array(values), name="w", rows=["'a'", "'b'", "'c'"])


def test_rows_without_names_are_counted_from_zero():
    with pytest.raises(WeightError, match="the weight of row 1 in 'sample_weight' is missing"):
        checked(np.array([1.0, np.nan]), name="sample_weight")


def test_good_weights_come_back_as_they_are():
    values = np.array([0.0, 3.0])
    assert checked(values, name="w") is values
