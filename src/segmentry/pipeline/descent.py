"""The segments of a run matched to those of the champion, so that ids and names follow.

What lives here: the champion's answers for today's entities, or who is in both where it cannot
answer. What does not: the rule that matches (``releases.identity``), names that people gave
(``recognised``), and keeping the new release (``releasing``). Read on in
``docs/methods/descent.md``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from segmentry.domain.audit import Audit, Finding
from segmentry.domain.existing import told_parts
from segmentry.domain.lifecycle import Descent, Kinship, Registered
from segmentry.domain.profile import Known, Naming
from segmentry.domain.project import Project
from segmentry.domain.release import Release
from segmentry.domain.table import FeatureTable
from segmentry.errors import SegmentryError
from segmentry.pipeline.recognised import shared_members
from segmentry.releases.identity import Lineage, descend, first_lineage
from segmentry.stores.records import from_plain
from segmentry.stores.state.keeping import kept_papers, kept_release
from segmentry.stores.state.place import has_state

MOST_COMPARED = 200_000
"""Entities that are put into both: more tell a share no better than to a third of a percent."""

NOBODY = "None is known of both, so all segments are new."


@dataclass(frozen=True)
class Ancestor:
    """The release that segments are matched to.

    ``release`` and ``papers`` are None and empty where its copy is gone or damaged.
    ``segment_ids`` are those of its segments; ``largest_id`` is the largest that any release had.
    """

    registered: Registered
    segment_ids: tuple[int, ...]
    largest_id: int
    release: Release | None
    papers: Mapping[str, Mapping[str, object]]

    @property
    def number(self) -> int:
        """Give the number of the release."""
        return self.registered.number

    @cached_property
    def known(self) -> Known:
        """Give the names that the rule gave to its segments."""
        told = self.papers.get("segments", {}).get("segments", ())
        assert isinstance(told, Iterable)  # noqa: S101 - a list, as it was written
        namings = {int(s["id"]): from_plain(Naming, s["naming"]) for s in told if "naming" in s}
        by_rule = {
            i: replace(naming, name=naming.by_rule or naming.name, by_rule=None)
            for i, naming in namings.items()
        }
        return Known(self.number, by_rule)


def champion_of(home: Path) -> Ancestor | None:
    """Give the champion of a project; None before there is any.

    Raises
    ------
    StoreError
        E5001, E5020, E5021 or E5022 if the state cannot be read.
    """
    if not has_state(home):
        return None
    from segmentry.stores.state.shelf import Shelf

    with Shelf.of(home) as shelf:
        champion = shelf.champion()
        registered = None if champion is None else shelf.find(champion.release)
        if registered is None:
            return None
        descents = shelf.descents(registered.fingerprint)
        largest = shelf.largest_id()
    ids = tuple(kin.segment_id for kin in descents if kin.segment_id is not None)
    fingerprint = registered.fingerprint
    release = kept_release(home, fingerprint)
    digest = str(registered.facts.get("papers"))
    papers = kept_papers(home, digest) or {}
    return Ancestor(registered, ids, largest, release, papers)


def largest_id_of(home: Path) -> int:
    """Give the largest id that any segment of a project's releases had; 0 before there is any."""
    if not has_state(home):
        return 0
    from segmentry.stores.state.shelf import Shelf

    with Shelf.of(home) as shelf:
        return shelf.largest_id()


def lineage_of(
    project: Project,
    ancestor: Ancestor | None,
    table: FeatureTable,
    segment: NDArray[np.int64],
    n_segments: int,
    audit: Audit,
) -> Lineage:
    """Tell how the segments of a run descend from those of the champion.

    Parameters
    ----------
    project : Project
    ancestor : Ancestor or None
        The champion; without any, all segments are new.
    table : FeatureTable of n rows
        Today's features.
    segment : ndarray of int, shape (n,)
        Today's segments, by place.
    n_segments : int
    audit : Audit
        Is told where segments do not simply continue, and where the champion could not answer.

    Returns
    -------
    Lineage

    Notes
    -----
    The champion's own recipe and assigner answer for today's entities, so that a segment is the
    same one where its borders are, whoever is in it by now; whoever lies far from all of them is
    of none. Where that release asks for features
    that there are no more, the entities are compared that are in both runs; where that fails too,
    no segment can be said to be an earlier one.
    """
    if ancestor is None:
        return first_lineage(n_segments)
    answered = _answered(ancestor, table, segment, n_segments)
    why, earlier, strangers = "", ancestor.segment_ids, None
    if isinstance(answered, str):
        why = answered
        shared = shared_members(project, ancestor.registered.fingerprint, table)
        counts = np.zeros((len(earlier), n_segments), dtype=np.int64)
        if shared is not None:
            rows, then = shared
            where = {i: place for place, i in enumerate(earlier)}
            known = np.array([where.get(i, -1) for i in then.tolist()], dtype=np.int64)
            np.add.at(counts, (known[known >= 0], segment[rows][known >= 0]), 1)
    else:
        earlier, counts, strangers = answered
    lineage = descend(counts, earlier, largest_id=ancestor.largest_id, strangers=strangers)
    _tell(ancestor, lineage, why, audit, n_compared=int(counts.sum()))
    return lineage


def _answered(
    ancestor: Ancestor, table: FeatureTable, segment: NDArray[np.int64], n_segments: int
) -> tuple[tuple[int, ...], NDArray[np.int64], NDArray[np.int64]] | str:
    """Count entities by the champion's segment and today's, and those that lie far from all of its.

    A text says why it cannot answer.
    """
    release = ancestor.release
    if release is None:
        return "its copy is gone or damaged"
    if table.n_entities > MOST_COMPARED:
        # The table is sorted by id: evenly spaced rows are as good as drawn ones.
        rows = np.linspace(0, table.n_entities - 1, MOST_COMPARED).astype(np.int64)
        table, segment = table.take(rows), segment[rows]
    try:
        X = release.recipe.apply(table).X
    except SegmentryError as error:
        return f"the features have changed since ({error.what})"
    counts = np.zeros((len(release.segment_ids), n_segments), dtype=np.int64)
    answers = release.assigner.answer(X)
    near = ~answers.anomaly
    np.add.at(counts, (answers.segment[near], segment[near]), 1)
    return release.segment_ids, counts, np.bincount(segment[~near], minlength=n_segments)


def _tell(ancestor: Ancestor, lineage: Lineage, why: str, audit: Audit, *, n_compared: int) -> None:
    done = "ids and names follow" if n_compared else "all segments have new ids"
    if why:
        how = (
            f"Segments are matched to those of release {ancestor.number}, which cannot answer for "
            f"today's entities: {why}. "
        )
        how += (
            f"{n_compared:,} entities that are in both runs were compared instead; who has moved "
            "on counts against it."
            if n_compared
            else NOBODY
        )
        audit.add(Finding("descent_by_members", how, "warning", done=done))
    others = [kin for kin in lineage.descents if kin.descent is not Descent.CONTINUED]
    if others and n_compared:
        continued = len(lineage.descents) - len(others)
        sentence = (
            f"Beside release {ancestor.number}, {continued} of {len(lineage.ids)} segments "
            f"{'continues' if continued == 1 else 'continue'}; {_sentence(others)}."
        )
        audit.add(Finding("descent", sentence, count=len(others), done=done))


def _sentence(others: list[Kinship]) -> str:
    seen: Counter[str] = Counter()
    told = []
    for kin in others:
        line = kinship_told(kin)
        seen[line] += 1
        if seen[line] == 1:
            told.append(line)
    return told_parts(told)


def kinship_told(kin: Kinship) -> str:
    """Say how a segment descends, by ids.

    Examples
    --------
    >>> kinship_told(Kinship(4, Descent.SPLIT, (2,), 0.4))
    'segment 4 is a part of segment 2'
    """
    sources = told_parts([str(i) for i in kin.from_ids]) if kin.from_ids else ""
    if kin.descent is Descent.CONTINUED:
        return f"segment {kin.segment_id} continues segment {sources}"
    if kin.descent is Descent.SPLIT:
        return f"segment {kin.segment_id} is a part of segment {sources}"
    if kin.descent is Descent.MERGED:
        return f"segment {kin.segment_id} is made of segments {sources}"
    if kin.descent is Descent.NEW:
        return f"segment {kin.segment_id} is new"
    return f"segment {sources} is found no more"
