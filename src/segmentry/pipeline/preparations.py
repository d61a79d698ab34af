"""The chosen method and number of segments under other preparations, beside the project's own.

What lives here: which preparations, and measuring their segments on the same rows. What does not:
the rule that prefers one (``judge.preparations``), preparing (``prepare``). Read on in
``docs/methods/preparations.md``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import get_args

import numpy as np
from numpy.typing import NDArray

from segmentry.domain.audit import Audit
from segmentry.domain.bounded import Bounded
from segmentry.domain.crew import Crew, single_threaded
from segmentry.domain.matrix import Matrix
from segmentry.domain.partition import Candidate, Trial
from segmentry.domain.preparation import Balance, Bending, Preparation, Reduce, Scaling
from segmentry.domain.preparations import Preparations, Prepared
from segmentry.domain.progress import Progress, Silent
from segmentry.domain.project import Project
from segmentry.errors import SegmentryError
from segmentry.judge.criteria import measured
from segmentry.judge.preparations import faults_of, preferred, preparations_sentence
from segmentry.judge.stability import mean_jaccards, resample
from segmentry.judge.surrogate import Readable, readable_features
from segmentry.maths.agreement import adjusted_rand_index, bootstrapped_agreement
from segmentry.maths.effect import standardised_ranks
from segmentry.maths.outcome import eta_squared
from segmentry.pipeline.demands import demands_of, unchecked_in
from segmentry.pipeline.find import MOST_SHARE, feasible_band
from segmentry.pipeline.prepared import prepare_table
from segmentry.pipeline.ready import Ready, make_ready
from segmentry.pipeline.searching import Ground, Searched, find_again, fitter, search_matrix
from segmentry.pipeline.tournament import Asked, check_methods
from segmentry.seeds import stream

DRAWS = "preparations"
"""Names the stream of chance by which entities are drawn again."""

KEPT_VARIANCE = 0.9
"""Share of the variance that principal components keep, where they are tried."""


def preparations_of_project(
    project: Project,
    asked: Asked,
    *,
    as_of: datetime | None = None,
    allow_bad_rows: bool = False,
    progress: Progress | None = None,
    threads: int | None = None,
) -> Preparations:
    """Choose as a run does, and find as many segments by the same method in other spaces.

    Parameters
    ----------
    project : Project
    asked : Asked
        Methods to choose among (none: those of a run) and numbers of segments.
    as_of : datetime or None
    allow_bad_rows : bool
    progress : Progress or None
    threads : int or None
        The result does not depend on it.

    Returns
    -------
    Preparations

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
    crew = Crew.of(threads)
    with single_threaded():
        bench = _bench(project, ready, audit, steps, crew)
        found, left_out = _measured(bench, steps)
    place, chosen = preferred(found), bench.chosen
    return Preparations(
        chosen.partition.method,
        chosen.n_segments,
        found,
        left_out,
        place,
        preparations_sentence(found, place),
        ready.table.n_entities,
        len(bench.searched.ground.rows),
        (bench.searched.selection.told("The choice is"), *unchecked_in(audit)),
    )


def variants_of(own: Preparation) -> Iterator[tuple[str, str, Preparation]]:
    """Take each decision of a preparation otherwise, all else as it was.

    Parameters
    ----------
    own : Preparation
        What it says of single columns stays.

    Yields
    ------
    decision : str
        The key of ``prepare``.
    variant : str
        Its value.
    preparation : Preparation
    """
    for bending in get_args(Bending):
        if bending != own.transform.default:
            yield (
                "transform",
                bending,
                replace(own, transform=replace(own.transform, default=bending)),
            )
    for scaling in get_args(Scaling):
        if scaling != own.scale.default:
            yield "scale", scaling, replace(own, scale=replace(own.scale, default=scaling))
    for balance in get_args(Balance):
        if balance != own.balance:
            yield "balance", balance, replace(own, balance=balance)
    if own.reduce is None:
        yield "reduce", f"pca, {KEPT_VARIANCE:g}", replace(own, reduce=Reduce("pca", KEPT_VARIANCE))
    else:
        yield "reduce", "none", replace(own, reduce=None)


@dataclass(frozen=True, eq=False)
class _Bench:
    """What a run would choose, and what every preparation is measured by."""

    project: Project
    ready: Ready
    band: range
    searched: Searched
    readable: tuple[Readable, ...]
    """The features of the searched rows in their own units."""
    crew: Crew

    @property
    def chosen(self) -> Candidate:
        """Give the run's choice, with its answers for the searched rows."""
        return self.searched.selection.chosen

    def own(self) -> Prepared:
        """Measure what the run would choose."""
        return self._told("", "", self.searched.ground, self.searched.kept)

    def other(self, decision: str, variant: str, matrix: Matrix) -> Prepared:
        """Find as many segments by the same method in another matrix of the same entities."""
        # The same entities and the same seed: the same rows are searched.
        ground, trial = find_again(
            matrix,
            self.chosen,
            self.project.segments,
            band=self.band,
            seed=self.project.seed,
            crew=self.crew,
        )
        return self._told(decision, variant, ground, trial)

    def _told(self, decision: str, variant: str, ground: Ground, trial: Trial) -> Prepared:
        (candidate,) = measured(ground.X, (trial,), ground.yardstick, weights=ground.weights)
        labels, scores, k = trial.best.labels, candidate.scores, candidate.n_segments
        seed = self.project.seed
        # One name for all: every preparation is asked on the same draws.
        draws = resample(
            ground.X,
            {DRAWS: fitter(candidate)},
            seed=seed,
            crew=self.crew,
            weights=ground.weights,
        )[DRAWS]
        again = [
            adjusted_rand_index(trial.own[rows], found)
            for rows, found in zip(draws.rows, draws.labels, strict=True)
        ]
        rng = stream(seed, "preparations", decision, variant)
        chosen = self.chosen
        agreed = bootstrapped_agreement(chosen.partition.labels, labels, chosen.n_segments, rng=rng)
        shares = np.bincount(labels, minlength=k) / len(labels)
        return Prepared(
            decision,
            variant,
            ground.X.shape[1],
            k,
            float(shares.min()),
            float(shares.max()),
            scores.get("seed_ari", float("nan")),
            np.array(again),
            float(mean_jaccards(draws.jaccards(labels, k)).min()),
            ground.yardstick.agreement(labels),
            Bounded(scores["silhouette"], scores["silhouette_low"], scores["silhouette_high"]),
            ranks_told(self.readable, labels),
            Bounded(*agreed.ari),
        )


def ranks_told(readable: tuple[Readable, ...], labels: NDArray[np.int64]) -> float:
    """Give the share of features' ranks that lies between segments, each feature counting alike.

    Ranks are the same however a column is bent or scaled, so that segments of different
    preparations may be compared by them. A gap has the rank of nobody: the middle.

    Parameters
    ----------
    readable : tuple of Readable
        Features in their own units; of a category its levels.
    labels : ndarray of int, shape (n_rows,)

    Returns
    -------
    float, in [0, 1]
    """
    found: dict[str, list[float]] = {}
    for feature in readable:
        known = ~np.isnan(feature.values)
        if len(np.unique(feature.values[known])) < 2:
            continue
        ranks = np.full(len(labels), 0.5)
        ranks[known] = standardised_ranks(feature.values[known])
        found.setdefault(feature.name, []).append(eta_squared(ranks, labels))
    return float(np.mean([np.mean(own) for own in found.values()])) if found else 0.0


def _bench(project: Project, ready: Ready, audit: Audit, steps: Progress, crew: Crew) -> _Bench:
    part, matrix = ready.prepared.learning(ready.table)
    band = feasible_band(part.n_entities, project.segments, audit)
    searched = search_matrix(
        matrix,
        project.segments,
        seed=project.seed,
        band=band,
        steps=steps,
        crew=crew,
        demands=demands_of(ready, project, audit),
    )
    rows = searched.ground.rows
    readable = tuple(
        Readable(r.name, r.values[rows], r.level) for r in readable_features(matrix, part)
    )
    return _Bench(project, ready, band, searched, readable, crew)


def _measured(bench: _Bench, steps: Progress) -> tuple[tuple[Prepared, ...], dict[str, str]]:
    """Measure the project's own preparation and all others."""
    project, ready = bench.project, bench.ready
    matrix = ready.prepared.learning(ready.table)[1]
    own = bench.own()
    least = project.segments.min_share
    most = min(project.segments.max_share, MOST_SHARE)
    others, left_out = [], {}
    variants = tuple(variants_of(project.prepare))
    steps.phase(
        "prepare", f"{len(variants)} other preparations, {len(bench.searched.ground.rows)} rows"
    )
    for i, (decision, variant, asked) in enumerate(variants):
        steps.advance(i, len(variants))
        try:
            other_way = replace(project, prepare=asked)
            prepared = prepare_table(other_way, ready.table, Audit(), ready.judging)
            other = prepared.learning(ready.table)[1]
            if np.array_equal(other.X, matrix.X):
                left_out[f"{decision}: {variant}"] = "it changes nothing here"
                continue
            others.append(bench.other(decision, variant, other))
        except SegmentryError as failed:
            left_out[f"{decision}: {variant}"] = failed.what
    others.sort(key=lambda row: row.own_ari.value)
    rows = tuple(
        replace(row, faults=faults_of(row, own.told, min_share=least, max_share=most))
        for row in (own, *others)
    )
    return rows, left_out
