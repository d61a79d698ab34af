from __future__ import annotations

import pytest

from segmentry.domain.project import FeatureChoice
from segmentry.domain.role import Facet
from segmentry.errors import ProjectFileError
from segmentry.features.catalogue import CATALOGUE, choose

ALL = ("amount", "order_id", "item")


def names(*fields: str, **choice: tuple[str, ...]) -> list[str]:
    return [s.name for s in choose(fields, FeatureChoice(**choice))]


def test_bare_events_give_what_needs_no_other_field() -> None:
    assert names() == [
        "recency_days",
        "tenure_days",
        "n_events",
        "active_days",
        "gap_median_days",
        "n_events_recent",
        "trend",
        "decayed_activity",
        "weekend_share",
    ]


def test_every_field_adds_its_features() -> None:
    assert len(names(*ALL)) == 14
    assert "n_items" in names("item")
    assert "n_orders" in names("order_id")
    assert {"value_total", "value_mean", "value_recent"} <= set(names("amount"))


def test_the_average_is_per_order_where_orders_are_known() -> None:
    units = {
        fields: next(s.unit for s in choose(fields, FeatureChoice()) if s.name == "value_mean")
        for fields in (("amount",), ("amount", "order_id"))
    }
    assert units == {("amount",): "money per event", ("amount", "order_id"): "money per order"}


def test_names_are_built_in_the_order_of_the_catalogue() -> None:
    assert names(include=("trend", "n_events")) == ["n_events", "trend"]


def test_excluded_features_are_not_built() -> None:
    assert "trend" not in names(exclude=("trend",))


def test_what_cannot_be_built_is_told_all_at_once() -> None:
    with pytest.raises(ProjectFileError, match="no feature is called 'n_evnts'") as caught:
        names(include=("n_evnts", "n_orders"), exclude=("trnd",))
    assert [p.key for p in caught.value.problems] == [
        "features.include[0]",
        "features.include[1]",
        "features.exclude[0]",
    ]
    assert caught.value.problems[0].hint == "did you mean 'n_events'?"
    assert "needs order_id" in caught.value.problems[1].what


def test_a_feature_that_cannot_be_built_may_be_excluded() -> None:
    assert "n_orders" not in names(exclude=("n_orders",))


def test_the_first_feature_of_value_is_the_total() -> None:
    assert next(s.name for s in CATALOGUE if s.facet is Facet.VALUE) == "value_total"


def test_every_feature_says_what_it_is() -> None:
    assert all(s.sentence and s.unit and s.null_means for s in CATALOGUE)
