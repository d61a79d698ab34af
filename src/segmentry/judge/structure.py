"""The structure verdict: does the data hold groups at all, or is any cut as good as another?

What lives here: which rows and columns are looked at, how many draws are made, and the rule from
figures to ``clear``, ``weak`` or ``none``. What does not: the formulas (``maths.structure``,
``maths.grouping``, ``maths.dip``). The rule and its error rates are in
``docs/methods/structure.md``.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from segmentry.domain.evidence import Structure, StructureVerdict
from segmentry.domain.progress import Progress
from segmentry.maths.dip import dip_p_value, dip_statistic
from segmentry.maths.grouping import COUNTS, Grouping, measure_grouping
from segmentry.maths.structure import (
    EDGE_SHARE,
    OneCloud,
    atom_share,
    fit_one_cloud,
    latent_scores,
    spread_ties,
)

ROWS = 1_500
"""Rows compared with the draws, by chance where there are more."""

DIP_ROWS = 4_000
"""Rows of the dip tests, which cost next to nothing."""

FEWEST_ROWS = 60
"""Below this nothing can be told from chance: the verdict is ``none``."""

MOST_COLUMNS = 30
"""Wider tables are looked at along so many leading principal axes."""

LEADING_AXES = 5
"""Principal projections that get a dip test of their own."""

BATCH = 20
MOST_DRAWS = 99
"""With 99 draws the smallest p-value is 0.01."""

LEVEL, WEAK_LEVEL = 0.01, 0.05

CLEAR_GAIN, WEAK_GAIN = 0.045, 0.038
"""Gain in silhouette over the draws' mean that matters."""

CLEAR_DIP = 0.04
"""A dip that matters: smaller ones, such as the rhythm of days, are real but no groups."""


def judge_structure(X: NDArray[np.float64], *, rng: Generator, progress: Progress) -> Structure:
    """Judge whether a prepared matrix holds groups.

    Parameters
    ----------
    X : ndarray of shape (n_entities, n_columns), finite
        The prepared matrix: bent, standardised, clipped; indicators allowed.
    rng : Generator
        Chooses rows and makes the draws: equal chance, equal verdict.
    progress : Progress

    Returns
    -------
    Structure
    """
    from threadpoolctl import threadpool_limits

    # One thread: sums in another order would give other draws' last bits.
    with threadpool_limits(limits=1):
        view = _look(X, rng)
        if view is None:
            return _too_little(len(X))
        humps = _humps(view, rng)
        comparison = _compare(view, plain=humps.matters, rng=rng, progress=progress)
    return _verdict(view, comparison, humps)


@dataclass(frozen=True)
class _View:
    """What is looked at: rows and columns, normal scores, and where scores stand for values."""

    X: NDArray[np.float64]
    smooth: NDArray[np.float64]
    scores: NDArray[np.float64]
    latent: NDArray[np.bool_]

    @property
    def all_smooth(self) -> bool:
        return not self.latent.any()


def _look(X: NDArray[np.float64], rng: Generator) -> _View | None:
    rows = rng.permutation(len(X))[:DIP_ROWS]
    X = np.ascontiguousarray(X[rows], dtype=np.float64)
    X = X[:, np.ptp(X[:ROWS], axis=0) > 0] if len(X) else X
    if len(X) < FEWEST_ROWS or X.shape[1] == 0:
        return None
    if X.shape[1] > MOST_COLUMNS:
        X = _leading_axes(X, MOST_COLUMNS)
    heaped = np.array([atom_share(column[:ROWS]) >= EDGE_SHARE for column in X.T])
    smooth = X[:, ~heaped]
    # Heaps such as "none in the last month" make gaps that no group made. Where enough columns
    # vary smoothly, groups have to show in those.
    if smooth.shape[1] >= min(3, (X.shape[1] + 1) // 2):
        sample = smooth[:ROWS]
        return _View(sample, smooth, latent_scores(sample, rng), np.zeros(sample.shape[1], bool))
    sample = X[:ROWS]
    scores = latent_scores(sample, rng)
    spread = sample.std(axis=0)
    return _View(np.where(heaped, scores * spread, sample), smooth, scores * 1.0, heaped)


def _leading_axes(X: NDArray[np.float64], count: int) -> NDArray[np.float64]:
    centred = X - X.mean(axis=0)
    if centred.shape[1] <= centred.shape[0]:
        _, axes = np.linalg.eigh(centred.T @ centred)
        return centred @ axes[:, ::-1][:, :count]
    variances, left = np.linalg.eigh(centred @ centred.T)
    order = np.argsort(variances)[::-1][:count]
    return left[:, order] * np.sqrt(np.maximum(variances[order], 0.0))


@dataclass(frozen=True)
class _Humps:
    """The most telling dip test, its p-value corrected for the number of tests."""

    p_value: float
    dip: float
    where: str

    @property
    def matters(self) -> bool:
        return self.p_value <= LEVEL and self.dip >= CLEAR_DIP


def _humps(view: _View, rng: Generator) -> _Humps:
    tests = [(f"column {j}", spread_ties(c, rng)) for j, c in enumerate(view.smooth.T)]
    if view.smooth.shape[1] > 1:
        axes = _leading_axes(view.smooth, min(LEADING_AXES, view.smooth.shape[1]))
        tests += [(f"principal axis {a + 1}", c) for a, c in enumerate(axes.T)]
    if not tests:
        return _Humps(1.0, 0.0, "")
    found = []
    for where, values in tests:
        dip = dip_statistic(values)
        found.append(_Humps(min(1.0, len(tests) * dip_p_value(dip, len(values))), dip, where))
    return min(found, key=lambda f: (f.p_value, -f.dip))


@dataclass(frozen=True)
class _Comparison:
    """The data beside its draws."""

    observed: Grouping
    draws: tuple[Grouping, ...]

    @property
    def null(self) -> NDArray[np.float64]:
        return np.stack([d.silhouettes for d in self.draws])

    @property
    def gains(self) -> NDArray[np.float64]:
        return self.observed.silhouettes - self.null.mean(axis=0)

    @property
    def gain(self) -> float:
        return float(self.gains.max())

    @property
    def p_gain(self) -> float:
        null = self.null
        n = len(null)
        # Each draw is held against the mean of the others, as the data is against all.
        others = (null.sum(axis=0) - null) / (n - 1)
        return _p_value(self.gain, (null - others).max(axis=1))

    @property
    def p_valley(self) -> float:
        return _p_value(self.observed.valley, np.array([d.valley for d in self.draws]))

    @property
    def p_value(self) -> float:
        """Both have to stand out: closer groups, and fewer rows between them."""
        return max(self.p_gain, self.p_valley)


def _p_value(value: float, null: NDArray[np.float64]) -> float:
    """Count the draws that reach the value; where none does, the tail may say more."""
    reached = int((null >= value).sum())
    counted = (reached + 1) / (len(null) + 1)
    if reached:
        return counted
    spread = max(float(null.std(ddof=1)), 1e-12)
    z = (value - float(null.mean())) / spread
    # The largest of many is Gumbel-like: a heavier tail than the normal one.
    tail = -np.expm1(-np.exp(-(z * np.pi / np.sqrt(6.0) + np.euler_gamma)))
    return float(min(counted, max(tail, 1e-6)))


def _compare(view: _View, *, plain: bool, rng: Generator, progress: Progress) -> _Comparison:
    cloud = fit_one_cloud(view.X, view.scores, latent=view.latent)
    observed = measure_grouping(view.X, rng)
    draws: list[Grouping] = []
    while len(draws) < MOST_DRAWS:
        draws += _draw(cloud, min(BATCH, MOST_DRAWS - len(draws)), rng)
        progress.advance(len(draws), MOST_DRAWS)
        comparison = _Comparison(observed, tuple(draws))
        if plain or _is_plain(comparison):
            break
    progress.advance(MOST_DRAWS, MOST_DRAWS)
    return comparison


def _draw(cloud: OneCloud, count: int, rng: Generator) -> list[Grouping]:
    return [measure_grouping(cloud.draw(rng), rng) for _ in range(count)]


def _is_plain(comparison: _Comparison) -> bool:
    """Tell whether more draws could change nothing."""
    if comparison.gain < 0.8 * WEAK_GAIN or comparison.p_value > 4 * WEAK_LEVEL:
        return True
    return comparison.p_value <= LEVEL / 5 and comparison.gain > 1.1 * CLEAR_GAIN


def _verdict(view: _View, comparison: _Comparison, humps: _Humps) -> Structure:
    gain, p = comparison.gain, comparison.p_value
    verdict = StructureVerdict.NONE
    if p <= WEAK_LEVEL and gain >= WEAK_GAIN:
        verdict = StructureVerdict.WEAK
    if (p <= LEVEL and gain >= CLEAR_GAIN and view.all_smooth) or humps.matters:
        verdict = StructureVerdict.CLEAR
    best = int(comparison.gains.argmax())
    null = comparison.null[:, best]
    silhouette = float(comparison.observed.silhouettes[best])
    return Structure(
        verdict=verdict,
        p_value=round(p, 6),
        silhouette=silhouette,
        null_silhouettes=tuple(float(v) for v in null),
        n_rows=len(view.X),
        dip_p_value=humps.p_value,
        dip_where=humps.where,
        sentence=_sentence(verdict, silhouette, null, COUNTS[best], humps),
    )


def _sentence(
    verdict: StructureVerdict,
    silhouette: float,
    null: NDArray[np.float64],
    count: int,
    humps: _Humps,
) -> str:
    figures = (
        f"cut into {count} groups its silhouette is {silhouette:.2f}, against {null.mean():.2f} "
        f"(highest {null.max():.2f}) in {len(null)} draws of one cloud with the same columns"
    )
    if verdict is StructureVerdict.CLEAR and humps.matters:
        return f"There are clear groups: {humps.where} has more than one hump, and {figures}."
    if verdict is StructureVerdict.CLEAR:
        return f"There are clear groups: {figures}."
    if verdict is StructureVerdict.WEAK:
        return f"There are signs of groups, but they run into each other: {figures}."
    return f"There are no groups beyond what one cloud shows by chance: {figures}."


def _too_little(n: int) -> Structure:
    return Structure(
        verdict=StructureVerdict.NONE,
        p_value=1.0,
        silhouette=0.0,
        null_silhouettes=(),
        n_rows=n,
        dip_p_value=1.0,
        dip_where="",
        sentence=f"With {n} entities, groups cannot be told from chance.",
    )
