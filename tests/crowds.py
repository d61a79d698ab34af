"""Entities of known kinds, drawn as many as are wanted: what assigners are tried on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pyarrow as pa

Array = Any

N_GROUPS = 4


def measured(rng: Any, n: int) -> Array:
    """Four groups in five columns that vary smoothly, and three in a hundred that are of none."""
    centres = 6.0 * np.eye(5)[:N_GROUPS] - 1.0
    X = centres[rng.choice(N_GROUPS, n, p=[0.4, 0.3, 0.2, 0.1])] + rng.normal(size=(n, 5))
    astray = rng.random(n) < 0.03
    X[astray] = rng.uniform(-9, 12, (int(astray.sum()), 5))
    return X


def usage(rng: Any, n: int) -> Array:
    """Counts of twelve things, of which each of four groups mostly uses three."""
    rates = np.kron(np.eye(N_GROUPS), np.ones(3)) * 8.0 + 0.1
    return rng.poisson(rates[rng.integers(0, N_GROUPS, n)]).astype(np.float64)


def yes_and_no(rng: Any, n: int) -> Array:
    """Twelve columns of yes and no, of which each of four groups mostly has three."""
    chances = np.kron(np.eye(N_GROUPS), np.ones(3)) * 0.9 + 0.04
    return (rng.random((n, 12)) < chances[rng.integers(0, N_GROUPS, n)]).astype(np.float64)


def mixed(rng: Any, n: int) -> Array:
    """Two numbers and two categories, each mostly of one kind in each of four groups."""
    truth = rng.integers(0, N_GROUPS, n)
    numbers = 4.0 * np.eye(N_GROUPS)[truth][:, :2] + rng.normal(size=(n, 2))
    words = [np.where(rng.random(n) < 0.9, truth, rng.integers(0, N_GROUPS, n)) for _ in range(2)]
    return np.hstack([numbers, *(2.0 * np.eye(N_GROUPS)[w] for w in words)])


CROWDS: dict[str, Callable[[Any, int], Array]] = {
    "numbers": measured,
    "usage": usage,
    "yes and no": yes_and_no,
    "numbers and words": mixed,
}

SUITS = {
    "jaccard medoids": "yes and no",
    "cosine medoids": "usage",
    "spherical k-means": "usage",
    "personas": "usage",
    "k-prototypes": "numbers and words",
}
"""The crowd of methods that ask for one; the others are tried on numbers."""


def crowd_of(method: str) -> str:
    """Name the crowd that suits a method."""
    return SUITS.get(method, "numbers")


def as_table(X: Array) -> pa.Table:
    """Give rows ids and column names."""
    ids = pa.array([f"e{i:07d}" for i in range(len(X))])
    return pa.table({"entity_id": ids, **{f"x{j}": column for j, column in enumerate(X.T)}})
