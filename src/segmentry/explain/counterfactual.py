"""The smallest realistic change of an entity's features that puts it into another segment.

What lives here: the search over single features, pairs, and more. What does not: scoring, which is
the release's own. Read on in ``docs/methods/why.md``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from segmentry.domain.why import Change

STEPS = np.linspace(0.05, 0.95, 37)
"""Shares of the wanted segment's members below the values that are tried: what is usual there."""

PAIRED, PAIR_STEPS = 8, 7
"""Features of which pairs are tried, and values of each."""

MOST_CHANGES = 4
FEATURE_COST = 0.25
"""What one more feature counts for: as much as moving another past a quarter of everyone."""

HALVINGS = 24
LEVEL_EFFORT, LEAST_LEVEL = 0.5, 0.05
"""What another level of a category counts for, and the share of members that makes it usual."""

Value = float | str
Changed = Mapping[str, Value]
Score = Callable[[Sequence[Changed]], NDArray[np.int64]]
"""Gives the segment of the entity with each of several changes."""


@dataclass(frozen=True)
class Ground:
    """What is known of features: everyone's values, and those of the wanted segment's members.

    Numbers without gaps, or levels; ``present`` is the entity's own, None where not known.
    ``only_up`` cannot fall, as totals and ages cannot.
    """

    present: Mapping[str, Value | None]
    everyone: Mapping[str, NDArray[np.float64]]
    members: Mapping[str, NDArray[np.float64]]
    levels: Mapping[str, Mapping[str, float]]
    """Of categories: the share of members with each level."""
    only_up: frozenset[str] = frozenset()

    def effort(self, changes: Changed) -> float:
        """Say how far values lie from the entity's own, in shares of everyone between them."""
        return sum(self._effort(f, value) for f, value in changes.items())

    def cost(self, changes: Changed) -> float:
        """Weigh effort and the number of features: two small changes may be less than a large."""
        return round(self.effort(changes) + FEATURE_COST * len(changes), 9)

    def _effort(self, feature: str, value: Value) -> float:
        if isinstance(value, str):
            return LEVEL_EFFORT
        known = self.everyone[feature]
        before = self.present[feature]
        start = float(np.median(known)) if not isinstance(before, float) else before
        return abs(_rank(known, value) - _rank(known, start))

    def options(self, feature: str, steps: NDArray[np.float64]) -> list[Value]:
        """Give other values of a feature that are usual among the wanted segment's members."""
        before = self.present[feature]
        if feature in self.levels:
            shares = self.levels[feature]
            return [v for v, share in shares.items() if share >= LEAST_LEVEL and v != before]
        members = self.members[feature]
        if not len(members):
            return []
        # Values that members have, and none between them.
        found = np.unique(np.quantile(members, steps, method="inverted_cdf"))
        if feature in self.only_up and isinstance(before, float):
            found = found[found > before]
        return [float(v) for v in found if v != before]


def _rank(known: NDArray[np.float64], value: float) -> float:
    """Say what share of everyone lies below; ties count half."""
    return float((known < value).mean() + (known == value).mean() / 2)


def smallest_change(
    ground: Ground, ranked: Sequence[str], wanted: int, score: Score
) -> tuple[Change, ...]:
    """Find the least change, of few features and not far, that moves the entity.

    Parameters
    ----------
    ground : Ground
    ranked : sequence of str
        Features that may change, those first that hold the entity back the most.
    wanted : int
        The segment to move to.
    score : callable

    Returns
    -------
    tuple of Change
        Scored with them, the entity is in the wanted segment; empty where no change of at most
        four features to values that are usual there does it.
    """
    found = _least(ground, [*_singles(ground, ranked), *_pairs(ground, ranked)], wanted, score)
    changes = found or _several(ground, ranked, wanted, score)
    nearest = _nearer(ground, changes, wanted, score)
    return tuple(Change(f, ground.present[f], v) for f, v in nearest.items())


def _singles(ground: Ground, ranked: Sequence[str]) -> list[Changed]:
    return [{f: v} for f in ranked for v in ground.options(f, STEPS)]


def _pairs(ground: Ground, ranked: Sequence[str]) -> list[Changed]:
    few = np.linspace(STEPS[0], STEPS[-1], PAIR_STEPS)
    options = {f: ground.options(f, few) for f in ranked[:PAIRED]}
    pairs = combinations(options, 2)
    return [{a: v, b: w} for a, b in pairs for v in options[a] for w in options[b]]


def _several(ground: Ground, ranked: Sequence[str], wanted: int, score: Score) -> Changed:
    """Move one feature after the other to what is commonest among the members."""
    moved: dict[str, Value] = {}
    for feature in ranked:
        options = ground.options(feature, np.array([0.5]))
        if feature in ground.levels:
            options.sort(key=lambda v: -ground.levels[feature][str(v)])
        if not options:
            continue
        moved[feature] = options[0]
        if score([moved])[0] == wanted:
            return moved
        if len(moved) == MOST_CHANGES:
            break
    return {}


def _least(ground: Ground, tried: Sequence[Changed], wanted: int, score: Score) -> Changed:
    there = np.flatnonzero(score(tried) == wanted)
    if not len(there):
        return {}
    return tried[min(there.tolist(), key=lambda i: (ground.cost(tried[i]), i))]


def _nearer(ground: Ground, changes: Changed, wanted: int, score: Score) -> Changed:
    """Draw numbers back towards the entity's own as far as it stays in the wanted segment."""
    kept = dict(changes)
    for feature, there in changes.items():
        here = ground.present[feature]
        if isinstance(there, str) or not isinstance(here, float):
            continue
        far, near = float(there), here
        is_whole = bool((ground.everyone[feature] % 1 == 0).all())
        for _ in range(HALVINGS):
            middle = (far + near) / 2
            if score([kept | {feature: middle}])[0] == wanted:
                far = middle
            else:
                near = middle
        for value in _readable(far, there, is_whole=is_whole):
            if value != here and score([kept | {feature: value}])[0] == wanted:
                kept[feature] = value
                break
    return kept


def _readable(value: float, bound: float, *, is_whole: bool) -> list[float]:
    """Give numbers of few digits at a value or a little beyond it, and the bound at last."""
    away = np.ceil if bound >= value else np.floor
    if is_whole:
        return [float(np.round(value)), float(away(value)), bound]
    digits = [2, 3, 4, 6, 9]
    size = 10.0 ** np.floor(np.log10(abs(value))) if value else 1.0
    scales = [10.0 ** (d - 1) / size for d in digits]
    rounded = [float(f"{away(value * scale) / scale:.12g}") for scale in scales]
    inside = [v for v in rounded if min(value, bound) <= v <= max(value, bound)]
    return [*inside, bound]
