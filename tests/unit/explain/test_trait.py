"""Traits: three to five phrases, each with its figure, none twice."""

from __future__ import annotations

from dataclasses import replace

import pytest

from builders import feature_table
from planted import signals_of
from segmentry.domain.feature import ShareOf
from segmentry.domain.profile import Contrast
from segmentry.explain.contrast import Measured
from segmentry.explain.pack import load_pack
from segmentry.explain.reading import Signal, concept_of
from segmentry.explain.trait import figures, span, statistic, strongest, time_unit, trait, traits


def measured(mean, median, overall_mean, overall_median, difference=1.0, name="spend"):
    contrast = Contrast(
        name, None, mean, median, overall_mean, overall_median, difference, 0.5, 1.5
    )
    return Measured(
        contrast, feature_table({name: [1.0]}).columns[0], is_share=False, present_share=1.0
    )


def told(columns, segment, pack="retail", share=0.25, value_share=None, **changes):
    signals, _ = signals_of(columns, pack, **changes)
    return traits(signals[segment], share=share, value_share=value_share)


def test_a_trait_cites_the_segments_figure_and_everyones():
    phrases = told({"n_orders": (2, 4, 12), "recency_days": (90.0, 60.0, 4.0)}, 2)
    assert "buys 3 times as often as everyone (median 12, everyone 4)" in phrases
    assert any(p.startswith("last bought") and "days ago (median; everyone:" in p for p in phrases)


def test_columns_of_one_concept_give_one_phrase():
    phrases = told({"n_orders": (2, 4, 12), "n_events": (3, 6, 18), "active_days": (2, 4, 12)}, 2)
    assert sum("as often as everyone" in p for p in phrases) == 1


def test_there_are_three_phrases_even_with_one_feature():
    phrases = told({"n_orders": (2, 4, 12)}, 2, value_share=0.6)
    assert len(phrases) == 3
    assert "25\u202f% of everyone" in phrases
    assert "60\u202f% of the value" in phrases


def test_there_are_never_more_than_five_phrases():
    columns = {f"metric {c}": (1.0, 5.0, 9.0) for c in "abcdefgh"}
    assert len(told(columns, 0, "generic")) == 5


def test_medians_that_agree_give_way_to_means():
    assert statistic(measured(4.0, 0.0, 1.0, 0.0)) == ("average", 4.0, 1.0)
    assert statistic(measured(4.0, 3.0, 1.0, 0.5)) == ("median", 3.0, 0.5)


def test_words_that_the_raw_figures_contradict_are_not_used():
    # On the scaled column above everyone, while the raw mean is below.
    assert statistic(measured(0.9, None, 1.0, None))[0] == "average"
    assert figures(measured(0.9, None, 1.0, None)) == "average 0.9, everyone 1"


def test_a_level_is_told_as_a_share():
    phrases = told({"Contract": ("Two year", "Month-to-month", "Month-to-month")}, 0, "telecom")
    assert any("on a Two-Year contract (everyone:" in p for p in phrases)


def test_yes_and_no_are_told_as_having():
    phrases = told({"OnlineBackup": ("Yes", "No", "No")}, 0, "telecom")
    assert any("have online backup (everyone:" in p for p in phrases)


def test_levels_that_repeat_another_column_are_left_unsaid():
    columns = {"OnlineBackup": ("No internet service", "No", "Yes")}
    assert not any("internet service" in p for p in told(columns, 0, "telecom"))


def test_nothing_is_told_as_none_rather_than_as_a_percentage():
    zero = measured(0.0, 0.0, 90.0, 0.0, difference=-0.9, name="INSTALLMENTS_PURCHASES")
    concept, _ = concept_of(zero.column, load_pack("finance"))
    signal = Signal("installments", concept, -0.9, is_certain=True, lead=zero, members=(zero,))
    assert trait(signal) == "instalment purchases: none (average 0, everyone 90)"


@pytest.mark.parametrize(
    ("spread", "told"),
    [
        (0.05, "bounce and exit rate above everyone's (median 0.062, everyone 0.0031)"),
        (0.01, "bounce or exit rate 20 times everyone's (median 0.062, everyone 0.0031)"),
        (0.0, "bounce or exit rate 20 times everyone's (median 0.062, everyone 0.0031)"),
    ],
)
def test_no_ratio_is_told_to_a_figure_that_is_next_to_nothing(spread, told):
    rate = replace(measured(0.07, 0.062, 0.02, 0.0031, name="BounceRates"), spread=spread)
    concept, _ = concept_of(rate.column, load_pack("web"))
    assert (
        trait(Signal("bounce", concept, 1.0, is_certain=True, lead=rate, members=(rate,))) == told
    )


@pytest.mark.parametrize(
    ("name", "unit"), [("recency_days", "days"), ("months on book", "months"), ("recency", None)]
)
def test_a_unit_of_time_is_only_claimed_where_the_column_tells_it(name, unit):
    assert time_unit(measured(1.0, 1.0, 2.0, 2.0, name=name)) == unit


def test_parts_of_a_day_are_told_in_hours_and_minutes():
    assert (span(0.5, "days"), span(0.01, "days"), span(2, "weeks")) == (
        "12 hours",
        "14 minutes",
        "2 weeks",
    )


def test_the_strongest_signal_of_each_family_is_kept():
    signals, _ = signals_of({"n_orders": (2, 4, 12), "value_total": (10.0, 20.0, 90.0)})
    families = [f for s in strongest(signals[2]) for f in s.concept.families]
    assert sorted(families) == ["frequency", "value"]
    assert all(trait(s) for s in strongest(signals[2]))


def test_a_column_of_no_concept_that_counts_things_says_so():
    phrases = told({"n_widgets": (2, 4, 12)}, 2, "generic")
    assert any(p.startswith("number of widgets above everyone's (median 12") for p in phrases)


def test_a_number_of_things_that_is_none_or_one_is_told_as_having_any():
    column = {"n_widgets": (0, 1, 1)}
    assert any("with any widgets (everyone: " in p for p in told(column, 1, "generic", scatter=0.0))


def test_a_concept_of_several_families_is_one_of_the_first_in_traits():
    columns = {"rfm_score": (3.0, 9.0, 14.0), "r_score": (1.0, 3.0, 5.0), "clv": (1.0, 5.0, 60.0)}
    phrases = told(columns, 2, "generic")
    assert sum("score" in p for p in phrases) == 1
    assert any(p.startswith("value to expect") for p in phrases)


@pytest.mark.parametrize(
    ("median", "everyone", "told"),
    [
        (1.0, 0.0, "events in Shoes at 2 times the usual share (median; everyone: 1)"),
        (-2.0, 0.1, "events in Shoes at 0.25 times the usual share (median; everyone: 1.1)"),
    ],
)
def test_doublings_are_told_as_times(median, everyone, told):
    share = ShareOf("category", ("shoes",), False, 1.0, 4.0, "affinity")
    name = "affinity_category=shoes"
    found = measured(median, median, everyone, everyone, median - everyone, name)
    found = replace(found, column=replace(found.column, share=share))
    concept, _ = concept_of(found.column, load_pack("generic"))
    signal = Signal(concept.key, concept, median, is_certain=True, lead=found, members=(found,))
    assert trait(signal) == told
