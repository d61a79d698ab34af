"""Names of last resort claim an order that the figures show, and nothing more."""

from __future__ import annotations

from dataclasses import replace

from planted import signals_of
from segmentry.domain.textmodel import TextOf
from segmentry.explain.rank import graded, last_resorts, ordinal


def test_ordinals_are_words_as_long_as_there_are_words():
    assert [ordinal(r) for r in (0, 1, 11, 20)] == ["", "Second-", "Twelfth-", "21th-"]


def test_ranks_follow_the_means_of_the_profile():
    signals, _ = signals_of({"score": (10.0, 20.0, 70.0, 80.0)}, "generic")
    names = [options[0].naming.name for options in graded(signals, "Group")]
    assert names == [
        "Lowest Score Group",
        "Second-Lowest Score Group",
        "Second-Highest Score Group",
        "Highest Score Group",
    ]


def test_a_trifling_difference_is_no_rank():
    signals, _ = signals_of({"score": (10.0, 10.0, 10.0)}, "generic")
    assert graded(signals, "Group") == [[], [], []]


def test_a_feature_that_a_pack_keeps_out_of_names_is_no_rank():
    signals, _ = signals_of({"events_per_month": (1.0, 5.0, 9.0)}, "generic")
    assert graded(signals, "Group") == [[], [], []]


def test_sizes_name_the_rest():
    names = [o.naming.name for o in last_resorts((5, 9, 7), "Companies")]
    assert names == [
        "Third-Largest Company Group",
        "Largest Company Group",
        "Second-Largest Company Group",
    ]


def test_a_topic_is_ranked_in_its_own_words():
    signals, _ = signals_of({"topic_x=a b": (10.0, 20.0, 70.0, 80.0)}, "generic")
    told = TextOf("x", "topic", 0, ("top", "up"))
    turned = tuple(
        {
            key: replace(
                s,
                lead=replace(s.lead, column=replace(s.lead.column, text=told)),
                concept=replace(s.concept, high=replace(s.concept.high, adjective="Top Up")),
            )
            for key, s in own.items()
        }
        for own in signals
    )
    assert graded(turned, "Texts")[3][0].naming.name == "Highest Top Up Texts"
