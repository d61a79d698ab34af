"""Feature specs are plain values."""

from __future__ import annotations

from dataclasses import FrozenInstanceError

import pytest

from segmentry.domain.feature import (
    Aggregate,
    DaysBeforeCut,
    Drawn,
    FeatureSpec,
    Measure,
    Ratio,
    Value,
    aggregates_of,
    family_name,
)
from segmentry.domain.role import Facet


def spec(finish):
    return FeatureSpec("x", finish, Facet.VALUE, "orders", "How many.", "never bought")


def test_an_aggregate_looks_at_the_lookback_unless_told_otherwise():
    assert Aggregate(Measure.COUNT) == Aggregate(Measure.COUNT, None, "lookback")


def test_specs_that_say_the_same_are_equal_and_hash_alike():
    total, rows = Aggregate(Measure.SUM, "amount"), Aggregate(Measure.COUNT)
    assert len({spec(Ratio(total, rows)), spec(Ratio(total, rows)), spec(Value(rows))}) == 2


def test_a_spec_cannot_be_changed():
    with pytest.raises(FrozenInstanceError, match="name"):
        spec(Value(Aggregate(Measure.COUNT))).name = "y"


def test_a_missing_value_becomes_the_median_unless_the_spec_says_what_it_is():
    assert spec(Value(Aggregate(Measure.COUNT))).null_is is None


def test_a_feature_is_finished_from_one_aggregate_or_two():
    rows, orders = Aggregate(Measure.COUNT), Aggregate(Measure.DISTINCT, "order_id")
    assert aggregates_of(spec(Value(rows))) == (rows,)
    assert aggregates_of(spec(DaysBeforeCut(rows))) == (rows,)
    assert aggregates_of(spec(Drawn(rows, orders, 1.0, 2.0))) == (rows, orders)


@pytest.mark.parametrize("name", ["share_kind=buy", "share_kind=a=b", "share_kind"])
def test_a_share_belongs_to_what_stands_before_its_level(name):
    assert family_name(name) == "share_kind"
