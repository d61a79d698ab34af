from __future__ import annotations

from dataclasses import replace

import pytest

from segmentry.domain.feature import ShareOf, aggregates_of
from segmentry.domain.formula import Condition, Measure, Over
from segmentry.domain.role import Facet
from segmentry.features.families import (
    CORE,
    FAMILIES,
    family_of,
    measured_features,
    share_feature,
)


def a_share(field: str = "kind", *, is_rest: bool = False, levels: tuple[str, ...] = ("buy",)):
    return share_feature(ShareOf(field, levels, is_rest, prior=0.5, strength=2.0))


def test_a_measure_gives_its_average_and_its_total() -> None:
    mean, total = measured_features(["duration_seconds"])
    assert (mean.name, total.name) == ("mean_duration_seconds", "total_duration_seconds")
    assert mean.sentence == "average duration seconds of an event"
    assert mean.needs == total.needs == ("measure: duration_seconds",)


@pytest.mark.parametrize(
    "column",
    ["rating", "satisfaction_score", "unitPrice", "discount rate", "Age", "hour_pct", "zoom_level"],
)
def test_what_does_not_add_up_gives_no_total(column: str) -> None:
    assert [s.name for s in measured_features([column])] == [f"mean_{column}"]


@pytest.mark.parametrize("column", ["minutes", "error_count", "scores_won", "pricey", "pages"])
def test_words_inside_other_words_do_not_count(column: str) -> None:
    assert len(measured_features([column])) == 2


def test_a_share_says_what_it_counts() -> None:
    spec = a_share()
    assert spec.name == "share_kind=buy"
    assert spec.sentence.startswith("share of events that are 'buy'")
    assert (spec.unit, spec.facet) == ("share", Facet.ENGAGEMENT)


def test_the_rest_of_a_family_counts_what_has_no_share_of_its_own() -> None:
    spec = a_share("channel", is_rest=True, levels=("web", "app"))
    assert spec.name == "share_channel=(other)"
    counted = aggregates_of(spec)[0]
    assert counted.measure is Measure.COUNT
    assert counted.where == (Condition("channel", "not in", ("web", "app")),)
    assert "all other channels" in spec.sentence


@pytest.mark.parametrize("field", ["kind", "channel", "category", "item"])
def test_the_family_is_read_off_the_name(field: str) -> None:
    assert family_of(a_share(field).name) == f"share_{field}"
    assert family_of(a_share(field, levels=("a=b",)).name) == f"share_{field}"


@pytest.mark.parametrize(
    "name",
    ["share_of_wallet", "share", "n_kinds", "share_price=3", "affinity_kind=buy", "share_path_1"],
)
def test_other_names_are_of_no_family(name: str) -> None:
    assert family_of(name) is None


def test_an_affinity_says_how_far_a_share_lies_from_everyones() -> None:
    told = ShareOf("category", ("shoes",), is_rest=False, prior=0.5, strength=2.0, tells="affinity")
    spec = share_feature(told)
    assert spec.name == "affinity_category=shoes"
    assert spec.sentence.startswith("share of events in 'shoes' against everyone's, in doublings")
    assert (spec.unit, spec.facet, spec.needs) == ("doublings", Facet.BREADTH, ("category",))
    assert not spec.is_core
    rest = share_feature(replace(told, is_rest=True))
    assert rest.name == "affinity_category=(other)"
    assert aggregates_of(rest)[0].where == (Condition("category", "not in", ("shoes",)),)


def test_a_share_of_steps_says_from_where_to_where() -> None:
    spec = share_feature(ShareOf("kind", ("view", "cart"), False, 0.5, 2.0, "steps"))
    assert spec.name == "share_path=view to cart"
    assert spec.sentence.startswith("share of steps that lead from 'view' to 'cart'")
    assert set(spec.needs) == {"at", "kind"}
    assert {a.over for a in aggregates_of(spec)} == {Over.STEPS}
    assert not spec.is_core


@pytest.mark.parametrize("family", FAMILIES)
def test_a_family_needs_what_its_members_need(family: str) -> None:
    start, _, field = family.partition("_")
    told = ShareOf(field, ("x",), is_rest=False, prior=1.0, strength=2.0)
    if start == "affinity":
        told = replace(told, tells="affinity")
    if family == "share_path":
        told = ShareOf("kind", ("x", "y"), is_rest=False, prior=1.0, strength=2.0, tells="steps")
    spec = share_feature(told)
    assert (told.family, family_of(spec.name)) == (family, family)
    assert set(spec.needs) == set(FAMILIES[family])
    assert spec.is_core == (family in CORE)
