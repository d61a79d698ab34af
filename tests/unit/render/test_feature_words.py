"""Features are written as people say them."""

from __future__ import annotations

import pytest

from segmentry.features.catalogue import CATALOGUE
from segmentry.features.derived.catalogue import DERIVED
from segmentry.render import feature_words as words


@pytest.mark.parametrize("feature", sorted({s.name for s in (*CATALOGUE, *DERIVED)}))
def test_a_feature_of_our_own_reads_as_a_phrase(feature):
    told = words.feature_label(feature)
    assert "_" not in told
    assert told[0].isupper()


@pytest.mark.parametrize(
    ("feature", "told"),
    [
        ("n_purchases", "Purchases"),
        ("n_events_7.5d", "Events in 7.5 days"),
        ("value_45d", "Value in 45 days"),
        ("n_users_30d", "Users in 30 days"),
        ("days_to_kind=sign_up", "Days to the first sign_up"),
        ("share_device=phone", "Share of phone"),
        ("share_path=view to cart", "Share of steps from view to cart"),
        ("affinity_category=home {x}", "Affinity to home {x}"),
        ("clv", "Value to expect"),
    ],
)
def test_windows_milestones_shares_and_counts_are_told_as_people_do(feature, told):
    assert words.feature_label(feature) == told


def test_no_two_features_of_our_own_read_alike():
    names = {s.name for s in (*CATALOGUE, *DERIVED)}
    assert len({words.feature_words(n) for n in names}) == len(names)


def test_a_feature_of_the_data_keeps_its_words():
    assert words.feature_label("StreamingTV") == "Streaming TV"
    assert words.feature_label("MonthlyCharges") == "Monthly charges"


def test_a_long_name_is_cut():
    assert len(words.feature_label("x" * 300)) == words.LONGEST_LABEL


def test_a_value_that_is_no_money_is_not_written_as_money():
    summary = {
        "project": {"currency": "GBP"},
        "value_feature": "n_orders",
        "features": [{"name": "n_orders", "unit": "orders"}],
    }
    assert words.value_text(1200.0, summary) == "1.2k"


def test_medians_that_tell_nothing_give_way_to_means():
    told = {"feature": "a", "mean": 2.0, "overall_mean": 5.0, "median": 0.0, "overall_median": 0.0}
    assert words.typical(told) == ("mean", 2.0, 5.0)
    assert words.typical({**told, "median": 1.0}) == ("", 1.0, 0.0)
    assert words.typical({**told, "level": "x"}) == ("", 2.0, 5.0)


def test_a_column_of_zeros_and_ones_is_told_by_its_share_and_not_by_its_median():
    told = {"feature": "a", "mean": 0.1, "overall_mean": 0.6, "median": 0.0, "overall_median": 1.0}
    assert words.typical(told) == ("mean", 0.1, 0.6)
    assert words.typical_texts(told, {}, None) == ("mean", "0.1", "0.6")
    assert words.typical_texts(told, {"a": "share"}, None) == ("mean", "10\u202f%", "60\u202f%")


@pytest.mark.parametrize("median", [0.0, 0.5])
def test_everyones_share_is_the_same_figure_in_every_segment_and_marked_as_a_mean(median):
    share = {"feature": "weekend_share", "mean": 0.4, "overall_mean": 0.29, "overall_median": 0.0}
    told = words.typical_texts({**share, "median": median}, {"weekend_share": "share"}, None)
    assert told == ("mean", "40\u202f%", "29\u202f%")


@pytest.mark.parametrize(("level", "is_no"), [("0", True), ("No", True), ("north", False)])
def test_a_no_is_known(level, is_no):
    assert words.is_no(level) is is_no


def test_segments_are_found_by_id():
    segments = [{"id": 2, "name": "B"}, {"id": 1, "name": "A"}]
    assert words.names(segments) == {1: "A", 2: "B"}
    assert [look.slot for look in words.looks(segments)] == [2, 1]
