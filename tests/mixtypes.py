"""Entities with numbers and categories, the categories as preparation encodes them."""

from __future__ import annotations

import numpy as np


def encoded(codes, n_levels: int):
    """Mark levels in columns that have the variance of one standardised number together."""
    marks = np.eye(n_levels)[codes]
    shares = marks.mean(axis=0)
    return marks / np.sqrt((shares * (1 - shares)).sum())


def standard(X):
    """Centre and scale."""
    return (X - X.mean(axis=0)) / X.std(axis=0)


def by_category(n: int = 600, *, k: int = 4, seed: int = 0):
    """Draw groups that three categories tell, beside three numbers with halves of their own."""
    rng = np.random.default_rng(seed)
    truth = np.arange(n) % k
    numbers = rng.normal(size=(n, 3)) + 4.0 * rng.choice([-1, 1], (n, 3))
    codes = [np.where(rng.random(n) < 0.7, truth, rng.integers(0, k, n)) for _ in range(3)]
    return np.hstack([standard(numbers), *(encoded(c, k) for c in codes)]), truth


def by_number(n: int = 600, *, k: int = 4, seed: int = 0):
    """Draw groups that numbers tell, beside three categories that nothing rules."""
    rng = np.random.default_rng(seed)
    truth = np.arange(n) % k
    numbers = standard(4.0 * np.eye(k)[truth] + rng.normal(size=(n, k)))
    categories = [encoded(rng.integers(0, 4, n), 4) for _ in range(3)]
    return np.hstack([numbers, *categories]), truth
