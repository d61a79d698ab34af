"""What may be measured of which rows, and asked of a row."""

from __future__ import annotations

import pytest

from segmentry.domain.formula import (
    MEASURE,
    Aggregate,
    Computed,
    Condition,
    Measure,
    Over,
    aggregates_in,
)
from segmentry.domain.formularules import (
    EVENT_HOLDS,
    Holds,
    holds_of,
    why_not_aggregate,
    why_not_condition,
    why_not_inner,
    why_not_span,
)
from segmentry.features.catalogue import CATALOGUE
from segmentry.pipeline.events import NEEDED


def test_every_feature_of_the_catalogue_keeps_the_rules() -> None:
    for spec in CATALOGUE:
        for a in aggregates_in(spec.formula):
            assert why_not_aggregate(a) is None, (spec.name, a)
            assert why_not_span(a.span) is None
            for test in a.where:
                assert why_not_condition(test, a.over, a.by) is None, (spec.name, test)


def test_every_field_that_a_formula_may_name_is_carried_along() -> None:
    assert set(EVENT_HOLDS) - set(Computed) <= NEEDED


def test_fields_belong_to_their_rows() -> None:
    assert holds_of("amount") is Holds.NUMBER
    assert holds_of(f"{MEASURE}dwell") is Holds.NUMBER
    assert holds_of("gap") is None
    assert holds_of("gap", Over.STEPS) is Holds.NUMBER
    assert holds_of("before", Over.STEPS) is None
    assert holds_of("before", Over.STEPS, "kind") is Holds.WORD
    assert holds_of("seconds", Over.ORDERS) is None
    assert holds_of(f"{MEASURE}dwell", Over.RUNS) is None


BAD = {
    Aggregate(Measure.SUM, "kind"): "holds a word",
    Aggregate(Measure.SUM): "needs to know of what",
    Aggregate(Measure.MEDIAN, "weight"): "holds a part of a sum",
    Aggregate(Measure.SQUARES, "amount"): "no sum of squares",
    Aggregate(Measure.FIRST, None, over=Over.STEPS): "needs to know of what",
    Aggregate(Measure.DISTINCT, "gap", over=Over.STEPS): "no distinct",
    Aggregate(Measure.LATEST, "days", over=Over.RUNS): "no latest",
    Aggregate(Measure.COUNT, where=(Condition("hour", "above"),), over=Over.DAYS): "days are not",
    Aggregate(
        Measure.COUNT, Aggregate(Measure.COUNT), over=Over.ORDERS
    ): "of a number of each of the orders there is no count",
    Aggregate(Measure.SUM, Aggregate(Measure.COUNT), over=Over.RUNS): "runs are no groups",
}


@pytest.mark.parametrize("aggregate", BAD, ids=str)
def test_what_makes_no_sense_is_said_with_the_reason(aggregate: Aggregate) -> None:
    assert BAD[aggregate] in str(why_not_aggregate(aggregate))


@pytest.mark.parametrize(
    ("inner", "why"),
    [
        (Aggregate(Measure.COUNT), None),
        (Aggregate(Measure.COUNT, over=Over.STEPS), "only its events"),
        (Aggregate(Measure.COUNT, span="recent"), "the span stands outside"),
        (Aggregate(Measure.SUM, "is_later_day"), "all events of an entity"),
        (Aggregate(Measure.TOP, "item"), "there is no top"),
    ],
)
def test_of_a_group_only_its_events_are_measured(inner: Aggregate, why: str | None) -> None:
    assert (
        why_not_inner(inner, Over.ORDERS) is None
        if why is None
        else why in str(why_not_inner(inner, Over.ORDERS))
    )


@pytest.mark.parametrize(
    ("test", "by", "why"),
    [
        (Condition("kind", "means", ("cart",)), None, None),
        (Condition("item", "means", ("cart",)), None, "only kinds of events mean something"),
        (Condition("user", "not in"), None, None),
        (Condition("user", "not in", ("u1",)), None, "whether it is known is all to ask"),
        (Condition("amount", "in", (1, 2)), None, None),
        (Condition("weekday", "in", (0,)), None, "goes from 1 to 7"),
        (Condition("kind", "repeats"), None, "that before"),
        (Condition("weight", "above"), None, "cannot be asked so"),
    ],
)
def test_a_field_is_asked_what_it_holds(test: Condition, by: str | None, why: str | None) -> None:
    found = why_not_condition(test, Over.EVENTS, by)
    assert (found is None) if why is None else (why in str(found))


def test_only_the_label_of_steps_is_that_before() -> None:
    assert why_not_condition(Condition("kind", "repeats"), Over.STEPS, "kind") is None
    assert "of that label" in str(
        why_not_condition(Condition("before", "repeats"), Over.STEPS, "kind")
    )
    meant = Condition("before", "means", ("cart",))
    assert why_not_condition(meant, Over.STEPS, "kind") is None
    assert "only kinds" in str(why_not_condition(meant, Over.STEPS, "channel"))


@pytest.mark.parametrize("span", ["history", "trend", "30d", "7.5d"])
def test_spans_have_names_or_days(span: str) -> None:
    assert why_not_span(span) is None


@pytest.mark.parametrize("span", ["0d", "99999d", "30", "recently"])
def test_other_words_are_no_spans(span: str) -> None:
    assert why_not_span(span) is not None
