"""How far the chosen segments hang on single decisions: each taken otherwise, all else as it was.

What lives here: the choice that is varied, and the table of its variations. What does not: the
variations themselves (``variations``), how they are shown (``cli.sensitivity_words``). Read on in
``docs/methods/sensitivity.md``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from segmentry.cluster.noise import without_noise
from segmentry.domain.audit import Audit
from segmentry.domain.comparison import Sensitivity, Variation
from segmentry.domain.crew import Crew, single_threaded
from segmentry.domain.matrix import Matrix
from segmentry.domain.percent import percent
from segmentry.domain.progress import Progress, Silent
from segmentry.domain.project import Project, SegmentChoice, Shape
from segmentry.domain.recipe import Recipe
from segmentry.judge.demands import DemandsOn
from segmentry.judge.stability import mean_jaccards
from segmentry.maths.agreement import adjusted_rand_index, best_jaccards, contingency
from segmentry.maths.matching import best_matching
from segmentry.pipeline.arrays import searchable_band
from segmentry.pipeline.demands import demands_of, unchecked_in
from segmentry.pipeline.find import feasible_band
from segmentry.pipeline.ready import Ready, make_ready
from segmentry.pipeline.searching import Searched, search_matrix
from segmentry.pipeline.tournament import Asked, check_methods
from segmentry.pipeline.variations import Columns, Settled, Varied, variations_of
from segmentry.pipeline.windows import Rebuilt, windows_varied

HARDLY = 0.9
"""Agreement from which on a decision hardly matters."""


def sensitivity_of_project(
    project: Project,
    asked: Asked,
    *,
    as_of: datetime | None = None,
    allow_bad_rows: bool = False,
    progress: Progress | None = None,
    threads: int | None = None,
) -> Sensitivity:
    """Choose as a run does, and take each decision otherwise; nothing is written.

    Parameters
    ----------
    project : Project
    asked : Asked
        Methods to choose among (none: those of a run) and numbers of segments.
    as_of : datetime or None
    allow_bad_rows : bool
    progress : Progress or None
    threads : int or None

    Returns
    -------
    Sensitivity

    Raises
    ------
    UsageError
        E1101 for a method that there is not.
    ProjectFileError, DataError, FitError
        As a run would.
    """
    check_methods(asked.methods)
    steps, audit, project = progress or Silent(), Audit(), asked.chosen_in(project)
    ready = make_ready(
        project,
        audit=audit,
        steps=steps,
        as_of=as_of,
        allow_bad_rows=allow_bad_rows,
        threads=threads,
    )
    table, matrix = ready.prepared.learning(ready.table)
    band, crew = feasible_band(table.n_entities, project.segments, audit), Crew.of(threads)

    def rebuilding(searched: Searched) -> Rebuilt | None:
        window = ready.window
        if window is None or not any(s.shape is Shape.EVENTS for s in project.sources):
            return None
        return Rebuilt(
            project, ready, window, matrix, searched, band, crew, threads, allow_bad_rows
        )

    found = _sensitivity(
        matrix,
        project.segments,
        band=band,
        seed=project.seed,
        steps=steps,
        crew=crew,
        beside=_Beside(demands_of(ready, project, audit), ready, rebuilding),
    )
    return replace(found, notes=(*found.notes, *unchecked_in(audit)))


def sensitivity_of_rows(
    matrix: Matrix,
    choice: SegmentChoice,
    *,
    n_segments: int | None,
    seed: int,
    threads: int | None = None,
    demands: DemandsOn | None = None,
) -> Sensitivity:
    """Choose among rows of numbers, however few, and take each decision otherwise.

    Parameters
    ----------
    matrix : Matrix
    choice : SegmentChoice
    n_segments : int or None
        Exactly so many; None chooses inside the band that the rows allow.
    seed : int
    threads : int or None
    demands : callable or None
        What is asked of segments beyond their number and smallest share.

    Returns
    -------
    Sensitivity

    Raises
    ------
    FitError
        E4002 if the rows allow fewer segments, or one alone.
    """
    return _sensitivity(
        matrix,
        choice,
        band=searchable_band(matrix.X, choice, n_segments),
        seed=seed,
        steps=Silent(),
        crew=Crew.of(threads),
        beside=_Beside(demands),
    )


@dataclass(frozen=True)
class _Beside:
    """What a project knows beside its matrix; bare rows of numbers know what is asked at most."""

    demands: DemandsOn | None
    ready: Ready | None = None
    rebuilding: Callable[[Searched], Rebuilt | None] | None = None


def _sensitivity(
    matrix: Matrix,
    choice: SegmentChoice,
    *,
    band: range,
    seed: int,
    steps: Progress,
    crew: Crew,
    beside: _Beside,
) -> Sensitivity:
    with single_threaded():
        searched = search_matrix(
            matrix, choice, seed=seed, band=band, steps=steps, crew=crew, demands=beside.demands
        )
        settled = _settled(matrix, choice, searched, beside.ready, seed, crew)
        labels, answers, shares = _numbered(searched)
        others = {
            c.partition.method: without_noise(settled.X, trial.own)
            for c, trial in zip(searched.selection.candidates, searched.trials, strict=True)
            if c.n_segments == settled.n_segments and c.partition.method != settled.method
        }
        again = None if beside.rebuilding is None else beside.rebuilding(searched)
        asked = (
            *variations_of(settled, others=others, labels=labels),
            *windows_varied(again),
        )
        steps.phase("vary", f"{len(asked)} single decisions, {len(labels)} rows")
        found = [_drawn_again(searched, labels, len(shares)), _answered(searched, answers)]
        for i, varied in enumerate(asked):
            steps.advance(i, len(asked))
            found.append(_measured(varied, labels, len(shares)))
    found.sort(key=lambda v: (np.isnan(v.ari), np.nan_to_num(v.ari)))
    return Sensitivity(
        settled.method,
        settled.n_segments,
        shares,
        tuple(found),
        _sentence(found, shares, choice.min_share),
        len(matrix.X),
        len(labels),
        (searched.selection.told("The choice is"),),
    )


def _numbered(
    searched: Searched,
) -> tuple[NDArray[np.int64], NDArray[np.int64], tuple[float, ...]]:
    """Give the chosen method's own labels, the answers, and the shares by them, largest first.

    Variants are fits whose answers nobody has asked for, so they are held against own labels.
    """
    answers = searched.selection.chosen.partition.labels
    own = without_noise(searched.ground.X, searched.kept.own)
    sizes = np.bincount(answers, minlength=int(own.max()) + 1)
    order = np.argsort(-sizes, kind="stable")
    place, shares = np.argsort(order), sizes[order] / len(answers)
    return place[own], place[answers], tuple(float(s) for s in shares)


def _settled(
    matrix: Matrix,
    choice: SegmentChoice,
    searched: Searched,
    ready: Ready | None,
    seed: int,
    crew: Crew,
) -> Settled:
    chosen, ground = searched.selection.chosen, searched.ground
    return Settled(
        chosen.partition.method,
        chosen.n_segments,
        chosen.partition.arguments,
        ground.X,
        _columns(matrix, searched, ready),
        seed,
        crew,
        1 + len(searched.kept.others),
        choice.min_share,
        choice.max_share,
        ground.weights,
    )


def _columns(matrix: Matrix, searched: Searched, ready: Ready | None) -> Columns:
    """Give the columns before they became components or axes."""
    ground = searched.ground
    source, rows, recipe = matrix, ground.rows, None
    if ready is not None and ready.prepared.recipe.reduction is not None:
        learned = ready.prepared.learned
        source, recipe = ready.prepared.features, ready.prepared.recipe
        rows = rows if learned is None else np.flatnonzero(learned)[rows]
    X = np.ascontiguousarray(source.X[rows])
    return Columns(X, source.features, _into(searched, recipe))


def _into(
    searched: Searched, recipe: Recipe | None
) -> Callable[[NDArray[np.float64]], NDArray[np.float64]] | None:
    space, reduction = searched.ground.space, None if recipe is None else recipe.reduction
    if reduction is not None:
        return lambda X: space.into(reduction.apply(X))
    return None if space.axes is None else space.into


def _drawn_again(searched: Searched, labels: NDArray[np.int64], n_segments: int) -> Variation:
    """Give what the search has found out already about other entities."""
    resamples = searched.resamples
    agreement = [
        adjusted_rand_index(labels[rows], found)
        for rows, found in zip(resamples.rows, resamples.labels, strict=True)
    ]
    jaccards = mean_jaccards(resamples.jaccards(labels, n_segments))
    return Variation(
        "entities",
        f"drawn again ({len(agreement)} times, the mean)",
        float(np.mean(agreement)),
        tuple(float(j) for j in jaccards),
        searched.selection.chosen.n_segments,
    )


def _answered(searched: Searched, answers: NDArray[np.int64]) -> Variation:
    """Give how far the method's own labels are the answers that are used."""
    own = searched.kept.own
    noise = f" ({percent(float((own < 0).mean()))} are noise)" if (own < 0).any() else ""
    variant = f"the method's own labels{noise}"
    n_segments = int(max(own.max(), answers.max())) + 1
    return _compared("prototypes", variant, own, answers, n_segments)


def _measured(varied: Varied, labels: NDArray[np.int64], n_segments: int) -> Variation:
    found = varied.labels()
    if isinstance(found, str):
        return Variation(varied.decision, varied.variant, float("nan"), missing=found)
    return _compared(varied.decision, varied.variant, found, labels, n_segments)


def _compared(
    decision: str,
    variant: str,
    found: NDArray[np.int64],
    labels: NDArray[np.int64],
    n_segments: int,
) -> Variation:
    # Nothing of a segment that answers for nobody is there.
    jaccards = np.nan_to_num(best_jaccards(labels, found, n_segments))
    sizes = np.unique(found[found >= 0], return_counts=True)[1]
    shared = contingency(labels, found)
    if len(shared) > shared.shape[1]:
        shared = shared.T
    kept = shared[np.arange(len(shared)), best_matching(shared.astype(np.float64))].sum()
    return Variation(
        decision,
        variant,
        adjusted_rand_index(labels, found),
        tuple(float(j) for j in jaccards),
        len(sizes),
        float(sizes.min(initial=len(found)) / len(found)),
        kept_share=float(kept / len(labels)),
    )


def _sentence(found: list[Variation], shares: tuple[float, ...], min_share: float) -> str:
    """Say which single decision the segments hang on most, of those that anybody would take."""
    # A crumb beside a giant agrees with nothing, and no run would take it.
    taken = [v for v in found if v.jaccards and not v.smallest_share < min_share]
    first = (taken or found)[0]
    weakest = first.weakest
    told = (
        f"the {first.decision} ({first.variant}): taken so, they agree with the choice at "
        f"{first.ari:.2f} (adjusted Rand index), and segment {weakest} "
        f"({percent(shares[weakest - 1])} of entities) keeps {first.jaccards[weakest - 1]:.2f} of "
        "itself (Jaccard index)."
    )
    if first.ari >= HARDLY:
        return f"The segments hang on no single decision. What matters most is {told}"
    return f"The single decision that the segments hang on most is {told}"
