"""The rule that prefers a preparation, case by case."""

from __future__ import annotations

from typing import Any

import numpy as np

from segmentry.domain.bounded import Bounded
from segmentry.domain.preparations import Prepared
from segmentry.judge.preparations import faults_of, preferred, preparations_sentence

RNG = np.random.default_rng(0)
HARD = RNG.normal(0, 0.05, 20)
"""What a draw makes harder for every preparation."""


def row(
    comes_back: float = 0.9, *, own: bool = False, noise: float = 0.0, seed: int = 0, **facts: Any
) -> Prepared:
    again = comes_back + HARD + noise * np.random.default_rng(seed).normal(size=20)
    told = {
        "seed_ari": 0.95, "told": 0.3, "smallest_share": 0.1, "largest_share": 0.4, "faults": (),
        **facts,
    }  # fmt: skip
    return Prepared(
        "" if own else "scale", "" if own else "robust", 5, 4, told["smallest_share"],
        told["largest_share"], told["seed_ari"], again, 0.8, 0.9, Bounded(0.3, 0.2, 0.4),
        told["told"], Bounded(0.7, 0.6, 0.8), told["faults"],
    )  # fmt: skip


def test_the_projects_own_stands_where_it_comes_back_as_well():
    assert preferred([row(own=True), row(0.9), row(0.8)]) == 0
    assert preferred([row(0.9, own=True), row(0.915)]) == 0


def test_what_comes_back_better_is_preferred_though_draws_scatter_for_all():
    assert preferred([row(0.7, own=True), row(0.8), row(0.75)]) == 1


def test_a_difference_that_draws_do_not_settle_is_none():
    assert preferred([row(0.8, own=True, noise=0.4, seed=1), row(0.85, noise=0.4, seed=2)]) == 0


def test_of_several_as_good_the_one_that_tells_most_is_taken():
    assert preferred([row(0.7, own=True), row(0.9, told=0.3), row(0.89, told=0.35)]) == 2


def test_what_fails_is_never_preferred():
    rows = [row(0.7, own=True), row(0.99, faults=("a giant",)), row(0.8)]
    assert preferred(rows) == 2
    assert preferred([row(own=True, faults=("x",)), row(faults=("y",))]) == 0


def test_an_own_preparation_that_fails_gives_way_to_one_that_passes():
    assert preferred([row(0.99, own=True, faults=("a giant",)), row(0.7)]) == 1


def test_each_condition_says_by_how_much_it_fails():
    def of(**facts: Any) -> tuple[str, ...]:
        return faults_of(row(**facts), 0.3, min_share=0.02, max_share=0.6)

    assert of() == ()
    assert of(seed_ari=float("nan")) == ()
    assert of(told=0.27) == ()
    for facts, said in (
        ({"smallest_share": 0.01}, "its smallest segment holds 1"),
        ({"largest_share": 0.7}, "its largest segment holds 70"),
        ({"seed_ari": 0.5}, "other seeds give other segments (0.50)"),
        ({"told": 0.2}, "its segments tell 20"),
    ):
        (fault,) = of(**facts)
        assert fault.startswith(said)


def test_the_sentence_says_that_nothing_was_changed():
    rows = [row(0.7, own=True), row(0.9)]
    told = preparations_sentence(rows, 1)
    assert told.startswith("The rule would take prepare.scale: robust: its segments come back at")
    assert told.endswith("Nothing was changed.")
    kept = preparations_sentence(rows, 0)
    assert kept.startswith("The rule would keep the project's own preparation: its segments come")
    failed = [row(own=True, faults=("a giant",)), row(faults=("crumbs",))]
    assert "it fails (a giant), and so does every other" in preparations_sentence(failed, 0)
    other = preparations_sentence([row(own=True, faults=("a giant",)), row()], 1)
    assert ", which fails: a giant; both agree" in other
