"""Merging and splitting: from the segments that are named to a new run and its place in the state.

What lives here: what is allowed, the new run's folder, what people said of the segments carried
over, and taking it back. What does not: how it is judged and described (``reshaped``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from segmentry import clock
from segmentry.domain.crew import Crew
from segmentry.domain.existing import told_parts
from segmentry.domain.owned import Deed, Entry, Owned
from segmentry.domain.progress import Progress, Silent
from segmentry.domain.release import Release
from segmentry.domain.reshaping import Reshaping
from segmentry.errors import UsageError
from segmentry.explain.headline import headline
from segmentry.pipeline.descent import largest_id_of
from segmentry.pipeline.documents import evidence_document, segments_document, summary_document
from segmentry.pipeline.fingerprint import fingerprint
from segmentry.pipeline.owned import name_of, settled_home
from segmentry.pipeline.readback import RESAMPLES, Material, as_table
from segmentry.pipeline.releasing import Finished, register
from segmentry.pipeline.reread import followed_again
from segmentry.pipeline.reshaped import Made, Wish, reshape
from segmentry.pipeline.timing import Steps
from segmentry.render.report import render_report
from segmentry.seeds import stream
from segmentry.stores.documents import plain
from segmentry.stores.runs import LATEST, RUNS, RunWriter, is_run, point_latest, run_id
from segmentry.stores.state.keeping import keep_release
from segmentry.stores.state.said import SaidRun, said_run

if TYPE_CHECKING:
    from segmentry.stores.state.book import Book

FOLLOWING = ("owner", "note")
"""What is said of a segment and holds for what becomes of it."""


@dataclass(frozen=True, slots=True)
class ByHand:
    """What came of merging or splitting; without a folder it was only tried."""

    told: Reshaping
    folder: Path | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked for: segments by their ids or present names, and what shall become of them.

    ``into`` is the number of parts of a split; ``name`` what a merged segment is called, None
    leaves it to the rule.
    """

    what: Deed
    segments: tuple[int | str, ...]
    into: int = 2
    name: str | None = None


def by_hand(
    folder: Path,
    asked: Asked,
    *,
    base: Path | None = None,
    dry_run: bool = False,
    progress: Progress | None = None,
    threads: int | None = None,
) -> ByHand:
    """Merge two segments of a run, or split one, in a new run.

    Parameters
    ----------
    folder : Path
        The run's; nothing in it changes.
    asked : Asked
    base : Path or None
        The project's folder, for a run that lies elsewhere than in its ``runs``.
    dry_run : bool
        Measure the price and write nothing.
    progress : Progress or None
    threads : int or None
        The result does not depend on it.

    Returns
    -------
    ByHand

    Raises
    ------
    UsageError
        If there are no such segments, two are one, one is locked, or the name is taken or none.
    DataError
        E2006 if a segment has too few entities to be split.
    StoreError
        If the run or the state cannot be read or written.
    """
    from segmentry.pipeline.run import has_other_events

    home, created_at = settled_home(folder, base), clock.now()
    steps, crew = Steps(progress or Silent()), Crew.of(threads)
    steps.phase("read", str(folder.name))
    stored = said_run(folder, base)
    said = stored.said if isinstance(stored, SaidRun) else {}
    wish = _wish(stored.release(), asked, said)
    material = Material.of(stored, home, crew)
    steps.phase(str(asked.what), "the assigner, refits, evidence, profiles")
    others = has_other_events(material.project)
    largest = largest_id_of(home)
    # A trial tells the price, and what followed is no part of it.
    judging = None if dry_run else followed_again(material, home, threads=threads)
    made = reshape(
        material, wish, crew, has_other_events=others, judging=judging, largest_id=largest
    )
    if dry_run:
        return ByHand(made.told)
    steps.phase("write", "run folder and report")
    release = _release(made)
    papers = _papers(made, release, created_at)
    from segmentry.stores.state.book import Book

    with RunWriter(home, None, run_id(created_at, release.fingerprint)) as writer:
        _write(writer, made, release, papers, steps)
        keep_release(home, release)
        with Book.of(home) as book:
            said = book.said(material.release.fingerprint)
            _refuse_locked(material.release, wish, said)
            if not book.said(release.fingerprint):  # else the same was done before
                _carry(book, made, wish, release, said)
            done = writer.commit()
            facts = {"run": made.told.from_run, "segments": told_parts(made.told.of)}
            now = {"run": done.name, "segments": told_parts(made.told.into)}
            book.wrote(asked.what, release.fingerprint, facts, now)
    parent = material.release.fingerprint
    register(
        home, Finished(done, created_at, release, material.table, papers, made.lineage, parent)
    )
    return ByHand(made.told, done)


def _wish(release: Release, asked: Asked, said: Mapping[int, Owned]) -> Wish:
    """Find what is named, and refuse what is locked."""
    places = tuple(release.place_of(s) for s in asked.segments)
    name = None if asked.name is None else name_of(asked.name)
    wish = Wish(asked.what, places, asked.into, name)
    _refuse_locked(release, wish, said)
    return wish


def _refuse_locked(release: Release, wish: Wish, said: Mapping[int, Owned]) -> None:
    for place in wish.places:
        segment_id = release.segment_ids[place]
        owned = said.get(segment_id)
        if owned is not None and owned.is_locked:
            raise UsageError(
                f"{release.segment_names[place]!r} is locked",
                hint=f"unlock it first: segmentry segments unlock {segment_id}",
            )


def _release(made: Made) -> Release:
    material, names = made.material, tuple(p.name for p in made.profiles)
    before, assigner = material.release, made.shape.assigner
    ids = made.lineage.ids
    digest = fingerprint(
        before.project, material.table, before.recipe, assigner, names, segment_ids=ids
    )
    return replace(
        before,
        fingerprint=digest,
        assigner=assigner,
        segment_ids=ids,
        segment_names=names,
        micro=None,
    )


def _papers(made: Made, release: Release, created_at: datetime) -> dict[str, dict[str, Any]]:
    """Give the documents of the new run; those of the search and of the data are the earlier's."""
    material, project = made.material, made.material.project
    candidates = material.papers["candidates"]
    summary = summary_document(
        project,
        material.table,
        material.matrix,
        made.evidence,
        fingerprint=release.fingerprint,
        created_at=created_at,
        headline=headline(
            made.profiles,
            made.evidence.structure,
            n_entities=material.table.n_entities,
            entity=project.entity,
            objective=project.objective,
            decision=project.decision,
        ),
        value_feature=material.papers["summary"].get("value_feature"),
        segment=made.answers.segment,
        rng=stream(project.seed, "map"),
    )
    evidence = evidence_document(made.evidence, made.heldout)
    return {
        "summary": summary,
        "segments": segments_document(made.profiles),
        "candidates": {**candidates, "reason": f"{candidates['reason']} {made.told.sentence}"},
        "evidence": {**evidence, "reshaped": plain(made.told)},
        "audit": material.papers["audit"],
    }


def _write(
    writer: RunWriter,
    made: Made,
    release: Release,
    papers: dict[str, dict[str, Any]],
    steps: Steps,
) -> None:
    # The ids are as the earlier run has them: under pseudonyms already, where it hides them.
    writer.write_parquet("assignments.parquet", release.assign(made.material.table).to_arrow())
    writer.write_parquet("features.parquet", made.material.table.data)
    writer.write_parquet(f"{RESAMPLES}.parquet", as_table(made.refits))
    writer.write_release(release)
    papers["timings"] = steps.document()
    for name, paper in papers.items():
        writer.write_json(f"{name}.json", paper)
    writer.write_text("report.html", render_report(papers))


def _carry(book: Book, made: Made, wish: Wish, release: Release, said: Mapping[int, Owned]) -> None:
    """Let what people say follow the segments: here it is known which became which."""
    before = made.material.release
    for old, new in enumerate(made.shape.places):
        owned = said.get(before.segment_ids[old])
        if old not in wish.places and owned is not None:
            book.appear(release.fingerprint, {release.segment_ids[new[0]]: owned})
    followed = [o for p in wish.places if (o := said.get(before.segment_ids[p])) is not None]
    facts = {
        fact: words
        for fact in FOLLOWING
        if (words := "\n".join(dict.fromkeys(w for o in followed if (w := getattr(o, fact)))))
        # Two owners are none: somebody has to say who it is now.
        and not (fact == "owner" and "\n" in words)
    }
    facts |= {} if wish.name is None else {"name": wish.name}
    for place in sorted({p for old in wish.places for p in made.shape.places[old]}):
        if facts:
            book.begin(release.fingerprint, release.segment_ids[place], facts)


def take_back(home: Path, entry: Entry, *, dry_run: bool) -> str:
    """Let the latest run be the one before a merge or a split again.

    Parameters
    ----------
    home : Path
        The project's folder.
    entry : Entry
        Of the merge or the split.
    dry_run : bool

    Returns
    -------
    str
        What was done, in words; the new run's folder stays.

    Raises
    ------
    UsageError
        If another run was made since, or the earlier one is gone.
    """
    runs = home / RUNS
    before, after = str(entry.before["run"]), str(entry.after["run"])
    if (runs / LATEST).resolve().name != after:
        raise UsageError(
            f"the latest run is not {after} any more, so the {entry.what} cannot be taken back",
            hint="a new run finds segments from the data again, without what was done by hand",
        )
    if not is_run(runs / before):
        raise UsageError(
            f"the run {before} is gone, so the {entry.what} cannot be taken back",
            hint="make a new run: segmentry run",
        )
    if not dry_run:
        point_latest(runs, before)
    return f"the latest run is {before} again; {after} stays where it is"
