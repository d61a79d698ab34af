"""The check of data before any modelling: what is wrong or strange in it, and what mends it.

What lives here: the order of the work for files and for a project, and recording fixes. What does
not: searching (``projectfile.findings``) and showing (``cli``, ``render``).
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from segmentry import clock
from segmentry.domain.audit import Audit
from segmentry.domain.audit import Finding as Told
from segmentry.domain.mistake import Mistake
from segmentry.domain.mistake import as_data as mistake_data
from segmentry.domain.percent import percent as of_share
from segmentry.domain.progress import Progress
from segmentry.domain.project import ROW_NUMBER, Project, Shape, Source
from segmentry.engines.base import BAD_SHARE_LIMIT, Engine
from segmentry.engines.catalogue import open_engine
from segmentry.errors import DataError, EngineError, ProjectFileError, UsageError
from segmentry.pipeline.discretion import discreet, without_values
from segmentry.pipeline.events import read_roles
from segmentry.pipeline.mistakes.look import before_run
from segmentry.pipeline.opening import open_source
from segmentry.pipeline.privacy import hides_ids
from segmentry.projectfile.findings.amend import amended
from segmentry.projectfile.findings.examine import advice_of, examine, look_of, with_findings
from segmentry.projectfile.findings.finding import (
    KINDS,
    SEVERITIES,
    Finding,
    as_data,
    of_rows,
)
from segmentry.projectfile.findings.look import Look
from segmentry.projectfile.findings.profile import MOST_COLUMNS, columns_of, coverage_of
from segmentry.projectfile.findings.rows import Rows
from segmentry.projectfile.findings.shape import correlated_pairs
from segmentry.projectfile.guess import guess
from segmentry.projectfile.guessed import Flags, Guess
from segmentry.projectfile.load import Loaded, read
from segmentry.projectfile.survey import Survey, survey

if TYPE_CHECKING:
    import ibis.expr.types as ir

FORMAT = 1
"""Version of the document that a check gives."""


@dataclass(frozen=True)
class Group:
    """Sources that are looked at as one, since they have the same columns and meaning."""

    first: int
    sources: tuple[Source, ...]


@dataclass(frozen=True)
class Checked:
    """What a check found, by group of sources; ``project`` holds what a guess would write."""

    project: Project
    groups: tuple[Group, ...]
    findings: tuple[tuple[Finding, ...], ...]
    documents: tuple[dict[str, Any], ...]
    is_guessed: bool = False
    mistakes: tuple[Mistake, ...] = ()
    """What came of looking for mistakes; none are looked for without a project file."""

    @property
    def all_findings(self) -> tuple[Finding, ...]:
        """Every finding, the severest first."""
        found = [f for group in self.findings for f in group]
        return tuple(sorted(found, key=lambda f: SEVERITIES.index(f.severity)))

    @property
    def document(self) -> dict[str, Any]:
        """Give the check as plain data for machines and pages."""
        found = self.all_findings
        return {
            "format": FORMAT,
            "project": self.project.name,
            "guessed": self.is_guessed,
            "checked_at": clock.now().isoformat(timespec="seconds"),
            "counts": {s: sum(f.severity == s for f in found) for s in SEVERITIES},
            "findings": [as_data(discreet(f) if hides_ids(self.project) else f) for f in found],
            **({"mistakes": [mistake_data(m) for m in self.mistakes]} if self.mistakes else {}),
            "sources": [
                without_values(d) if hides_ids(self.project) else d for d in self.documents
            ],
        }

    @property
    def is_severe(self) -> bool:
        """Say whether something was found that stops a run, or that bends its segments."""
        made = [m.severity for m in self.mistakes if m.is_found]
        return any(s != "info" for s in (*(f.severity for f in self.all_findings), *made))


def check_files(paths: Sequence[Path], *, progress: Progress) -> Checked:
    """Check files without a project: what they mean is guessed, and nothing is written.

    Raises
    ------
    UsageError, DataError
        As ``guess`` does.
    """
    progress.phase("guessing what the columns mean")
    guessed = guess(paths, search=False)
    return _checked(guessed.project, guessed, progress)


def check_project(loaded: Loaded, *, progress: Progress) -> Checked:
    """Check the sources of a project file, and look for mistakes in what it asks of them."""
    _refuse_databases(loaded.project)
    checked = _checked(loaded.project, None, progress)
    return replace(checked, mistakes=before_run(loaded.project, progress=progress))


def _refuse_databases(project: Project) -> None:
    """Refuse to look at single rows where they are not ours to look at."""
    problems = [
        ProjectFileError(
            f"source {source.name!r} cannot be checked: a check looks at single rows, and those "
            "stay in the database",
            code="E1009",
            where=source.name,
            hint="check an export of some rows: segmentry check FILE",
            key=f"sources[{i}].connection",
        )
        for i, source in enumerate(project.sources)
        if source.connection is not None
    ]
    if problems:
        raise ProjectFileError.all_of(problems)


def _checked(project: Project, guessed: Guess | None, progress: Progress) -> Checked:
    findings, documents = [], []
    groups, is_guessed = grouped(project), guessed is not None
    if len(groups) > 1:
        # Files of several kinds are each looked at by what the guess says of them all.
        guessed = None
    for group in groups:
        progress.phase("reading", ", ".join(s.path for s in group.sources))
        with closing(open_engine()) as engine:
            audit = Audit()
            table = _opened(group, project, engine, audit)
            rows = Rows(table)
            sample = survey(table, rows.n_rows)
            progress.phase("searching", f"{rows.n_rows:,} rows")
            if guessed is not None:
                guessed = with_findings(guessed, sample, table, deep=True)
                project, found = guessed.project, guessed.findings
                look = look_of(guessed, sample, rows)
            else:
                look = _look(project, group, sample, rows)
                found = examine(look, deep=True)
            progress.phase("describing", f"{len(sample.columns)} columns")
            stops = _too_many_bad(group, project, engine)
            findings.append((*stops, *_of_reader(audit, group), *found))
            documents.append(_document(look, group))
    return Checked(project, groups, tuple(findings), tuple(documents), is_guessed=is_guessed)


def _opened(group: Group, project: Project, engine: Engine, audit: Audit) -> ir.Table:
    """Open the files of a group as one table, every column read by its content and kept."""
    tables = [
        engine.open(
            Source(source.name, source.path, Shape.TABLE, types=source.types),
            folder=str(project.folder),
            audit=audit,
            allow_bad_rows=True,
            # Every column but the ids counts, so bad values are told wherever they are.
            roles=project.features.roles,
            key=f"sources[{place}]",
        ).table
        for place, source in enumerate(group.sources, group.first)
    ]
    return tables[0] if len(tables) == 1 else tables[0].union(*tables[1:])


def grouped(project: Project) -> tuple[Group, ...]:
    """Put sources together that differ in name and path alone."""
    groups: list[Group] = []
    for i, source in enumerate(project.sources):
        last = groups[-1] if groups else None
        alike = last and replace(source, name="", path="") == replace(
            last.sources[0], name="", path=""
        )
        if last is not None and alike and _is_guessed_alike(source):
            groups[-1] = Group(last.first, (*last.sources, source))
        else:
            groups.append(Group(i, (source,)))
    return tuple(groups)


def _is_guessed_alike(source: Source) -> bool:
    """Unite logs only: two tables with the same key column may hold different columns."""
    return source.shape is Shape.EVENTS


def _look(project: Project, group: Group, sample: Survey, rows: Rows) -> Look:
    """Look at a source by what its project says, with a fresh guess at hand."""
    source = group.sources[0]
    key = source.columns.get("entity", ROW_NUMBER)
    plain = key if key == ROW_NUMBER or key in sample.names else None
    paths = [project.folder / s.path for s in group.sources]
    try:
        fresh = guess(paths, Flags(entity=plain), folder=project.folder, search=False)
    except (DataError, UsageError):
        # The project says what the columns mean, whether or not one could have guessed it.
        return Look(sample, rows, project, source, clock.now())
    advised, reasons = advice_of(fresh)
    return Look(sample, rows, project, source, clock.now(), advised, reasons)


def _too_many_bad(group: Group, project: Project, engine: Engine) -> list[Finding]:
    """Open each source as a run would, and tell where a run would stop for what is bad in it."""
    kinds = dict.fromkeys(project.features.measures, "number")
    found = []
    for place in range(group.first, group.first + len(group.sources)):
        # The project's own: a guess may have got rules after its sources were grouped.
        source = project.sources[place]
        try:
            opened = open_source(
                source,
                project,
                engine,
                Audit(),
                True,  # noqa: FBT003 - bad rows are what is asked for
                read_roles(project),
                kinds,
                key=f"sources[{place}]",
            )
        except (ProjectFileError, EngineError):
            # What is wrong with the project file is told by a run, with its lines.
            continue
        n_bad, n_rows = opened.n_bad_rows, opened.n_rows
        if n_bad > BAD_SHARE_LIMIT * n_rows:
            verb = "is" if n_bad == 1 else "are"
            said = f"{of_rows(n_bad, n_rows)} {verb} bad, more than {of_share(BAD_SHARE_LIMIT)}"
            found.append(
                Finding(
                    "bad_values",
                    "error",
                    f"{said}, so a run stops",
                    count=n_bad,
                    total=n_rows,
                    advice="mend the data, or go on without them: segmentry run --allow-bad-rows",
                    source=source.name,
                )
            )
    return found


def _of_reader(audit: Audit, group: Group) -> list[Finding]:
    """Give what was bad in reading the files as findings of the check."""
    name = group.sources[0].name
    return [_of_audit(told, name) for told in audit.findings if told.severity != "info"]


BAD = {"bad_row", "bad_value"}
"""Words of the reader for what cannot be read; every other tells how something was read."""

ADVICE = {
    "bad_row": "correct them in the source",
    "bad_value": "correct them in the source, or name the column's type (types)",
    "no_header": "write a line with the names of the columns above the rows",
    "repeated_name": "give each column a name of its own in the source",
    "missing_column": "look whether these files belong together",
}
"""What mends what the reader tells; what is not here says it in its own sentence."""


def _of_audit(told: Told, name: str) -> Finding:
    is_bad = told.code in BAD
    return Finding(
        "bad_values" if is_bad else "reading",
        "error" if told.severity == "error" else "warning",
        told.sentence if is_bad or not told.done else f"{told.sentence}; {told.done}",
        (told.column,) if told.column else (),
        told.count,
        told.total,
        told.examples,
        advice=ADVICE.get(told.code, ""),
        source=told.source or name,
    )


def _document(look: Look, group: Group) -> dict[str, Any]:
    source, names = look.source, look.survey.names
    numbers = [c for c in look.features if c.kind == "number" and c.n_distinct > 2]
    pairs = correlated_pairs(numbers)
    return {
        "name": source.name,
        "paths": [s.path for s in group.sources],
        "shape": str(source.shape),
        "mapping": dict(source.columns),
        "where": source.where or "",
        "n_rows": look.n_rows,
        "n_columns": len(names),
        "n_sampled": len(look.survey.columns[0].values) if names else 0,
        "columns": columns_of(look),
        "columns_left_out": max(len(names) - MOST_COLUMNS, 0),
        "correlated": [{"first": a, "other": b, "rho": round(r, 4)} for a, b, r in pairs[:40]],
        "coverage": coverage_of(look),
    }


def fixable(checked: Checked) -> dict[str, list[tuple[Finding, int]]]:
    """List the findings that an edit of the project file would settle, by kind."""
    found: dict[str, list[tuple[Finding, int]]] = {}
    for group, findings in zip(checked.groups, checked.findings, strict=True):
        for finding in findings:
            if finding.edit is not None and not finding.rule:
                found.setdefault(finding.kind, []).append((finding, group.first))
    return found


def fixed(text: str, loaded: Loaded, checked: Checked, kinds: Sequence[str]) -> str:
    """Write the fixes of some kinds of findings (or ``all``) into the text of a project file.

    Raises
    ------
    UsageError
        If a kind is not known, has nothing to fix, or has to be written by hand.
    """
    found = fixable(checked)
    wanted = list(found) if "all" in kinds else list(dict.fromkeys(kinds))
    for kind in wanted:
        _check_kind(kind, found)
    if not wanted:
        raise UsageError("nothing was found that an edit of the project file would settle")
    project = loaded.project
    for kind in wanted:
        for finding, index in found[kind]:
            group = next(g for g in checked.groups if g.first == index)
            for place in range(index, index + len(group.sources)):
                if finding.edit is None:
                    continue
                text = amended(text, project, finding.edit, place)
                project = read(text, file="segmentry.yaml", folder=project.folder).project
                if finding.edit.what == "role":
                    break
    return text


def _check_kind(kind: str, found: dict[str, list[tuple[Finding, int]]]) -> None:
    if kind in found:
        return
    can = ", ".join(found) or "nothing"
    what = (
        f"nothing of the kind {kind!r} was found that an edit would settle"
        if kind in KINDS
        else f"--fix knows no kind {kind!r}"
    )
    raise UsageError(what, hint=f"here it can fix: {can}; or all")
