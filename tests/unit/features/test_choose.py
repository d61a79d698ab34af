from __future__ import annotations

from typing import Any

import pytest

from segmentry.domain.feature import FeatureSpec, ShareOf
from segmentry.domain.formulatext import read_formula
from segmentry.domain.project import FeatureChoice, Windows
from segmentry.domain.role import Facet
from segmentry.errors import ProjectFileError
from segmentry.features.choose import choose, is_feature, wanted_families, wanted_shares
from segmentry.features.families import share_feature

ALL = ("at", "amount", "order_id", "item")
KINDS = tuple(
    share_feature(ShareOf("kind", levels, is_rest, prior=1.0, strength=3.0))
    for levels, is_rest in ((("buy",), False), (("look",), False), (("buy", "look"), True))
)


def names(*fields: str, windows: Windows | None = None, **choice: Any) -> list[str]:
    return [s.name for s in choose(fields, FeatureChoice(**choice), windows)]


def test_bare_events_give_what_needs_no_other_field() -> None:
    assert names("at") == [
        "recency_days",
        "tenure_days",
        "n_events",
        "active_days",
        "gap_median_days",
        "n_events_recent",
        "trend",
        "decayed_activity",
        "n_events_90d",
        "events_per_active_day",
        "weekend_share",
    ]


def test_events_without_time_give_what_needs_no_instant() -> None:
    assert names("amount", "order_id", "item", "category", "session_id") == [
        "n_events",
        "n_orders",
        "n_sessions",
        "value_total",
        "value_mean",
        "basket_size",
        "events_per_session",
        "n_items",
        "n_categories",
        "top_category_share",
    ]


def test_every_field_adds_its_features() -> None:
    bare = set(names("at"))
    added = {f: sorted(set(names("at", f)) - bare) for f in ("item", "category", "kind", "channel")}
    assert added == {
        "item": ["n_items", "top_item_share"],
        "category": ["n_categories", "top_category_share"],
        "kind": ["n_kinds"],
        "channel": [],
    }
    assert set(names("at", "order_id")) - bare == {"n_orders", "basket_size"}
    assert set(names("at", "amount")) - bare == {
        "value_total",
        "value_mean",
        "value_recent",
        "value_90d",
    }


def test_a_feature_gives_way_where_another_field_tells_more() -> None:
    assert "top_item_share" not in names("at", "item", "category")
    assert "quantity_total" in names("quantity")
    assert "quantity_total" not in names("quantity", "amount")


@pytest.mark.parametrize(
    ("windows", "built"),
    [
        (Windows(), {"n_events_90d"}),
        (Windows(recent_days=90.0), {"n_events_30d"}),
        (Windows(recent_days=7.0), {"n_events_30d", "n_events_90d"}),
        (Windows(lookback_days=60.0, recent_days=7.0), {"n_events_30d"}),
        (Windows(lookback_days=30.0, recent_days=7.0), set()),
    ],
)
def test_a_fixed_window_that_another_one_repeats_is_left_out(
    windows: Windows, built: set[str]
) -> None:
    found = set(names("at", windows=windows)) & {"n_events_30d", "n_events_90d"}
    assert found == built


def test_a_window_that_is_told_already_says_so_when_it_is_asked_for() -> None:
    with pytest.raises(ProjectFileError, match="tells already what 'n_events_30d' would"):
        names("at", include=("n_events_30d",))


def test_the_average_is_per_order_where_orders_are_known() -> None:
    units = {
        fields: next(s.unit for s in choose(fields, FeatureChoice()) if s.name == "value_mean")
        for fields in (("amount",), ("amount", "order_id"))
    }
    assert units == {("amount",): "money per event", ("amount", "order_id"): "money per order"}


def test_names_are_built_in_the_order_of_the_catalogue() -> None:
    assert names("at", include=("trend", "n_events")) == ["n_events", "trend"]


def test_excluded_features_are_not_built() -> None:
    assert "trend" not in names("at", exclude=("trend",))


def test_what_cannot_be_built_is_told_all_at_once() -> None:
    with pytest.raises(ProjectFileError, match="no feature is called 'n_evnts'") as caught:
        names("at", include=("n_evnts", "n_orders", "share_kind"), exclude=("trnd",))
    assert [p.key for p in caught.value.problems] == [
        "features.include[0]",
        "features.include[1]",
        "features.include[2]",
        "features.exclude[0]",
    ]
    assert caught.value.problems[0].hint == "did you mean 'n_events'?"
    assert "needs order, which" in caught.value.problems[1].what
    assert "needs kind, which" in caught.value.problems[2].what


def test_a_feature_of_time_says_that_time_is_lacking() -> None:
    with pytest.raises(ProjectFileError, match="'recency_days' needs time, which no source maps"):
        names("item", include=("recency_days",))


def test_a_feature_that_cannot_be_built_may_be_excluded() -> None:
    assert "n_orders" not in names("at", exclude=("n_orders", "share_kind", "share_item=x"))


def test_measures_are_features_by_their_column() -> None:
    fields = ("at", "measure: minutes", "measure: rating")
    found = names(*fields, measures=("minutes", "rating"), exclude=("total_minutes",))
    assert [n for n in found if n.startswith(("mean", "total"))] == ["mean_minutes", "mean_rating"]


@pytest.mark.parametrize(
    ("choice", "built"),
    [
        ({}, ["share_kind=buy", "share_kind=look", "share_kind=(other)"]),
        ({"include": ("share_kind",)}, ["share_kind=buy", "share_kind=look", "share_kind=(other)"]),
        ({"include": ("n_events", "share_kind=look")}, ["share_kind=look"]),
        ({"include": ("n_events",)}, []),
        ({"exclude": ("share_kind=buy",)}, ["share_kind=look", "share_kind=(other)"]),
        ({"exclude": ("share_kind",)}, []),
    ],
)
def test_shares_are_wanted_one_by_one_or_as_a_family(
    choice: dict[str, Any], built: list[str]
) -> None:
    assert [s.name for s in wanted_shares(KINDS, FeatureChoice(**choice))] == built


def test_a_share_that_no_event_gives_is_refused_with_the_nearest() -> None:
    choice = FeatureChoice(include=("share_kind=lok",), exclude=("share_kind=bu",))
    with pytest.raises(ProjectFileError, match="'share_kind=lok'") as caught:
        wanted_shares(KINDS, choice)
    assert [p.key for p in caught.value.problems] == ["features.include[0]", "features.exclude[0]"]
    assert caught.value.problems[0].hint == "did you mean 'share_kind=look'?"


@pytest.mark.parametrize(
    ("choice", "fields"),
    [
        ({}, ("share_kind", "share_channel", "share_item")),
        ({"exclude": ("share_kind", "share_item=a")}, ("share_channel", "share_item")),
        ({"include": ("n_events", "share_item")}, ("share_item",)),
        ({"include": ("n_events",)}, ()),
        ({"include": ("affinity_item=x", "share_path")}, ("affinity_item", "share_path")),
        (
            {"include": ("auto", "affinity_channel")},
            ("share_kind", "share_channel", "share_item", "affinity_channel"),
        ),
        (
            {"include": ("all",), "exclude": ("share_kind", "affinity_item")},
            ("share_channel", "share_item", "affinity_channel", "share_path"),
        ),
    ],
)
def test_only_families_that_may_be_wanted_are_looked_at(
    choice: dict[str, Any], fields: tuple[str, ...]
) -> None:
    found = wanted_families(("at", "item", "kind", "channel"), FeatureChoice(**choice))
    assert found == fields


def test_steps_need_a_time() -> None:
    with pytest.raises(ProjectFileError, match="'share_path' needs time, which"):
        names("kind", include=("share_path",))
    assert wanted_families(("kind",), FeatureChoice(include=("all",))) == ("share_kind",)


def test_a_core_family_comes_with_auto_and_another_only_where_it_is_named() -> None:
    own = ShareOf("kind", ("buy",), is_rest=False, prior=1.0, strength=3.0)
    steps = (ShareOf("kind", ("buy", a), False, 1.0, 3.0, "steps") for a in ("buy", "look"))
    specs = tuple(share_feature(s) for s in (own, *steps))
    asked = {("auto",): 1, ("auto", "share_path=buy to look"): 2, ("all",): 3}
    for include, n in asked.items():
        assert len(wanted_shares(specs, FeatureChoice(include=include))) == n


def test_names_of_features_are_known_before_the_data_is() -> None:
    choice = FeatureChoice(measures=("minutes",))
    known = ("n_events", "mean_minutes", "share_kind", "share_kind=whatever")
    assert all(is_feature(name, choice, Windows()) for name in known)
    assert not any(
        is_feature(n, choice, Windows()) for n in ("minutes", "share_of_wallet", "mean_hours")
    )


def own(name: str, text: str) -> FeatureSpec:
    return FeatureSpec(name, read_formula(text), Facet.VALUE, "", "it", "none", is_own=True)


BIG = own("big_share", "count(events where amount > 50) / count(events)")
DWELL = own("long_dwell", "most(measure 'dwell time')")


def test_own_features_are_built_as_the_core_is() -> None:
    assert names("at", "amount", define=(BIG,))[-1] == "big_share"
    assert names("at", "amount", define=(BIG,), include=("value",))[-1] == "big_share"
    assert names("at", "amount", define=(BIG,), include=("big_share",)) == ["big_share"]
    assert "big_share" not in names("at", "amount", define=(BIG,), include=("recency_days",))
    assert "big_share" not in names("at", define=(BIG,), exclude=("big_share",))


@pytest.mark.parametrize("include", ["auto", ("value",), ("all",)])
def test_an_own_feature_that_cannot_be_built_is_refused(include: Any) -> None:
    with pytest.raises(ProjectFileError, match="needs amount, which no source maps") as refused:
        names("at", define=(BIG,), include=include)
    assert refused.value.key == "features.define[0].formula"


def test_an_own_feature_that_is_named_and_cannot_be_built_is_told_once() -> None:
    with pytest.raises(ProjectFileError, match="needs amount") as refused:
        names("at", define=(BIG,), include=("auto", "big_share"))
    assert refused.value.key == "features.include[1]"


def test_a_column_that_is_not_measured_is_named() -> None:
    with pytest.raises(ProjectFileError, match="'dwell time', which is no measured") as refused:
        names("at", define=(DWELL,))
    assert refused.value.hint == "name it under features.measures: [dwell time]"
    assert names("measure: dwell time", define=(DWELL,), measures=("dwell time",))[-1] == (
        "long_dwell"
    )


def test_meanings_of_own_features_are_resolved() -> None:
    bought = own("bought", "count(events where kind means purchase)")
    with pytest.raises(ProjectFileError, match="needs kinds of events that mean 'purchase'"):
        names("kind", define=(bought,))
    (found,) = choose(
        ["kind"], FeatureChoice(("bought",), kinds={"purchase": ("paid",)}, define=(bought,))
    )
    assert str(found.formula) == "count(events where kind in paid)"
