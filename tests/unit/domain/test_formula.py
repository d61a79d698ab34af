"""Formulas are plain values that print as text."""

from __future__ import annotations

from segmentry.domain.formula import (
    Aggregate,
    Condition,
    Days,
    Measure,
    Over,
    aggregates_in,
    resolved,
)

BOUGHT = Aggregate(Measure.COUNT, where=(Condition("kind", "means", ("purchase",)),))
CARTS = Aggregate(Measure.COUNT, over=Over.VISITS, where=(Condition(BOUGHT, "above", bound=0.0),))


def test_a_formula_prints_as_its_definition() -> None:
    assert str(Aggregate(Measure.SUM, "amount") / Aggregate(Measure.DISTINCT, "order_id")) == (
        "sum(amount) / distinct(order_id)"
    )
    assert (
        str(Days(Aggregate(Measure.LAST, span="history"))) == "days(cut - last(events in history))"
    )
    assert str(CARTS) == "count(visits where count(events where kind means purchase) > 0)"


def test_meanings_are_resolved_inside_groups_too() -> None:
    said = resolved(1.0 - CARTS, {"purchase": ("paid",)})
    (found,) = aggregates_in(said)
    inner = found.where[0].of
    assert isinstance(inner, Aggregate)
    assert inner.where == (Condition("kind", "in", ("paid",)),)


def test_a_meaning_without_kinds_holds_of_no_event() -> None:
    assert resolved(BOUGHT, {}).where == (Condition("kind", "in", ()),)
