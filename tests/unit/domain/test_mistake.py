"""What came of looking for mistakes, as a value."""

from __future__ import annotations

import pytest

from segmentry.domain.mistake import (
    MISTAKES,
    Mistake,
    State,
    absent,
    as_data,
    one_of_each,
    settled,
    unknown,
)


def found(code: str, sentence: str = "seen") -> Mistake:
    return Mistake(code, State.FOUND, sentence, "mend it")


def test_a_mistake_has_the_title_and_the_reason_of_its_code():
    assert found("M03").title == "number of segments by gut feel"
    assert found("M03").why == MISTAKES["M03"].why
    assert found("M03").is_found
    assert not absent("M03", "not seen").is_found


def test_a_code_that_is_not_known_is_refused():
    with pytest.raises(ValueError, match="there is no mistake 'M99'"):
        found("M99")


def test_all_that_were_found_are_told_and_nothing_else_of_their_code():
    looked = [absent("M05", "a"), found("M05", "b"), found("M05", "c"), settled("M05", "d")]
    assert [m.sentence for m in one_of_each(looked)] == ["b", "c"]


def test_where_none_was_found_what_was_done_about_it_comes_first():
    looked = [unknown("M01", "a"), absent("M01", "b"), settled("M01", "c")]
    assert [m.sentence for m in one_of_each(looked)] == ["c"]
    assert [m.sentence for m in one_of_each(looked[:2])] == ["b"]
    assert [m.sentence for m in one_of_each(looked[:1])] == ["a"]


def test_mistakes_are_told_in_the_order_of_their_codes():
    assert [m.code for m in one_of_each([found(c) for c in reversed(MISTAKES)])] == list(MISTAKES)


def test_plain_data_of_what_is_made_tells_why_and_how_to_mend_it():
    mistake = Mistake("M02", State.FOUND, "seen", "mend", "info", ("x",), {"share": 1 / 3})
    assert as_data(mistake) == {
        "code": "M02",
        "title": MISTAKES["M02"].title,
        "state": "found",
        "of": "project",
        "severity": "info",
        "sentence": "seen",
        "why": MISTAKES["M02"].why,
        "fix": "mend",
        "about": ["x"],
        "figures": {"share": 0.333333},
    }


def test_plain_data_of_what_is_not_made_tells_no_severity():
    assert set(as_data(absent("M02", "no"))) == {"code", "title", "state", "of", "sentence"}
