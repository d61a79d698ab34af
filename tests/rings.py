"""Groups that no straight border tells apart, some with noise between them."""

from __future__ import annotations

import numpy as np


def moons(n: int = 600, *, noise: float = 0.07, seed: int = 0):
    """Draw two half circles that reach into each other; give the rows and the truth."""
    rng = np.random.default_rng(seed)
    truth = np.arange(n) % 2
    angle = rng.uniform(0.0, np.pi, n)
    upper = np.column_stack([np.cos(angle), np.sin(angle)])
    lower = np.column_stack([1.0 - np.cos(angle), 0.5 - np.sin(angle)])
    X = np.where(truth[:, None] == 0, upper, lower)
    return X + rng.normal(scale=noise, size=X.shape), truth


def embraced(n: int = 600, *, seed: int = 0):
    """Draw a disc and a ring around it."""
    rng = np.random.default_rng(seed)
    truth = np.arange(n) % 2
    angle = rng.uniform(0.0, 2.0 * np.pi, n)
    radius = np.where(truth == 0, rng.uniform(0.0, 1.0, n), rng.uniform(3.6, 4.4, n))
    return np.column_stack([radius * np.cos(angle), radius * np.sin(angle)]), truth


def uneven(n: int = 900, *, noise: int = 45, seed: int = 0):
    """Draw three tight or wide clouds and rows far from all of them (-1), which come last."""
    rng = np.random.default_rng(seed)
    truth = np.arange(n) % 3
    centres = np.array([[0.0, 0.0], [9.0, 0.0], [0.0, 9.0]])
    X = centres[truth] + rng.normal(size=(n, 2)) * np.array([0.3, 1.0, 0.6])[truth, None]
    far = rng.uniform(-12.0, 21.0, (40 * noise, 2))
    apart = ((far[:, None] - centres) ** 2).sum(axis=2).min(axis=1) > 30.0
    return np.vstack([X, far[apart][:noise]]), np.append(truth, np.full(noise, -1))
