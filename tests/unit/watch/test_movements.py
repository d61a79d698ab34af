"""Each change is told once, with its cause."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from segmentry.domain.movement import CAUSES, NOWHERE, Hysteresis, Transitions
from segmentry.watch.movements import Followed, Moment, follow, margins

BORDERS = np.array([0.0, 10.0, 20.0])
"""Prototypes on a line: borders at 5 and 15."""


def moment(at: dict[int, float], centres: np.ndarray = BORDERS) -> Moment:
    """Put entities on the line."""
    places = np.array(sorted(at))
    x = np.array([at[p] for p in sorted(at)])
    distances = np.abs(x[:, None] - centres)
    return Moment(places, distances.argmin(axis=1), distances)


def path(*x: float | None, margin: float = 1.0, dwell: int = 2) -> Followed:
    """Follow one entity, None where it is not there; another one stays at 0."""
    moments = [moment({0: 0.0} if v is None else {0: 0.0, 1: v}) for v in x]
    return follow(moments, 2, 3, Hysteresis(margin, dwell))


def told(found: Transitions) -> list[tuple[str, int, int, int, int]]:
    rows = zip(found.cause, found.source, found.target, found.step, found.decided, strict=True)
    return [(CAUSES[c], int(s), int(t), int(a), int(d)) for c, s, t, a, d in rows]


@pytest.mark.parametrize(
    ("x", "expected"),
    [
        ((1, 1, 1), []),
        # Far over the border counts at once.
        ((1, 10, 1), [("behaviour", 0, 1, 1, 1), ("behaviour", 1, 0, 2, 2)]),
        # A little over it counts after two snapshots, from the first of them on.
        ((4, 6, 6, 6), [("behaviour", 0, 1, 1, 2)]),
        # A little over it and back is flicker, told once.
        ((4, 6, 4, 4), [("boundary", 0, 1, 1, 2)]),
        ((4, 6, 4, 6, 4), [("boundary", 0, 1, 1, 2), ("boundary", 0, 1, 3, 4)]),
        # At the end it is not known yet.
        ((4, 4, 6), [("undecided", 0, 1, 2, 2)]),
        # From a little over one border straight to another segment.
        ((4, 6, 20), [("boundary", 0, 1, 1, 2), ("behaviour", 0, 2, 2, 2)]),
        ((None, 4, 4), [("new", NOWHERE, 0, 1, 1)]),
        ((4, None, None), [("gone", 0, NOWHERE, 1, 1)]),
        ((4, 6, None), [("undecided", 0, 1, 1, 2), ("gone", 0, NOWHERE, 2, 2)]),
        ((4, None, 11), [("gone", 0, NOWHERE, 1, 1), ("back", NOWHERE, 1, 2, 2)]),
    ],
)
def test_a_path_is_told_as_what_it_is(
    x: tuple[float | None, ...], expected: list[tuple[str, int, int, int, int]]
) -> None:
    assert told(path(*x).transitions) == sorted(expected, key=lambda r: (r[3], r[4]))


def test_a_longer_dwell_waits_longer() -> None:
    assert told(path(4, 6, 6, 4, dwell=3).transitions) == [("boundary", 0, 1, 1, 3)]
    assert told(path(4, 6, 6, 6, dwell=3).transitions) == [("behaviour", 0, 1, 1, 3)]
    assert told(path(4, 6, 4, dwell=1).transitions)[0][0] == "behaviour"


def test_the_margin_is_the_logarithm_of_how_many_times_farther_the_old_one_is() -> None:
    found = path(4, 8).transitions
    assert found.margin.tolist() == pytest.approx([np.log(8 / 2)])
    at_centre = margins(np.array([[0.0, 1.0]]), np.array([1]), np.array([0]))
    assert np.isfinite(at_centre).all()


def test_another_release_alone_moves_nobody() -> None:
    # The border goes from 5 to 6: who stands at 5.5 is told elsewhere, and has not moved.
    new = np.array([2.0, 10.0, 20.0])
    before = [moment({0: 5.5, 1: 1.0}), moment({0: 5.5, 1: 12.0})]
    last = Moment(
        before[1].places, before[1].segment, before[1].distances, moment({0: 5.5, 1: 12.0}, new)
    )
    after = moment({0: 5.5, 1: 12.0}, new)
    found = follow([before[0], last, after], 2, 3, Hysteresis(1.0))
    assert told(found.transitions) == [("refit", 1, 0, 1, 1), ("behaviour", 0, 1, 1, 1)]
    # Later answers are held against the new release's.
    assert found.counts[1].tolist() == [[1, 0, 0], [0, 1, 0], [0, 0, 0]]


def test_who_a_release_leaves_out_is_told_as_its_doing() -> None:
    both = moment({0: 1.0, 1: 11.0})
    last = Moment(both.places, both.segment, both.distances, moment({0: 1.0}))
    found = follow([both, last], 2, 3, Hysteresis(1.0))
    assert told(found.transitions) == [("refit", 1, NOWHERE, 1, 1)]


def test_answers_and_the_next_ones_are_counted() -> None:
    found = path(4, 6, 4)
    assert found.counts.tolist() == [
        [[1, 1, 0], [0, 0, 0], [0, 0, 0]],
        [[1, 0, 0], [1, 0, 0], [0, 0, 0]],
    ]
    assert found.sizes.tolist() == [[2, 0, 0], [1, 1, 0], [2, 0, 0]]


def test_stays_end_with_a_move_and_are_cut_off_by_the_end() -> None:
    found = path(1, 1, 10, 10, 10).spells
    rows = sorted(zip(found.segment, found.length, found.ended, strict=True))
    assert rows == [(0, 2, True), (0, 4, False), (1, 2, False)]


def test_a_stay_that_may_be_over_is_known_until_then_only() -> None:
    found = path(4, 4, 6).spells
    assert (0, 1, False) in set(zip(found.segment, found.length, found.ended, strict=True))


@settings(deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(2, 7), st.floats(0, 2), st.integers(1, 3))
def test_moves_lead_from_the_first_segment_to_the_last(
    seed: int, n_moments: int, margin: float, dwell: int
) -> None:
    rng, moments = np.random.default_rng(seed), []
    for _ in range(n_moments):
        there = {i: float(rng.uniform(0, 20)) for i in range(4) if rng.random() < 0.8}
        moments.append(moment(there or {9: 0.0}))
    found = follow(moments, 10, 3, Hysteresis(margin, dwell))
    for entity in range(4):
        own = found.transitions.entity == entity
        now = [m.segment[m.places == entity] for m in moments]
        at = int(now[0][0]) if len(now[0]) else NOWHERE
        order = np.lexsort((found.transitions.decided[own],))
        for place in np.flatnonzero(own)[order]:
            t = found.transitions
            assert t.source[place] == at
            assert t.source[place] != t.target[place]
            if CAUSES[t.cause[place]] not in ("boundary", "undecided"):
                at = int(t.target[place])
        is_there = len(now[-1]) > 0
        assert (at != NOWHERE) == is_there
    # One entity and one step have one transition of a cause at most.
    keys = list(zip(found.transitions.entity, found.transitions.step,
                    found.transitions.cause, strict=True))  # fmt: skip
    assert len(keys) == len(set(keys))


def test_no_movement_is_an_empty_table() -> None:
    assert len(path(1, 1).transitions) == 0
