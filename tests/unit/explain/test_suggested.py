"""Names and sentences of models, refused with the reason where no figure carries them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from segmentry.explain.claims import Claims
from segmentry.explain.suggested import LONGEST_NAME, Measure, Rules, plain_number

ORDERS = Measure("number of orders", 1, ("52", "32"))
RECENT = Measure("number of orders in the last 30 days", 1, ("1,625", "9"))
DAYS = Measure("days since the last event", -1, ("1.3", "3.8"))
WEB = Measure("channel is Web", 1, ("64 %", "30 %"))
RULES = Rules(
    Claims({("loyal",): True, ("lapsed",): False, ("big", "spender"): True}),
    (ORDERS, RECENT, DAYS, WEB),
    ("141", "24 %"),
    frozenset({"new customers"}),
    "Loyal Regulars",
)
GOOD = "They are 24 % of everyone, with number of orders above the others (52, everyone 32)."


def test_what_the_figures_show_may_be_shown() -> None:
    assert RULES.refuse("Loyal Early Birds", GOOD) is None


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("Regulars", "has one word"),
        ("Very Loyal Weekend Morning Regulars", "has 5 words"),
        ("loyal regulars", "the rule's own name"),
        ("NEW customers", "another segment has that name"),
        ("Cluster Birds", "and not which"),
        ("Loyal <b>Birds</b>", "signs other than letters"),
        ("Loyal Birds 2", "signs other than letters"),
        ("ada@shop Birds", "signs other than letters"),
        ("Loyal Bi\u202erds", "signs other than letters"),
        ("Loyal Ｂirds", "look like others"),
        (f"Loyal {'B' * LONGEST_NAME}", "is longer than"),
        ("Lapsed Birds", "no figure shows 'lapsed'"),
        ("Big Spender Birds", None),
        ("Big Birds", "does not say what is 'big'"),
        ("Less Loyal Birds", "does not say what is 'less'"),
        ("Not Loyal Birds", "what the segment is not: 'not'"),
        ("Non-Buying Birds", "what the segment is not: 'non'"),
        ("Twice Loyal Birds", "no figure shows 'twice'"),
        ("Best Loyal Birds", "no figure shows 'best'"),
    ],
)
def test_a_name_is_refused_with_its_reason(name: str, why: str | None) -> None:
    told = RULES.refuse(name, GOOD)
    assert (told is None) if why is None else (told is not None and why in told)


@pytest.mark.parametrize(
    ("sentence", "why"),
    [
        ("", "is empty"),
        ("They buy. They leave.", "more than one sentence"),
        ("See https://x.example", "no part of a plain sentence"),
        ("Write to ada@x.example", "no part of a plain sentence"),
        ("**Loyal** ones", "no part of a plain sentence"),
        ("They know Ada well.", "'Ada' looks like the name"),
        ("Number of orders is 53.", "'53' is no figure"),
        ("Number of orders is 1,625.", "'1,625' is no figure"),
        ("Number of orders in the last 30 days is 1625.", None),
        ("They are 52 strong.", "'52' is no figure"),
        ("Days since the last event are 1.30 against 3.8 for everyone.", None),
        ("Channel is Web for 64%.", None),
        ("They place twice the orders.", "no figure shows 'twice'"),
        ("Half are on the web.", "no figure shows 'half'"),
        ("They will leave soon.", "no figure shows 'will'"),
        ("They stay because of price.", "no figure shows 'because'"),
        ("They are lapsed.", "no figure shows 'lapsed'"),
        ("They do not return.", "says what is not: 'not'"),
        ("They buy more often.", "does not say what is 'more'"),
        ("Number of orders is low.", "of 'number of orders' do not show 'low'"),
        ("Number of orders is high and days since the last event fewer.", None),
        ("Number of orders is high and days since the last event more.", "do not show 'more'"),
        ("Higher number of orders, fewer days since the last event.", None),
        ("Fewer number of orders, higher days since the last event.", "do not show 'fewer'"),
    ],
)
def test_a_sentence_is_refused_with_its_reason(sentence: str, why: str | None) -> None:
    told = RULES.refuse("Loyal Early Birds", sentence)
    assert (told is None) if why is None else (told is not None and why in told)


def test_without_measures_no_direction_can_be_told() -> None:
    rules = Rules(RULES.claims, (), ("141",), frozenset(), "x")
    assert rules.refuse("Loyal Early Birds", "They are 141.") is None
    told = rules.refuse("Loyal Early Birds", "They are higher.")
    assert told == "the sentence does not say what is 'higher'"


@given(st.text(max_size=80), st.text(max_size=80))
def test_whatever_comes_is_judged(name: str, sentence: str) -> None:
    told = RULES.refuse(name, sentence)
    assert told is None or told


@given(st.integers(0, 10**9))
def test_a_number_that_is_no_figure_never_passes(number: int) -> None:
    allowed = {"141", "52", "32"}
    told = RULES.refuse("Loyal Early Birds", f"Number of orders of {number}.")
    assert (told is None) == (str(number) in allowed)


def test_figures_are_the_same_however_they_are_written() -> None:
    assert [plain_number(n) for n in ("1,625", "1625", "9 %", "9%", "3.0", "0.50", "20")] == [
        "1625", "1625", "9%", "9%", "3", "0.5", "20"
    ]  # fmt: skip
