"""Clouds of known shape: what the structure verdict is tried on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from segmentry.maths.scaling import transformed

Matrix = Any


def standard(X: Matrix) -> Matrix:
    """Centre, scale and pull in, as preparation does."""
    spread = X.std(axis=0)
    return np.clip((X - X.mean(axis=0)) / np.where(spread > 0, spread, 1.0), -5, 5)


def bent(X: Matrix) -> Matrix:
    """Bend skewed columns towards symmetry, as preparation does, and standardise."""
    from scipy.stats import skew, yeojohnson_normmax

    columns = []
    for column in X.T:
        if np.ptp(column) == 0:
            continue
        unit = np.median(np.abs(column[column != 0]))
        values = column / unit
        if abs(skew(values)) > 1:
            values = transformed(values, "yeo-johnson", exponent=float(yeojohnson_normmax(values)))
        columns.append(values)
    return standard(np.stack(columns, axis=1))


def normal_cloud(n: int, d: int = 6, *, rho: float = 0.6, seed: int) -> Matrix:
    """One Gaussian cloud with equal correlations."""
    rng = np.random.default_rng([1, seed])
    return np.sqrt(rho) * rng.normal(size=(n, 1)) + np.sqrt(1 - rho) * rng.normal(size=(n, d))


def skewed_cloud(n: int, *, seed: int) -> Matrix:
    """One lognormal cloud, left as skewed as it is."""
    return standard(np.exp(0.7 * normal_cloud(n, seed=seed)))


def zero_inflated_cloud(n: int, *, seed: int) -> Matrix:
    """One cloud of which half of each column is zero, bent as preparation does."""
    Z = normal_cloud(n, seed=seed)
    return bent(np.where(Z > 0, np.expm1(Z), 0.0))


def heavy_cloud(n: int, *, seed: int) -> Matrix:
    """One cloud of Student's t with three degrees of freedom."""
    rng = np.random.default_rng([2, seed])
    return standard(normal_cloud(n, seed=seed) / np.sqrt(rng.chisquare(3, (n, 1)) / 3))


def flat_cloud(n: int, d: int = 4, *, seed: int) -> Matrix:
    """One cloud, uniform in a box."""
    return standard(np.random.default_rng([3, seed]).random((n, d)))


def bent_cloud(n: int, *, bend: float = 0.4, fan: float = 0.25, seed: int) -> Matrix:
    """One cloud along a bow, wider at one end."""
    rng = np.random.default_rng([4, seed])
    t, noise = rng.normal(size=n), rng.normal(size=(n, 2))
    across = bend * t**2 + np.exp(fan * t) * noise[:, 0]
    return standard(np.stack([t, across, noise[:, 1]], axis=1))


def triangle(n: int, *, seed: int) -> Matrix:
    """One cloud, uniform in a triangle with a third column of noise."""
    rng = np.random.default_rng([8, seed])
    sides = np.sort(rng.random((n, 2)), axis=1)
    return standard(np.hstack([sides, rng.random((n, 1))]))


def two_humps(n: int, d: int = 4, *, share: float = 0.5, gap: float = 6.0, seed: int) -> Matrix:
    """Noise, of which one column has two humps so many standard deviations apart."""
    rng = np.random.default_rng([5, seed])
    X = rng.normal(size=(n, d))
    X[:, 0] += gap * (rng.random(n) < share)
    return standard(X)


def blobs(n: int, d: int, k: int, *, accuracy: float = 0.925, seed: int) -> Matrix:
    """Gaussian blobs so close that the best classifier reaches that accuracy."""
    rng = np.random.default_rng([6, seed])
    centres, labels, noise = rng.normal(size=(k, d)), rng.integers(0, k, n), rng.normal(size=(n, d))
    low, high = 0.2, 20.0
    for _ in range(20):
        scale = np.sqrt(low * high)
        X = scale * centres[labels] + noise
        gaps = (X**2).sum(axis=1)[:, None] - 2 * scale * X @ centres.T
        right = (gaps + scale**2 * (centres**2).sum(axis=1)).argmin(axis=1) == labels
        low, high = (scale, high) if right.mean() < accuracy else (low, scale)
    return standard(X)


def one_population(n: int, *, rate: float, seed: int, days: float = 365.0) -> Matrix:
    """Features of customers who differ in degree only: Gamma rates, Poisson events."""
    rng = np.random.default_rng([7, seed, int(rate)])
    start = rng.uniform(0, 0.8 * days, n)
    counts = rng.poisson(rng.gamma(2.0, rate / 2.0, n) * (days - start) / 365.0)
    entity = np.repeat(np.arange(n), counts)
    at = start[entity] + rng.random(len(entity)) * (days - start[entity])
    spend = np.exp(rng.normal(3, 0.5, n))[entity] * np.exp(rng.normal(0, 0.6, len(entity)))
    return behaviour(entity, at, spend, n, days)


def behaviour(entity: Any, at: Any, spend: Any, n: int, days: float) -> Matrix:
    """Turn events into prepared features, leaving out those that repeat another."""
    order = np.lexsort((at, entity))
    entity, at, spend = entity[order], at[order], spend[order]

    def total(weights: Any) -> Any:
        return np.bincount(entity, weights=weights, minlength=n)

    count = total(np.ones(len(at)))
    seen = count > 0
    ends = np.cumsum(count).astype(int)
    last = at[np.maximum(ends - 1, 0)]
    first = at[np.minimum(ends - count.astype(int), len(at) - 1)]
    age = days - at
    recent, before = total(age < 30), total((age >= 30) & (age < 60))
    weekend = total(np.floor(at) % 7 >= 5)
    with np.errstate(divide="ignore", invalid="ignore"):
        columns = [
            days - last,
            days - first,
            count,
            total(spend),
            total(spend) / count,
            (last - first) / np.maximum(count - 1, 1),
            recent,
            total(spend * (age < 30)),
            (recent - before) / np.maximum(recent + before, 1),
            total(np.exp2(-age / 60)),
            weekend / count,
        ]
    return _without_repeats(bent(np.stack(columns, axis=1)[seen]))


def _without_repeats(X: Matrix) -> Matrix:
    from scipy.stats import rankdata

    alike = np.abs(np.corrcoef(rankdata(X, axis=0), rowvar=False))
    kept: list[int] = []
    for j in range(X.shape[1]):
        if all(alike[j, i] <= 0.9 for i in kept):
            kept.append(j)
    return X[:, kept]


Family = Callable[[int], Matrix]

WITHOUT_GROUPS: dict[str, Family] = {
    "Gaussian, rho 0.6, 6 columns, 500 rows": lambda s: normal_cloud(500, seed=s),
    "Gaussian, rho 0.6, 6 columns, 20,000 rows": lambda s: normal_cloud(20_000, seed=s),
    "lognormal, 2,000 rows": lambda s: skewed_cloud(2_000, seed=s),
    "three columns of noise, 2,000 rows": lambda s: normal_cloud(2_000, 3, rho=0.0, seed=s),
    "three columns of noise, 300 rows": lambda s: normal_cloud(300, 3, rho=0.0, seed=s),
    "half zeros, 2,000 rows": lambda s: zero_inflated_cloud(2_000, seed=s),
    "t with 3 degrees of freedom, 2,000 rows": lambda s: heavy_cloud(2_000, seed=s),
    "uniform box, 2,000 rows": lambda s: flat_cloud(2_000, seed=s),
    "gentle bow, wider at one end, 2,000 rows": lambda s: bent_cloud(2_000, seed=s),
    "triangle (a column below another), 2,000 rows": lambda s: triangle(2_000, seed=s),
    "one population, 5 events a year": lambda s: one_population(4_000, rate=5, seed=s),
    "one population, 15 events a year": lambda s: one_population(4_000, rate=15, seed=s),
    "one population, 40 events a year": lambda s: one_population(4_000, rate=40, seed=s),
    "one population, 100 events a year": lambda s: one_population(4_000, rate=100, seed=s),
}

BEYOND_THE_NULL: dict[str, Family] = {
    "sharp bow (a column and twice its square), 2,000 rows": lambda s: bent_cloud(
        2_000, bend=2.0, seed=s
    ),
    "sharp bow with one arm fanned out, 2,000 rows": lambda s: bent_cloud(
        2_000, bend=1.0, fan=0.5, seed=s
    ),
}
"""Single clouds of shapes that the draws cannot take: here the verdict may err."""

WITH_GROUPS: dict[str, Family] = {
    "two humps 6 sd apart in 1 of 4 columns, 50 : 50": lambda s: two_humps(2_000, seed=s),
    "two humps 6 sd apart in 1 of 4 columns, 20 : 80": lambda s: two_humps(
        2_000, share=0.2, seed=s
    ),
    "4 blobs in 4 columns, accuracy 0.925": lambda s: blobs(4_000, 4, 4, seed=s),
    "5 blobs in 6 columns, accuracy 0.925": lambda s: blobs(4_000, 6, 5, seed=s),
    "6 blobs in 10 columns, accuracy 0.925": lambda s: blobs(4_000, 10, 6, seed=s),
}
