"""Methods beside each other on a project's own matrix; nothing is written.

What lives here: the rows of the table, with what could not be measured and why. What does not: the
search and the rule's choice (``tournament``), the criteria (``judge.contest``,
``judge.thorough``), how the table is shown (``cli.compare``). Read on in
``docs/methods/comparison.md``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np

from segmentry.domain.audit import Audit
from segmentry.domain.comparison import Compared, Comparison
from segmentry.domain.crew import Crew, single_threaded
from segmentry.domain.matrix import Matrix
from segmentry.domain.progress import Progress, Silent
from segmentry.domain.project import Project, SegmentChoice
from segmentry.domain.table import FeatureTable
from segmentry.judge.contest import CRITERIA, agreement_between, on_front
from segmentry.judge.demands import DemandsOn
from segmentry.judge.differing import OutcomeRows
from segmentry.judge.select import faults_of
from segmentry.judge.stability import mean_jaccards
from segmentry.judge.surrogate import Readable, readable_features
from segmentry.judge.thorough import Bench, Figure, measure_thoroughly
from segmentry.pipeline.arrays import searchable_band
from segmentry.pipeline.demands import demands_of, unchecked_in
from segmentry.pipeline.find import feasible_band
from segmentry.pipeline.outcomes import outcomes_of
from segmentry.pipeline.ready import Ready, make_ready
from segmentry.pipeline.searching import (
    Ground,
    in_all_columns,
    labelled,
)
from segmentry.pipeline.tournament import (
    Asked,
    Tournament,
    check_methods,
    hold_tournament,
    plan_names,
)
from segmentry.pipeline.variations import FREE_METHODS


def compare_project(
    project: Project,
    asked: Asked,
    *,
    as_of: datetime | None = None,
    allow_bad_rows: bool = False,
    progress: Progress | None = None,
    threads: int | None = None,
) -> Comparison:
    """Prepare a project as a run does, and hold methods beside each other on its matrix.

    Parameters
    ----------
    project : Project
    asked : Asked
    as_of : datetime or None
    allow_bad_rows : bool
    progress : Progress or None
    threads : int or None
        The result, seconds apart, does not depend on it.

    Returns
    -------
    Comparison

    Raises
    ------
    UsageError
        E1101 for a method that there is not.
    FitError
        E4003 if no method found any of the numbers asked for.
    ProjectFileError, DataError, EngineError
        As a run would.
    """
    check_methods(asked.methods)
    steps, project = progress or Silent(), asked.within(project)
    audit = Audit()
    ready = make_ready(
        project,
        audit=audit,
        steps=steps,
        as_of=as_of,
        allow_bad_rows=allow_bad_rows,
        threads=threads,
    )
    table, matrix = ready.prepared.learning(ready.table)
    band = feasible_band(table.n_entities, project.segments, audit)
    found = compare_matrix(
        matrix,
        project.segments,
        asked,
        band=band,
        seed=project.seed,
        steps=steps,
        crew=Crew.of(threads),
        beside=Beside(table, ready, project, demands_of(ready, project, audit)),
    )
    return replace(found, notes=(*found.notes, *unchecked_in(audit)))


def compare_rows(
    matrix: Matrix,
    choice: SegmentChoice,
    asked: Asked,
    *,
    n_segments: int | None,
    seed: int,
    table: FeatureTable | None = None,
    threads: int | None = None,
    demands: DemandsOn | None = None,
) -> Comparison:
    """Hold methods beside each other on rows of numbers, however few.

    Parameters
    ----------
    matrix : Matrix
    choice : SegmentChoice
    asked : Asked
        Its band is not looked at.
    n_segments : int or None
        Exactly so many; None chooses inside the band that the rows allow.
    seed : int
    table : FeatureTable or None
        The unscaled features, where the matrix was prepared.
    threads : int or None
    demands : callable or None
        What is asked of segments beyond their number and smallest share.

    Returns
    -------
    Comparison

    Raises
    ------
    FitError
        E4002 if the rows allow fewer segments, or one alone.
    """
    return compare_matrix(
        matrix,
        choice,
        asked,
        band=searchable_band(matrix.X, choice, n_segments),
        seed=seed,
        steps=Silent(),
        crew=Crew.of(threads),
        beside=Beside(table, demands=demands),
    )


@dataclass(frozen=True)
class Beside:
    """What a project knows beside its matrix; a matrix of bare numbers comes without."""

    table: FeatureTable | None = None
    ready: Ready | None = None
    project: Project | None = None
    demands: DemandsOn | None = None


def compare_matrix(
    matrix: Matrix,
    choice: SegmentChoice,
    asked: Asked,
    *,
    band: range,
    seed: int,
    steps: Progress,
    crew: Crew,
    beside: Beside | None = None,
) -> Comparison:
    """Hold methods beside each other on a matrix.

    Parameters
    ----------
    matrix : Matrix
    choice : SegmentChoice
        Its conditions hold for every method.
    asked : Asked
    band : range
    seed : int
    steps : Progress
    crew : Crew
    beside : Beside or None

    Returns
    -------
    Comparison
    """
    beside = beside or Beside()
    with single_threaded():
        found = hold_tournament(
            matrix,
            choice,
            asked,
            band=band,
            seed=seed,
            steps=steps,
            crew=crew,
            demands=beside.demands,
        )
        shown = _shown(found, asked)
        bench = _bench(matrix, beside, found.ground, seed) if asked.is_thorough else None
        costly = {} if bench is None else _costly(found, shown, bench, steps)
    rows = [_row(found, i, costly.get(i, _NOT_ASKED), choice) for i in shown]
    told = _told(found, rows, matrix, _notes(beside, found))
    outcome = None if bench is None else bench.outcome
    return told if outcome is None else replace(told, outcome=outcome.told)


_NOT_ASKED: Mapping[str, Figure] = {
    c.name: "costly: asked for by --thorough" for c in CRITERIA if c.is_costly
}


def _shown(found: Tournament, asked: Asked) -> list[int]:
    """Give the places of the candidates that get a row."""
    if asked.shows_all:
        return list(range(len(found.candidates)))
    return sorted({*found.choices.values(), found.kept})


def _row(
    found: Tournament, place: int, costly: Mapping[str, Figure], choice: SegmentChoice
) -> Compared:
    candidate, judged = found.candidates[place], found.selection.candidates[place]
    own, trial = candidate.partition.method, found.trials[place]
    told: dict[str, Figure] = {**candidate.scores, **costly, "seconds": found.seconds[own]}
    told["noise_share"] = float((trial.own < 0).mean())
    # The rule asks the method's own labels, noise apart; what is compared are answers for everyone.
    stick, labels = found.ground.yardstick, candidate.partition.labels
    told["neighbour_agreement"] = stick.agreement(labels)
    ends = stick.agreement_interval(labels)
    told["neighbour_agreement_low"], told["neighbour_agreement_high"] = ends
    told.setdefault("seed_ari", "nothing about the method is drawn, so that no seed matters")
    told.setdefault("fidelity", "other seeds do not find it again, so that it was not worth it")
    told.setdefault("jaccard_min", "not among those that the rule looks at more closely")
    for name in ("davies_bouldin", "calinski_harabasz", "inertia"):
        told.setdefault(name, "some of its segments answer for nobody")
    known = [n for c in CRITERIA for n in (c.name, *_ends(c.name, told))]
    figures = {n: float(v) for n, v in told.items() if n in known and _is_figure(v)}
    resamples = found.resamples.get(candidate.name)
    jaccards: tuple[float, ...] = ()
    if resamples is not None:
        labels = candidate.partition.labels
        means = mean_jaccards(resamples.jaccards(labels, candidate.n_segments))
        jaccards = tuple(float(j) for j in means)
    return Compared(
        own,
        candidate.n_segments,
        figures,
        {n: _why(told[n]) for n in known if n not in figures},
        judged.reason,
        candidate.partition.labels,
        faults_of(candidate, min_share=choice.min_share),
        is_choice=found.choices[own] == place,
        is_kept=judged.kept,
        jaccards=jaccards,
    )


def _ends(name: str, told: Mapping[str, Figure]) -> tuple[str, ...]:
    """Name the ends of a criterion's interval; the worst of several seeds alone is none."""
    ends = (f"{name}_low", f"{name}_high")
    return ends if all(e in told for e in ends) else ()


def _is_figure(value: Figure) -> bool:
    return not isinstance(value, str) and bool(np.isfinite(value))


def _why(value: Figure) -> str:
    return value if isinstance(value, str) else "it is not finite: segments lie at one place"


def _bench(matrix: Matrix, beside: Beside, ground: Ground, seed: int) -> Bench:
    """Gather what costly criteria are measured on."""
    outcome, why = _outcome(beside, ground)
    readable = tuple(
        Readable(r.name, r.values[ground.rows], r.level)
        for r in readable_features(matrix, beside.table)
    )
    return Bench(ground.X, readable, outcome, why, seed)


def _costly(
    found: Tournament, shown: Sequence[int], bench: Bench, steps: Progress
) -> dict[int, dict[str, Figure]]:
    """Measure what is shown by the costly criteria."""
    curves: dict[str, dict[int, float]] = {}
    for c in found.candidates:
        if "inertia" in c.scores:
            curves.setdefault(c.partition.method, {})[c.n_segments] = c.scores["inertia"]
    steps.phase("measure", f"costly criteria of {len(shown)} candidates")
    result = {}
    for i, place in enumerate(shown):
        steps.advance(i, len(shown))
        c = found.candidates[place]
        own = c.partition.method
        result[place] = measure_thoroughly(
            in_all_columns(found.ground, c),
            bench,
            labelled=None if own in FREE_METHODS else labelled(c),
            curve=curves.get(own, {}),
        )
    return result


def _outcome(beside: Beside, ground: Ground) -> tuple[OutcomeRows | None, str]:
    if beside.ready is None or beside.project is None:
        # Rows that come without a project know the outcome that segments have to differ in, if any.
        asked = None if beside.demands is None else beside.demands(ground.rows).outcome
        return asked, "" if asked is not None else "no outcome is known"
    outcomes = outcomes_of(beside.ready, beside.project, ground.rows)
    if not outcomes:
        return None, "no outcome is known, or it is the same for everyone"
    return outcomes[0], ""


def _told(
    found: Tournament, rows: list[Compared], matrix: Matrix, notes: tuple[str, ...]
) -> Comparison:
    front_by, front = on_front(rows, [not r.faults for r in rows])
    ordered = tuple(replace(r, is_on_front=f) for r, f in zip(rows, front, strict=True))
    choices = [found.candidates[i] for i in found.choices.values()]
    return Comparison(
        ordered,
        found.left_out,
        tuple(c.name for c in choices),
        agreement_between([c.partition.labels for c in choices]),
        front_by,
        found.selection.told("The rule chooses"),
        len(matrix.X),
        len(found.ground.rows),
        notes,
    )


def _notes(beside: Beside, found: Tournament) -> tuple[str, ...]:
    """Say what a reader has to know of the figures."""
    notes = []
    project = beside.project
    if project is not None:
        own = plan_names(project, found.ground)
        others = [m for m in found.ground.tried if m not in own]
        if others:
            notes.append(
                f"A run of this project searches {', '.join(own)}; others are searched where "
                "segments.methods names them."
            )
    return tuple(notes)
