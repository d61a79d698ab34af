"""Segments on features weighed by an outcome, beside those on features as they are.

What lives here: which entities learn and which judge, and both partitions on the latter. What does
not: the weights (``prepare.guide``), the sentence (``judge.guidance``). Read on in
``docs/methods/guided.md``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from segmentry.domain.assigner import Assigner
from segmentry.domain.audit import Audit
from segmentry.domain.bounded import Bounded
from segmentry.domain.crew import Crew, single_threaded
from segmentry.domain.guidance import Guided, SegmentAhead, Side
from segmentry.domain.matrix import Matrix
from segmentry.domain.partition import Candidate
from segmentry.domain.preparation import Split
from segmentry.domain.progress import Progress, Silent
from segmentry.domain.project import Project
from segmentry.domain.recipe import Recipe
from segmentry.judge.criteria import measured
from segmentry.judge.guidance import guided_sentence
from segmentry.judge.select import faults_of
from segmentry.judge.structure import judge_structure
from segmentry.maths.agreement import bootstrapped_agreement
from segmentry.maths.gain import ExplainedGain, explained_gain
from segmentry.maths.outcome import outcome_interval
from segmentry.maths.silhouette import mean_silhouette
from segmentry.pipeline.find import assigner_of, feasible_band
from segmentry.pipeline.happened import Happened, happened
from segmentry.pipeline.prepared import prepare_table
from segmentry.pipeline.ready import Ready, make_ready
from segmentry.pipeline.searching import find_again, search_matrix
from segmentry.pipeline.tournament import Asked, check_methods
from segmentry.prepare.guide import Guidance, guided_recipe, learn_guidance
from segmentry.seeds import stream

TRAIN = 0.7
"""Share of entities that are learned from, where the project splits none."""

N_SPLITS = 5
"""Splits of the entities; figures in full are of the first."""


def guided_by_outcome(
    project: Project,
    outcome: str,
    asked: Asked,
    *,
    as_of: datetime | None = None,
    allow_bad_rows: bool = False,
    progress: Progress | None = None,
    threads: int | None = None,
) -> Guided:
    """Weigh features by an outcome, and judge segments with and without on entities held out.

    Parameters
    ----------
    project : Project
    outcome : str
        Name of an outcome of the project, of a column with that role, or of what is counted after
        the judging cut.
    asked : Asked
        Methods to choose among (none: those of a run) and numbers of segments.
    as_of : datetime or None
    allow_bad_rows : bool
    progress : Progress or None
    threads : int or None
        The result does not depend on it.

    Returns
    -------
    Guided

    Raises
    ------
    UsageError
        E1101 for a method or an outcome that there is not.
    DataError
        E2006 if too few entities have a known outcome, E2007 if it is the same for everyone.
    ProjectFileError, FitError
        As a run would.
    """
    check_methods(asked.methods)
    steps, audit = progress or Silent(), Audit()
    project = asked.chosen_in(replace(project, split=project.split or Split(TRAIN)))
    project = replace(project, segments=replace(project.segments, guided_by=None))
    ready = make_ready(
        project,
        audit=audit,
        steps=steps,
        as_of=as_of,
        allow_bad_rows=allow_bad_rows,
        threads=threads,
    )
    what = happened(project, ready.table, ready.judging, outcome)
    crew = Crew.of(threads)
    with single_threaded():
        part, matrix = ready.prepared.learning(ready.table)
        band = feasible_band(part.n_entities, project.segments, audit)
        searched = search_matrix(
            matrix, project.segments, seed=project.seed, band=band, steps=steps, crew=crew
        )
        steps.phase("guide", f"features weighed by {what.name}, {N_SPLITS} splits")
        trials = []
        for i in range(N_SPLITS):
            steps.advance(i, N_SPLITS)
            own = replace(project, seed=project.seed + i)
            prepared = ready.prepared
            if i:
                prepared = prepare_table(own, ready.table, Audit())
            trials.append(
                _Trial.of(own, replace(ready, prepared=prepared), what,
                          searched.selection.chosen, band, crew)
            )  # fmt: skip
        steps.phase("judge", "structure, silhouettes, what both explain")
        found = trials[0].told([t.gain.gain for t in trials])
    leaks = (f.sentence for f in audit.findings if f.code == "tells_outcome")
    return replace(found, notes=(searched.selection.told("The choice is"), *leaks))


@dataclass(frozen=True, eq=False)
class _Fitted:
    """A partition of those that are learned from, and its answers for those held out."""

    matrix: Matrix
    recipe: Recipe
    assigner: Assigner
    candidate: Candidate
    segment: NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class _Trial:
    """Both partitions with one split of the entities."""

    project: Project
    what: Happened
    chosen: Candidate
    crew: Crew
    apart: NDArray[np.int64]
    """Rows of the outcome whose entities made neither."""
    guidance: Guidance
    recipe: Recipe
    """Of the features as they are."""
    plain: _Fitted
    guided: _Fitted
    forecasts: tuple[NDArray[np.float64], NDArray[np.float64]]
    """Of the entities that were learned from, and of those held out, of shape (n, n_levels)."""

    @classmethod
    def of(
        cls,
        project: Project,
        ready: Ready,
        what: Happened,
        chosen: Candidate,
        band: range,
        crew: Crew,
    ) -> _Trial:
        """Learn weights and find both partitions on one side of a split, answer for the other."""
        prepared = ready.prepared
        assert prepared.learned is not None  # noqa: S101 - the project splits
        train = what.learned_from(prepared.learned)
        part, matrix = prepared.learning(ready.table)
        before = what.table.take(np.flatnonzero(train))
        guidance = learn_guidance(
            prepared.recipe, before, what.values[train], rng=stream(project.seed, "guide")
        )
        recipe = guided_recipe(prepared.recipe, guidance, part, project.prepare)
        apart = np.flatnonzero(~train)
        later = what.table.take(apart)

        def fitted(own: Matrix, way: Recipe) -> _Fitted:
            ground, trial = find_again(
                own, chosen, project.segments, band=band, seed=project.seed, crew=crew
            )
            assigner = assigner_of(ground.space.lifted(trial.best), own)
            (told,) = measured(ground.X, (trial,), ground.yardstick, weights=ground.weights)
            segment = assigner.answer(way.apply(later).X).segment
            return _Fitted(own, way, assigner, told, segment)

        told = guidance.told
        forecasts = tuple(
            prepared.recipe.prepare(side).X @ told.coefficients + told.intercepts
            for side in (before, later)
        )
        return cls(
            project,
            what,
            chosen,
            crew,
            apart,
            guidance,
            prepared.recipe,
            fitted(matrix, prepared.recipe),
            fitted(replace(recipe.apply(part), weights=matrix.weights), recipe),
            (forecasts[0], forecasts[1]),
        )

    @property
    def values(self) -> NDArray[np.float64]:
        """Give the outcome of the entities held out, of shape (n, n_levels)."""
        return self.what.values[self.apart]

    @property
    def gain(self) -> ExplainedGain:
        """Compare what both explain of the outcome."""
        return explained_gain(self.values, self.guided.segment, self.plain.segment)

    def told(self, gains: list[float]) -> Guided:
        """Measure both in full."""
        gain = self.gain
        sides = self._side(self.plain), self._side(self.guided)
        bounded = Bounded(gain.gain, gain.low, gain.high)
        rng = stream(self.project.seed, "guided", "agreement")
        k = self.plain.assigner.n_segments
        agreed = bootstrapped_agreement(self.plain.segment, self.guided.segment, k, rng=rng)
        forecast, agreement = self._by_forecast(), Bounded(*agreed.ari)
        return Guided(
            self.what.name,
            self.what.basis,
            self.chosen.partition.method,
            self.chosen.n_segments,
            len(self.what.values) - len(self.apart),
            len(self.apart),
            self.guidance.told.correlation,
            self.guidance.guides,
            *sides,
            bounded,
            tuple(gains),
            forecast,
            agreement,
            guided_sentence(
                self.what.name,
                sides,
                bounded,
                gains,
                forecast=forecast,
                agreement=agreement,
                n_held_out=len(self.apart),
            ),
        )

    def _explained(self, groups: NDArray[np.int64]) -> Bounded:
        """Give the share of the outcome that lies between groups, beyond chance."""
        found = explained_gain(self.values, groups, np.zeros(len(groups), dtype=np.int64))
        return Bounded(found.gain, found.low, found.high)

    def _side(self, fitted: _Fitted) -> Side:
        later = self.what.table.take(self.apart)
        spaces = (r.apply(later).X for r in (self.plain.recipe, self.guided.recipe))
        seed = self.project.seed
        structure = judge_structure(
            fitted.matrix.X,
            rng=stream(seed, "structure"),
            progress=Silent(),
            names=fitted.matrix.names,
            crew=self.crew,
        )
        plain, guided = (self._silhouette(X, fitted.segment) for X in spaces)
        sizes = np.bincount(fitted.segment, minlength=fitted.assigner.n_segments)
        return Side(
            self._explained(fitted.segment),
            plain,
            guided,
            fitted.candidate.scores.get("seed_ari"),
            float(sizes.min() / len(self.apart)),
            str(structure.verdict),
            faults_of(fitted.candidate, min_share=self.project.segments.min_share),
            tuple(self._segments(fitted)),
        )

    def _silhouette(self, X: NDArray[np.float64], segment: NDArray[np.int64]) -> Bounded:
        if len(np.unique(segment)) < 2:
            return Bounded(0.0, 0.0, 0.0)
        rng = stream(self.project.seed, "guided", "silhouette")
        found = mean_silhouette(np.ascontiguousarray(X), segment, rng=rng)
        return Bounded(found.mean, found.low, found.high)

    def _segments(self, fitted: _Fitted) -> Iterator[SegmentAhead]:
        """Tell the outcome in each segment, where it is one number."""
        is_one = self.values.shape[1] == 1
        rng = stream(self.project.seed, "guided", "segments")
        for s in range(fitted.assigner.n_segments):
            own = self.values[fitted.segment == s, 0]
            mean = None
            if is_one and len(own):
                ends = outcome_interval(own, is_share=self.what.is_share, rng=rng)
                mean = Bounded(float(own.mean()), *ends)
            yield SegmentAhead(s + 1, len(own), mean)

    def _by_forecast(self) -> Bounded | None:
        """Explain the outcome by as many groups of equal size along the forecast alone."""
        if self.values.shape[1] > 1:
            return None
        seen, unseen = (f[:, 0] for f in self.forecasts)
        k = self.plain.assigner.n_segments
        edges = np.quantile(seen, np.linspace(0.0, 1.0, k + 1)[1:-1])
        return self._explained(np.searchsorted(edges, unseen).astype(np.int64))
