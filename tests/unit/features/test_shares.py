from __future__ import annotations

import numpy as np
import pytest

from segmentry.features.shares import MOST_LEVELS, Family, Level, chosen_levels, family

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
