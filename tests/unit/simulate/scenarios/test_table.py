"""What scenarios of tables share."""

from __future__ import annotations

import numpy as np
import pytest

from segmentry.simulate.scenarios.table import by_chance, counted, logistic, measured


def test_counts_scatter_around_their_mean_and_end_at_the_most() -> None:
    rng = np.random.default_rng(0)
    counts = np.array(counted(np.full(20_000, 3.0), rng))
    assert counts.mean() == pytest.approx(3.0, abs=0.05)
    assert counts.var() == pytest.approx(3.0, abs=0.15)
    assert np.array(counted(np.full(100, 30.0), rng, most=15)).max() == 15


def test_numbers_are_rounded_held_in_range_and_missing_where_unknown() -> None:
    told = measured(
        np.array([-3.0, 0.126, 2.0, 9.0]),
        digits=2,
        low=0.0,
        high=5.0,
        unknown=np.array([False, False, True, False]),
    )
    assert told.to_pylist() == [0.0, 0.13, None, 5.0]
    assert measured(np.array([1.6]), digits=0).to_pylist() == [2]
    assert measured(np.array([1_234.0]), digits=-2).to_pylist() == [1_200.0]


def test_chance_follows_each_ones_own_share() -> None:
    rng = np.random.default_rng(0)
    chosen = by_chance(np.repeat([0.1, 0.7], 10_000), 20_000, rng)
    assert chosen[:10_000].mean() == pytest.approx(0.1, abs=0.01)
    assert chosen[10_000:].mean() == pytest.approx(0.7, abs=0.015)


def test_log_odds_become_probabilities() -> None:
    np.testing.assert_allclose(logistic(np.log(np.array([1.0, 3.0, 0.25]))), [0.5, 0.75, 0.2])
