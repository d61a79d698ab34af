from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.stats import chi2

from segmentry.errors import MathsError
from segmentry.maths.dispersion import dispersion

P = np.array([0.5, 0.3, 0.2])


def counts(strength: float, seed: int, n: int = 2000, mean: float = 8.0) -> np.ndarray:
    rng = np.random.default_rng(seed)
    totals = 1 + rng.poisson(mean, n)
    shares = rng.dirichlet(strength * P, n) if np.isfinite(strength) else np.tile(P, (n, 1))
    return np.array([rng.multinomial(t, p) for t, p in zip(totals, shares, strict=True)], float)


@pytest.mark.parametrize("strength", [0.5, 3.0, 20.0])
def test_strength_and_shares_are_those_of_the_dirichlet(strength: float) -> None:
    found = [dispersion(counts(strength, seed)) for seed in range(6)]
    assert np.mean([f.strength for f in found]) == pytest.approx(strength, rel=0.1)
    assert np.mean([f.shares for f in found], axis=0) == pytest.approx(P, abs=0.01)
    assert found[0].correlation == pytest.approx(1 / (1 + found[0].strength))


def test_entities_that_are_all_alike_have_a_standard_normal_z() -> None:
    z = np.array([dispersion(counts(np.inf, seed, n=300)).z for seed in range(200)])
    assert abs(z.mean()) < 0.25
    low, high = chi2.ppf([0.001, 0.999], 199) / 199
    assert low < z.var() < high


def test_reliability_is_how_far_drawn_shares_follow_the_true_ones() -> None:
    rng = np.random.default_rng(1)
    shares = rng.dirichlet(4.0 * P, 40_000)
    found = dispersion(np.array([rng.multinomial(6, p) for p in shares], float))
    drawn = np.array([rng.multinomial(6, p) for p in shares], float)[:, 0]
    drawn = (drawn + found.strength * P[0]) / (6 + found.strength)
    assert found.reliability == pytest.approx(drawn.var() / shares[:, 0].var(), rel=0.05)


def test_heavy_users_do_not_decide_the_shares_of_everyone() -> None:
    light, heavy = np.tile([1.0, 1.0], (900, 1)), np.tile([0.0, 1000.0], (100, 1))
    found = dispersion(np.vstack([light, heavy]))
    assert found.shares[0] == pytest.approx(0.45, abs=0.03)


def test_levels_that_nobody_has_and_rows_of_nothing_change_nothing() -> None:
    x = counts(3.0, 0, n=50)
    padded = np.vstack([np.hstack([x, np.zeros((50, 1))]), np.zeros((9, 4))])
    one, other = dispersion(x), dispersion(padded)
    assert (one.strength, one.z, one.reliability) == (other.strength, other.z, other.reliability)


def test_one_level_leaves_nothing_to_differ_in() -> None:
    found = dispersion(np.array([[3.0, 0.0], [4.0, 0.0]]))
    assert (found.z, found.reliability) == (0.0, 0.0)


@pytest.mark.parametrize("shape", [(0, 3), (5, 1)])
def test_counts_of_nothing_are_refused(shape: tuple[int, int]) -> None:
    with pytest.raises(MathsError, match="two levels"):
        dispersion(np.ones(shape))


@settings(deadline=None, max_examples=50)
@given(arrays(np.int64, (6, 3), elements=st.integers(0, 9)))
def test_everything_is_finite_and_in_bounds(x: np.ndarray) -> None:
    if x.sum() == 0:
        return
    found = dispersion(x.astype(np.float64))
    assert 0.0 <= found.correlation <= 1.0
    assert 0.0 <= found.reliability <= 1.0
    assert np.isfinite([found.strength, found.z]).all()
    assert found.shares.sum() == pytest.approx(1.0)
