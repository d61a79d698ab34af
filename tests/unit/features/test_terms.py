"""Short words say the same as the values they stand for."""

from __future__ import annotations

from segmentry.domain.formula import Aggregate, Condition, Measure, Over
from segmentry.features.terms import above, count, distinct, gaps, known, means, most, total


def test_words_make_aggregates() -> None:
    assert count(means("cart"), span="recent") == Aggregate(
        Measure.COUNT, None, "recent", (Condition("kind", "means", ("cart",)),)
    )
    assert distinct("item") == Aggregate(Measure.DISTINCT, "item")
    assert most(total("amount"), over=Over.ORDERS).of == Aggregate(Measure.SUM, "amount")


def test_gaps_are_steps_between_distinct_instants() -> None:
    found = gaps(Measure.SUM)
    assert (found.over, found.where) == (Over.STEPS, (above("gap"),))


def test_what_is_known_is_said_so() -> None:
    assert str(total("amount", known("order_id"))) == "sum(amount where order_id is known)"
