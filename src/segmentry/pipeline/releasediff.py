"""Two releases beside each other, in plain words: features, segments, movement, quality.

What lives here: what is compared, and on whom. What does not: how segments descend
(``releases.identity``) and which releases there are (``releases``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from segmentry.domain.arrays import wholes_of
from segmentry.domain.bounded import Bounded
from segmentry.domain.existing import told_parts
from segmentry.domain.lifecycle import Kinship, Registered
from segmentry.domain.percent import percent
from segmentry.domain.release import Release
from segmentry.domain.table import ENTITY, FeatureTable
from segmentry.errors import SegmentryError
from segmentry.maths.intervals import wilson_interval
from segmentry.pipeline.descent import kinship_told
from segmentry.releases.identity import descend
from segmentry.stores.runfolder import find_run, open_run
from segmentry.stores.state.keeping import Papers, kept_release

if TYPE_CHECKING:
    from segmentry.pipeline.releases import Releases

MOST_MOVERS = 10

FIGURES = {
    "silhouette": "silhouette",
    "seed_stability": "agreement of other seeds",
    "time_stability": "agreement over time",
    "smallest_share": "smallest share",
    "explained_share": "share of the variance explained",
}
"""Checks that both releases may have, and what they are called."""


@dataclass(frozen=True, slots=True)
class Beside:
    """A segment of the later release, or one that it has no more, beside where it comes from."""

    kinship: Kinship
    name: str
    share_before: float | None
    share_after: float | None
    sentence: str


@dataclass(frozen=True, slots=True)
class Figure:
    """A measure of both releases, each with its interval where one is known."""

    name: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Mover:
    """An entity that the two releases put into different segments, and how surely."""

    entity: str
    before: str
    after: str
    nearer: float
    """How much nearer it is to the segment it is in now, in the later release's distances."""


@dataclass(frozen=True, slots=True)
class Moved:
    """How many of today's entities the releases put into different segments."""

    n: int
    n_entities: int
    share: Bounded
    movers: tuple[Mover, ...]
    """Those who move furthest, ten at most: single entities, for the owner's own view."""


@dataclass(frozen=True)
class Difference:
    """What is other in a release than in another one."""

    before: Registered
    after: Registered
    features_in: tuple[str, ...]
    features_out: tuple[str, ...]
    segments: tuple[Beside, ...]
    figures: tuple[Figure, ...]
    moved: Moved | None
    sentences: tuple[str, ...]


def difference(releases: Releases, before: Registered, after: Registered) -> Difference:
    """Hold a release beside an earlier one.

    Parameters
    ----------
    releases : Releases
        Of the project.
    before, after : Registered

    Returns
    -------
    Difference

    Raises
    ------
    ReleaseError
        E5115 if what was kept of either is gone.
    """
    old, new = releases.papers(before), releases.papers(after)
    had, has = _features(old), _features(new)
    found = _counted(releases, before, after)
    kin = releases.show(after.number).descents
    moved = None
    if isinstance(found, str):
        why = found
        segments = _beside(kin if after.parent == before.fingerprint else (), old, new)
    else:
        why = ""
        moved, counts, ids = found
        if after.parent != before.fingerprint:
            kin = descend(counts, ids[0]).descents
            kin = tuple(_renumbered(k, ids[1], kin) for k in kin)
        segments = _beside(kin, old, new)
    made = Difference(
        before,
        after,
        tuple(f for f in has if f not in had),
        tuple(f for f in had if f not in has),
        segments,
        tuple(_figures(old, new)),
        moved,
        (),
    )
    return replace(made, sentences=tuple(_sentences(made, why)))


def _renumbered(kin: Kinship, ids: tuple[int, ...], all_: tuple[Kinship, ...]) -> Kinship:
    """Give a line of descent the id that the later release has given by itself."""
    return kin if kin.segment_id is None else replace(kin, segment_id=ids[all_.index(kin)])


def _features(papers: Papers) -> tuple[str, ...]:
    return tuple(f["name"] for f in papers["audit"].get("features", ()) if f["is_in"])


def _beside(kin: tuple[Kinship, ...], old: Papers, new: Papers) -> tuple[Beside, ...]:
    then = {int(s["id"]): s for s in old["segments"]["segments"]}
    now = {int(s["id"]): s for s in new["segments"]["segments"]}
    found = []
    for line in kin:
        own = None if line.segment_id is None else now.get(line.segment_id)
        sources = [then[i] for i in line.from_ids if i in then]
        name = own["name"] if own else " and ".join(s["name"] for s in sources)
        share = sum(float(s["share"]) for s in sources) if sources else None
        sentence = _told(line, own, sources)
        found.append(Beside(line, name, share, None if own is None else own["share"], sentence))
    return tuple(found)


def _told(kin: Kinship, own: Mapping[str, Any] | None, sources: list[Mapping[str, Any]]) -> str:
    words = kinship_told(kin)
    before = f"{percent(sum(float(s['share']) for s in sources))} before" if sources else ""
    called = told_parts([repr(s["name"]) for s in sources]) if sources else ""
    if own is None:
        return f"{words[0].upper()}{words[1:]} ({called}, {before})."
    was = f" ({called})" if called and called != repr(own["name"]) else ""
    sizes = f"{before}, {percent(own['share'])} now" if before else f"{percent(own['share'])} now"
    return f"{own['name']!r}: {words}{was}; {sizes}."


def _figures(old: Papers, new: Papers) -> list[Figure]:
    checks = [{c["name"]: c for c in p["evidence"]["checks"]} for p in (old, new)]
    found = [Figure("structure", str(old["summary"]["verdict"]), str(new["summary"]["verdict"]))]
    for name, called in FIGURES.items():
        texts = [_with_interval(c[name]) if name in c else "not measured" for c in checks]
        if texts != ["not measured"] * 2:
            found.append(Figure(called, *texts))
    return found


def _with_interval(check: Mapping[str, Any]) -> str:
    low, high = check.get("low"), check.get("high")
    ends = "" if low is None or high is None else f" ({low:.2f} to {high:.2f})"
    return f"{check['estimate']:.2f}{ends}"


Counted = tuple[Moved, NDArray[np.int64], tuple[tuple[int, ...], tuple[int, ...]]]


def _counted(releases: Releases, before: Registered, after: Registered) -> Counted | str:
    """Let both releases answer for the entities of the latest run; a text says why they cannot."""
    both = [kept_release(releases.home, r.fingerprint) for r in (before, after)]
    old, new = both
    if old is None or new is None:
        return "the copy of a release is gone or damaged"
    try:
        run = open_run(find_run(releases.home, None))
        stored = run.release()
        table = FeatureTable.of(run.table("features"), stored.columns, None)
        table = replace(table, texts=stored.texts)
        X = [release.recipe.apply(table).X for release in (old, new)]
    except SegmentryError as error:
        return error.what
    answers = [r.assigner.answer(x).segment for r, x in zip((old, new), X, strict=True)]
    counts = np.zeros((len(old.segment_ids), len(new.segment_ids)), dtype=np.int64)
    np.add.at(counts, tuple(answers), 1)
    ids = [np.array(r.segment_ids)[a] for r, a in zip((old, new), answers, strict=True)]
    other = np.flatnonzero(ids[0] != ids[1])
    n = table.n_entities
    movers = _movers(table, (old, new), (answers[0], answers[1]), X[1], other)
    share = Bounded(len(other) / n, *wilson_interval(len(other), n))
    moved = Moved(len(other), n, share, movers)
    return moved, counts, (old.segment_ids, new.segment_ids)


def _movers(
    table: FeatureTable,
    releases: tuple[Release, Release],
    answers: tuple[NDArray[np.int64], NDArray[np.int64]],
    X: NDArray[np.float64],
    rows: NDArray[np.int64],
) -> tuple[Mover, ...]:
    """Find who has the clearest reason to be in another segment than before."""
    old, new = releases
    place = {i: p for p, i in enumerate(new.segment_ids)}
    # A segment that there is no more has no distance: who was in it has no way back.
    was = np.array([place.get(old.segment_ids[a], -1) for a in answers[0][rows]], dtype=np.int64)
    rows, was = rows[was >= 0], was[was >= 0]
    distances = new.assigner.distances(np.ascontiguousarray(X[rows]))
    everyone = np.arange(len(rows))
    gaps = distances[everyone, was] - distances[everyone, answers[1][rows]]
    first = np.argsort(-gaps, kind="stable")[:MOST_MOVERS]
    ids = table.data[ENTITY].take(wholes_of(rows[first])).to_pylist()
    return tuple(
        Mover(
            str(entity),
            old.segment_names[answers[0][rows[i]]],
            new.segment_names[answers[1][rows[i]]],
            round(float(gaps[i]), 3),
        )
        for entity, i in zip(ids, first.tolist(), strict=True)
    )


def _sentences(made: Difference, why: str) -> list[str]:
    one, other = made.before, made.after
    told = [
        f"Release {other.number} has {other.n_segments} segments of {other.n_entities:,} entities; "
        f"release {one.number} has {one.n_segments} of {one.n_entities:,}."
    ]
    if made.features_in or made.features_out:
        more, less = (", ".join(names) or "none" for names in (made.features_in, made.features_out))
        told.append(f"Features that shape segments: {more} came in, {less} went out.")
    else:
        told.append("The same features shape the segments.")
    told += [s.sentence for s in made.segments]
    if made.moved is None:
        told.append(f"Who moves cannot be counted: {why}.")
    else:
        m = made.moved
        low, high = (percent(v, finely=True) for v in (m.share.low, m.share.high))
        told.append(
            f"Of the {m.n_entities:,} entities of the latest run, {m.n:,} "
            f"({percent(m.share.value, finely=True)}, {low} to {high}) are put into a segment of "
            "another id, on the same features of the same day."
        )
    told += [
        f"{f.name[0].upper()}{f.name[1:]}: {f.before} before, {f.after} now." for f in made.figures
    ]
    return told
