"""Finding: from a matrix to a chosen partition, its assigner and the evidence for it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from segmentry.cluster.compress import compress
from segmentry.cluster.kmeans import refine_kmeans
from segmentry.cluster.search import SEARCH_ROWS, search
from segmentry.domain.assigner import Answers, Assigner
from segmentry.domain.audit import Audit, Finding
from segmentry.domain.evidence import Check, Evidence, Structure, StructureVerdict
from segmentry.domain.matrix import Matrix
from segmentry.domain.partition import Selection
from segmentry.domain.project import Project, SegmentChoice
from segmentry.errors import DataError
from segmentry.judge.criteria import measured
from segmentry.judge.select import STABLE_ARI, select
from segmentry.judge.structure import judge_structure
from segmentry.maths.agreement import adjusted_rand_index
from segmentry.maths.silhouette import SilhouetteEstimate, mean_silhouette
from segmentry.pipeline.timing import Steps
from segmentry.seeds import stream

ENTITIES_PER_SEGMENT = 10
"""Fewer entities than this per wanted segment cannot be told from chance."""

REASONABLE_SILHOUETTE = 0.25
"""Below it the structure is weak and could be artificial (Kaufman and Rousseeuw 1990, p. 88)."""


@dataclass(frozen=True)
class Found:
    """What finding gives: the choice, the assigner, its answers, and how good they are."""

    selection: Selection
    assigner: Assigner
    answers: Answers
    silhouette: SilhouetteEstimate
    evidence: Evidence


def feasible_band(n_entities: int, choice: SegmentChoice, audit: Audit) -> range:
    """Give the numbers of segments that the entities allow.

    Raises
    ------
    DataError
        If there are fewer than ten entities per wanted segment.
    """
    needed = ENTITIES_PER_SEGMENT * choice.minimum
    if n_entities < needed:
        msg = (
            f"{n_entities} {'entity' if n_entities == 1 else 'entities'}, but "
            f"{choice.minimum} segments need at least {needed}"
        )
        raise DataError(msg, code="E2006", hint="give more data, or lower segments.min")
    top = min(choice.maximum, n_entities // ENTITIES_PER_SEGMENT)
    if top < choice.maximum:
        sentence = (
            f"{n_entities} entities allow at most {top} segments "
            f"({ENTITIES_PER_SEGMENT} entities each), not {choice.maximum}."
        )
        audit.add(Finding("band_shrunk", sentence, "warning", count=n_entities))
    return range(choice.minimum, top + 1)


def find(matrix: Matrix, project: Project, *, band: range, audit: Audit, steps: Steps) -> Found:
    """Search, judge, choose, and fit on everything.

    Parameters
    ----------
    matrix : Matrix
        All entities.
    project : Project
        Its smallest share and seed.
    band : range
        Numbers of segments that the entities allow.
    audit : Audit
    steps : Steps
        Listens and times.

    Returns
    -------
    Found
    """
    X, seed = matrix.X, project.seed
    if np.ptp(X, axis=0).max(initial=0.0) == 0.0:
        msg = f"all {len(X)} entities are identical in every feature, so there is nothing to find"
        raise DataError(msg, code="E2007", hint="check that the right columns are features")
    rows = matrix.sample(SEARCH_ROWS, stream(seed, "search rows"))
    sample = np.ascontiguousarray(X[rows])
    steps.phase("search", f"k-means, {band.start} to {band.stop - 1} segments, {len(rows)} rows")
    trials = search(sample, band, seed=seed, progress=steps)
    candidates = tuple(
        measured(sample, t.best, t.others, rng=stream(seed, "criteria", t.best.n_clusters))
        for t in trials
    )
    selection = select(candidates, rows, min_share=project.segments.min_share)
    steps.phase("structure", "is the data more grouped than structureless data of its kind?")
    structure = judge_structure(
        X, rng=stream(seed, "structure"), progress=steps, names=matrix.names
    )
    steps.phase("fit", f"{selection.chosen.n_segments} segments on {len(X)} entities")
    assigner = compress(refine_kmeans(X, selection.chosen.partition.centres), X)
    answers = assigner.answer(X)
    silhouette = mean_silhouette(X, answers.segment, rng=stream(seed, "silhouette"))
    checks = _checks(selection, answers, silhouette, project.segments, X, rows)
    warnings = (*_warnings(structure, selection, project.segments), *audit.warnings)
    return Found(selection, assigner, answers, silhouette, Evidence(structure, checks, warnings))


def _checks(
    selection: Selection,
    answers: Answers,
    silhouette: SilhouetteEstimate,
    choice: SegmentChoice,
    X: NDArray[np.float64],
    rows: NDArray[np.int64],
) -> tuple[Check, ...]:
    scores = selection.chosen.scores
    shares = np.bincount(answers.segment) / len(X)
    sample_ari = adjusted_rand_index(selection.chosen.partition.labels, answers.segment[rows])
    total = float(((X - X.mean(axis=0)) ** 2).sum())
    within = sum(float(_scatter(X[answers.segment == g])) for g in range(len(shares)))
    return (
        Check(
            "silhouette",
            silhouette.mean,
            silhouette.low,
            silhouette.high,
            REASONABLE_SILHOUETTE,
            sentence="How much nearer entities lie to their own segment than to the next one.",
        ),
        Check(
            "seed_stability",
            scores["seed_ari"],
            scores["seed_ari_low"],
            None,
            STABLE_ARI,
            sentence="How far fits from other seeds agree with this one (adjusted Rand index; "
            "the lower bound is the worst of them).",
        ),
        Check(
            "sample_agreement",
            sample_ari,
            threshold=STABLE_ARI,
            sentence="How far the fit on everyone agrees with the fit on the searched sample.",
        ),
        Check(
            "smallest_share",
            float(shares.min()),
            threshold=choice.min_share,
            sentence="Share of entities in the smallest segment.",
        ),
        Check(
            "largest_share",
            float(shares.max()),
            threshold=0.6,
            larger_is_better=False,
            sentence="Share of entities in the largest segment: beyond 60 % the others are its "
            "fringe.",
        ),
        Check(
            "explained_share",
            1.0 - within / total,
            sentence="Share of the variance of the prepared features that the segments explain.",
        ),
        Check(
            "anomaly_share",
            float(answers.anomaly.mean()),
            threshold=0.05,
            larger_is_better=False,
            sentence="Share of entities that lie far outside their own segment.",
        ),
    )


def _scatter(X: NDArray[np.float64]) -> float:
    return float(((X - X.mean(axis=0)) ** 2).sum()) if len(X) else 0.0


def _warnings(structure: Structure, selection: Selection, choice: SegmentChoice) -> tuple[str, ...]:
    warnings = []
    if structure.verdict is StructureVerdict.NONE:
        warnings.append(
            "The data shows no groups beyond what structureless data of its kind shows. The "
            "segments below cut a continuum into convenient pieces; do not read borders into it."
        )
    elif structure.verdict is StructureVerdict.WEAK:
        warnings.append(
            "The groups are weak: borders between segments are blurred, so read them as regions."
        )
    n_segments = selection.chosen.n_segments
    tried = {c.n_segments for c in selection.candidates}
    if n_segments == max(tried) == choice.maximum and len(tried) > 1:
        warnings.append(
            f"The choice lies at the upper end of the band ({choice.maximum} segments); try a "
            "higher segments.max to see whether more would be better."
        )
    if selection.chosen.scores["seed_ari"] < STABLE_ARI:
        warnings.append(
            "The segments change with the seed: other starting points give noticeably other groups."
        )
    if n_segments >= 10 or n_segments <= 3:
        few = "few segments hide differences" if n_segments <= 3 else "many are hard to act on"
        warnings.append(f"{n_segments} segments: {few}; 4 to 8 usually serve best.")
    return tuple(warnings)
