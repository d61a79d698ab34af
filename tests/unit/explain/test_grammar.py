"""Composed names: which contrasts earn a word, and how words become a name."""

from __future__ import annotations

import pytest

from planted import signals_of
from segmentry.explain.grammar import (
    _reads_well,
    composed,
    is_far,
    n_words,
    plain_level,
    words_of,
)


def names(columns, segment, pack="generic", noun="Customers"):
    signals, words = signals_of(columns, pack)
    options = composed(signals[segment], words, noun)
    return [o.naming.name for o in sorted(options, key=lambda o: -o.suits)]


def test_an_unknown_column_is_named_by_its_own_words():
    columns = {"Flavanoid_Content": (1.0, 5.0, 9.0), "Ash": (2.0, 2.0, 2.0)}
    assert names(columns, 2)[0] == "High Flavanoid Content Customers"
    assert names(columns, 0)[0] == "Low Flavanoid Content Customers"


def test_a_level_names_a_segment_only_where_most_of_it_has_it():
    signals, _ = signals_of({"tier": ("gold", "silver", "bronze")}, "generic")
    assert [w.adjective for w in words_of(signals[0])] == ["Gold"]


def test_a_level_that_the_segment_lacks_earns_no_word():
    signals, _ = signals_of({"tier": ("gold", "silver", "silver", "silver")}, "generic")
    assert [w.adjective for w in words_of(signals[1])] == ["Silver"]
    assert "tier=gold" not in {w.signal.key for w in words_of(signals[1])}


def test_two_words_of_one_family_do_not_stand_together():
    columns = {"value_recent": (1.0, 20.0, 90.0), "n_events_recent": (1.0, 5.0, 30.0)}
    assert all("Active" not in n or "Valuable" not in n for n in names(columns, 2))


def test_no_name_is_shorter_than_two_words_or_longer_than_four():
    columns = {f"some longer feature {c}": (1.0, 2.0, 9.0) for c in "abcdef"}
    found = names(columns, 2)
    assert found
    assert all(2 <= n_words(name) <= 4 for name in found)


def test_the_reason_cites_the_difference_and_its_interval():
    signals, words = signals_of({"tenure_days": (20.0, 200.0, 380.0)}, "generic")
    reason = next(iter(composed(signals[0], words, "Users"))).naming.reason
    assert "tenure_days" in reason
    assert "sd below everyone (-1." in reason


@pytest.mark.parametrize(
    ("column", "level", "word"),
    [
        ("PaperlessBilling", "Yes", "Paperless Billing"),
        ("PaperlessBilling", "No", "No Paperless Billing"),
        ("Channel", "2", "Channel 2"),
        ("Region", "North-west", "North-West"),
        ("cluster", "3", ""),
        ("tier", "Cluster 3", ""),
        ("history_segment", "1) $0 - $100", ""),
    ],
)
def test_levels_become_words_or_nothing_but_never_a_code(column, level, word):
    assert plain_level(column, level) == word


def test_a_strong_adjective_needs_the_raw_figure_too():
    signals, _ = signals_of({"tenure_days": (300.0, 330.0, 380.0)}, "generic")
    assert not is_far(signals[0]["tenure"].lead, 0.6)
    assert [w.adjective for w in words_of(signals[0])] == ["Newer"]


def test_a_trajectory_is_no_second_word_for_recency():
    columns = {"recency_days": (2.0, 5.0, 300.0), "trajectory": ("stable", "new", "dormant")}
    found = names(columns, 2)
    assert any("Dormant" in n for n in found)
    assert any("Lapsed" in n for n in found)
    assert not any("Dormant" in n and "Lapsed" in n for n in found)


@pytest.mark.parametrize(
    ("column", "levels", "word"),
    [
        ("night_share", (0.1, 0.4, 0.9), "Night"),
        ("n_channels", (1, 1, 3), "Multi-Channel"),
        ("expansion_velocity", (0.0, 1.0, 4.0), "Seat-Adding"),
        ("nps", (-0.6, 0.1, 0.8), "Recommending"),
    ],
)
def test_a_word_waits_until_the_figure_itself_bears_it_out(column, levels, word):
    assert any(word in n for n in names({column: levels}, 2))
    lower = {column: tuple(v / 100 for v in levels)}
    assert not any(word in n for n in names(lower, 2))


def test_less_and_more_are_said_once():
    assert not _reads_well("Lower-Value Lighter Low-Volume Accounts")
    assert not _reads_well("High-Bill Heavy Callers")
    assert _reads_well("Lower-Value Recent Heavy Users")
