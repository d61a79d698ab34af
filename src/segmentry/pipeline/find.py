"""Finding: from a matrix to a chosen partition, its assigner and the evidence for it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np

from segmentry.cluster.catalogue import Tried, method
from segmentry.cluster.compress import compress
from segmentry.domain.aside import Aside
from segmentry.domain.assigner import Answers, Assigner
from segmentry.domain.audit import Audit, Finding
from segmentry.domain.crew import Crew, single_threaded
from segmentry.domain.evidence import (
    Check,
    Evidence,
    Significance,
    Structure,
    StructureTest,
    StructureVerdict,
)
from segmentry.domain.matrix import Matrix
from segmentry.domain.partition import STABLE_ARI, Fitter, Partition, Selection
from segmentry.domain.percent import percent
from segmentry.domain.progress import Progress
from segmentry.domain.project import SegmentChoice
from segmentry.domain.table import FeatureTable
from segmentry.errors import DataError, FitError
from segmentry.judge.calibration import learn_confidence
from segmentry.judge.demands import DemandsOn
from segmentry.judge.rationale import characterise, rationale
from segmentry.judge.select import faults_of, seed_agreement
from segmentry.judge.significance import judge_significance
from segmentry.judge.structure import judge_structure
from segmentry.maths.agreement import adjusted_rand_index
from segmentry.maths.gain import explained_share
from segmentry.maths.silhouette import SilhouetteEstimate, mean_silhouette
from segmentry.pipeline.evidence import Settled, judge_settled
from segmentry.pipeline.searching import fitter, search_matrix
from segmentry.pipeline.weighted import weighed
from segmentry.releases.identity import Lineage, first_lineage
from segmentry.seeds import stream

ENTITIES_PER_SEGMENT = 10
"""Fewer entities than this per wanted segment cannot be told from chance."""

MOST_SHARE = 0.6
"""A larger segment has the others as its fringe."""

BOUND_SLACK = 1.0
"""Entities by which bounds may be missed: a share of them need not be a whole number."""

LEAST_SILHOUETTE = 0.25
"""Below it the structure is weak and could be artificial (Kaufman and Rousseeuw 1990, p. 88)."""


@dataclass(frozen=True)
class Found:
    """What finding gives: the choice, the assigner, its answers, and how good they are."""

    selection: Selection
    assigner: Assigner
    answers: Answers
    silhouette: SilhouetteEstimate
    evidence: Evidence
    lineage: Lineage
    methods: tuple[Tried, ...] = ()
    rationale: tuple[str, ...] = ()


def numbered(assigner: Assigner) -> Lineage:
    """Give segments ids in their order, from 1."""
    return first_lineage(assigner.n_segments)


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


def find(  # noqa: PLR0913 - keyword-only but for two, each with a role of its own
    matrix: Matrix,
    choice: SegmentChoice,
    *,
    seed: int,
    band: range,
    audit: Audit,
    steps: Progress,
    table: FeatureTable | None = None,
    threads: int | None = None,
    demands: DemandsOn | None = None,
    identify: Callable[[Assigner], Lineage] = numbered,
    aside: Aside | None = None,
) -> Found:
    """Search, judge, choose, and fit on everything.

    Parameters
    ----------
    matrix : Matrix
        All entities.
    choice : SegmentChoice
        Its methods and smallest share; the band is given apart.
    seed : int
    band : range
        Numbers of segments that the entities allow.
    audit : Audit
        Its warnings are passed on.
    steps : Progress
        Listens.
    table : FeatureTable or None
        The unscaled features behind the matrix; None where only numbers are known.
    threads : int or None
        Fits side by side; the result does not depend on it. None: as many as there are cores.
    demands : callable or None
        What the project asks of segments beyond their number and smallest share.
    identify : callable
        Gives the ids of an assigner's segments; without any they are numbered in their order.
    aside : Aside or None
        Where finished fits are put, so that a search that is interrupted goes on after them.

    Returns
    -------
    Found
    """
    X, crew = matrix.X, Crew.of(threads)
    if np.ptp(X, axis=0).max(initial=0.0) == 0.0:
        msg = f"all {len(X)} entities are identical in every feature, so there is nothing to find"
        raise DataError(msg, code="E2007", hint="check that the right columns are features")
    with single_threaded():
        searched = search_matrix(
            matrix,
            choice,
            seed=seed,
            band=band,
            steps=steps,
            crew=crew,
            demands=demands,
            aside=aside,
        )
        selection, rows = searched.selection, searched.selection.rows
        steps.phase("structure", "is the data more grouped than structureless data of its kind?")
        structure = judge_structure(
            matrix.shaping,
            rng=stream(seed, "structure"),
            progress=steps,
            names=matrix.names,
            crew=crew,
        )
        steps.phase("fit", f"{selection.chosen.n_segments} segments on {len(X)} entities")
        assigner = assigner_of(selection.chosen.partition, matrix)
        kept = learn_confidence(assigner, X[rows], searched.refits)
        assigner = replace(assigner, kept=kept)
        answers = assigner.answer(X)
        if answers.segment.max() == 0:
            msg = f"no points stand for {selection.chosen.name}: all rows would be of one segment"
            raise FitError(msg, code="E4003", hint="let other methods be tried (segments.methods)")
        silhouette = mean_silhouette(X, answers.segment, rng=stream(seed, "silhouette"))
        steps.phase("judge", "stability, rules, comparison with the usual way")
        lineage = identify(assigner)
        settled = Settled(matrix, answers, lineage.ids, silhouette, rows, searched.yardstick)
        judged = judge_settled(settled, searched.resamples, table=table, seed=seed)
        significance = _significance(matrix, table, fitter(selection.chosen), seed, crew)
    evidence = Evidence(
        structure,
        _checks(selection, answers, silhouette, choice, matrix),
        (
            *_warnings(structure, selection, choice),
            *_beyond_bounds(selection.chosen.partition, answers, choice),
            *audit.warnings,
        ),
        judged.stability,
        judged.silhouettes,
        judged.surrogate,
        judged.discriminant,
        judged.baseline,
        significance,
        merging=judged.merging,
    )
    words = rationale(
        characterise(matrix, table),
        selection,
        structure,
        anomaly_share=float(answers.anomaly.mean()),
    )
    words = (*words, *weighed(matrix, answers.segment))
    return Found(
        selection,
        assigner,
        answers,
        silhouette,
        evidence,
        lineage,
        searched.methods,
        words,
    )


def _significance(
    matrix: Matrix, table: FeatureTable | None, method_again: Fitter, seed: int, crew: Crew
) -> Significance | None:
    """Test features one by one, where each has columns of its own."""
    if matrix.mixed:
        return None
    known = None
    if matrix.borrowed and table is not None:
        gaps = [np.isnan(table.numbers(name)) for name in matrix.borrowed]
        known = ~np.any(gaps, axis=0)
    return judge_significance(
        matrix.X, matrix.features, method_again, seed=seed, crew=crew, known=known
    )


def assigner_of(partition: Partition, matrix: Matrix) -> Assigner:
    """Make of a partition of the search sample what answers for everyone.

    Centres move on to all rows; prototypes of other methods stay. Segments are in order of size.
    """
    finish = method(partition.method).finish
    X, weights = matrix.X, matrix.weights
    return compress(partition if finish is None else finish(X, partition, weights), X, weights)


def _checks(
    selection: Selection,
    answers: Answers,
    silhouette: SilhouetteEstimate,
    choice: SegmentChoice,
    matrix: Matrix,
) -> tuple[Check, ...]:
    scores = selection.chosen.scores
    searched = answers.segment[selection.rows]
    sample_ari = adjusted_rand_index(selection.chosen.partition.labels, searched)
    return (
        silhouette_check(silhouette),
        *_seed_check(scores),
        Check(
            "sample_agreement",
            sample_ari,
            threshold=STABLE_ARI,
            sentence="How far the fit on everyone agrees with the fit on the searched sample.",
        ),
        *share_checks(answers, choice, matrix),
    )


def silhouette_check(silhouette: SilhouetteEstimate) -> Check:
    """Tell how much nearer entities lie to their own segment than to the next."""
    return Check(
        "silhouette",
        silhouette.mean,
        silhouette.low,
        silhouette.high,
        LEAST_SILHOUETTE,
        sentence="How much nearer entities lie to their own segment than to the next one.",
    )


def share_checks(answers: Answers, choice: SegmentChoice, matrix: Matrix) -> tuple[Check, ...]:
    """Tell how everybody is shared out among segments, and how much these explain."""
    shares = matrix.shares(answers.segment)
    of_what = "entities" if matrix.weights is None else "the weight of all entities"
    return (
        Check(
            "smallest_share",
            float(shares.min()),
            threshold=choice.min_share,
            sentence=f"Share of {of_what} in the smallest segment.",
        ),
        Check(
            "largest_share",
            float(shares.max()),
            threshold=min(choice.max_share, MOST_SHARE),
            larger_is_better=False,
            sentence=f"Share of {of_what} in the largest segment: beyond 60 % the others are its "
            "fringe.",
        ),
        Check(
            "explained_share",
            explained_share(matrix.X, answers.segment),
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


def _seed_check(scores: Mapping[str, float]) -> tuple[Check, ...]:
    """Tell how far seeds agree, where the method draws anything."""
    if "seed_ari" not in scores:
        return ()
    sentence = (
        "How far fits from other seeds agree with this one (adjusted Rand index; the lower bound "
        "is the one that agrees least)."
    )
    seeds, worst = scores["seed_ari"], scores["seed_ari_low"]
    return (Check("seed_stability", seeds, worst, None, STABLE_ARI, sentence=sentence),)


def _beyond_bounds(
    partition: Partition, answers: Answers, choice: SegmentChoice
) -> tuple[str, ...]:
    """Tell how many answers break the bounds that the method held on the rows it searched."""
    if not {"min_share", "max_share"} <= partition.arguments.keys():
        return ()
    n = len(answers.segment)
    sizes = np.bincount(answers.segment)
    over = float(np.maximum(sizes - choice.max_share * n, 0.0).sum()) / n
    short = float(np.maximum(choice.min_share * n - sizes, 0.0).sum()) / n
    if max(over, short) * n <= BOUND_SLACK:
        return ()
    low, high = (percent(s, finely=True) for s in (choice.min_share, choice.max_share))
    return (
        f"{partition.method} held segments between {low} and {high} of the "
        f"{len(partition.labels):,} entities it searched. Answers go by the nearest prototype, "
        f"which knows no bound: of all {n:,} entities {percent(over, finely=True)} are above the "
        f"largest size and {percent(short, finely=True)} are missing to the smallest.",
    )


def _warnings(structure: Structure, selection: Selection, choice: SegmentChoice) -> tuple[str, ...]:
    warnings = []
    if structure.test is StructureTest.NOTHING:
        warnings.append(
            f"Whether there are groups at all could not be tested: {structure.sentence} Do not "
            "read borders into the segments."
        )
    elif structure.verdict is StructureVerdict.NONE:
        warnings.append(
            "The data shows no groups beyond what structureless data of its kind shows. The "
            "segments below cut a continuum into convenient pieces; do not read borders into it."
        )
    elif structure.verdict is StructureVerdict.WEAK:
        warnings.append(
            "The groups are weak: borders between segments are blurred, so read them as regions."
        )
    elif structure.is_partial and structure.test is not StructureTest.HUMPS:
        warnings.append(
            f"Groups are clear in {structure.scope}, those that can be compared. The segments are "
            "made of all columns and need not be those groups: read borders by each segment's "
            "silhouette."
        )
    n_segments = selection.chosen.n_segments
    warnings += _at_an_end(selection, choice)
    if seed_agreement(selection.chosen.scores) < STABLE_ARI:
        warnings.append(
            "The segments change with the seed: other starting points give noticeably other groups."
        )
    if n_segments >= 10 or n_segments <= 3:
        few = "few segments hide differences" if n_segments <= 3 else "many are hard to act on"
        warnings.append(f"{n_segments} segments: {few}; 4 to 8 usually serve best.")
    return tuple(warnings)


def _at_an_end(selection: Selection, choice: SegmentChoice) -> Iterator[str]:
    """Say that the fewest or the most segments of the band were chosen, and what came next."""
    chosen = selection.chosen
    others = [c for c in selection.candidates if c.n_segments != chosen.n_segments]
    if not others:
        return
    k, numbers = chosen.n_segments, {c.n_segments for c in others}
    if 2 < k == choice.minimum < min(numbers):
        end, more, widen = "fewest", "fewer", f"segments.min below {k}"
    elif k == choice.maximum > max(numbers):
        end, more, widen = "most", "more", f"segments.max above {k}"
    else:
        return
    passing = [c for c in others if not faults_of(c, min_share=choice.min_share)]
    second = max(passing or others, key=lambda c: c.scores["silhouette"])
    yield (
        f"{k} segments are the {end} that were tried, and {more} may suit better: set {widen} to "
        f"see. Their silhouette is {chosen.scores['silhouette']:.2f}; of other numbers the best, "
        f"{second.name}, has {second.scores['silhouette']:.2f}"
        f"{'' if passing else ' and does not pass'}."
    )
