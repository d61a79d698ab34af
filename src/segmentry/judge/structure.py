"""The structure verdict: whether the data holds groups at all, or any cut is as good as another.

What lives here: which rows and columns are looked at, how many draws are made, and the rule from
figures to ``clear``, ``weak`` or ``none``. What does not: the formulas (``maths.structure``,
``maths.grouping``, ``maths.dip``). The rule and its error rates are in
``docs/methods/structure.md``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from segmentry.domain.crew import Crew, single_threaded
from segmentry.domain.evidence import Structure, StructureTest, StructureVerdict
from segmentry.domain.progress import Progress
from segmentry.judge.humps import LEVEL, Humps, beside_heaps, find_humps
from segmentry.maths.grouping import COUNTS, Grouping, measure_grouping
from segmentry.maths.structure import (
    EDGE_SHARE,
    OneCloud,
    atom_share,
    fit_one_cloud,
    latent_scores,
    spread_ties,
)

ROWS = 3_000
"""Rows compared with the draws, by chance where there are more."""

DIP_ROWS = 4_000
"""Rows of the dip tests, which cost next to nothing."""

FEWEST_ROWS = 60
"""Below this nothing can be told from chance: the verdict is ``none``."""

MOST_COLUMNS = 30
"""Wider tables are looked at along so many leading principal axes."""

LEADING_AXES = 5
"""Principal projections that get a dip test of their own."""

AXIS_ROWS = 1_000
"""Rows on which principal axes are found."""

SMOOTH_COLUMNS = 3
"""So many smoothly varying columns, or half of all, are enough to leave the others out."""

BATCH = 20
MOST_DRAWS = 99
"""With 99 draws the smallest p-value is 0.01."""

WEAK_LEVEL = 0.05

ENOUGH_REACHED = 7
"""Draws that reach the data after which it is left: of 99, five are already more than 5 %. Two
more allow for the mean of the draws, which moves a little with each of them (the sequential stop
of Besag and Clifford 1991, Biometrika 78, 301-304)."""

CLEAR_GAIN, WEAK_GAIN = 0.03, 0.02
"""Gain in silhouette over the draws' mean that matters."""

STRONG_GAIN = 0.06
"""Gain that is a sign of groups even where no valley lies between them."""


def judge_structure(
    X: NDArray[np.float64],
    *,
    rng: Generator,
    progress: Progress,
    names: Sequence[str] = (),
    crew: Crew | None = None,
) -> Structure:
    """Judge whether a prepared matrix holds groups.

    Parameters
    ----------
    X : ndarray of shape (n_entities, n_columns), finite
        The prepared matrix: bent, standardised, clipped; indicators allowed.
    rng : Generator
        Chooses rows and makes the draws: equal chance, equal verdict.
    progress : Progress
    names : sequence of str, default numbered
        Names of the columns, for the sentence.
    crew : Crew or None
        Hands for the draws; the verdict does not depend on their number.

    Returns
    -------
    Structure
    """
    with single_threaded():
        view = _look(X, rng, tuple(names) or tuple(f"column {j + 1}" for j in range(X.shape[1])))
        if isinstance(view, str):
            return _nothing_to_judge(view, len(X))
        humps = find_humps(_tested(view, rng), rng)
        comparison = _compare(
            view,
            plain=humps.are_clear,
            rng=rng,
            progress=progress,
            crew=crew or Crew.of(),
        )
    return _verdict(view, comparison, humps)


@dataclass(frozen=True)
class _View:
    """What is looked at: rows and columns, normal scores, and where scores stand for values."""

    X: NDArray[np.float64]
    smooth: NDArray[np.float64]
    smooth_names: tuple[str, ...]
    heaped: tuple[tuple[str, NDArray[np.float64]], ...]
    scores: NDArray[np.float64]
    latent: NDArray[np.bool_]
    n_columns: int
    on_axes: bool

    @property
    def all_smooth(self) -> bool:
        return not self.latent.any()


def _look(X: NDArray[np.float64], rng: Generator, names: tuple[str, ...]) -> _View | str:
    """Choose rows and columns; a sentence where nothing is left to look at."""
    n, n_columns = X.shape
    if n < FEWEST_ROWS:
        return f"With {n} entities, groups cannot be told from chance."
    X = np.ascontiguousarray(X[rng.permutation(n)[:DIP_ROWS]], dtype=np.float64)
    many = np.array([len(np.unique(column[:ROWS])) > 2 for column in X.T])
    if not many.any():
        return "Every column has two values at most, so there is no shape in which to see groups."
    X, names = X[:, many], _chosen(names, many)
    on_axes = X.shape[1] > MOST_COLUMNS
    if on_axes:
        X = _leading_axes(X, MOST_COLUMNS)
        names = _axis_names(X.shape[1])
    heaped = np.array([atom_share(column[:ROWS]) >= EDGE_SHARE for column in X.T])
    smooth, smooth_names = X[:, ~heaped], _chosen(names, ~heaped)
    heaps = tuple(zip(_chosen(names, heaped), X[:, heaped].T, strict=True))
    # Heaps such as "none in the last month" make gaps that no group made. Where enough columns
    # vary smoothly, groups have to show in those.
    if smooth.shape[1] >= min(SMOOTH_COLUMNS, (X.shape[1] + 1) // 2):
        X, heaped = smooth, np.zeros(smooth.shape[1], dtype=bool)
    sample = X[:ROWS]
    scores = latent_scores(sample, rng)
    values = np.where(heaped, scores * sample.std(axis=0), sample)
    return _View(values, smooth, smooth_names, heaps, scores, heaped, n_columns, on_axes)


def _chosen(names: tuple[str, ...], chosen: NDArray[np.bool_]) -> tuple[str, ...]:
    return tuple(name for name, keep in zip(names, chosen, strict=True) if keep)


def _axis_names(count: int) -> tuple[str, ...]:
    return tuple(f"principal axis {a + 1}" for a in range(count))


def _leading_axes(X: NDArray[np.float64], count: int) -> NDArray[np.float64]:
    """Project on the leading principal axes, found on as many rows as are needed for them."""
    centred = X - X.mean(axis=0)
    rows = centred[:AXIS_ROWS]
    directions: NDArray[np.float64]
    if rows.shape[1] <= len(rows):
        directions = np.linalg.eigh(rows.T @ rows)[1][:, ::-1]
    else:
        directions = rows.T @ np.linalg.eigh(rows @ rows.T)[1][:, ::-1][:, : len(rows) - 1]
        directions /= np.linalg.norm(directions, axis=0).clip(1e-12)
    projected: NDArray[np.float64] = centred @ directions[:, :count]
    spreads = projected.std(axis=0)
    # Repeated columns leave axes on which nothing but rounding lies.
    return projected[:, spreads > 1e-6 * spreads.max()]


def _tested(view: _View, rng: Generator) -> list[tuple[str, NDArray[np.float64]]]:
    """Give the columns and leading projections whose humps are sought."""
    names = view.smooth_names
    columns = [
        (name, spread_ties(column, rng)) for name, column in zip(names, view.smooth.T, strict=True)
    ]
    if view.on_axes:
        return columns
    if len(columns) > 1:
        axes = _leading_axes(view.smooth, LEADING_AXES).T
        columns += zip(_axis_names(len(axes)), axes, strict=True)
    return [*columns, *beside_heaps(view.heaped, rng, fewest_rows=FEWEST_ROWS)]


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
        result: NDArray[np.float64] = self.observed.silhouettes - self.null.mean(axis=0)
        return result

    @property
    def gain(self) -> float:
        return float(self.gains.max())

    @property
    def null_gains(self) -> NDArray[np.float64]:
        """Each draw held against the mean of the others, as the data is against all."""
        null = self.null
        others = (null.sum(axis=0) - null) / (len(null) - 1)
        result: NDArray[np.float64] = (null - others).max(axis=1)
        return result

    @property
    def null_valleys(self) -> NDArray[np.float64]:
        result: NDArray[np.float64] = np.stack([d.valleys for d in self.draws]).max(axis=1)
        return result

    @property
    def valley(self) -> float:
        return float(self.observed.valleys.max())

    @property
    def closeness(self) -> _Tail:
        """How far out the data lies in silhouette."""
        return _Tail.of(self.gain, self.null_gains)

    @property
    def emptiness(self) -> _Tail:
        """How far out the data lies in the emptiness between its groups."""
        return _Tail.of(self.valley, self.null_valleys)

    @property
    def is_lost(self) -> bool:
        """Whether so many draws reach the data that no further ones can make it stand out."""
        closer = int((self.null_gains >= self.gain).sum())
        apart = int((self.null_valleys >= self.valley).sum())
        may_be_strong = closer < 2 and self.gain >= 0.8 * STRONG_GAIN
        return closer >= ENOUGH_REACHED or (apart >= ENOUGH_REACHED and not may_be_strong)

    @property
    def tail(self) -> _Tail:
        """Both have to stand out: closer groups, and fewer rows between them."""
        return max(self.emptiness, self.closeness, key=lambda t: t.p_value)


@dataclass(frozen=True, slots=True)
class _Tail:
    """How far out the data lies among its draws."""

    p_value: float
    n_reached: int

    @classmethod
    def of(cls, value: float, null: NDArray[np.float64]) -> _Tail:
        return cls(_p_value(value, null), int((null >= value).sum()))


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
    return min(counted, max(float(tail), 1e-6))


def _compare(
    view: _View, *, plain: bool, rng: Generator, progress: Progress, crew: Crew
) -> _Comparison:
    cloud = fit_one_cloud(view.X, view.scores, latent=view.latent)
    observed = measure_grouping(view.X, rng)
    # A stream for each draw, so that it does not matter which thread makes it.
    streams = rng.spawn(MOST_DRAWS)
    draws: list[Grouping] = []
    while len(draws) < MOST_DRAWS:
        draws += crew.map(partial(_draw, cloud), streams[len(draws) : len(draws) + BATCH])
        progress.advance(len(draws), MOST_DRAWS)
        comparison = _Comparison(observed, tuple(draws))
        if plain or _is_plain(comparison):
            break
    progress.advance(MOST_DRAWS, MOST_DRAWS)
    return comparison


def _draw(cloud: OneCloud, rng: Generator) -> Grouping:
    return measure_grouping(cloud.draw(rng), rng)


def _is_plain(comparison: _Comparison) -> bool:
    """Tell whether more draws could change nothing."""
    if comparison.gain < 0.8 * WEAK_GAIN or comparison.is_lost:
        return True
    return comparison.tail.p_value <= LEVEL / 5 and comparison.gain > 1.1 * CLEAR_GAIN


def _verdict(view: _View, comparison: _Comparison, humps: Humps) -> Structure:
    verdict, test, tail = _rule(view, comparison, humps)
    best = int(comparison.gains.argmax())
    return Structure(
        verdict=verdict,
        p_value=float(f"{tail.p_value:.3g}"),
        silhouette=float(comparison.observed.silhouettes[best]),
        null_silhouettes=tuple(float(v) for v in comparison.null[:, best]),
        n_rows=len(view.X),
        dip_p_value=float(f"{humps.p_value:.3g}"),
        dip_where=humps.where,
        sentence=_sentence(verdict, tail, view, comparison, humps),
        test=test,
        p_silhouette=float(f"{comparison.closeness.p_value:.3g}"),
        n_reached=tail.n_reached,
    )


def _rule(
    view: _View, comparison: _Comparison, humps: Humps
) -> tuple[StructureVerdict, StructureTest, _Tail]:
    """Give the verdict, the test that it rests on, and the comparison's tail that decided."""
    gain, tail = comparison.gain, comparison.tail
    if tail.p_value <= LEVEL and gain >= CLEAR_GAIN and view.all_smooth:
        return StructureVerdict.CLEAR, StructureTest.COMPARISON, tail
    if humps.are_clear:
        return StructureVerdict.CLEAR, StructureTest.HUMPS, tail
    if tail.p_value <= WEAK_LEVEL and gain >= WEAK_GAIN:
        return StructureVerdict.WEAK, StructureTest.COMPARISON, tail
    if humps.level <= WEAK_LEVEL:
        return StructureVerdict.WEAK, StructureTest.HUMPS, tail
    if comparison.closeness.p_value <= LEVEL and gain >= STRONG_GAIN:
        return StructureVerdict.WEAK, StructureTest.COMPARISON, comparison.closeness
    return StructureVerdict.NONE, StructureTest.COMPARISON, tail


OPENINGS = {
    StructureVerdict.CLEAR: "There are clear groups",
    StructureVerdict.WEAK: "There are signs of groups, but they run into each other",
    StructureVerdict.NONE: "There are no groups beyond what one structureless cloud shows",
}
FEW_LOOKED_AT = (
    "Few columns can be compared, and those show no groups beyond one structureless cloud"
)


def _sentence(
    verdict: StructureVerdict,
    tail: _Tail,
    view: _View,
    comparison: _Comparison,
    humps: Humps,
) -> str:
    best = int(comparison.gains.argmax())
    null = comparison.null[:, best]
    parts = [
        f"cut into {COUNTS[best]}, the data reaches a silhouette of "
        f"{comparison.observed.silhouettes[best]:.2f}, and {len(null)} draws of one cloud with "
        f"the same columns {null.mean():.2f} on average and {null.max():.2f} at most"
    ]
    if humps.level <= WEAK_LEVEL:
        parts.insert(
            0, f"{humps.where!r} has more than one hump (dip test, p {_told(humps.p_value)})"
        )
    elif verdict is not StructureVerdict.NONE:
        parts.append(f"chance alone gives as much with p {_told(tail.p_value)}")
    elif comparison.closeness.p_value <= WEAK_LEVEL:
        parts.append(_why_not(comparison))
    looked_at = view.X.shape[1]
    opening = OPENINGS[verdict]
    if looked_at < view.n_columns and not view.on_axes:
        if verdict is StructureVerdict.NONE and 2 * looked_at < view.n_columns:
            opening = FEW_LOOKED_AT
        parts.append(
            f"{looked_at} of {view.n_columns} columns were compared; the others sit on few values"
        )
    return f"{opening}: {'; '.join(parts)}."


def _why_not(comparison: _Comparison) -> str:
    """Say why a silhouette above what chance gives is still no sign of groups."""
    if comparison.gain < WEAK_GAIN:
        return f"that is beyond chance, but a gain below {WEAK_GAIN} is too little to matter"
    return (
        "that is beyond chance, but where such groups would part, entities lie as densely as in a "
        "cloud without groups"
    )


def _told(p_value: float) -> str:
    return "below 0.001" if p_value < 0.001 else f"= {p_value:.3f}".rstrip("0")


def _nothing_to_judge(sentence: str, n_rows: int) -> Structure:
    return Structure(
        verdict=StructureVerdict.NONE,
        p_value=1.0,
        silhouette=0.0,
        null_silhouettes=(),
        n_rows=n_rows,
        dip_p_value=1.0,
        dip_where="",
        sentence=sentence,
        test=StructureTest.NOTHING,
    )
