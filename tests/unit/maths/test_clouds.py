"""Two clouds of numbers a factor apart; more of them in the findings' own tests."""

from __future__ import annotations

import numpy as np
import pytest

from segmentry.maths.clouds import two_clouds

PRICES = np.exp(np.random.default_rng(0).normal(3.0, 0.5, 1_000))


@pytest.mark.parametrize("factor", [60.0, 100.0, 3600.0])
def test_a_cloud_a_known_factor_away_is_found(factor):
    mixed = np.where(np.arange(1_000) < 150, PRICES * factor, PRICES)
    clouds = two_clouds(mixed, factors=(60.0, 100.0, 3600.0))
    assert clouds is not None
    assert (clouds.factor, clouds.is_upper_rarer) == (factor, True)
    assert (mixed > clouds.border).sum() == 150


def test_another_factor_than_asked_for_is_none():
    mixed = np.where(np.arange(1_000) < 150, PRICES * 60.0, PRICES)
    assert two_clouds(mixed) is None


def test_one_cloud_and_few_rows_are_none():
    assert two_clouds(PRICES) is None
    assert two_clouds(PRICES[:50]) is None
