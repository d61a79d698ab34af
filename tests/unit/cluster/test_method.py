"""What methods share: a sample that keeps what one leaves for another."""

from __future__ import annotations

import numpy as np

from segmentry.cluster.method import Sample, inertia
from segmentry.domain.crew import Crew
from segmentry.domain.partition import Partition


def test_a_thing_is_made_when_it_is_first_asked_for():
    sample, made = Sample(np.zeros((2, 1)), (2,), 0, Crew(1)), []

    def make() -> int:
        made.append(1)
        return 7

    assert [sample.once("seven", make), sample.once("seven", make)] == [7, 7]
    assert made == [1]


def test_inertia_is_what_rows_lie_away_from_their_centre():
    X = np.array([[0.0, 0.0], [0.0, 2.0], [9.0, 9.0]])
    partition = Partition(np.array([0, 0, 1]), np.array([[0.0, 1.0], [9.0, 8.0]]), "any")
    assert inertia(X, partition) == 3.0


def test_each_number_is_fitted_from_every_seed_and_the_least_comes_first():
    X, asked = np.arange(6.0)[:, None], []

    def fit(k: int, s: int) -> Partition:
        asked.append((k, s))
        found = 2 if (k, s) == (3, 1) else k  # one seed loses a cluster
        labels = np.arange(6) % found
        return Partition(labels, np.zeros((found, 1)), "any", {"cost": 10.0 - s})

    found = Sample(X, (2, 3), 0, Crew(1)).each(fit, 3, least="cost")
    assert sorted(asked) == [(k, s) for k in (2, 3) for s in range(3)]
    assert [p.arguments["cost"] for p in found[2].partitions] == [8.0, 9.0, 10.0]
    assert [p.arguments["cost"] for p in found[3].partitions] == [8.0, 10.0]
    assert (found[2].lost, found[3].lost) == (0, 1)


def test_a_number_that_no_seed_gives_is_left_out():
    one = Partition(np.zeros(4, dtype=np.int64), np.zeros((1, 1)), "any", {"cost": 1.0})
    assert Sample(np.zeros((4, 1)), (2,), 0, Crew(1)).each(lambda *_: one, 2, least="cost") == {}
