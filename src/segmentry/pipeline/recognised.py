"""Segments that people own, found again in a later run: by what they are like, not by their place.

What lives here: the earlier release's answers for today's entities held against today's segments;
where features have changed so that it cannot answer, who is in both runs. What does not: what is
said of segments (``owned``). No list of members is kept: people move on, and a segment of new
customers has other members every month; what stays are its borders. Read on in
``docs/decisions/0015-segments-found-again.md``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from segmentry.domain.arrays import codes_of, marks_of, wholes_of
from segmentry.domain.audit import Audit, Finding
from segmentry.domain.owned import Deed, Owned
from segmentry.domain.percent import percent
from segmentry.domain.profile import Profile
from segmentry.domain.project import Project
from segmentry.domain.release import Release
from segmentry.domain.table import ENTITY, FeatureTable
from segmentry.errors import SegmentryError
from segmentry.maths.agreement import jaccards
from segmentry.pipeline.prepared import places_in
from segmentry.stores.files import read_json
from segmentry.stores.runfolder import open_run
from segmentry.stores.runs import RUNS, is_run
from segmentry.stores.state.keeping import keep_release, kept_release
from segmentry.stores.state.peek import is_anything_said
from segmentry.stores.state.place import has_state

if TYPE_CHECKING:
    from segmentry.stores.state.book import Seen

LEAST_OVERLAP = 0.5
"""A segment is the same one where its Jaccard index with the earlier one is above this: more than
half of both together is shared, which at most one segment can (Hennig, C. 2008. Dissolution point
and isolation robustness. J. Multivar. Anal. 99, 1154-1176)."""


FEWEST_SHARED = 30
"""Fewer entities that are in both runs tell nothing about segments."""

BY_MEMBERS = (
    " Features have changed since, so that entities were compared that are in both runs: who has "
    "moved on counts against it."
)


@dataclass(frozen=True, slots=True)
class Lost:
    """A segment that people own and that a run did not find again, and why."""

    owned: Owned
    called: str
    why: str

    @property
    def sentence(self) -> str:
        """Say it."""
        what = "locked segment" if self.owned.is_locked else "segment"
        owner = f" of {self.owned.owner}" if self.owned.owner else ""
        return f"The {what} {self.called!r}{owner} was not found again: {self.why}."


@dataclass(frozen=True)
class Recognised:
    """Which segments of a run are ones that people own, by their ids, and which were lost."""

    home: Path
    found: Mapping[int, Owned] = field(default_factory=dict)
    lost: tuple[Lost, ...] = ()
    by_members: bool = False
    """Whether features have changed, so that who is in both runs was compared."""

    @property
    def is_empty(self) -> bool:
        """Tell whether people own nothing."""
        return not self.found and not self.lost

    def named(self, profiles: tuple[Profile, ...]) -> tuple[Profile, ...]:
        """Give profiles under the names that people gave; the rule's make room for these."""
        given = {i: owned for i, owned in self.found.items() if owned.name}
        taken = {str(owned.name).casefold() for owned in given.values()}
        return tuple(_named(p, given.get(p.segment_id), taken) for p in profiles)

    def tell(self, audit: Audit) -> None:
        """Say what was found again and what was not: nothing that people own is dropped unsaid."""
        if self.found:
            told = ", ".join(
                f"{owned.name or f'segment {i}'!r} ({percent(owned.overlap)})"
                for i, owned in sorted(self.found.items())
            )
            n = len(self.found)
            sentence = (
                f"{n} of {n + len(self.lost)} segments that people own "
                f"{'was' if n == 1 else 'were'} found again, with their overlap: {told}."
                f"{BY_MEMBERS if self.by_members else ''}"
            )
            audit.add(Finding("owned_found", sentence, count=n, done="what is said of them stays"))
        for lost in self.lost:
            done = (
                "what is said of it is kept for when it comes back; `segmentry segments forget "
                f"{lost.owned.name or lost.owned.key}` ends that"
            )
            audit.add(Finding("owned_lost", lost.sentence, "warning", done=done))

    def keep(self, release: Release) -> None:
        """Write into the state which segments of a release these are."""
        if self.is_empty:
            return
        from segmentry.stores.state.book import Book

        if self.found:
            keep_release(self.home, release)
        with Book.of(self.home) as book:
            said = book.said(release.fingerprint)
            keys = {owned.key for owned in said.values()}
            new = {i: o for i, o in self.found.items() if i not in said and o.key not in keys}
            book.appear(release.fingerprint, new)
            if new or not said:
                lost = ", ".join(x.called for x in self.lost)
                after = {"found": len(self.found), "lost": lost or None}
                book.wrote(Deed.CARRY, release.fingerprint, {}, after)


def check_state(home: Path) -> None:
    """Refuse a state that cannot be read, before a run's work begins.

    Raises
    ------
    StoreError
        E5001, E5020, E5021 or E5022.
    """
    if has_state(home):
        from segmentry.stores.state.book import Book

        with Book.of(home) as book:
            book.known()


def recognise(
    project: Project,
    table: FeatureTable,
    segment: NDArray[np.int64],
    segment_ids: tuple[int, ...],
) -> Recognised:
    """Find the segments that people own among those of a new run.

    Parameters
    ----------
    project : Project
        In whose folder the state lies.
    table : FeatureTable of n rows
        Today's features.
    segment : ndarray of int, shape (n,)
        Today's segments, as places in ``segment_ids``.
    segment_ids : tuple of int

    Returns
    -------
    Recognised
        Empty where the project has no state.

    Raises
    ------
    StoreError
        If the state cannot be read.

    Notes
    -----
    The release that a segment was last seen in answers for today's entities; the Jaccard index of
    those that it puts into the segment and those of a segment of today tells whether it is the
    same. Where two claim one segment of today, the one with the larger overlap has it. Where that
    release asks for features that there are no more, the entities are compared that are in both
    runs, as long as the earlier one is there.
    """
    home = project.folder
    if not is_anything_said(home):
        return Recognised(home)
    from segmentry.stores.state.book import Book

    with Book.of(home) as book:
        known = [s for s in book.known() if not s.owned.is_bare]
    claims: list[tuple[float, int, Seen]] = []
    lost = []
    by_members = False
    for fingerprint in dict.fromkeys(s.release for s in known):
        seen = [s for s in known if s.release == fingerprint]
        overlaps = _overlaps(home, fingerprint, table, segment, len(segment_ids))
        if isinstance(overlaps, str):
            shared = shared_members(project, fingerprint, table)
            if shared is None:
                lost += [Lost(s.owned, _called(s), overlaps) for s in seen]
                continue
            overlaps, by_members = _by_members(*shared, segment, len(segment_ids)), True
        for s in seen:
            row = overlaps.get(s.segment_id, np.zeros(len(segment_ids)))
            claims.append((float(row.max()), int(row.argmax()), s))
    return replace(_settled(home, claims, lost, segment_ids), by_members=by_members)


def _overlaps(
    home: Path, fingerprint: str, table: FeatureTable, segment: NDArray[np.int64], n_segments: int
) -> dict[int, NDArray[np.float64]] | str:
    """Hold each segment of an earlier release against each of today's; a text says why not."""
    release = kept_release(home, fingerprint)
    if release is None:
        return f"the release {fingerprint[:6]} by which it was told is gone or damaged"
    try:
        X = release.recipe.apply(table).X
    except SegmentryError as error:
        return f"the features have changed since ({error.what})"
    earlier = release.assigner.answer(X).segment
    shared = jaccards(earlier, segment, (len(release.segment_ids), n_segments))
    return dict(zip(release.segment_ids, shared, strict=True))


def shared_members(
    project: Project, fingerprint: str, table: FeatureTable
) -> tuple[NDArray[np.int64], NDArray[np.int64]] | None:
    """Find today's entities in an earlier run.

    Parameters
    ----------
    project : Project
    fingerprint : str
        Of the earlier run.
    table : FeatureTable
        Today's.

    Returns
    -------
    tuple of ndarray of int, shape (n_shared,), or None
        Rows of today's table, and the ids of the segments that they were in; None where the run is
        gone, or fewer than thirty entities are in both.
    """
    import pyarrow as pa

    runs = sorted((project.folder / RUNS).glob("*"), reverse=True)
    found = (p for p in runs if not p.is_symlink() and is_run(p))
    folder = next((p for p in found if _fingerprint(p) == fingerprint), None)
    try:
        earlier = None if folder is None else open_run(folder).table("assignments")
    except SegmentryError:
        earlier = None  # damaged: as good as gone
    if earlier is None:
        return None
    ids = earlier[ENTITY].combine_chunks().cast(pa.string())
    places = places_in(project, table.entity_ids, ids)
    both = np.flatnonzero(marks_of(places.is_valid()))
    if len(both) < FEWEST_SHARED:
        return None
    rows = codes_of(places.take(wholes_of(both)))
    return both, codes_of(earlier["segment_id"])[rows]


def _by_members(
    rows: NDArray[np.int64], then: NDArray[np.int64], segment: NDArray[np.int64], n_segments: int
) -> dict[int, NDArray[np.float64]]:
    """Hold segments of an earlier run against today's by the entities of both."""
    ids, coded = np.unique(then, return_inverse=True)
    shared = jaccards(coded.astype(np.int64), segment[rows], (len(ids), n_segments))
    return dict(zip(ids.tolist(), shared, strict=True))


def _fingerprint(folder: Path) -> str | None:
    try:
        return str(read_json(folder / "summary.json").get("fingerprint"))
    except SegmentryError:
        return None


def _settled(
    home: Path, claims: Iterable[tuple[float, int, Seen]], lost: list[Lost], ids: tuple[int, ...]
) -> Recognised:
    found: dict[int, Owned] = {}
    for overlap, place, seen in sorted(claims, key=lambda c: (-c[0], c[2].owned.key)):
        if overlap > LEAST_OVERLAP and ids[place] not in found:
            found[ids[place]] = replace(seen.owned, overlap=overlap)
        elif overlap > LEAST_OVERLAP:
            why = "another segment that people own overlaps more with the one that it would be"
            lost.append(Lost(seen.owned, _called(seen), why))
        else:
            why = (
                f"the most similar segment shares {percent(overlap)} with it, and more than "
                f"{percent(LEAST_OVERLAP)} is asked"
            )
            lost.append(Lost(seen.owned, _called(seen), why))
    return Recognised(home, found, tuple(sorted(lost, key=lambda x: x.owned.key)))


def _called(seen: Seen) -> str:
    return seen.owned.name or f"segment {seen.segment_id} of release {seen.release[:6]}"


def _named(profile: Profile, owned: Owned | None, taken: set[str]) -> Profile:
    naming = profile.naming
    if owned is not None and owned.name:
        by_people = replace(naming, name=owned.name, reason=owned.why, by_rule=naming.name)
        return replace(profile, naming=by_people)
    return numbered(profile, taken)


def numbered(profile: Profile, taken: set[str]) -> Profile:
    """Give a profile whose name is taken one with a number, and add that to what is taken.

    Parameters
    ----------
    profile : Profile
    taken : set of str
        Names of others, without their case.

    Returns
    -------
    Profile
    """
    naming = profile.naming
    if naming.name.casefold() not in taken:
        return profile
    names = (f"{naming.name} {i}" for i in count(2))
    free = next(n for n in names if n.casefold() not in taken)
    taken.add(free.casefold())
    reason = f"{naming.reason}; another segment is called {naming.name!r} already"
    return replace(profile, naming=replace(naming, name=free, reason=reason))
