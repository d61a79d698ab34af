"""Patterns over concepts: scores, contradictions, facts."""

from __future__ import annotations

import pytest

from planted import signals_of
from segmentry.explain.archetype import contradicts, holds, membership, score
from segmentry.explain.pack import Fact, Pattern, Term


@pytest.fixture(scope="module")
def regulars():
    """Give three segments: rare, middling and frequent buyers; weekends are alike."""
    signals, _ = signals_of(
        {"n_orders": (1, 4, 12), "recency_days": (200.0, 60.0, 5.0), "weekend_share": (0.3,) * 3}
    )
    return signals


def test_a_pattern_that_is_met_in_full_scores_one(regulars):
    pattern = Pattern((Term("frequency", "high"), Term("recency", "low")))
    assert score(pattern, regulars[2]) == 1.0


def test_a_pattern_fails_where_a_concept_is_absent(regulars):
    assert score(Pattern((Term("value", "high"),)), regulars[2]) is None


def test_an_optional_term_is_passed_over_where_its_concept_is_absent(regulars):
    terms = (Term("frequency", "high"), Term("value", "high", optional=True))
    assert score(Pattern(terms), regulars[2]) == 1.0


def test_an_optional_term_fails_where_the_figures_contradict_it(regulars):
    terms = (Term("frequency", "high"), Term("recency", "high", optional=True))
    assert score(Pattern(terms), regulars[2]) is None
    assert contradicts(terms[1], regulars[2]["recency"])


def test_an_optional_term_that_is_only_weak_lowers_the_score(regulars):
    terms = (Term("frequency", "high"), Term("weekend", "high", optional=True))
    assert score(Pattern(terms), regulars[2]) == pytest.approx(0.5)


def test_a_difference_within_its_error_fulfils_nothing(regulars):
    assert membership(Term("weekend", "high"), regulars[2]["weekend"]) is None
    assert membership(Term("weekend", "typical"), regulars[2]["weekend"]) > 0.5


def test_weights_count(regulars):
    terms = (Term("frequency", "high", 3.0), Term("weekend", "low", 1.0, optional=True))
    assert score(Pattern(terms), regulars[2]) == pytest.approx(0.75)


@pytest.mark.parametrize(
    ("fact", "true"),
    [
        (Fact(("n_orders",), "median_at_most", 1.0), True),
        (Fact(("n_orders",), "mean_at_most", 1.3), True),
        (Fact(("n_orders",), "median_at_least", 2.0), False),
        (Fact(("recency",), "ratio_at_least", 2.0), True),
        (Fact(("active_days", "n_orders"), "median_at_most", 1.0), True),
        (Fact(("active_days",), "median_at_most", 1.0), False),
    ],
)
def test_facts_are_checked_on_raw_figures(regulars, fact, true):
    assert holds(fact, regulars[0]) is true


def test_a_pattern_fails_where_a_fact_does_not_hold(regulars):
    pattern = Pattern((Term("recency", "high"),), (Fact(("n_orders",), "median_at_least", 5.0),))
    assert score(pattern, regulars[0]) is None
