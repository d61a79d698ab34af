"""The dip against its definition as linear programs, and against published quantiles."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import linprog

from segmentry.maths.dip import dip_statistic
from segmentry.maths.dip_table import LEVELS, QUANTILES, SIZES


def dip_by_programs(values: np.ndarray) -> float:
    """Find the nearest unimodal distribution by trying every value as its mode.

    For a mode at the m-th distinct value, the heights at all values have to be convex up to it
    and concave from it on, and the largest distance to both edges of every step is minimised.
    """
    x, counts = np.unique(values, return_counts=True)
    if len(x) == 1:
        return 0.0
    upper = np.cumsum(counts) / len(values)
    lower = upper - counts / len(values)
    return min(least_distance(x, lower, upper, mode) for mode in range(len(x)))


def least_distance(x: np.ndarray, lower: np.ndarray, upper: np.ndarray, mode: int) -> float:
    k = len(x)
    rows, bounds = [], []

    def at_most(terms: dict[int, float], bound: float) -> None:
        row = np.zeros(k + 1)
        row[list(terms)] = list(terms.values())
        rows.append(row)
        bounds.append(bound)

    for i in range(k):
        at_most({i: 1.0, k: -1.0}, lower[i])
        at_most({i: -1.0, k: -1.0}, -upper[i])
    for i in range(k - 1):
        at_most({i: 1.0, i + 1: -1.0}, 0.0)
    for i in range(1, k - 1):
        if i == mode:
            continue
        sign = 1.0 if i < mode else -1.0
        before, after = 1 / (x[i] - x[i - 1]), 1 / (x[i + 1] - x[i])
        at_most({i: sign * (before + after), i - 1: -sign * before, i + 1: -sign * after}, 0.0)
    cost = np.zeros(k + 1)
    cost[k] = 1.0
    limits = [(0.0, 1.0)] * k + [(0.0, None)]
    found = linprog(cost, A_ub=np.array(rows), b_ub=bounds, bounds=limits, method="highs")
    assert found.status == 0
    return float(found.fun)


@pytest.mark.parametrize("seed", range(12))
def test_the_dip_is_the_least_distance_to_a_unimodal_distribution(seed: int) -> None:
    rng = np.random.default_rng(seed)
    n = int(rng.integers(2, 16))
    clumps = rng.normal(size=n) * rng.choice([0.1, 1.0, 5.0], n) + rng.choice([0.0, 3.0], n)
    assert dip_statistic(clumps) == pytest.approx(dip_by_programs(clumps), abs=1e-7)


@pytest.mark.parametrize("seed", range(12))
def test_the_dip_of_tied_values_is_that_least_distance_too(seed: int) -> None:
    rng = np.random.default_rng(100 + seed)
    n = int(rng.integers(2, 20))
    tied = rng.integers(0, int(rng.integers(2, 8)), n).astype(float)
    assert dip_statistic(tied) == pytest.approx(dip_by_programs(tied), abs=1e-7)


# Quantiles of the dip of n uniform values by a million simulations: Maechler, M. (2021), "Dip
# test distributions, p-values and other explorations", vignette of the diptest package, rounded.
PUBLISHED = {
    (10, 0.5): 0.0978,
    (10, 0.95): 0.1396,
    (50, 0.5): 0.0489,
    (50, 0.95): 0.0703,
    (50, 0.99): 0.0812,
    (200, 0.5): 0.0256,
    (200, 0.99): 0.0427,
    (1_000, 0.95): 0.01693,
    (1_000, 0.999): 0.02287,
    (5_000, 0.5): 0.005312,
    (20_000, 0.99): 0.004458,
    (72_000, 0.95): 0.002032,
}


@pytest.mark.parametrize(("n", "level"), list(PUBLISHED))
def test_our_simulated_quantiles_equal_the_published_ones(n: int, level: float) -> None:
    ours = QUANTILES[SIZES.index(n)][LEVELS.index(level)] / np.sqrt(n)
    assert ours == pytest.approx(PUBLISHED[n, level], rel=0.015)
