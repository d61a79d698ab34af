"""The first page says verdict, finding and figures as they are."""

from __future__ import annotations

import pytest

from factories_render import documents, minimal
from segmentry.render.opening import QUESTIONS, UNKNOWN_VERDICT, VERDICTS, opening, verdict_note

TOLD = documents(n_segments=3)


@pytest.mark.parametrize(
    ("verdict", "heading"),
    [
        ("clear", "Clear segments"),
        ("weak", "Weak segments"),
        ("none", "No clear segments"),
    ],
)
def test_the_opening_says_the_verdict_in_words(verdict, heading):
    assert opening(documents(verdict=verdict)).verdict.heading == heading


def test_the_title_is_the_finding():
    n = TOLD["summary"]["n_entities"]
    assert opening(TOLD).title == f"{n:,} customers in 3 segments"
    assert opening(documents(verdict="none")).title.endswith(" customers, no clear segments")
    assert opening(minimal(n_segments=1)).title.endswith(" rows in 1 segment")


def test_five_sentences_stand_under_their_questions():
    told = opening(TOLD).answers
    assert tuple(q for q, _ in told) == QUESTIONS
    assert [s for _, s in told] == TOLD["summary"]["headline"]


def test_sentences_of_another_number_stand_for_themselves():
    told = documents()
    told["summary"]["headline"] = ["One.", "Two."]
    assert opening(told).answers == (("", "One."), ("", "Two."))


def test_the_opening_of_a_bare_run_claims_nothing():
    told = opening(minimal())
    assert told.verdict == UNKNOWN_VERDICT
    assert (told.decision, told.warnings, told.entities) == ("", (), "rows")


def test_the_opening_gives_totals_with_their_unit():
    facts = dict(opening(TOLD).facts)
    assert facts["value in total"] == "£8.91m"
    assert facts["behaviour up to"] == "9 Dec 2011"


def test_a_warning_that_repeats_the_verdict_is_not_told_twice():
    told = documents(verdict="none")
    told["evidence"]["warnings"] = [
        "The data shows no groups beyond what structureless data shows.",
        "The groups are weak: borders are blurred.",
        "Only 6 features can shape the segments.",
    ]
    assert opening(told).warnings == ("Only 6 features can shape the segments.",)


def test_an_objective_of_none_is_not_told():
    told = documents()
    told["summary"]["project"]["objective"] = "none"
    assert opening(told).objective == ""


def test_a_verdict_on_few_columns_is_headed_by_their_number():
    few = {"columns": ["balance", "limit"], "n_columns": 12}
    found = verdict_note("clear", few)
    assert found is not None
    assert (found.word, found.heading) == ("clear", "Clear groups in 2 of 12 columns")
    assert "need not be those groups" in found.advice
    assert verdict_note("clear", {**few, "n_columns": 4}) == VERDICTS["clear"]
    assert verdict_note("weak", few) == VERDICTS["weak"]
