"""Five sentences, each figure of them a stored one."""

from __future__ import annotations

from dataclasses import replace

import pytest

from builders import profile, structure
from segmentry.domain.profile import Contrast, OutcomeRate
from segmentry.explain.headline import headline

REGULARS = profile(value_share=0.62, share=0.2)
LAPSED = profile(
    "Lapsed Customers",
    share=0.3,
    value_share=0.05,
    contrasts=(Contrast("recency_days", None, 250.0, 240.0, 90.0, 50.0, 1.2, 1.1, 1.3),),
)


def told(profiles=(REGULARS, LAPSED), verdict="clear", p_value=0.0005, **changes):
    facts = {
        "n_entities": 4338,
        "entity": "customer_id",
        "objective": "retention",
        "decision": "",
    }
    return headline(profiles, structure(verdict, p_value), **{**facts, **changes})


def test_there_are_five_whole_sentences():
    sentences = told()
    assert len(sentences) == 5
    assert all(s[0].isupper() and s.endswith(".") for s in sentences)


def test_the_first_says_who_was_looked_at_and_what_for():
    assert told()[0] == "We looked at 4,338 customers with retention in mind."
    assert told(decision="who gets the campaign")[0].endswith("to decide who gets the campaign.")
    assert told(entity="row_number", objective="none")[0] == "We looked at 4,338 entities."


@pytest.mark.parametrize(
    ("verdict", "says"),
    [
        ("clear", "2 segments, and the data does hold groups (p below 0.001"),
        ("weak", "2 segments that shade into one another"),
        ("none", "We found no clear groups"),
    ],
)
def test_the_second_says_how_sure_the_segments_are(verdict, says):
    assert says in told(verdict=verdict)[1]


def test_the_second_names_the_humps_where_they_decide():
    humps = replace(structure(p_value=0.3), dip_p_value=0.0001)
    facts = {"n_entities": 9, "entity": "user", "objective": "none", "decision": ""}
    sentence = headline((REGULARS, LAPSED), humps, **facts)[1]
    assert "'recency_days' has more than one hump, p below 0.001" in sentence


def test_a_question_is_followed_by_a_sentence_of_its_own():
    asks = replace(REGULARS, action="Ask them: is everything set up?")
    assert told((asks, LAPSED))[4].endswith(
        "is everything set up? Test it on a part of them first."
    )


def test_without_structure_no_step_towards_a_segment_is_advised():
    sentences = told(verdict="none", p_value=0.4)
    assert "p = 0.4" in sentences[1]
    assert "Before acting on these segments" in sentences[4]


def test_the_third_names_the_most_valuable_segment_with_its_shares():
    assert told()[2] == "Loyal Regulars are 20 % of the customers and hold 62 % of the value."


def test_without_value_the_third_names_the_largest_segment():
    sentences = told((profile(share=0.3), profile("New Customers", share=0.7)))
    assert sentences[2].startswith("New Customers are the largest segment with 70 %")


def test_the_fourth_points_at_the_worst_outcome():
    churn = OutcomeRate("Churn", 0.43, 0.41, 0.45, 0.27, 900)
    sentence = told((REGULARS, profile("New Customers", outcomes=(churn,))))[3]
    assert sentence.startswith("New Customers need attention: Churn is 43 % there (41 % to 45 %)")


def test_without_outcomes_the_fourth_points_at_those_who_stay_away():
    assert "Lapsed Customers need attention, 30 % of the customers" in told()[3]
    assert "240 days ago in the median, against 50" in told()[3]


def test_without_either_the_fourth_points_at_the_blurred_border():
    sentence = told((profile(silhouette=0.4), profile("New Customers", silhouette=0.1)))[3]
    assert "New Customers are the least sharply drawn segment (silhouette 0.10)" in sentence


def test_the_fifth_asks_for_a_test_first():
    assert told()[4].startswith("Next step: for Loyal Regulars, thank them; test it")
    assert "towards who gets the campaign" in told(decision="who gets the campaign")[4]
