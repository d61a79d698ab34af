from __future__ import annotations

import numpy as np
import pytest

from segmentry.features.shares import (
    LEAST_STRENGTH,
    MOST_LEVELS,
    Family,
    Level,
    chosen_levels,
    chosen_steps,
    family,
)

RNG = np.random.default_rng(5)


def drawn(strength: float, *, n: int = 3000, events: int = 10) -> np.ndarray:
    shares = RNG.dirichlet(strength * np.array([0.5, 0.3, 0.2]), n)
    return np.array([RNG.multinomial(events, p) for p in shares], dtype=np.float64)


def of(counts: np.ndarray) -> Family:
    return family("kind", ("a", "b"), counts, has_rest=True)


def test_levels_are_chosen_by_how_many_entities_know_them() -> None:
    levels = [Level("a", 900, 10), Level("b", 50, 80), Level("c", 50, 40)]
    assert chosen_levels(levels, n_entities=100) == (("b", "c", "a"), False)


def test_rare_levels_share_one_column() -> None:
    rare = [Level(f"r{i}", 1, 1) for i in range(30)]
    levels = [Level("a", 500, 90), Level("b", 400, 80), *rare]
    assert chosen_levels(levels, n_entities=100) == (("a", "b"), True)


def test_very_rare_levels_are_left_out_altogether() -> None:
    levels = [Level("a", 5000, 90), Level("b", 4000, 80), Level("c", 9, 3)]
    assert chosen_levels(levels, n_entities=100) == (("a", "b"), False)


def test_at_most_so_many_levels_have_a_share_of_their_own() -> None:
    levels = [Level(f"l{i:02d}", 100, 100 - i) for i in range(20)]
    chosen, has_rest = chosen_levels(levels, n_entities=100)
    assert chosen == tuple(f"l{i:02d}" for i in range(MOST_LEVELS))
    assert has_rest


def test_ties_go_to_the_first_in_the_alphabet() -> None:
    levels = [Level(w, 100, 50) for w in "cab"]
    assert chosen_levels(levels, n_entities=100)[0] == ("a", "b", "c")


def test_pseudo_counts_are_those_of_the_dirichlet_behind_the_events() -> None:
    found = of(drawn(4.0))
    assert found.shares[0].strength == pytest.approx(4.0, rel=0.1)
    assert [s.prior for s in found.shares] == pytest.approx([2.0, 1.2, 0.8], rel=0.12)
    assert [(s.levels, s.is_rest) for s in found.shares] == [
        (("a",), False),
        (("b",), False),
        (("a", "b"), True),
    ]


def test_priors_of_a_whole_family_add_up_to_its_strength() -> None:
    shares = of(drawn(4.0)).shares
    assert sum(s.prior for s in shares) == pytest.approx(shares[0].strength)


def test_drawn_shares_are_nearer_to_the_truth_than_raw_ones() -> None:
    shares = RNG.dirichlet(3.0 * np.array([0.5, 0.3, 0.2]), 4000)
    counts = np.array(
        [RNG.multinomial(n, p) for n, p in zip(RNG.integers(1, 6, 4000), shares, strict=True)]
    )
    counts = counts.astype(np.float64)
    members = of(counts).shares
    total = counts.sum(axis=1)
    raw = drawn_ones = 0.0
    for j, share in enumerate(members):
        better = (counts[:, j] + share.prior) / (total + share.strength)
        raw += float(((counts[:, j] / total - shares[:, j]) ** 2).mean())
        drawn_ones += float(((better - shares[:, j]) ** 2).mean())
    assert drawn_ones < 0.7 * raw


def test_a_family_tells_where_entities_differ() -> None:
    assert of(drawn(4.0)).is_telling


def test_a_family_of_mere_luck_tells_nothing() -> None:
    assert not of(RNG.multinomial(10, [0.5, 0.3, 0.2], 3000).astype(np.float64)).is_telling


def test_a_difference_that_is_certain_but_tiny_tells_nothing() -> None:
    found = of(drawn(150.0, n=20_000))
    assert found.dispersion.z > 5.0
    assert not found.is_telling
    assert found.is_luck


def test_too_few_entities_show_neither_a_difference_nor_that_there_is_none() -> None:
    found = of(np.array([[3.0, 1.0, 0.0], [0.0, 0.0, 2.0]]))
    assert (found.is_telling, found.is_luck) == (False, False)


def test_affinities_are_measured_against_the_very_same_pseudo_counts() -> None:
    found = of(drawn(4.0))
    assert [s.family for s in found.affinities] == ["affinity_kind"] * 3
    assert [(s.levels, s.is_rest, s.prior, s.strength) for s in found.affinities] == [
        (s.levels, s.is_rest, s.prior, s.strength) for s in found.shares
    ]


def test_an_affinity_is_drawn_by_one_event_at_least() -> None:
    """Where each entity keeps to one level nothing draws a share, and its logarithm has no end."""
    counts = np.diag([9.0, 9.0, 9.0, 9.0])
    found = family("kind", ("a", "b", "c"), counts, has_rest=True)
    assert {s.strength for s in found.shares} == {0.0}
    assert {(s.prior, s.strength) for s in found.affinities} == {(0.25, LEAST_STRENGTH)}
    nobody = family("kind", ("a", "b", "c"), np.diag([9.0, 9.0, 0.0]), has_rest=False)
    assert [s.levels for s in nobody.affinities] == [("a",), ("b",)]


PAIRS = [("a", "a"), ("a", "b"), ("b", "a"), ("b", "b")]


def test_shares_of_steps_have_the_pseudo_counts_of_the_dirichlet_behind_them() -> None:
    p = np.array([0.4, 0.3, 0.005, 0.095, 0.2])
    counts = np.array([RNG.multinomial(20, row) for row in RNG.dirichlet(5.0 * p, 4000)])
    # The last column are steps along other pairs: they count in the whole and have no share.
    learned = chosen_steps(PAIRS, counts[:, :4].astype(float), counts.sum(axis=1).astype(float))
    assert learned is not None
    found = learned.shares
    assert learned.is_telling
    assert learned.members == found
    assert [s.levels for s in found] == [("a", "a"), ("a", "b"), ("b", "b")]
    assert {s.tells for s in found} == {"steps"}
    assert found[0].strength == pytest.approx(5.0, rel=0.1)
    assert [s.prior for s in found] == pytest.approx([2.0, 1.5, 0.475], rel=0.12)


def test_steps_that_are_all_alike_have_no_shares() -> None:
    counts = np.array([[5.0, 0.0, 0.0, 0.0], [7.0, 0.0, 0.0, 0.0]])
    assert chosen_steps(PAIRS, counts, counts.sum(axis=1)) is None
    assert chosen_steps(PAIRS, np.zeros((3, 4)), np.zeros(3)) is None
    assert chosen_steps(PAIRS, np.zeros((0, 4)), np.zeros(0)) is None


def test_two_steps_that_read_alike_are_one_column() -> None:
    pairs = [("a", "b to c"), ("a to b", "c")]
    counts = np.array([[5.0, 1.0], [2.0, 4.0], [3.0, 3.0]])
    learned = chosen_steps(pairs, counts, counts.sum(axis=1))
    assert learned is not None
    assert [s.levels for s in learned.shares] == [("a", "b to c")]
