"""One run: read, build features, prepare, find, explain, propose a release, write the folder."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import segmentry
from segmentry import clock
from segmentry.domain.assigner import Assigner
from segmentry.domain.audit import Audit, Finding
from segmentry.domain.evidence import Evidence
from segmentry.domain.judging import Heldout, Judging
from segmentry.domain.matrix import Matrix
from segmentry.domain.micro import MicroAssigner
from segmentry.domain.notes import Validation
from segmentry.domain.profile import Known, Profile
from segmentry.domain.progress import Progress, Silent
from segmentry.domain.project import SEARCH_ROWS, Project, Shape, Source, frozen_mapping
from segmentry.domain.recipe import Recipe
from segmentry.domain.release import Release
from segmentry.domain.role import Facet, Role
from segmentry.domain.table import FeatureTable
from segmentry.domain.window import Window
from segmentry.domain.workspace import DEFAULT
from segmentry.engines.connecting import without_secrets
from segmentry.explain.describe import profile_segments
from segmentry.explain.headline import headline
from segmentry.pipeline import documents
from segmentry.pipeline.apart import judged_apart
from segmentry.pipeline.demands import demands_of
from segmentry.pipeline.descent import Ancestor, champion_of, lineage_of
from segmentry.pipeline.existing import with_existing
from segmentry.pipeline.find import Found, feasible_band, find
from segmentry.pipeline.fingerprint import fingerprint
from segmentry.pipeline.finished import Run
from segmentry.pipeline.happened import outcome_called
from segmentry.pipeline.health import health_of_run
from segmentry.pipeline.heldout import held_out, with_business
from segmentry.pipeline.micro import divided
from segmentry.pipeline.mistakes.look import after_run
from segmentry.pipeline.privacy import hides_ids, protected, without_examples
from segmentry.pipeline.ready import Ready, make_ready
from segmentry.pipeline.recognised import check_state, recognise
from segmentry.pipeline.releasing import Finished, register
from segmentry.pipeline.timing import Steps
from segmentry.pipeline.validation import validate
from segmentry.projectfile.schema import as_data
from segmentry.releases.identity import Lineage, first_lineage
from segmentry.render.report import render_report
from segmentry.seeds import stream
from segmentry.stores.aside import AsideFolder
from segmentry.stores.runfolder import RunFolder
from segmentry.stores.runs import RunWriter, check_destination, run_id
from segmentry.stores.state.place import FOLDER

SEARCH = "search"
"""Where finished fits lie while a run is at work."""


def run_project(
    project: Project,
    *,
    output: Path | None = None,
    as_of: datetime | None = None,
    allow_bad_rows: bool = False,
    progress: Progress | None = None,
    threads: int | None = None,
) -> Run:
    """Carry out a project from its sources to a run folder.

    Parameters
    ----------
    project : Project
    output : Path or None
        A new, empty or earlier run's folder; None writes under ``runs`` in the project's folder
        and points ``runs/latest`` at it.
    as_of : datetime or None
        The cut; None is the last event plus a microsecond.
    allow_bad_rows : bool
        Go on where more than 1 % of the rows are bad.
    progress : Progress or None
        Who is told of phases.
    threads : int or None
        Threads of the engine; results do not depend on it.

    Returns
    -------
    Run
    """
    steps, audit = Steps(progress or Silent()), Audit()
    created_at = clock.now()
    base = None if output else project.folder
    check_destination(base, output)
    check_state(project.folder)
    ancestor = champion_of(project.folder)
    aside = _aside(project)
    ready = make_ready(
        project,
        audit=audit,
        steps=steps,
        as_of=as_of,
        allow_bad_rows=allow_bad_rows,
        threads=threads,
        output=output,
    )
    table, window, judging, prepared = ready.table, ready.window, ready.unseen, ready.prepared
    found, validation = _found(project, ready, audit, steps, threads, ancestor, aside)
    recipe, matrix = prepared.recipe, prepared.matrix
    evidence, heldout = _judged_by_time(judging, table, recipe, found, project, steps)
    apart = judged_apart(ready, project, found, stream(project.seed, "apart"))
    evidence = replace(evidence, heldout_columns=apart)
    evidence = with_existing(evidence, ready, project, found, audit)
    steps.phase("explain", "profiles, names, actions")
    value = value_feature(table)
    known = None if ancestor is None else ancestor.known
    profiles = _profiles(
        _tellable(table, evidence), prepared.features, found, project, value, known
    )
    profiles = with_business(profiles, heldout)
    ids = found.lineage.ids
    owned = recognise(project, table, found.answers.segment, ids)
    owned.tell(audit)
    profiles = owned.named(profiles)
    micro, tree = divided(
        project,
        ready,
        found,
        names={p.segment_id: p.name for p in profiles},
        has_other_events=has_other_events(project),
    )
    health = health_of_run(
        project,
        ready,
        found.answers.segment,
        ids,
        has_other_events=has_other_events(project),
    )
    evidence = replace(evidence, micro=tree, health=health)
    mistakes = after_run(project, ready, found, profiles, heldout)
    release = _release(project, table, window, recipe, found, profiles, audit, micro)
    steps.phase("write", "run folder and report")
    told = without_examples(audit) if hides_ids(project) else audit
    papers = {
        "summary": documents.summary_document(
            project,
            table,
            matrix,
            evidence,
            fingerprint=release.fingerprint,
            created_at=created_at,
            headline=_headline(profiles, found, project, table),
            value_feature=value,
            segment=found.answers.segment,
            rng=stream(project.seed, "map"),
        ),
        "segments": documents.segments_document(profiles),
        "candidates": documents.candidates_document(
            found.selection, found.methods, found.rationale
        ),
        "evidence": documents.evidence_document(evidence, heldout, validation, mistakes),
        "audit": documents.audit_document(told, recipe, prepared.notes),
    }
    owned.keep(release)
    writer = RunWriter(base, output, run_id(created_at, release.fingerprint))
    run = _written(writer, project, table, release, papers, steps)
    if aside is not None:
        aside.clear()
    if base is not None:
        parent = None if ancestor is None else ancestor.registered.fingerprint
        done = Finished(run.folder, created_at, release, table, papers, found.lineage, parent)
        register(base, done)
    return run if owned.is_empty else Run.opened(run.folder, project.folder)


def _found(
    project: Project,
    ready: Ready,
    audit: Audit,
    steps: Steps,
    threads: int | None,
    ancestor: Ancestor | None,
    aside: AsideFolder | None,
) -> tuple[Found, Validation | None]:
    """Find segments among those that are learned from, and give everybody one."""
    prepared = ready.prepared
    part, matrix = prepared.learning(ready.table)
    band = feasible_band(part.n_entities, project.segments, audit)

    def identify(assigner: Assigner) -> Lineage:
        if ancestor is None:
            return first_lineage(assigner.n_segments)
        segment = assigner.answer(prepared.matrix.X).segment
        k = assigner.n_segments
        return lineage_of(project, ancestor, ready.table, segment, k, audit)

    found = find(
        matrix,
        project.segments,
        seed=project.seed,
        band=band,
        audit=audit,
        steps=steps,
        table=part,
        threads=threads,
        demands=demands_of(ready, project, audit),
        identify=identify,
        aside=aside,
    )
    if aside is not None and aside.taken:
        sentence = (
            f"The fits of {aside.taken} {'method was' if aside.taken == 1 else 'methods were'} "
            "taken from a run that was interrupted: the same rows, settings and version."
        )
        audit.add(Finding("search_resumed", sentence, count=aside.taken))
    if prepared.learned is None:
        return found, None
    answers = found.assigner.answer(prepared.matrix.X)
    validation, check = validate(
        prepared.matrix.X,
        answers.segment,
        prepared.learned,
        found.silhouette,
        found.lineage.ids,
        rng=stream(project.seed, "validation"),
    )
    evidence = replace(found.evidence, checks=(*found.evidence.checks, check))
    return replace(found, answers=answers, evidence=evidence), validation


def _aside(project: Project) -> AsideFolder | None:
    """Give the place of finished fits where a search is long enough to be gone on with."""
    if project.segments.most_searched <= SEARCH_ROWS:
        return None
    return AsideFolder(project.folder / FOLDER / SEARCH / segmentry.__version__)


def _judged_by_time(
    judging: Judging | None,
    table: FeatureTable,
    recipe: Recipe,
    found: Found,
    project: Project,
    steps: Steps,
) -> tuple[Evidence, Heldout | None]:
    """Add what happened after the judging cut to the evidence, where there is such a cut."""
    if judging is None:
        return found.evidence, None
    steps.phase("held out", f"what {judging.table.n_entities} entities did afterwards")
    heldout, stability = held_out(
        judging,
        recipe,
        found.assigner,
        found.lineage.ids,
        table=table,
        answers=found.answers,
        rng=stream(project.seed, "held out"),
        asked=outcome_called(project.segments.must_differ_in or "", project),
    )
    return replace(found.evidence, checks=(*found.evidence.checks, stability)), heldout


def _written(
    writer: RunWriter,
    project: Project,
    table: FeatureTable,
    release: Release,
    papers: dict[str, dict[str, Any]],
    steps: Steps,
) -> Run:
    assignments = release.assign(table).to_arrow()
    with writer:
        for name, rows in (("assignments", assignments), ("features", table.data)):
            hidden = protected(rows, project, project.folder, may_make=True)
            writer.write_parquet(f"{name}.parquet", hidden)
        writer.write_release(release)
        papers["timings"] = steps.document()
        for name, paper in papers.items():
            writer.write_json(f"{name}.json", paper)
        writer.write_text("report.html", render_report(papers))
        folder = writer.commit()
    return Run(RunFolder(folder), papers)


def _headline(
    profiles: tuple[Profile, ...], found: Found, project: Project, table: FeatureTable
) -> tuple[str, ...]:
    return headline(
        profiles,
        found.evidence.structure,
        n_entities=table.n_entities,
        entity=project.entity,
        objective=project.objective,
        decision=project.decision,
    )


def value_feature(table: FeatureTable) -> str | None:
    """Name the feature that says what an entity is worth: a total, for means add up to nothing."""
    for column in table.with_role(Role.CLUSTER):
        if column.facet is Facet.VALUE and column.name == "value_total":
            return column.name
    return None


def _tellable(table: FeatureTable, evidence: Evidence) -> FeatureTable:
    """Leave the existing segments to their cross-table, where cells of that are withheld.

    Their shares of a segment would tell what the cells do not.
    """
    existing = evidence.existing
    if existing is None or not any(map(any, existing.crossing.withheld)):
        return table
    return replace(table, columns=tuple(c for c in table.columns if c.name != existing.column))


def _profiles(
    table: FeatureTable,
    matrix: Matrix,
    found: Found,
    project: Project,
    value: str | None,
    known: Known | None,
) -> tuple[Profile, ...]:
    return profile_segments(
        table,
        matrix,
        found.answers,
        segment_ids=found.lineage.ids,
        silhouettes=found.silhouette.by_cluster,
        objective=project.objective,
        value_feature=value,
        rng=stream(project.seed, "explain"),
        entity=project.entity,
        has_other_events=has_other_events(project),
        known=known,
    )


def has_other_events(project: Project) -> bool:
    """Say whether some of the events are no purchases: then counts of them count no purchases."""
    logs = [s for s in project.sources if s.shape is Shape.EVENTS]
    return any("kind" in s.columns or not _are_purchases(s) for s in logs)


def _are_purchases(source: Source) -> bool:
    if source.event is None:
        return bool({"order", "amount"} & set(source.columns))
    return source.event in _BUYING


_BUYING = frozenset(["purchase", "order", "sale", "transaction", "booking", "invoice", "receipt"])
"""Words for the event of a source whose rows are all purchases."""


def _release(
    project: Project,
    table: FeatureTable,
    window: Window | None,
    recipe: Recipe,
    found: Found,
    profiles: tuple[Profile, ...],
    audit: Audit,
    micro: MicroAssigner | None,
) -> Release:
    data = as_data(_as_read(project, audit))
    ids, names = found.lineage.ids, tuple(p.name for p in profiles)
    return Release(
        fingerprint=fingerprint(data, table, recipe, found.assigner, names, micro, segment_ids=ids),
        workspace=DEFAULT.name,
        project=data,
        window=window,
        columns=table.columns,
        recipe=recipe,
        assigner=found.assigner,
        segment_ids=ids,
        segment_names=names,
        texts=table.texts,
        micro=micro,
    )


def _as_read(project: Project, audit: Audit) -> Project:
    """Keep how dates were read: one row alone does not tell 3 April from 4 March.

    Passwords are not kept.
    """
    formats = audit.facts.get("date_formats", {})
    sources = tuple(
        replace(
            s,
            types=frozen_mapping({**formats.get(s.name, {}), **s.types}),
            connection=None if s.connection is None else without_secrets(s.connection),
        )
        for s in project.sources
    )
    return replace(project, sources=sources)
