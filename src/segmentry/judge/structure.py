"""The structure verdict: whether the data holds groups at all, or any cut is as good as another.

What lives here: which rows and columns are looked at, how many draws are made, and the rule from
figures to ``clear``, ``weak`` or ``none``. What does not: the formulas (``maths.structure``,
``maths.grouping``, ``maths.pursuit``, ``maths.dip``) and p-values (``comparison``). The rule and
its error rates are in ``docs/methods/structure.md``.
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
from segmentry.judge.comparison import WEAK_LEVEL, Comparison, Sizes, Tail
from segmentry.judge.humps import Humps, beside_heaps, find_humps
from segmentry.maths.grouping import COUNTS, Grouping, measure_grouping
from segmentry.maths.pursuit import measure_directions
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

SIZES = Sizes(clear=0.03, weak=0.02, strong=0.06)
"""Gains that matter of partitions in all columns."""

HIDDEN_SIZES = Sizes(clear=0.05, weak=0.05)
"""Gains that matter along a single direction, whatever the number of columns: two equal groups
2.8 standard deviations apart have as much, of which 92 % of entities could be told."""

ONE_COLUMN = 0.9
"""Correlation with a column from which a direction is that column's."""


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
        looks = _compare(
            view,
            plain=humps.are_clear,
            rng=rng,
            progress=progress,
            crew=crew or Crew.of(),
        )
    return _verdict(view, looks, humps)


@dataclass(frozen=True)
class _View:
    """What is looked at: rows and columns, normal scores, and where scores stand for values."""

    X: NDArray[np.float64]
    smooth: NDArray[np.float64]
    smooth_names: tuple[str, ...]
    heaped: tuple[tuple[str, NDArray[np.float64]], ...]
    scores: NDArray[np.float64]
    latent: NDArray[np.bool_]
    names: tuple[str, ...]
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
        X, names, heaped = smooth, smooth_names, np.zeros(smooth.shape[1], dtype=bool)
    sample = X[:ROWS]
    scores = latent_scores(sample, rng)
    values = np.where(heaped, scores * sample.std(axis=0), sample)
    names = () if on_axes else names
    return _View(values, smooth, smooth_names, heaps, scores, heaped, names, n_columns, on_axes)


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
class _Looks:
    """The data beside the same draws in two ways: in all columns, and along hidden directions."""

    whole: Comparison
    hidden: Comparison

    @property
    def need_no_more(self) -> bool:
        """Tell whether more draws could change nothing."""
        both = (self.whole, self.hidden)
        return any(c.is_settled for c in both) or all(c.is_hopeless for c in both)


def _compare(view: _View, *, plain: bool, rng: Generator, progress: Progress, crew: Crew) -> _Looks:
    cloud = fit_one_cloud(view.X, view.scores, latent=view.latent)
    whole, hidden = measure_grouping(view.X, rng), _hidden(view.X)
    # A stream for each draw, so that it does not matter which thread makes it.
    streams = rng.spawn(MOST_DRAWS)
    draws: list[tuple[Grouping, Grouping]] = []
    while len(draws) < MOST_DRAWS:
        draws += crew.map(partial(_draw, cloud), streams[len(draws) : len(draws) + BATCH])
        progress.advance(len(draws), MOST_DRAWS)
        wholes, hiddens = zip(*draws, strict=True)
        looks = _Looks(Comparison(whole, wholes, SIZES), Comparison(hidden, hiddens, HIDDEN_SIZES))
        if plain or looks.need_no_more:
            break
    progress.advance(MOST_DRAWS, MOST_DRAWS)
    return looks


def _draw(cloud: OneCloud, rng: Generator) -> tuple[Grouping, Grouping]:
    X = cloud.draw(rng)
    return measure_grouping(X, rng), measure_directions(X).grouping


def _hidden(X: NDArray[np.float64]) -> Grouping:
    """Look along directions, but for those that are a single column: its humps are for a dip."""
    found = measure_directions(X)
    shown, several = found.grouping, found.nearness <= ONE_COLUMN
    return Grouping(
        np.where(several, shown.silhouettes, 0.0), np.where(several, shown.valleys, 0.0)
    )


def _verdict(view: _View, looks: _Looks, humps: Humps) -> Structure:
    verdict, test, comparison, tail = _rule(view, looks, humps)
    best = comparison.best
    return Structure(
        verdict=verdict,
        p_value=float(f"{tail.p_value:.3g}"),
        silhouette=float(comparison.observed.silhouettes[best]),
        null_silhouettes=tuple(float(v) for v in comparison.null[:, best]),
        n_rows=len(view.X),
        dip_p_value=float(f"{humps.p_value:.3g}"),
        dip_where=humps.where,
        sentence=_sentence(verdict, test, view, comparison, humps),
        test=test,
        p_silhouette=float(f"{comparison.closeness.p_value:.3g}"),
        n_reached=tail.n_reached,
        columns=view.names,
        n_columns=view.n_columns,
    )


def _rule(
    view: _View, looks: _Looks, humps: Humps
) -> tuple[StructureVerdict, StructureTest, Comparison, Tail]:
    """Give the verdict, the test that it rests on, the comparison to tell of, and its tail."""
    whole, hidden = looks.whole, looks.hidden
    found = {
        StructureTest.COMPARISON: _no_more_than(view, whole.verdict),
        StructureTest.HUMPS: humps.verdict,
        StructureTest.DIRECTION: _no_more_than(view, hidden.verdict),
    }
    for verdict in (StructureVerdict.CLEAR, StructureVerdict.WEAK):
        for test, said in found.items():
            if said is verdict:
                told = hidden if test is StructureTest.DIRECTION else whole
                return verdict, test, told, told.tail
    if whole.is_strong:
        return StructureVerdict.WEAK, StructureTest.COMPARISON, whole, whole.closeness
    return StructureVerdict.NONE, StructureTest.COMPARISON, whole, whole.tail


def _no_more_than(view: _View, verdict: StructureVerdict) -> StructureVerdict:
    """Where scores stand for heaps of values, a comparison shows signs at most."""
    is_clear = verdict is StructureVerdict.CLEAR
    return StructureVerdict.WEAK if is_clear and not view.all_smooth else verdict


OPENINGS = {
    StructureVerdict.CLEAR: "There are clear groups",
    StructureVerdict.WEAK: "There are signs of groups, but they run into each other",
    StructureVerdict.NONE: "There are no groups beyond what one structureless cloud shows",
}
FEW_LOOKED_AT = (
    "Few columns can be compared, and those show no groups beyond one structureless cloud"
)
IN_FEW = ", as far as the few columns tell that can be compared"
CLEAR_IN_FEW = "There are clear groups in the few columns that can be compared"
MOST_NAMED = 6
"""Columns that a sentence names."""


def _sentence(
    verdict: StructureVerdict,
    test: StructureTest,
    view: _View,
    comparison: Comparison,
    humps: Humps,
) -> str:
    parts = [_figures(comparison, along=test is StructureTest.DIRECTION)]
    if humps.level <= WEAK_LEVEL:
        parts.insert(
            0, f"{humps.where!r} has more than one hump (dip test, p {_told(humps.p_value)})"
        )
    elif verdict is not StructureVerdict.NONE:
        # A verdict without a valley rests on the silhouettes alone.
        alone = comparison.verdict is StructureVerdict.NONE
        tail = comparison.closeness if alone else comparison.tail
        # Fewer draws than that cannot count so small a share: their tail is continued.
        beyond = tail.p_value < 1.0 / (len(comparison.draws) + 1)
        how = " (the tail of the draws continued)" if beyond else ""
        parts.append(f"chance alone gives as much with p {_told(tail.p_value)}{how}")
    elif comparison.closeness.p_value <= WEAK_LEVEL:
        parts.append(_why_not(comparison))
    looked_at = view.X.shape[1]
    opening = OPENINGS[verdict]
    if looked_at < view.n_columns and not view.on_axes:
        if 2 * looked_at < view.n_columns:
            opening = {
                StructureVerdict.NONE: FEW_LOOKED_AT,
                StructureVerdict.CLEAR: CLEAR_IN_FEW,
            }.get(verdict, f"{opening}{IN_FEW}")
        parts.append(
            f"{looked_at} of {view.n_columns} columns were compared{_named(view.names)}; "
            "the others sit on few values"
        )
    return f"{opening}: {'; '.join(parts)}."


def _named(names: tuple[str, ...]) -> str:
    """Name the columns, where they are few."""
    return f" ({', '.join(map(repr, names))})" if 0 < len(names) <= MOST_NAMED else ""


def _figures(comparison: Comparison, *, along: bool) -> str:
    best = comparison.best
    null = comparison.null[:, best]
    how = (
        "along one direction through several columns, cut in two"
        if along
        else f"cut into {COUNTS[best]}"
    )
    return (
        f"{how}, the data reaches a silhouette of {comparison.observed.silhouettes[best]:.2f}, and "
        f"{len(null)} draws of one cloud with the same columns {null.mean():.2f} on average and "
        f"{null.max():.2f} at most"
    )


def _why_not(comparison: Comparison) -> str:
    """Say why a silhouette above what chance gives is still no sign of groups."""
    if comparison.gain < comparison.sizes.weak:
        least = comparison.sizes.weak
        return f"that is beyond chance, but a gain below {least} is too little to matter"
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
