"""Feature specs are plain values."""

from __future__ import annotations

from dataclasses import FrozenInstanceError

import pytest

from segmentry.domain.feature import Aggregate, FeatureSpec, Measure, Ratio, Value
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
