"""The order of work: expected values from given effects only, else what is at stake."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from segmentry.domain.playbook import Effect
from segmentry.errors import UsageError
from segmentry.explain.priority import priorities

SEGMENTS = (
    {"name": "Big Spenders", "size": 100, "share": 0.1, "value_share": 0.6},
    {"name": "New Customers", "size": 300, "share": 0.3, "value_share": 0.1},
    {"name": "Lapsed Customers", "size": 600, "share": 0.6, "value_share": 0.3},
)


def test_without_effects_the_order_is_that_of_the_value_held():
    found = priorities(SEGMENTS)
    assert [p.segment for p in found] == ["Big Spenders", "Lapsed Customers", "New Customers"]
    assert {p.value for p in found} == {p.low for p in found} == {None}


def test_without_value_the_order_is_that_of_size():
    bare = [{k: v for k, v in s.items() if k != "value_share"} for s in SEGMENTS]
    assert [p.size for p in priorities(bare)] == [600, 300, 100]


def test_expected_value_is_members_times_effect_less_cost():
    (first, *others) = priorities(SEGMENTS, [Effect("New Customers", 5.0, 2.0, 8.0, 1.0)])
    assert (first.segment, first.value) == ("New Customers", 300 * 4.0)
    assert (first.low, first.high) == (300 * 1.0, 300 * 7.0)
    assert [p.value for p in others] == [None, None]


def test_segments_without_an_effect_come_after_even_a_losing_one():
    found = priorities(SEGMENTS, [Effect("New Customers", 0.5, 0.0, 1.0, 2.0)])
    assert found[0].segment == "New Customers"
    assert found[0].value < 0


def test_an_effect_on_nobody_is_refused():
    with pytest.raises(UsageError, match="no segment 'Big Spender'"):
        priorities(SEGMENTS, [Effect("Big Spender", 1.0, 0.0, 2.0)])


numbers = st.floats(-1e6, 1e6, allow_nan=False)


@given(st.lists(numbers, min_size=3, max_size=3).map(sorted), st.floats(0, 1e6))
def test_the_interval_holds_the_value_and_costs_only_move_it(bounds, cost):
    low, effect, high = bounds
    told = Effect("Big Spenders", effect, low, high, cost)
    (first, *_) = priorities(SEGMENTS, [told])
    assert first.low <= first.value <= first.high
    assert first.high - first.low == pytest.approx(100 * (high - low), abs=1e-3)
