"""Formulas are read out of the text that they print as, and what is no formula is refused."""

from __future__ import annotations

import pytest

from segmentry.domain.feature import FeatureSpec, ShareOf
from segmentry.domain.formula import Aggregate, Condition, Measure, Operation, Where
from segmentry.domain.formulatext import read_formula
from segmentry.domain.project import FeatureChoice, Windows
from segmentry.errors import ProjectFileError
from segmentry.features.choose import all_features
from segmentry.features.families import share_feature

CHOICE = FeatureChoice(
    measures=("dwell time", "rating"),
    milestones=("log in", "it's"),
    onboarding=("view", "cart", "then)"),
    workflow=("send", "in", "and"),
)
SHARES = (
    share_feature(ShareOf("kind", ("log in",), is_rest=False, prior=1 / 3, strength=3.0)),
    share_feature(ShareOf("item", ("a", "12"), is_rest=True, prior=1e-3, strength=1e3)),
)
SPECS = [
    *(s for s in all_features(CHOICE, Windows(also_days=(7.5, 365.0))) if s.family is None),
    *SHARES,
]


@pytest.mark.parametrize("spec", SPECS, ids=lambda s: s.name)
def test_the_text_of_each_feature_is_read_back_as_its_formula(spec: FeatureSpec) -> None:
    assert read_formula(str(spec.formula)) == spec.formula


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("count()", "count(events)"),
        ("count(events where hour below 5)", "count(events where hour < 5)"),
        ("count(events where hour at least 5)", "count(events where hour >= 5)"),
        ("count(events where kind = buy)", "count(events where kind in buy)"),
        ("count(events where kind is buy)", "count(events where kind in buy)"),
        ("count(events where kind != buy)", "count(events where kind not in buy)"),
        ("count(events where kind in (a, b))", "count(events where kind in a, b)"),
        ("count(events where category in 12)", "count(events where category in '12')"),
        ('count(events where kind in "log in")', "count(events where kind in 'log in')"),
        ("count(events in lookback)", "count(events)"),
        ("distinct(order)", "distinct(order_id)"),
        ("max(amount) - min(amount)", "most(amount) - least(amount)"),
        (
            "mean(gap over steps in 90d)",
            "sum(gap over steps in 90d) / count(gap over steps in 90d)",
        ),
        ("mean(days over runs)", "sum(days over runs) / count(days over runs)"),
        ("((1)) + (2 * 3)", "1 + 2 * 3"),
        ("1 - (2 - 3)", "1 - (2 - 3)"),
        ("1 - 2 - 3", "1 - 2 - 3"),
        ("1 / (2 * 3)", "1 / (2 * 3)"),
        ("-1 * -2.50", "-1 * -2.5"),
        ("1\n  + 1", "1 + 1"),
        ("1 if (2 if 3 >= 4) >= 5 if 6 >= 7", "1 if (2 if 3 >= 4) >= 5 if 6 >= 7"),
        ("'a b' if 1 > 2; else 'else'", "'a b' if 1 > 2; else 'else'"),
    ],
)
def test_other_ways_to_write_mean_the_same(text: str, same: str) -> None:
    assert str(read_formula(text)) == same


def test_signs_bind_as_in_arithmetic() -> None:
    found = read_formula("1 + 2 * 3 if 4 >= 5")
    assert isinstance(found, Where)
    assert isinstance(found.a, Operation)
    assert found.a.sign == "+"


def test_a_word_that_is_one_of_the_language_can_be_asked_for_in_quotes() -> None:
    found = read_formula("count(events where kind in 'in', recent in recent)")
    assert found == Aggregate(
        Measure.COUNT, None, "recent", (Condition("kind", "in", ("in", "recent")),)
    )


WRONG = {
    "coutn(events)": ("'coutn' is no measure and no function", 1, "did you mean 'count'?"),
    "count(evnts)": ("no field is called 'evnts'", 7, "did you mean 'events'?"),
    "count(events where huor < 5)": ("no field of events", 20, "did you mean 'hour'?"),
    "count(events where kind means buy)": ("no kind of event means 'buy'", 20, "known: 'api'"),
    "count(events in rcent)": ("'rcent' is no span", 17, "did you mean 'recent'?"),
    "count(events in 0d)": ("a span of 0d is empty", 17, "30d"),
    "sum(kind)": ("'kind' holds a word", 1, None),
    "amount": ("the field 'amount' stands alone", 1, "count(amount)"),
    "count events": ("a bracket is expected after 'count'", 1, None),
    "sum(amount": ("')' is expected", 11, None),
    "count(events))": ("the formula ends here", 14, None),
    "1 +": ("a number, a measure or a function is expected", 4, None),
    "1e999": ("the number is too large", 1, None),
    "- count(events)": ("a number is expected", 3, None),
    "last(events)": ("is an instant, not a number", 1, "days(cut - last(events))"),
    "days(cut - count(events))": ("'first' or 'last' is expected", 12, "last(events in history)"),
    "days(1 - 2)": ("a number, a measure or a function is expected", 6, None),
    "larger(1)": ("',' is expected", 9, None),
    "1 if 2 > 3": ("'if' another is >= a number", 8, None),
    "a if 1 >= 2; else b": ("a case is told by > or <=", 8, None),
    "a if 1 > 2; else in": ("a word for all other entities is expected", 18, None),
    "a if 1 > 2; now and then if 2 > 3; else b": ("'if' is expected", 17, "in quotes"),
    "a if 1 > 2": ("';' is expected", 11, None),
    "count(events where hour)": ("what is asked of it is expected", 24, "is known"),
    "count(events where hour < 5 or hour > 7)": ("there is no 'or'", 29, "'in'"),
    "count(events where hour in 24)": ("'hour' goes from 0 to 23", 20, None),
    "count(events where hour in noon)": ("is compared with a word", 20, None),
    "count(events where nps in 1.5)": ("words or whole numbers", 27, None),
    "count(events where kind < 5)": ("holds a word, which cannot be asked so", 20, None),
    "count(events where sqrt < 5)": ("no field of events is called 'sqrt'", 20, None),
    "count(events where sqrt(1) < 5)": ("a field or a measure is expected", 20, None),
    "count(events where count(events) > 1)": ("events are no groups of events", 20, None),
    "count(sessions where count(events) in 1)": ("a number is compared with >", 22, None),
    "sum(sqrt(1) over orders)": ("a field or a measure is expected", 5, None),
    "most(sum(amount in recent) over orders)": ("the span stands outside", 1, None),
    "top(item where hour > 5)": ("'top' is not told for some of the events alone", 1, None),
    "count(days where hour > 5)": ("no field of days is called 'hour'", 18, "known: "),
    "count(steps where channel is that before)": ("no field of steps", 19, "steps by channel"),
    "count(steps by hour)": ("steps are compared by a label", 16, "known: 'category'"),
    "count(orders by kind)": ("only steps have 'by'", 17, None),
    "sum(gap over stesp)": ("rows are expected", 14, "did you mean 'steps'?"),
    "mean(seconds over visits)": ("a mean over visits is not told", 1, "/ count(visits)"),
    "(" * 50 + "1": ("brackets stand inside each other", 41, None),
    "sum(" * 2_000: ("brackets stand inside each other", 161, None),
    " + ".join(["1"] * 200): ("no more than 150 signs", 603, None),
    "sum('amount')": ("a field is expected", 5, None),
    "sum(measure < 5)": ("the name of a measured column is expected", 13, None),
    "": ("a number, a measure or a function is expected", 1, None),
}


@pytest.mark.parametrize("text", WRONG)
def test_what_is_wrong_is_told_with_its_character_and_a_way_out(text: str) -> None:
    what, at, hint = WRONG[text]
    with pytest.raises(ProjectFileError, match="at character") as refused:
        read_formula(text)
    assert refused.value.code == "E1010"
    assert what in refused.value.what
    assert f"at character {at}: " in refused.value.what
    assert (hint or "") in (refused.value.hint or "")
