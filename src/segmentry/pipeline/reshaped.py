"""Segments merged or split by hand: a new run out of an earlier one, judged as any run is.

What lives here: changing the assigner of a run, judging and describing the result. What does not:
the change itself (``cluster.reshape``), its price (``judge.reshape``), reading a run back
(``readback``), and writing the new one with what people say of it (``byhand``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from segmentry.cluster.reshape import Reshaped, few_share, merged, parts_of, split
from segmentry.domain.assigner import Answers
from segmentry.domain.crew import Crew, single_threaded
from segmentry.domain.evidence import Evidence, Structure
from segmentry.domain.existing import told_parts
from segmentry.domain.health import Health
from segmentry.domain.judging import Heldout, Judging
from segmentry.domain.owned import Deed
from segmentry.domain.profile import Naming, Profile
from segmentry.domain.reshaping import Reshaping
from segmentry.domain.table import FeatureTable
from segmentry.errors import DataError, UsageError
from segmentry.explain.describe import profile_segments
from segmentry.judge.calibration import learn_confidence
from segmentry.judge.reshape import merged_refits, price_of, split_refits
from segmentry.judge.stability import Resamples
from segmentry.maths.directions import seen_from
from segmentry.maths.silhouette import mean_silhouette
from segmentry.pipeline.documents import evidence_document
from segmentry.pipeline.evidence import Settled, judge_settled
from segmentry.pipeline.find import ENTITIES_PER_SEGMENT, share_checks, silhouette_check
from segmentry.pipeline.healthtold import segmented
from segmentry.pipeline.heldout import with_business
from segmentry.pipeline.readback import Material
from segmentry.pipeline.recognised import numbered
from segmentry.pipeline.reread import judged_again
from segmentry.releases.identity import Lineage, descend
from segmentry.seeds import stream
from segmentry.stores.records import from_plain

LEFT_OUT = {
    "heldout": "outcomes held out",
    "heldout_columns": "outcomes of tables held out",
    "existing": "the segments that there were already",
    "validation": "entities that were not learned from",
    "micro": "micro-segments",
    "significance": "features tested without themselves",
}
"""Parts of the evidence that need more than a run's folder holds; outcomes are read again from the
sources where these are still as they were."""

OF_A_NUMBER = ("segments: ", "that were tried", "end of the band")
"""Words of warnings about the number of segments, which is another one now; the last are those of
runs of earlier versions."""


@dataclass(frozen=True)
class Made:
    """What came of merging or splitting: all that a run folder is written from."""

    material: Material
    shape: Reshaped
    answers: Answers
    refits: Resamples
    evidence: Evidence
    profiles: tuple[Profile, ...]
    told: Reshaping
    lineage: Lineage
    """How the segments descend from those of the run before."""
    heldout: Heldout | None = None
    """What followed the judging cut, where the sources still tell it."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be done: with which places, into how many parts, under which name."""

    what: Deed
    places: tuple[int, ...]
    n_parts: int = 1
    name: str | None = None


def reshape(
    material: Material,
    wish: Wish,
    crew: Crew,
    *,
    has_other_events: bool,
    judging: Judging | None = None,
    largest_id: int = 0,
) -> Made:
    """Merge or split segments of a run, and judge and describe what comes of it.

    Parameters
    ----------
    material : Material
    wish : Wish
    crew : Crew
    has_other_events : bool
        Whether the events are not all purchases: for the words.
    judging : Judging or None
        What followed the judging cut; without it that is not told of the segments.
    largest_id : int, default=0
        The largest id of the project's segments: none is given twice.

    Returns
    -------
    Made

    Raises
    ------
    UsageError
        If the segments cannot be merged.
    DataError
        E2006 if a segment has too few entities for its parts.
    """
    from segmentry.pipeline.run import value_feature

    check_wish(material, wish)
    X, seed, rows = material.matrix.X, material.project.seed, material.ground.rows
    with single_threaded():
        shape = _shape(material, wish)
        refits = _refits(material, wish, crew)
        kept = learn_confidence(shape.assigner, X[rows], refits)
        shape = replace(shape, assigner=replace(shape.assigner, kept=kept))
        answers = shape.assigner.answer(X)
        silhouette = mean_silhouette(X, answers.segment, rng=stream(seed, "silhouette"))
        lineage = _lineage(material, answers, shape.assigner.n_segments, largest_id)
        settled = Settled(
            material.matrix,
            answers,
            lineage.ids,
            silhouette,
            rows,
            material.ground.yardstick,
        )
        judged = judge_settled(settled, refits, table=material.table, seed=seed)
        after = (
            None
            if judging is None
            else judged_again(judging, material, shape.assigner, answers, lineage.ids)
        )
    heldout, over_time = after or (None, None)
    evidence = Evidence(
        from_plain(Structure, material.papers["evidence"]["structure"]),
        (
            silhouette_check(silhouette),
            *share_checks(answers, material.project.segments, material.matrix),
            *((over_time,) if over_time is not None else ()),
        ),
        _warnings(material, is_judged=heldout is not None),
        judged.stability,
        judged.silhouettes,
        judged.surrogate,
        judged.discriminant,
        judged.baseline,
        health=_health(material, lineage.ids, answers),
        merging=judged.merging,
    )
    made = profile_segments(
        _tellable(material),
        material.features,
        answers,
        segment_ids=lineage.ids,
        silhouettes=silhouette.by_cluster,
        objective=material.project.objective,
        value_feature=value_feature(material.table),
        rng=stream(seed, "explain"),
        entity=material.project.entity,
        has_other_events=has_other_events,
    )
    profiles = with_business(_named(material, wish, shape, made), heldout)
    told = _told(material, wish, shape, answers, evidence, profiles)
    evidence = replace(evidence, warnings=(told.sentence, *evidence.warnings))
    return Made(material, shape, answers, refits, evidence, profiles, told, lineage, heldout)


def _lineage(material: Material, answers: Answers, n_segments: int, largest_id: int) -> Lineage:
    """Let ids follow from the run before."""
    earlier = material.release.segment_ids
    counts = np.zeros((len(earlier), n_segments), dtype=np.int64)
    np.add.at(counts, (material.answers.segment, answers.segment), 1)
    return descend(counts, earlier, largest_id=largest_id)


def _health(material: Material, ids: tuple[int, ...], answers: Answers) -> Health | None:
    """Tell the scores of the run before by the segments as they are now."""
    told = material.papers["evidence"].get("health")
    if told is None:
        return None
    recipe = material.release.recipe
    return segmented(from_plain(Health, told), recipe, material.table, answers.segment, ids)


def check_wish(material: Material, wish: Wish) -> None:
    """Refuse what cannot be, before any work is done.

    Raises
    ------
    UsageError, DataError
        See ``reshape``.
    """
    names, k = material.release.segment_names, material.release.assigner.n_segments
    if wish.what is Deed.MERGE:
        if len(set(wish.places)) < 2:
            raise UsageError(
                f"{names[wish.places[0]]!r} cannot be merged with itself",
                hint="name two segments",
            )
        if k <= 2:
            raise UsageError(
                "merging the only two segments would leave one, which holds everybody",
                hint="there is nothing to tell apart then",
            )
        return
    (whole,) = wish.places
    n = int((material.answers.segment == whole).sum())
    needed = ENTITIES_PER_SEGMENT * wish.n_parts
    seen = material.matrix.X[material.answers.segment == whole]
    if wish.n_parts < 2:
        raise UsageError("a segment is split into two parts at least", hint="--into 2")
    if n < needed or len(np.unique(seen, axis=0)) < wish.n_parts:
        what = f"{n} entities" if n < needed else "entities that are all alike"
        raise DataError(
            f"{names[whole]!r} has {what}, too few for {wish.n_parts} parts of "
            f"{ENTITIES_PER_SEGMENT} each",
            code="E2006",
            hint="split it into fewer parts, or not at all",
        )


def _shape(material: Material, wish: Wish) -> Reshaped:
    X, assigner = material.matrix.X, material.release.assigner
    if wish.what is Deed.MERGE:
        one, other = wish.places
        return merged(assigner, one, other, X)
    (whole,) = wish.places
    rng = stream(material.project.seed, "split", wish.n_parts)
    shape = split(assigner, whole, wish.n_parts, X, rng=rng)
    wanted = assigner.n_segments + wish.n_parts - 1
    sizes = np.bincount(shape.assigner.answer(X).segment, minlength=wanted)
    smallest = min(sizes[place] for place in shape.places[whole])
    if shape.assigner.n_segments < wanted or smallest < ENTITIES_PER_SEGMENT:
        raise DataError(
            f"a part of {material.release.segment_names[whole]!r} would have fewer than "
            f"{ENTITIES_PER_SEGMENT} entities",
            code="E2006",
            hint="split it into fewer parts, or not at all",
        )
    return shape


def _refits(material: Material, wish: Wish, crew: Crew) -> Resamples:
    """Make the same change to refits of the run's segments."""
    before = material.refits(crew)
    if wish.what is Deed.MERGE:
        return merged_refits(before, material.sample, set(wish.places))
    X = seen_from(material.matrix.X[material.ground.rows], material.release.assigner.origin)
    few = few_share(int((material.answers.segment == wish.places[0]).sum()))

    def divide(rows: NDArray[np.int64], number: int) -> NDArray[np.int64]:
        n_parts = min(wish.n_parts, len(np.unique(X[rows], axis=0)))
        rng = stream(material.project.seed, "split refit", number, wish.n_parts)
        return parts_of(X[rows], n_parts, rng, few=few)

    return split_refits(before, material.sample, wish.places[0], divide)


def _warnings(material: Material, *, is_judged: bool) -> tuple[str, ...]:
    """Keep what still holds, and say what is not told any more."""
    evidence = material.papers["evidence"]
    before = evidence.get("reshaped", {}).get("sentence")
    held = [
        w
        for w in evidence.get("warnings", ())
        if w != before and not any(words in w for words in OF_A_NUMBER)
    ]
    measured = {"heldout"} if is_judged else set()
    out = [words for part, words in LEFT_OUT.items() if part in evidence and part not in measured]
    if out:
        held.append(
            f"Not measured of segments made by hand, and told of the run before: {', '.join(out)}."
        )
    return tuple(dict.fromkeys(held))


def _named(
    material: Material, wish: Wish, shape: Reshaped, made: tuple[Profile, ...]
) -> tuple[Profile, ...]:
    """Let segments that were not touched keep their names."""
    kept = _kept_names(material, wish, shape)
    taken = {n.name.casefold() for n in kept.values()}
    if wish.name is not None and wish.name.casefold() in taken:
        raise UsageError(
            f"another segment is called {wish.name!r}", hint="two segments cannot share a name"
        )
    if wish.name is not None:
        place = shape.places[wish.places[0]][0]
        naming = made[place].naming
        by_people = replace(naming, name=wish.name, reason="named by people", by_rule=naming.name)
        kept[place] = by_people
        taken.add(wish.name.casefold())
    return tuple(
        replace(p, naming=kept[i]) if i in kept else numbered(p, taken) for i, p in enumerate(made)
    )


def _kept_names(material: Material, wish: Wish, shape: Reshaped) -> dict[int, Naming]:
    told = {s["id"]: s.get("naming") for s in material.papers["segments"]["segments"]}
    kept = {}
    for old, (new, *_) in enumerate(shape.places):
        naming = told[material.release.segment_ids[old]]
        if old not in wish.places and naming is not None:
            kept[new] = from_plain(Naming, naming)
    return kept


def _tellable(material: Material) -> FeatureTable:
    """Leave existing segments out: their shares of a segment might tell cells that are withheld."""
    existing = material.papers["evidence"].get("existing", {}).get("column")
    table = material.table
    return replace(table, columns=tuple(c for c in table.columns if c.name != existing))


def _told(
    material: Material,
    wish: Wish,
    shape: Reshaped,
    answers: Answers,
    evidence: Evidence,
    profiles: tuple[Profile, ...],
) -> Reshaping:
    """Say what was done and what it cost."""
    release, ground = material.release, material.ground
    new_places = sorted({p for old in wish.places for p in shape.places[old]})
    old: Mapping[int, str] = {release.segment_ids[p]: release.segment_names[p] for p in wish.places}
    new = {profiles[p].segment_id: profiles[p].name for p in new_places}
    with single_threaded():
        before, after = ground.yardstick.measure([material.sample, answers.segment[ground.rows]])
    n_moved = int((answers.segment != shape.meant).sum())
    price = price_of(
        material.papers["evidence"],
        evidence_document(evidence),
        (before, after),
        touched=(old, new),
        moved=(n_moved, len(answers.segment)),
    )
    was, now = (told_parts([repr(n) for n in names.values()]) for names in (old, new))
    done = "merged into" if wish.what is Deed.MERGE else "split into"
    return Reshaping(
        str(wish.what),
        tuple(old.values()),
        tuple(new.values()),
        material.stored.folder.name,
        release.fingerprint,
        price,
        f"By hand, {was} {'were' if len(old) > 1 else 'was'} {done} {now}. {price.sentence}",
    )
