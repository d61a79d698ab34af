"""Searching a matrix: the sample, the space it is searched in, its measured and chosen candidates.

What lives here: the pieces of a search that a run and a comparison of methods share, so that both
see the very same rows. What does not: the methods (``cluster``), the rule (``judge.select``), the
fit on everybody (``find``).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Literal

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from segmentry.cluster.catalogue import CATALOGUE, Tried, method, plan_methods
from segmentry.cluster.method import Arguments, Method, Weights
from segmentry.cluster.search import search
from segmentry.cluster.space import WIDE, Space
from segmentry.domain.aside import Aside
from segmentry.domain.crew import Crew
from segmentry.domain.matrix import Matrix
from segmentry.domain.partition import Candidate, Fitter, Selection, Trial
from segmentry.domain.progress import Progress, Silent
from segmentry.domain.project import SEARCH_ROWS, SegmentChoice
from segmentry.domain.weights import evened
from segmentry.judge.criteria import measured
from segmentry.judge.demands import DemandsOn
from segmentry.judge.select import select, shortlist
from segmentry.judge.stability import RESAMPLED_ROWS, Resamples, mean_jaccards, resample
from segmentry.maths.comparison import Yardstick
from segmentry.maths.gap import Labelled
from segmentry.pipeline.variations import FREE_METHODS
from segmentry.seeds import stream

FIRST_ROWS = 200
"""Rows among which enough distinct ones are nearly always found."""


@dataclass(frozen=True, eq=False)
class Ground:
    """The rows that are searched, in the space in which they are, and what they are measured by."""

    X: NDArray[np.float64]
    rows: NDArray[np.int64]
    """Rows of the matrix."""
    space: Space
    methods: tuple[Tried, ...]
    yardstick: Yardstick
    weights: Weights = None
    """How much each row counts, one on average; None where all count the same."""

    @property
    def tried(self) -> tuple[str, ...]:
        """Name the methods that are tried, simplest first."""
        return tuple(m.name for m in self.methods if m.is_tried)


@dataclass(frozen=True)
class Searched:
    """What came out of the search, and what later judging uses again."""

    selection: Selection
    methods: tuple[Tried, ...]
    yardstick: Yardstick
    resamples: Resamples
    """Of the chosen method and number of segments."""
    refits: Resamples
    """The same, on as many rows as were searched where that takes little time."""
    ground: Ground
    trials: tuple[Trial, ...]
    """One for each candidate: with the method's own labels, noise -1, beside those of other
    seeds. What is used are the answers of prototypes."""

    @property
    def kept(self) -> Trial:
        """Give the trial of the chosen candidate."""
        pairs = zip(self.trials, self.selection.candidates, strict=True)
        return next(trial for trial, candidate in pairs if candidate.kept)


def ground_of(
    matrix: Matrix,
    asked: Literal["auto", "all"] | tuple[str, ...],
    *,
    seed: int,
    crew: Crew | None = None,
    most: int = SEARCH_ROWS,
) -> Ground:
    """Draw the sample that is searched and decide which methods are tried on it.

    Parameters
    ----------
    matrix : Matrix
    asked : {"auto", "all"} or tuple of str
        ``auto`` are the methods of a run, ``all`` those of the catalogue that suit the data.
    seed : int
    crew : Crew or None
    most : int, default=10000
        Rows of the sample, where there are more.

    Returns
    -------
    Ground
    """
    rows = matrix.sample(most, stream(seed, "search rows"))
    sample = np.ascontiguousarray(matrix.X[rows])
    weights = None if matrix.weights is None else evened(matrix.weights[rows])
    named = _suiting(sample, weights) if asked == "all" else asked
    is_read = named != "auto" and any(method(name).reads_columns for name in named)
    space = Space() if is_read else Space.of(sample, stream(seed, "search space"))
    sample = space.into(sample)
    methods = plan_methods(sample, named)
    if asked == "all":
        methods = tuple(_why_unsuited(m, sample, weights) for m in methods)
    chance, hands = stream(seed, "yardstick"), crew or Crew()
    yardstick = Yardstick.over(sample, chance, spread=hands.map)
    return Ground(sample, rows, space, methods, yardstick, weights)


def _suiting(X: NDArray[np.float64], weights: Weights) -> tuple[str, ...]:
    """Name the methods that have nothing against the data, or against weights that it has."""
    # What reads columns would keep all others from the leading axes of a wide sample.
    fitting = [m for m in CATALOGUE if X.shape[1] <= WIDE or not m.reads_columns]
    if weights is not None:
        fitting = [m for m in fitting if not m.weighs_not]
    return tuple(m.name for m in fitting if not m.objection(X))


def _why_unsuited(tried: Tried, X: NDArray[np.float64], weights: Weights) -> Tried:
    if tried.is_tried:
        return tried
    own = method(tried.name)
    against = own.objection(X) or "it reads columns, and there are too many"
    if weights is not None and own.weighs_not:
        against = f"it takes no weights: {own.weighs_not}"
    return replace(tried, reason=f"Not tried: {against}.")


def search_matrix(
    matrix: Matrix,
    choice: SegmentChoice,
    *,
    seed: int,
    band: range,
    steps: Progress,
    crew: Crew,
    demands: DemandsOn | None = None,
    aside: Aside | None = None,
) -> Searched:
    """Search a sample, measure every candidate, resample the shortlist, choose.

    Parameters
    ----------
    matrix : Matrix
    choice : SegmentChoice
        Its methods and conditions; the band is given apart.
    seed : int
    band : range
    steps : Progress
    crew : Crew
    demands : callable or None
        What else is asked of segments.
    aside : Aside or None
        Where finished fits are put, so that a search that is interrupted goes on after them.

    Returns
    -------
    Searched
    """
    ground = ground_of(matrix, choice.methods, seed=seed, crew=crew, most=choice.most_searched)
    steps.phase(
        "search",
        f"{', '.join(ground.tried)}, {band.start} to {band.stop - 1} segments, "
        f"{len(ground.rows)} rows",
    )
    trials = search(
        ground.X,
        band,
        seed=seed,
        progress=steps,
        methods=ground.tried,
        min_share=choice.min_share,
        max_share=choice.max_share,
        crew=crew,
        weights=ground.weights,
        aside=aside,
    )
    measures = measured(ground.X, trials, ground.yardstick, spread=crew.map, weights=ground.weights)
    candidates = asked_of(ground, measures, demands)
    wanted = shortlist(candidates, min_share=choice.min_share)
    found = resampled(ground, (candidates[i] for i in wanted), seed=seed, crew=crew)
    candidates = tuple(in_all_columns(ground, c) for c in with_jaccards(candidates, found))
    selection = select(candidates, ground.rows, min_share=choice.min_share)
    kept = next(i for i, c in enumerate(selection.candidates) if c.kept)
    chosen = candidates[kept]
    refits = found[chosen.name]
    if method(chosen.partition.method).has_centres and len(ground.X) > RESAMPLED_ROWS:
        wider = resample(
            ground.X,
            {chosen.name: fitter(chosen)},
            seed=seed,
            crew=crew,
            most=SEARCH_ROWS,
            weights=ground.weights,
        )
        refits = wider[chosen.name]
    return Searched(
        selection,
        ground.methods,
        ground.yardstick,
        found[chosen.name],
        refits,
        ground,
        trials,
    )


def find_again(
    matrix: Matrix,
    chosen: Candidate,
    choice: SegmentChoice,
    *,
    band: range,
    seed: int,
    crew: Crew,
) -> tuple[Ground, Trial]:
    """Find as many segments by the same method in another matrix.

    Parameters
    ----------
    matrix : Matrix
    chosen : Candidate
        Whose method and number of segments are taken.
    choice : SegmentChoice
        Its conditions hold for methods that can see to them.
    band : range
        Where the method finds its own number, those that it may find.
    seed : int
    crew : Crew

    Returns
    -------
    ground : Ground
    trial : Trial
        Its partition in the space of the ground.

    Raises
    ------
    FitError
        E4002 if too few rows differ, E4003 if the method finds no such number.
    """
    name, k = chosen.partition.method, chosen.n_segments
    ground = ground_of(matrix, (name,), seed=seed, most=choice.most_searched)
    trials = search(
        ground.X,
        band if name in FREE_METHODS else range(k, k + 1),
        seed=seed,
        progress=Silent(),
        methods=(name,),
        min_share=choice.min_share,
        max_share=choice.max_share,
        crew=crew,
        weights=ground.weights,
    )
    return ground, trials[0]


def asked_of(
    ground: Ground, candidates: tuple[Candidate, ...], demands: DemandsOn | None
) -> tuple[Candidate, ...]:
    """Add to candidates what they do not hold of what a project asks."""
    if demands is None:
        return candidates
    own = replace(demands(ground.rows), n_candidates=len(candidates), weights=ground.weights)
    return tuple(
        replace(c, unmet=own.unmet(c, ground.space.lifted(c.partition))) for c in candidates
    )


def in_all_columns(ground: Ground, candidate: Candidate) -> Candidate:
    """Give a candidate with its points in all columns of the matrix."""
    return replace(candidate, partition=ground.space.lifted(candidate.partition))


def resampled(
    ground: Ground, candidates: Iterable[Candidate], *, seed: int, crew: Crew
) -> dict[str, Resamples]:
    """Draw entities again and fit candidates anew.

    Parameters
    ----------
    ground : Ground
        The searched rows.
    candidates : iterable of Candidate
    seed : int
    crew : Crew

    Returns
    -------
    dict of str to Resamples
        By the candidates' names, which also name their streams of chance.
    """
    fitters = {c.name: fitter(c) for c in candidates}
    return resample(ground.X, fitters, seed=seed, crew=crew, weights=ground.weights)


def fitter(candidate: Candidate) -> Fitter:
    """Give what fits a candidate anew, with whatever the search has settled about its method."""
    partition = candidate.partition
    again = method(partition.method)
    return partial(_refit, again, partition.arguments, candidate.n_segments)


def labelled(candidate: Candidate) -> Labelled:
    """Give the same with the number of segments left open, for rows of any kind."""
    partition = candidate.partition
    again = method(partition.method)
    return lambda X, n_segments, rng: _refit(again, partition.arguments, n_segments, X, rng)


def _refit(
    again: Method,
    settled: Arguments,
    n_segments: int,
    X: NDArray[np.float64],
    rng: Generator,
    weights: Weights = None,
) -> NDArray[np.int64]:
    # A resample of few rows may hold fewer distinct ones than there are segments.
    if len(np.unique(X[:FIRST_ROWS], axis=0)) >= n_segments:
        return again.labels(X, n_segments, rng, settled, weights)
    fewer = min(n_segments, len(np.unique(X, axis=0)))
    return again.labels(X, fewer, rng, settled, weights)


def with_jaccards(
    candidates: Iterable[Candidate], resamples: Mapping[str, Resamples]
) -> tuple[Candidate, ...]:
    """Add to candidates that were resampled how well their segments come back."""
    return tuple(
        _with_jaccards(c, resamples[c.name]) if c.name in resamples else c for c in candidates
    )


def _with_jaccards(candidate: Candidate, resamples: Resamples) -> Candidate:
    means = mean_jaccards(resamples.jaccards(candidate.partition.labels, candidate.n_segments))
    added = {"jaccard_mean": float(means.mean()), "jaccard_min": float(means.min())}
    return replace(candidate, scores={**candidate.scores, **added})
