"""Sentences name segments and features as the page does."""

from __future__ import annotations

import pytest

from segmentry.render.prose import entity_words, prose, rule_words

NAMES = {1: "Guests", 2: "Buyers", 12: "Others"}


@pytest.mark.parametrize(
    ("sentence", "told"),
    [
        ("segment 1 is doubtful (0.71)", "“Guests” is doubtful (0.71)"),
        ("segments 1, 2 and 12 differ", "“Guests”, “Buyers” and “Others” differ"),
        ("4 segments of 12 rows", "4 segments of 12 rows"),
        ("smallest segment 2.5 %", "smallest segment 2.5\u202f%"),
        ("smallest segment 12.5%; segment 12.", "smallest segment 12.5\u202f%; “Others”."),
        ("smallest segment 2 %", "smallest segment 2\u202f%"),
        ("segment 2,000 strong", "segment 2,000 strong"),
        ("segment 3 is not ours", "segment 3 is not ours"),
        ("3 of 5 segments, 2 rows", "3 of 5 segments, 2 rows"),
        ("holds 23.1% and 5 %", "holds 23.1\u202f% and 5\u202f%"),
        ("from -1 to 1, a-2, 2011-12-09, (-0.3)", "from −1 to 1, a-2, 2011-12-09, (−0.3)"),
    ],
)
def test_a_sentence_is_told_so(sentence, told):
    assert prose(sentence, NAMES) == told


def test_a_rule_speaks_of_features_in_words_and_leaves_other_words_alone():
    rule = "n_events_recent at least 5 and n_events above 2 and contract = n_events_x"
    told = rule_words(rule, ["n_events", "n_events_recent"])
    assert told == "recent events at least 5 and events above 2 and contract = n_events_x"
    assert rule_words("a above 1", []) == "a above 1"


def test_names_that_look_like_patterns_are_taken_as_they_are():
    assert rule_words("a.b (x) above 1; aXb", ["a.b (x)"]) == "a.b (x) above 1; aXb"


def test_entities_are_called_by_the_projects_word_and_other_words_stay():
    told = "4,967 entities; 9 % of the entities. Identities stay."
    wanted = "4,967 companies; 9 % of the companies. Identities stay."
    assert entity_words(told, "companies") == wanted
