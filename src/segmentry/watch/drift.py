"""What moved between a reference and now, from two sketches: features, segments, borders.

What lives here: figures and signs that counts tell. What does not: figures that need rows
(``effect``, ``emergence``), events over time (``volume``), and the cause (``cause``). Read on in
``docs/methods/drift.md``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from segmentry.domain.bounded import Bounded
from segmentry.domain.drift import SegmentShift, Shift, Sign
from segmentry.domain.percent import percent
from segmentry.domain.release import Release
from segmentry.domain.role import Role
from segmentry.domain.sketch import NEARNESS_EDGES, SCORE_EDGES, Sketch
from segmentry.domain.table import FeatureColumn
from segmentry.maths.divergence import (
    Divergence,
    even_starts,
    kolmogorov,
    population_stability,
    wasserstein,
)
from segmentry.maths.intervals import normal_quantile

COARSE_BINS = 10
"""Bins of the stability index, as its users expect."""

MATERIAL_STABILITY = 0.1
"""A feature has moved from here on, by the custom of credit scoring (0.1 some, 0.25 much)."""

MATERIAL_MISSING = 0.05
"""Shares of missing values that differ by less are alike, however sure the difference is."""

MATERIAL_SHARE = 0.05
"""Share of entities that sit in other segments than then, net, from which on it matters."""

MATERIAL_ANOMALIES = 0.03
MATERIAL_BLUR = 0.1
"""Change of mean nearness or distance, in deviations of entities then, from which on it matters."""

NEW_LEVELS = 0.01
"""Share of entities in levels that the reference had not, from which on they matter."""


def sized_signs(now: Sketch, then: Sketch, found: Iterable[Shift], release: Release) -> list[Sign]:
    """Make the checks that are held against what was usual: features, shares, borders."""
    shaping = frozenset(release.recipe.features)
    borders = blur(now, then)[2]
    return [*feature_signs(found, shaping), *share_signs(now, then, release), *borders]


def shifts(now: Sketch, then: Sketch, usual: Mapping[str, float]) -> tuple[Shift, ...]:
    """Measure how far each feature has moved.

    Parameters
    ----------
    now, then : Sketch
        In the same bins.
    usual : mapping of str to float
        The most that features moved between earlier cuts as far apart.

    Returns
    -------
    tuple of Shift
        In the order of the columns; effects on segments are not known yet.
    """
    found = []
    for name in now.grid.columns:
        is_number = name in now.grid.numbers
        index = stability(now, then, name)
        distance = gap = None
        median_then = median_now = None
        if is_number:
            edges, halves = now.grid.numbers[name], np.array([0.5])
            distance = wasserstein(now.inner(name), then.inner(name), edges)
            gap = kolmogorov(now.counts[name], then.counts[name])
            median_then, median_now = (
                _round(float(s.quantiles(name, halves)[0])) for s in (then, now)
            )
        found.append(
            Shift(
                name,
                _bounded(index),
                None if distance is None else _bounded(distance),
                None if gap is None else _bounded(gap),
                index.p_value,
                then.missing_share(name),
                now.missing_share(name),
                median_then,
                median_now,
                usual=usual.get(name),
            )
        )
    return tuple(found)


def stability(now: Sketch, then: Sketch, name: str) -> Divergence:
    """Give the stability index of a column, gaps being a bin of their own."""
    c, r = now.counts[name], then.counts[name]
    if name in now.grid.numbers:
        starts = even_starts(r, COARSE_BINS)
        c, r = np.add.reduceat(c, starts), np.add.reduceat(r, starts)
    gaps = [now.missing[name]], [then.missing[name]]
    return population_stability(np.concatenate([c, gaps[0]]), np.concatenate([r, gaps[1]]))


def feature_signs(found: Iterable[Shift], shaping: frozenset[str]) -> list[Sign]:
    """Tell of each feature whether it moved; those that shape no segment are no alarm."""
    told = []
    for s in found:
        sentence = f"{s.feature!r} has moved: stability index {s.stability}"
        if s.median_then is not None and s.median_now is not None:
            sentence += f", median {s.median_now:.4g} after {s.median_then:.4g}"
        is_much = s.feature in shaping and s.stability.low > MATERIAL_STABILITY
        told.append(Sign("feature", s.feature, sentence, s.p_value, is_much, s.stability.value))
    return told


def gap_signs(now: Sketch, then: Sketch) -> list[Sign]:
    """Tell of columns that miss more values, hold one value only, or have new levels."""
    told = []
    for name in now.grid.columns:
        here, there = now.missing_share(name), then.missing_share(name)
        p = _two_shares(now.missing[name], now.n, then.missing[name], then.n)
        words = f"{name!r} is missing for {percent(here)} of entities, after {percent(there)}"
        told.append(Sign("missing", name, words, p, here - there > MATERIAL_MISSING))
        if now.is_constant(name) and not then.is_constant(name):
            words = f"{name!r} is {now.lowest[name]:g} for everybody who has a value"
            told.append(Sign("constant", name, words, 0.0))
    for name, _ in now.grid.levels:
        new, old = int(now.counts[name][-1]), int(then.counts[name][-1])
        share = new / max(now.n, 1) - old / max(then.n, 1)
        words = f"{percent(share)} of entities have levels of {name!r} that were not there"
        told.append(
            Sign("levels", name, words, _two_shares(new, now.n, old, then.n), share > NEW_LEVELS)
        )
    return told


def schema_signs(
    now: Iterable[FeatureColumn], then: Iterable[FeatureColumn], needs: frozenset[str]
) -> list[Sign]:
    """Tell of columns that are gone, new, or of another type.

    Parameters
    ----------
    now, then : iterable of FeatureColumn
    needs : frozenset of str
        Columns that the release cannot do without.
    """
    roles = (Role.CLUSTER, Role.OVERLAY)
    new = {c.name: c.kind for c in now if c.role in roles}
    old = {c.name: c.kind for c in then if c.role in roles}
    told = []
    for name in sorted(set(old) - set(new)):
        ends = ", which segments are made of" if name in needs else ""
        told.append(Sign("gone", name, f"{name!r} is gone{ends}", 0.0, name in needs))
    told += [
        Sign("new column", name, f"{name!r} is new", 0.0, is_material=False)
        for name in sorted(set(new) - set(old))
    ]
    for name in sorted(set(new) & set(old)):
        if new[name] is not old[name]:
            words = f"{name!r} was a {old[name]} and is a {new[name]}"
            told.append(Sign("type", name, words, 0.0))
    return told


def segment_shifts(now: Sketch, then: Sketch, release: Release) -> tuple[SegmentShift, ...]:
    """Measure each segment's share then and now; bounds hold for all of them together."""
    k = len(now.segments)
    p, q = now.segments / max(now.n, 1), then.segments / max(then.n, 1)
    error = np.sqrt(p * (1 - p) / max(now.n, 1) + q * (1 - q) / max(then.n, 1))
    reach = normal_quantile(1.0 - 0.05 / k) * error
    return tuple(
        SegmentShift(
            release.segment_names[i],
            float(q[i]),
            float(p[i]),
            Bounded(*(float(p[i] - q[i] + sign * reach[i]) for sign in (0, -1, 1))),
        )
        for i in range(k)
    )  # fmt: skip


def share_signs(now: Sketch, then: Sketch, release: Release) -> list[Sign]:
    """Tell whether segments have other shares, and more entities lie far from all of them."""
    index = population_stability(now.segments, then.segments)
    p, q = now.segments / max(now.n, 1), then.segments / max(then.n, 1)
    moved = moved_share(now, then)
    place = int(np.abs(p - q).argmax())
    words = (
        f"{percent(moved)} of entities, net, sit in other segments than then; "
        f"{release.segment_names[place]!r} has {percent(float(p[place]))} "
        f"after {percent(float(q[place]))}"
    )
    is_much = moved > MATERIAL_SHARE
    told = [Sign("shares", "segments", words, index.p_value, is_much, moved)]
    here, there = now.n_anomalies / max(now.n, 1), then.n_anomalies / max(then.n, 1)
    words = f"{percent(here)} of entities lie far from every segment, after {percent(there)}"
    p_value = _two_shares(now.n_anomalies, now.n, then.n_anomalies, then.n)
    more = here - there
    told.append(Sign("anomalies", "segments", words, p_value, more > MATERIAL_ANOMALIES, more))
    return told


def moved_share(now: Sketch, then: Sketch) -> float:
    """Give the share of entities that sit in other segments, net."""
    p, q = now.segments / max(now.n, 1), then.segments / max(then.n, 1)
    return 0.5 * float(np.abs(p - q).sum())


_Blur = tuple[
    Literal["separation", "cohesion"],
    tuple[float, ...],
    NDArray[np.int64],
    NDArray[np.int64],
    float,
    str,
]
"""A check, its bins, counts now and then, which way is worse, and in words."""


def blur(now: Sketch, then: Sketch) -> tuple[Bounded | None, Bounded | None, list[Sign]]:
    """Measure whether borders still part: nearness (separation), distance in radii (cohesion).

    Returns
    -------
    separation, cohesion : Bounded or None
        Change of the mean, in standard deviations of entities then; None with one segment.
    signs : list of Sign
        Material where entities lie nearer to borders, or farther from centres.
    """
    told: list[Sign] = []
    found: list[Bounded | None] = []
    rows: tuple[_Blur, ...] = (
        ("separation", NEARNESS_EDGES, now.nearness, then.nearness, -1.0, "nearer to borders"),
        ("cohesion", SCORE_EDGES, now.scores, then.scores, 1.0, "farther from centres"),
    )
    for check, edges, here, there, worse, words in rows:
        if check == "separation" and len(now.segments) < 2:
            found.append(None)
            continue
        change, p = _change_of_mean(here.sum(axis=0), there.sum(axis=0), np.array(edges))
        found.append(change)
        bound = change.low if worse > 0 else -change.high
        sentence = f"entities lie {words} by {worse * change.value:.2f} standard deviations"
        is_much = bound > MATERIAL_BLUR
        told.append(Sign(check, "segments", sentence, p, is_much, worse * change.value))
    return found[0], found[1], told


def _change_of_mean(
    now: NDArray[np.int64], then: NDArray[np.int64], edges: NDArray[np.float64]
) -> tuple[Bounded, float]:
    """Give the change of a mean from counts in bins, in standard deviations, and its p-value."""
    from scipy.special import ndtr

    ends = np.where(np.isinf(edges), edges[-2], edges)
    middle = 0.5 * (ends[1:] + ends[:-1])
    m, n = max(int(now.sum()), 1), max(int(then.sum()), 1)
    mean_now, mean_then = float((now * middle).sum()) / m, float((then * middle).sum()) / n
    spread_now = float((now * (middle - mean_now) ** 2).sum()) / m
    spread_then = float((then * (middle - mean_then) ** 2).sum()) / n
    if spread_then == 0.0:
        return Bounded(0.0, 0.0, 0.0), 1.0
    unit = float(np.sqrt(spread_then))
    error = float(np.sqrt(spread_now / m + spread_then / n)) / unit
    change = (mean_now - mean_then) / unit
    reach = normal_quantile() * error
    return Bounded(change, change - reach, change + reach), 2.0 * float(ndtr(-abs(change) / error))


def _two_shares(a: int, m: int, b: int, n: int) -> float:
    counts = np.array([a, m - a]), np.array([b, n - b])
    return population_stability(*counts).p_value if a + b and a + b < m + n else 1.0


def _bounded(found: Divergence) -> Bounded:
    return Bounded(found.value, found.low, found.high)


def _round(value: float) -> float:
    return float(f"{value:.6g}")
