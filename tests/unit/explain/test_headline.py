"""Five sentences, each figure of them a stored one."""

from __future__ import annotations

from dataclasses import replace

import pytest

from builders import profile, structure
from segmentry.domain.evidence import StructureTest
from segmentry.domain.profile import Contrast, OutcomeRate
from segmentry.explain.headline import headline

REGULARS = profile(value_share=0.62, share=0.2)
LAPSED = profile(
    "Lapsed Customers",
    share=0.3,
    value_share=0.05,
    contrasts=(Contrast("recency_days", None, 250.0, 240.0, 90.0, 50.0, 1.2, 1.1, 1.3),),
)
CHURN = OutcomeRate("Churn", 0.43, 0.41, 0.45, 0.27, 900, is_share=True)
FACTS = {"n_entities": 9, "entity": "user", "objective": "none", "decision": ""}
FOUND, MATTERS, TO_DO, SURE, NOT_TO_DO = range(5)


TESTED = {"columns", "n_columns", "test", "n_reached", "p_silhouette", "sentence"}


def told(profiles=(REGULARS, LAPSED), verdict="clear", p_value=0.0005, **changes):
    facts = {
        "n_entities": 4338,
        "entity": "customer_id",
        "objective": "retention",
        "decision": "",
    }
    tested = {k: changes.pop(k) for k in TESTED & set(changes)}
    found = headline(profiles, structure(verdict, p_value, **tested), **{**facts, **changes})
    return tuple(s.replace("\u202f", " ") for s in found)


@pytest.mark.parametrize("verdict", ["clear", "weak", "none"])
@pytest.mark.parametrize("outcomes", [(), (CHURN,)])
def test_there_are_five_whole_sentences(verdict, outcomes):
    sentences = told((REGULARS, replace(LAPSED, outcomes=outcomes)), verdict)
    assert len(sentences) == 5
    assert all(s[0].isupper() and s.rstrip("”").endswith((".", "?")) for s in sentences)


@pytest.mark.parametrize("verdict", ["clear", "weak", "none"])
def test_no_word_of_the_trade_is_needed_to_read_them(verdict):
    words = " ".join(told(verdict=verdict)).lower()
    jargon = ("silhouette", "p =", "p below", "dip", "structure", "cluster", "median", "null")
    assert [j for j in jargon if j in words] == []


@pytest.mark.parametrize(
    ("verdict", "says"),
    [
        ("clear", "they fall into 2 segments."),
        ("weak", "they fall into 2 segments with soft borders."),
        ("none", "found no clear groups; the 2 segments below only divide one crowd."),
    ],
)
def test_the_first_says_what_was_found(verdict, says):
    assert told(verdict=verdict)[FOUND].endswith(says)


def test_the_first_says_who_was_looked_at_and_what_for():
    assert told()[FOUND].startswith("With retention in mind, we looked at 4,338 customers")
    asked = told(decision="Who gets the campaign.")[FOUND]
    assert asked.startswith("To decide who gets the campaign, we looked at")
    assert told(decision="VIP or not")[FOUND].startswith("To decide VIP or not, ")
    plain = told(entity="row_number", objective="none")[FOUND]
    assert plain.startswith("We looked at 4,338 rows")
    assert "4,338 entities" in told(entity="thing")[FOUND]


def test_the_second_names_the_most_valuable_segment_with_its_shares():
    assert told()[MATTERS].startswith(
        "The most valuable segment is Loyal Regulars: 20 % of the customers hold 62 % of the value"
    )


def test_without_value_the_second_names_the_largest_segment():
    sentence = told((profile(share=0.3), profile("New Customers", share=0.7)))[MATTERS]
    assert sentence == "The largest segment is New Customers, 70 % of the customers."


def test_the_second_points_at_the_worst_outcome():
    sentence = told((REGULARS, profile("New Customers", outcomes=(CHURN,))))[MATTERS]
    assert sentence.endswith(
        "; watch New Customers, 25 % of the customers: its churn is 43 % against 27 % for everyone."
    )


def test_one_segment_that_matters_and_is_to_be_watched_is_named_once():
    sentence = told((replace(REGULARS, outcomes=(CHURN,)),))[MATTERS]
    assert sentence.count("Loyal Regulars") == 1
    assert sentence.endswith(
        "; it is also the one to watch: its churn is 43 % against 27 % for everyone."
    )


def test_an_outcome_that_is_no_share_is_not_written_as_one():
    many = OutcomeRate("cancelled_orders", 4.2, 4.0, 4.4, 1.5, 900, is_share=False)
    sentence = told((REGULARS, profile("New Customers", outcomes=(many,))))[MATTERS]
    assert "its cancelled orders is 4.2 against 1.5" in sentence
    few = replace(many, mean=0.75, low=0.7, high=0.8, overall=0.5)
    sentence = told((REGULARS, profile("New Customers", outcomes=(few,))))[MATTERS]
    assert "its cancelled orders is 0.75 against 0.5 for everyone" in sentence


def test_an_outcome_that_chance_explains_is_not_pointed_at():
    chance = replace(CHURN, low=0.26)
    sentence = told((REGULARS, profile("New Customers", outcomes=(chance,))))[MATTERS]
    assert "watch" not in sentence


def test_without_outcomes_the_second_points_at_those_who_stay_away():
    assert told()[MATTERS].endswith(
        "watch Lapsed Customers, 30 % of the customers: last seen 240 days ago, against 50 for "
        "everyone."
    )


@pytest.mark.parametrize(
    ("column", "said"), [("churn_flag", "its churn is"), ("Exited", "its departure is")]
)
def test_an_outcome_is_said_as_a_noun(column, said):
    watched = replace(LAPSED, outcomes=(replace(CHURN, name=column),))
    assert f": {said} 43 % against 27 % for everyone." in told((REGULARS, watched))[MATTERS]


def test_the_third_asks_for_a_test_of_the_action_of_whom_it_concerns():
    assert told()[TO_DO].startswith("Test this first, on a part of Loyal Regulars: “Thank them")
    watched = replace(LAPSED, outcomes=(CHURN,), action="Ask them: is everything set up?")
    assert told((REGULARS, watched))[TO_DO].endswith(
        "on a part of Lapsed Customers: “Ask them: is everything set up?”"
    )


def test_without_structure_no_step_towards_a_segment_is_advised():
    sentences = told(verdict="none", p_value=0.4, n_reached=8)
    assert sentences[TO_DO].startswith("Use the segments as rough slices")
    assert "of 19 data sets made up without any groups, 8 look as grouped" in sentences[SURE]
    assert sentences[NOT_TO_DO].startswith("Do not treat two customers differently")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"p_value": 0.3, "p_silhouette": 0.01}, "there is no emptier space than in data made up"),
        ({"p_value": 0.02, "p_silhouette": 0.01}, "by too little to matter"),
        ({"test": StructureTest.NOTHING, "sentence": "There are 9 rows."}, "tested. There are 9"),
    ],
)
def test_why_there_is_no_ground_to_be_sure_is_told(changes, said):
    sentence = told(verdict="none", **changes)[SURE]
    assert said in sentence
    assert "none looks as grouped" not in sentence


def test_what_was_not_tested_is_not_called_one_crowd():
    first = told(verdict="none", test=StructureTest.NOTHING)[0]
    assert "found no clear groups" not in first
    assert "whether they form groups cannot be told" in first


def test_the_fourth_gives_the_chance_of_the_test_that_decided():
    assert told(p_value=0.004)[SURE] == (
        "The groups are really there: of 19 data sets made up without any groups, none looks as "
        "grouped as this."
    )
    both = replace(structure(p_value=0.004), dip_p_value=1e-9)
    assert "gather in more than one place" not in headline((REGULARS,), both, **FACTS)[SURE]
    humps = replace(
        structure(p_value=0.3),
        dip_p_value=0.0001,
        dip_where="monthlyCharges",
        test=StructureTest.HUMPS,
    )
    sentence = headline((REGULARS, LAPSED), humps, **FACTS)[SURE]
    assert sentence.startswith("There are groups in one respect at least: ")
    assert "the values of monthly charges gather in more than one place" in sentence
    assert sentence.endswith("in fewer than 1 of 1,000 cases.")
    hidden = replace(structure(p_value=0.004), test=StructureTest.DIRECTION)
    assert headline((REGULARS, LAPSED), hidden, **FACTS)[SURE] == (
        "There are groups, seen along one direction of behaviour, so the segments need not be "
        "those: of 19 data sets made up without any groups, none looks as grouped as this."
    )


def test_the_fifth_names_the_segment_with_the_softest_border():
    soft = (profile(silhouette=0.4), profile("New Customers", silhouette=0.1))
    assert told(soft)[NOT_TO_DO].endswith("least of all that of New Customers.")
    sharp = tuple(replace(p, silhouette=0.5) for p in soft)
    assert told(sharp)[NOT_TO_DO].startswith("Do not read a segment as a cause: it says")


def test_groups_in_a_few_columns_are_not_said_to_be_the_segments():
    sentence = told(columns=("balance", "limit"), n_columns=12)[SURE]
    assert sentence.startswith(
        "There are groups in the 2 of 12 columns that can be compared, so the segments, which all "
        "columns make, need not be those: of 19 data sets"
    )
    assert "really there" in told(columns=("balance", "limit"), n_columns=4)[SURE]
