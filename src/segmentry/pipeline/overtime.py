"""A run's segments at earlier cuts: the same features then, the same borders, and borders anew.

What lives here: which cuts, the tables at them, and the segments found there. What does not: the
figures (``judge.overtime``), building tables (``snapshots``). Read on in
``docs/methods/overtime.md``.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import numpy as np
import pyarrow.compute as pc
from numpy.typing import NDArray

from segmentry.domain.assigner import Assigner
from segmentry.domain.audit import Audit
from segmentry.domain.crew import Crew, single_threaded
from segmentry.domain.matrix import Matrix
from segmentry.domain.overtime import OverTime, Slice
from segmentry.domain.partition import Candidate
from segmentry.domain.progress import Progress, Silent
from segmentry.domain.project import Project, Shape
from segmentry.domain.table import FeatureTable
from segmentry.domain.window import Window
from segmentry.engines.catalogue import open_engine, url_of
from segmentry.errors import DataError, FitError
from segmentry.judge.overtime import Moments, judge_slice, over_time_sentence
from segmentry.pipeline.demands import demands_of, unchecked_in
from segmentry.pipeline.find import ENTITIES_PER_SEGMENT, assigner_of, feasible_band
from segmentry.pipeline.prepared import settled_table
from segmentry.pipeline.ready import Ready, make_ready
from segmentry.pipeline.searching import find_again, search_matrix
from segmentry.pipeline.snapshots import Definitions, snapshots
from segmentry.pipeline.tournament import Asked, check_methods
from segmentry.seeds import stream

BACK = (1, 2)
"""Earlier cuts, in horizons before the run's: the first of them is the judging cut of a run."""


def over_time_of_project(
    project: Project,
    asked: Asked,
    *,
    as_of: datetime | None = None,
    allow_bad_rows: bool = False,
    progress: Progress | None = None,
    threads: int | None = None,
) -> OverTime:
    """Choose as a run does, and hold its segments against those at earlier cuts.

    Parameters
    ----------
    project : Project
        With sources of events that have a time.
    asked : Asked
        Methods to choose among (none: those of a run) and numbers of segments.
    as_of : datetime or None
    allow_bad_rows : bool
    progress : Progress or None
    threads : int or None
        The result does not depend on it.

    Returns
    -------
    OverTime

    Raises
    ------
    UsageError
        E1101 for a method that there is not.
    DataError
        E2009 if nothing happened at a time, E2008 if the history is too short to look back.
    ProjectFileError, FitError, EngineError
        As a run would.
    """
    check_methods(asked.methods)
    steps, audit = progress or Silent(), Audit()
    project = asked.chosen_in(project)
    ready = make_ready(
        project,
        audit=audit,
        steps=steps,
        as_of=as_of,
        allow_bad_rows=allow_bad_rows,
        threads=threads,
    )
    window, days = _horizon(project, ready)
    settled = _settled(project, ready, audit, steps, Crew.of(threads))
    cuts = [window.as_of - timedelta(days=back * days) for back in BACK]
    steps.phase("look back", f"features at {len(cuts)} earlier cuts")
    engine = open_engine(url_of(project.sources), threads=threads)
    slices = []
    try:
        tables = snapshots(
            project,
            engine,
            cuts[::-1],
            audit=Audit(),
            progress=Silent(),
            allow_bad_rows=allow_bad_rows,
            like=Definitions(ready.table.columns, ready.table.texts, window),
        )
        for i, (cut, table) in enumerate(zip(cuts[::-1], tables, strict=True)):
            steps.advance(i, len(cuts))
            then, _ = settled_table(project, table, None, Audit())
            with single_threaded():
                slices.append(settled.slice_at(cut, window, then))
    finally:
        engine.close()
    return settled.told(slices[::-1], window, unchecked_in(audit))


def _horizon(project: Project, ready: Ready) -> tuple[Window, float]:
    """Give the window of the run and how many days before its cut the first earlier one lies."""
    window = ready.window
    if window is None or not any(s.shape is Shape.EVENTS for s in project.sources):
        raise DataError(
            "nothing in the sources happened at a time, so there is no earlier cut",
            code="E2009",
            hint="map a column of events as 'time'",
        )
    if window.outcome_days is None:
        raise DataError(
            "the history is too short to look back from its cut",
            code="E2008",
            hint="give a shorter windows.outcome: the history must span three of them",
        )
    return window, window.outcome_days


@dataclass(frozen=True, eq=False)
class _Settled:
    """What a run would choose, and its answers."""

    project: Project
    ready: Ready
    chosen: Candidate
    band: range
    assigner: Assigner
    now: NDArray[np.int64]
    told_choice: str
    crew: Crew

    def slice_at(self, cut: datetime, window: Window, table: FeatureTable) -> Slice:
        """Hold the segments against those at an earlier cut."""
        places = pc.index_in(table.entity_ids, value_set=self.ready.table.entity_ids)
        known = np.flatnonzero(places.is_valid().to_numpy(zero_copy_only=False))
        if not len(known):
            raise DataError(
                f"no entity that gets a segment was known before {cut:%Y-%m-%d}",
                code="E2008",
                hint="give a shorter windows.outcome",
            )
        rows = places.drop_null().to_numpy().astype(np.int64)
        own = self.ready.prepared.matrix.weights
        # As they are: those of some rows alone may all be zero.
        weights = None if own is None else own[rows]
        matrix = replace(self.ready.prepared.recipe.apply(table.take(known)), weights=weights)
        days = (window.as_of - cut) / timedelta(days=1)
        return judge_slice(
            Moments(
                self.now[rows],
                self.assigner.answer(matrix.X).segment,
                self._anew(matrix, rows),
                self.assigner.n_segments,
            ),
            cut=cut,
            days=days,
            n_later=len(self.now) - len(rows),
            rng=stream(self.project.seed, "over time", round(days * 86_400)),
        )

    def _anew(self, matrix: Matrix, rows: NDArray[np.int64]) -> NDArray[np.int64] | str:
        """Find as many segments by the same method on earlier features, and answer by them."""
        learned, k = self.ready.prepared.learned, self.chosen.n_segments
        among = np.arange(len(rows)) if learned is None else np.flatnonzero(learned[rows])
        n = len(np.intersect1d(among, matrix.counting))
        if n < ENTITIES_PER_SEGMENT * k:
            told = "" if matrix.weights is None else " with some weight"
            return f"{n} entities{told} were known by then, too few for {k} segments"
        part = matrix.take(among)
        try:
            ground, trial = find_again(
                part,
                self.chosen,
                self.project.segments,
                band=self.band,
                seed=self.project.seed,
                crew=self.crew,
            )
        except FitError as failed:
            return failed.what
        best = ground.space.lifted(trial.best)
        return assigner_of(best, part).answer(matrix.X).segment

    def told(self, slices: list[Slice], window: Window, notes: tuple[str, ...]) -> OverTime:
        """Give the whole, with the sentence about it."""
        shares = np.bincount(self.now, minlength=self.assigner.n_segments) / len(self.now)
        return OverTime(
            self.chosen.partition.method,
            self.assigner.n_segments,
            window.as_of,
            tuple(float(s) for s in shares),
            tuple(slices),
            over_time_sentence(slices),
            len(self.now),
            (self.told_choice, *notes),
        )


def _settled(project: Project, ready: Ready, audit: Audit, steps: Progress, crew: Crew) -> _Settled:
    """Choose and fit as a run does; how sure it is of them is not asked."""
    part, matrix = ready.prepared.learning(ready.table)
    band = feasible_band(part.n_entities, project.segments, audit)
    with single_threaded():
        searched = search_matrix(
            matrix,
            project.segments,
            seed=project.seed,
            band=band,
            steps=steps,
            crew=crew,
            demands=demands_of(ready, project, audit),
        )
        chosen = searched.selection.chosen
        assigner = assigner_of(chosen.partition, matrix)
        now = assigner.answer(ready.prepared.matrix.X).segment
    told = searched.selection.told("The choice is")
    return _Settled(project, ready, chosen, band, assigner, now, told, crew)
