"""Noise is learned as it was drawn, and foretells the changes that it makes."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from builders import assigner
from segmentry.domain.movement import Noise
from segmentry.watch.movement_noise import expected_changes, learn_noise, margin_of
from segmentry.watch.movements import Moment

CENTRES = np.array([-10.0, 10.0])


def moments(
    n: int = 4_000, *, steps: int = 6, noise: float = 0.5, drift: float = 0.0
) -> list[Moment]:
    """Put entities near a border at 0; they wobble there, and all drift alike."""
    rng = np.random.default_rng(5)
    at, found = rng.uniform(-3, 3, n), []
    for step in range(steps):
        x = at + drift * step + rng.normal(0.0, noise, n)
        distances = np.abs(x[:, None] - CENTRES)
        found.append(Moment(np.arange(n), distances.argmin(axis=1), distances))
    return found


def test_wobble_has_the_deviation_that_was_drawn() -> None:
    # Near the border the logarithm of the ratio changes by 0.2 for each unit.
    found = learn_noise(moments(), 4_000)
    assert np.sqrt((found.wobbles**2).mean()) == pytest.approx(0.1, rel=0.05)
    assert (np.diff(found.wobbles) >= 0).all()


def test_what_drifts_on_steadily_is_no_noise() -> None:
    found = learn_noise(moments(noise=0.0, drift=0.1), 4_000)
    assert found.wobbles.max() < 0.005


def test_noise_foretells_the_changes_that_it_makes() -> None:
    seen = moments()
    noise = learn_noise(seen, 4_000)
    expected = expected_changes(seen, 4_000, 2, noise)
    made = [
        int(((a.segment == i) & (b.segment == 1 - i)).sum())
        for i in (0, 1)
        for a, b in pairwise(seen)
    ]
    assert expected.sum() == pytest.approx(sum(made), rel=0.1)
    assert expected.diagonal().tolist() == [0.0, 0.0]


def test_two_snapshots_teach_nothing() -> None:
    assert not learn_noise(moments(steps=2), 4_000).is_known
    refit = moments(steps=3)
    refit[1] = replace(refit[1], refit=refit[1])
    assert not learn_noise(refit, 4_000).is_known


def test_the_chance_falls_with_the_distance_and_is_never_nothing() -> None:
    chance = Noise(np.linspace(0, 1, 99)).exceeded(np.array([0.0, 0.5, 2.0]))
    assert chance.tolist() == pytest.approx([0.5, 0.255, 0.005], abs=0.01)


def test_the_margin_is_the_larger_of_what_release_and_noise_ask() -> None:
    none = Noise(np.zeros(0))
    kept = np.array([[0.5, 0.7, 0.9], [0.6, 0.9, 1.0]])
    learned = replace(assigner((0.0,), (1.0,)), kept=kept)
    # 0.95 lies halfway between 0.7 and 0.9.
    assert margin_of(learned, none) == pytest.approx(np.log(0.8 / 0.2))
    assert margin_of(learned, Noise(np.full(10, 3.0))) == 3.0
    unsure = replace(learned, kept=np.array([[0.5, 0.9], [0.5, 0.8]]))
    assert margin_of(unsure, none) == float("inf")
    sure = replace(learned, kept=np.array([[0.5, 0.9], [0.97, 1.0]]))
    assert margin_of(sure, none) == 0.0
