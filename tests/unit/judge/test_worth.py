"""Whether a change pays: outcomes decide where there are any, and equal segments bring nothing."""

from __future__ import annotations

import pytest

from segmentry.domain.existing import Crossing, Gain, Unmeasured, Worth
from segmentry.judge.worth import judge_worth, worth_sentence

BETTER = Gain("features", 100, 0.4, 0.1, 0.3, 0.28, 0.32)


def crossing(agreement=0.2):
    counts = ((30, 20, 0), (0, 10, 40))
    ends, told = (agreement - 0.01, agreement + 0.01), ((False,) * 3,) * 2
    return Crossing(agreement, *ends, 0.3, ("a", "b"), (1, 2, 3), counts, told, (), (), 100, 0, "")


def gain(name, low, high):
    return Gain(name, 100, 0.1, 0.1, (low + high) / 2, low, high)


UP, DOWN, LEVEL = gain("up", 0.01, 0.03), gain("down", -0.03, -0.01), gain("level", -0.01, 0.01)


@pytest.mark.parametrize(
    ("features", "outcomes", "worth"),
    [
        (BETTER, (), Worth.MORE),
        (LEVEL, (), Worth.NOTHING),
        (DOWN, (), Worth.LESS),
        (BETTER, (UP, LEVEL), Worth.MORE),
        (BETTER, (UP, DOWN), Worth.PART),
        (BETTER, (LEVEL,), Worth.NOTHING),
        (BETTER, (DOWN, LEVEL), Worth.LESS),
    ],
)
def test_outcomes_decide_where_there_are_any(features, outcomes, worth):
    assert judge_worth(crossing(), features, outcomes) is worth


def test_segments_that_agree_bring_nothing_new_whatever_they_explain():
    assert judge_worth(crossing(0.95), BETTER, (UP,)) is Worth.SAME


def test_the_sentence_holds_the_figures_and_names_the_outcomes():
    outcomes = (UP, DOWN, gain("further", 0.02, 0.04))
    told = worth_sentence("tier", crossing(), BETTER, outcomes, Worth.PART)
    assert (
        "Beside the existing segments of tier (2), the new ones (3) add value in part, and" in told
    )
    assert "agree at 0.20 (0.19 to 0.21; 1: the same)" in told
    assert "(+30 points, +28 to +32)" in told
    assert told.endswith("tell more of up and further; less of down (-2.0 points, -3.0 to -1.0).")


def test_without_outcomes_it_is_said_that_whether_a_change_pays_is_open():
    told = worth_sentence("tier", crossing(), BETTER, (), Worth.MORE)
    assert told.endswith("no outcome was measured, so whether a change pays is open.")


def test_better_words_for_behaviour_are_told_though_outcomes_are_told_worse():
    told = worth_sentence("tier", crossing(), BETTER, (DOWN,), Worth.LESS)
    assert "describe entities better, and tell outcomes worse" in told
    told = worth_sentence("tier", crossing(), DOWN, (DOWN,), Worth.LESS)
    assert "the new ones (3) lose value: " in told


@pytest.mark.parametrize(
    ("features", "words"),
    [
        (BETTER, "describe entities better: "),
        (LEVEL, "were not shown to describe entities better: "),
        (DOWN, "describe entities worse: "),
    ],
)
def test_without_outcomes_nothing_is_said_of_value(features, words):
    worth = judge_worth(crossing(), features, ())
    told = worth_sentence("tier", crossing(), features, (), worth)
    assert f"the new ones (3) {words}" in told
    assert "value" not in told


def test_no_difference_shown_is_not_told_as_none():
    told = worth_sentence("tier", crossing(), BETTER, (LEVEL,), Worth.NOTHING)
    assert "were not shown to add value" in told
    assert told.endswith(
        "neither more nor less, as far as was shown, of level (+0.0 points, -1.0 to +1.0)."
    )


def test_what_was_not_measured_is_told_with_its_reason():
    lacking = (Unmeasured("left", "it is known of few"), Unmeasured("paid", "it is constant"))
    told = worth_sentence("tier", crossing(), BETTER, (UP,), Worth.MORE, lacking)
    assert told.endswith(". Not measured: left (it is known of few); paid (it is constant).")
    told = worth_sentence("tier", crossing(), BETTER, (), Worth.MORE, lacking[:1])
    assert told.endswith("is open. Not measured: left (it is known of few).")
