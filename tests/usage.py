"""Entities that use some of many things: which ones tells them apart, how much does not."""

from __future__ import annotations

import numpy as np


def repertoires(n: int = 600, *, k: int = 3, things: int = 20, seed: int = 0):
    """Draw yes and no: each group has its own things, of which some have many and some few."""
    rng = np.random.default_rng(seed)
    truth = np.arange(n) % k
    eager = rng.choice([0.15, 0.7], n)
    chance = np.where(np.repeat(np.arange(k), things) == truth[:, None], eager[:, None], 0.01)
    return standard((rng.random(chance.shape) < chance).astype(np.float64)), truth


def mixes(n: int = 600, *, k: int = 3, things: int = 8, seed: int = 0):
    """Draw counts: each group has its own mix, of which some use much and some little."""
    rng = np.random.default_rng(seed)
    truth = np.arange(n) % k
    rate = np.exp(rng.normal(0.5, 1.2, n))
    shares = np.where(np.repeat(np.arange(k), things) == truth[:, None], 1.0, 0.02)
    return standard(rng.poisson(rate[:, None] * shares).astype(np.float64)), truth


def standard(X):
    """Centre and scale."""
    spread = X.std(axis=0)
    return (X - X.mean(axis=0)) / np.where(spread > 0, spread, 1.0)
