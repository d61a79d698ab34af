"""Feature specs are plain values."""

from __future__ import annotations

from dataclasses import FrozenInstanceError

import pytest

from segmentry.domain.feature import FeatureSpec, ShareOf, aggregates_of, family_name
from segmentry.domain.formula import Aggregate, Condition, Days, Measure, Where, Words
from segmentry.domain.role import Facet


def spec(formula):
    return FeatureSpec("x", formula, Facet.VALUE, "orders", "How many.", "never bought")


def test_an_aggregate_looks_at_the_lookback_unless_told_otherwise():
    assert Aggregate(Measure.COUNT) == Aggregate(Measure.COUNT, None, "lookback")


def test_specs_that_say_the_same_are_equal_and_hash_alike():
    total, rows = Aggregate(Measure.SUM, "amount"), Aggregate(Measure.COUNT)
    assert len({spec(total / rows), spec(total / rows), spec(rows)}) == 2


def test_a_spec_cannot_be_changed():
    with pytest.raises(FrozenInstanceError, match="name"):
        spec(Aggregate(Measure.COUNT)).name = "y"


def test_a_missing_value_becomes_the_median_unless_the_spec_says_what_it_is():
    assert spec(Aggregate(Measure.COUNT)).null_is is None


def test_aggregates_are_found_wherever_they_stand_in_a_formula_each_once():
    rows, orders = Aggregate(Measure.COUNT), Aggregate(Measure.DISTINCT, "order_id")
    assert aggregates_of(spec(rows)) == (rows,)
    assert aggregates_of(spec(Days(rows))) == (rows,)
    assert aggregates_of(spec(Where((rows + 1.0) / (orders + 2.0), rows, 5.0))) == (rows, orders)
    assert aggregates_of(spec(Words(((((rows - orders, True, 1.0),), "a"),), "b"))) == (
        rows,
        orders,
    )


def test_what_a_feature_needs_is_read_off_its_formula():
    bought = Aggregate(Measure.COUNT, where=(Condition("kind", "means", ("purchase",)),))
    late = Aggregate(Measure.SUM, "amount", where=(Condition("hour", "in", (22, 23)),))
    assert spec(bought).needs == ("kind", "kind: purchase")
    assert spec(late).needs == ("amount", "at")
    assert spec(Aggregate(Measure.COUNT, span="30d")).needs == ("at",)


def test_meanings_become_a_projects_own_words_and_needs_stay():
    bought = spec(Aggregate(Measure.COUNT, where=(Condition("kind", "means", ("purchase",)),)))
    said = bought.with_meanings({"purchase": ("sold", "paid")})
    assert said.formula == Aggregate(
        Measure.COUNT, where=(Condition("kind", "in", ("sold", "paid")),)
    )
    assert set(said.needs) == set(bought.needs)


@pytest.mark.parametrize("name", ["share_kind=buy", "share_kind=a=b", "share_kind"])
def test_a_share_belongs_to_what_stands_before_its_level(name):
    assert family_name(name) == "share_kind"


@pytest.mark.parametrize(
    ("tells", "family"),
    [(None, "share_kind"), ("affinity", "affinity_kind"), ("steps", "share_path")],
)
def test_a_share_is_of_a_family_by_what_it_tells(tells, family):
    share = ShareOf("kind", ("a", "b"), is_rest=False, prior=1.0, strength=2.0, tells=tells)
    assert share.family == family


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"levels": ("a",), "tells": "steps"}, "from one level to one other"),
        ({"levels": ("a", "b"), "tells": "steps", "is_rest": True}, "from one level to one other"),
        ({"prior": 0.0, "tells": "affinity"}, "no affinity is measured"),
        ({"strength": 0.0, "tells": "affinity"}, "no affinity is measured"),
    ],
)
def test_a_share_that_nothing_can_be_made_of_is_refused(changes, told):
    facts = {"levels": ("a",), "is_rest": False, "prior": 1.0, "strength": 2.0, **changes}
    with pytest.raises(ValueError, match=told):
        ShareOf("kind", **facts)
