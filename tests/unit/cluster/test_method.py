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
