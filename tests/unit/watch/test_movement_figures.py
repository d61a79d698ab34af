"""Figures of movement, counted by hand."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from segmentry.domain.movement import BEHAVIOUR, BOUNDARY, Transitions
from segmentry.maths.intervals import paired_difference_interval, wilson_interval
from segmentry.watch.movement_figures import (
    Centres,
    flows,
    growth,
    share_by_noise,
    shifts,
    staying,
    unexpected,
)
from segmentry.watch.movements import Spells

IDS = (1, 2)


def transitions(*causes: int) -> Transitions:
    """Make moves from the first segment to the second."""
    n = len(causes)
    zeros = np.zeros(n, dtype=np.int64)
    return Transitions(np.arange(n), zeros, zeros + 1, zeros, zeros, np.array(causes), np.zeros(n))


def test_flows_have_their_share_and_what_noise_makes() -> None:
    counts = np.array([[[90, 10], [2, 50]], [[80, 20], [0, 40]]])
    expected = np.array([[0.0, 5.0], [3.0, 0.0]])
    one, other = flows(counts, transitions(BEHAVIOUR, BOUNDARY), IDS, expected)
    assert (one.source, one.target, one.n, one.n_behaviour) == (1, 2, 30, 1)
    assert (one.share.value, one.share.low, one.share.high) == (0.15, *wilson_interval(30, 200))
    assert one.is_above_noise
    assert not other.is_above_noise
    assert all(f.rate is None for f in flows(counts, transitions(), IDS, None))


def test_noise_explains_no_more_of_a_path_than_there_was() -> None:
    counts = np.array([[[90, 10], [4, 50]]])
    found = share_by_noise(counts, np.array([[0.0, 5.0], [9.0, 0.0]]))
    assert found is not None
    assert found.value == pytest.approx((5 + 4) / 14)
    assert found.low < found.value < found.high <= 1.0
    assert share_by_noise(np.array([[[9, 0], [0, 5]]]), np.zeros((2, 2))) is None


def test_a_path_that_suddenly_many_take_is_unexpected() -> None:
    usual, sudden = [[95, 5], [3, 97]], [[60, 40], [3, 97]]
    days = [date(2024, m, 1) for m in range(1, 6)]
    found = unexpected(np.array([usual, usual, usual, sudden]), IDS, days)
    assert [(u.day, u.source, u.target, u.n) for u in found] == [(days[4], 1, 2, 40)]
    assert found[0].expected == pytest.approx(100 * 15.5 / 301)
    assert unexpected(np.array([usual, sudden][:1]), IDS, days[:2]) == ()


def test_what_is_as_before_is_seldom_unexpected() -> None:
    rng, n_false = np.random.default_rng(2), 0
    days = [date(2024, m, 1) for m in range(1, 10)]
    for _ in range(40):
        draws = [
            [rng.multinomial(200, [0.9, 0.1]), rng.multinomial(200, [0.2, 0.8])] for _ in range(8)
        ]
        n_false += bool(unexpected(np.array(draws), IDS, days))
    assert n_false <= 6


def test_growth_is_who_came_less_who_went() -> None:
    sizes = np.array([[60, 40], [50, 50]])
    one, other = growth(sizes, np.array([[45, 15], [5, 35]]), IDS)
    assert (one.n_in, one.n_out, one.net.value) == (5, 15, -0.1)
    assert (one.net.low, one.net.high) == paired_difference_interval(5, 15, 100)
    assert (one.course, other.course) == ("shrinking", "growing")
    assert one.shares[1].value == 0.5
    assert growth(sizes, np.array([[45, 6], [5, 35]]), IDS)[0].course == "steady"


def test_staying_is_counted_segment_by_segment() -> None:
    spells = Spells(np.array([0, 0, 0, 0]), np.array([1, 2, 2, 0]), np.array([1, 0, 0, 0]) == 1)
    one, other = staying(spells, IDS)
    assert (one.n_spells, one.at_risk) == (4, (3, 2))
    assert [s.value for s in one.shares] == pytest.approx([2 / 3, 2 / 3])
    assert (other.n_spells, other.shares) == (0, ())


def test_centres_go_as_far_as_their_members_did() -> None:
    X = np.array([[0.0, 5.0], [2.0, 5.0], [10.0, 5.0]])
    before = Centres.of(X, np.array([0, 0, 1]), 2)
    after = Centres.of(X + np.array([[3.0, 0.0]]), np.array([0, 0, 1]), 2)
    found = shifts(before, after, np.array([2.0, 0.0]), IDS, ("days", "constant"))
    # The second segment has one member, whose spread nobody knows.
    assert [(s.segment, s.column, s.moved.value) for s in found] == [(1, "days", 1.5)]
    half = 1.959964 * np.sqrt(2 / 2 + 2 / 2) / 2.0
    assert found[0].moved.high == pytest.approx(1.5 + half)
    assert np.isnan(Centres.of(X, np.array([0, 0, 0]), 2).means[1]).all()
