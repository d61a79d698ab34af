"""What a project asks of segments."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from builders import candidate
from segmentry.domain.partition import Partition
from segmentry.judge.demands import Demands, Lever
from segmentry.judge.differing import OutcomeRows

RNG = np.random.default_rng
LABELS = np.repeat([0, 1, 2], [600, 300, 100])


def unmet(demands, labels=LABELS):
    k = int(labels.max()) + 1
    partition = Partition(labels, np.arange(k, dtype=float)[:, None], "k-means")
    return demands.unmet(replace(candidate(k), partition=partition), partition)


def lever(means, name="visits", labels=LABELS):
    """A number whose standard deviation among everyone is about 1."""
    values = np.array(means)[labels] + RNG(1).normal(size=len(labels)) * 0.001
    return Lever(name, values / values.std())


def test_nothing_asked_is_nothing_unmet():
    assert unmet(Demands()) == ()


@pytest.mark.parametrize("share", [0.6, 0.7])
def test_a_segment_as_large_as_allowed_is_allowed(share):
    assert unmet(Demands(max_share=share)) == ()


def test_a_segment_that_is_too_large_is_told_with_both_shares():
    assert unmet(Demands(max_share=0.5)) == (
        "its largest segment holds 60\u202f%, more than the 50\u202f% allowed",
    )


def test_pairs_that_differ_in_something_are_distinct():
    assert unmet(Demands(distinct=1, levers=(lever([0, 5, 9]),))) == ()
    two = (lever([0, 0, 9]), lever([0, 5, 0], "spend"))
    assert unmet(Demands(distinct=1, levers=two)) == ()


def test_the_pair_that_is_alike_is_named_by_size_with_the_nearest_feature():
    moved = (LABELS + 1) % 3  # the numbers of a method are not those that people read
    means = [9.0, 0.0, 1.0]  # of the smallest, the largest and the one between
    found = unmet(Demands(distinct=1, levers=(lever(means, labels=moved),)), moved)
    assert found == (
        "its segments 1 and 2 (60\u202f% and 30\u202f% of entities) differ by a medium effect in "
        "nothing that can be acted upon: most in 'visits', by 0.38 standard deviations (needs "
        "0.50)",
    )


def test_as_many_features_as_asked_for_have_to_differ():
    both = (lever([0, 5, 9]), lever([0, 0, 9], "spend"))
    (told,) = unmet(Demands(distinct=2, levers=both))
    assert told.startswith(
        "its segments 1 and 2 (60\u202f% and 30\u202f% of entities) differ by a medium effect in 1 "
        "of the 2 features asked for: most in 'spend', by 0.00 standard deviations (needs 0.50)"
    )


def test_other_pairs_are_counted():
    (told,) = unmet(Demands(distinct=1, levers=(Lever("visits", np.zeros(1_000)),)))
    assert told.endswith("; so do 2 other pairs")


@pytest.mark.parametrize(("share", "is_met"), [(0.9, True), (0.3, False)])
def test_categories_count_by_cramers_v(share, is_met):
    rng = RNG(1)
    plan = (rng.random(1_000) < np.array([0.1, share, share])[LABELS]).astype(float)
    other = (rng.random(1_000) < np.array([0.1, 0.1, 0.9])[LABELS]).astype(float)
    levers = (Lever("plan", plan, is_category=True), Lever("app", other, is_category=True))
    found = unmet(Demands(distinct=1, levers=levers))
    assert (found == ()) is is_met
    if not is_met:
        assert "most in 'plan', by a Cramer's V of 0.2" in found[0]


def test_without_a_feature_to_act_upon_nobody_is_distinct():
    (told,) = unmet(Demands(distinct=1))
    assert "in nothing that can be acted upon; so do 2 other pairs" in told


@pytest.mark.parametrize(("rates", "is_met"), [([0.1, 0.5, 0.9], True), ([0.3, 0.3, 0.3], False)])
def test_an_outcome_has_to_differ_on_its_own_rows(rates, is_met):
    rng = RNG(1)
    X = rng.integers(0, 3, 500)[:, None].astype(float)
    values = (rng.random((500, 1)) < np.array(rates)[X[:, 0].astype(int)][:, None]).astype(float)
    rows = OutcomeRows("churn", X, values, is_share=True, basis="500 entities")
    found = unmet(Demands(outcome=rows))
    assert (found == ()) is is_met
    if not is_met:
        assert found[0].startswith("its segments do not differ in 'churn' (p = 0.")
        assert found[0].endswith("of it beyond chance, on 500 entities)")


def test_the_more_candidates_are_asked_the_more_a_difference_has_to_be():
    rng = RNG(3)
    X = rng.integers(0, 3, 500)[:, None].astype(float)
    values = rng.random((500, 1)) < np.array([0.2, 0.3, 0.4])[X[:, 0].astype(int)][:, None]
    rows = OutcomeRows("churn", X, values.astype(float), is_share=True, basis="500 entities")
    assert unmet(Demands(outcome=rows)) == ()
    (told,) = unmet(Demands(outcome=rows, n_candidates=50))
    assert " for 50 candidates, needs less than 0.05; " in told


def test_each_thing_that_is_not_held_has_a_sentence():
    assert len(unmet(Demands(max_share=0.5, distinct=1))) == 2
