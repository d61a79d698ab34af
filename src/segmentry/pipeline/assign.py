"""Assigning entities with the release of a run: the very same answers as in the run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from segmentry.domain.audit import Audit, Finding
from segmentry.domain.preparation import earlier_column
from segmentry.domain.progress import Progress, Silent
from segmentry.domain.project import Project, Source
from segmentry.engines.catalogue import open_engine, url_of
from segmentry.errors import UsageError
from segmentry.pipeline.coded import check_code, coded
from segmentry.pipeline.prepared import settled_table
from segmentry.pipeline.privacy import protected
from segmentry.pipeline.sources import build_table
from segmentry.projectfile.schema import from_data
from segmentry.stores.state.said import said_run

if TYPE_CHECKING:
    import pyarrow as pa


def assign_file(  # noqa: PLR0913 - keyword-only but for two, each with a role of its own
    run: Path,
    data: Path | None,
    *,
    project_folder: Path | None = None,
    sources: Sequence[Source] = (),
    as_of: datetime | None = None,
    allow_bad_rows: bool = False,
    audit: Audit | None = None,
    progress: Progress | None = None,
    threads: int | None = None,
) -> pa.Table:
    """Put the entities of a file, or of the project's own sources, into an earlier run's segments.

    Parameters
    ----------
    run : Path
        The run folder whose release decides.
    data : Path or None
        A file shaped like the project's source; None reads its own sources as they lie now.
    project_folder : Path or None
        Where the key of pseudonyms lies, for projects that hide ids.
    sources : sequence of Source
        The project file's own, for their connections: a release holds no passwords.
    as_of : datetime or None
        The cut for events; None is the run's own, so that the same events give the same answer
        whoever else is in the file.
    allow_bad_rows : bool
    audit : Audit or None
        Takes what was found in the data, such as entities that the cut leaves out.
    progress : Progress or None
    threads : int or None

    Returns
    -------
    pyarrow.Table
        The columns of ``assignments.parquet``.

    Raises
    ------
    AssignmentError
        E6003 if code makes a feature, and the project's folder does not hold the very file.
    """
    listener = progress or Silent()
    release = said_run(run, project_folder).release()
    folder = project_folder or Path.cwd()
    project = from_data(release.project, folder=folder)
    project = reached(project, sources) if data is None else _on_file(project, data)
    check_code(project)
    for spec in coded(project.features.define):
        listener.phase("code", f"{spec.formula}, which is executed, makes {spec.name}")
    window = release.window
    if window is not None and as_of is not None:
        zone = ZoneInfo(project.time_zone)
        window = replace(window, as_of=as_of if as_of.tzinfo else as_of.replace(tzinfo=zone))
    listener.phase("read", str(data or "sources"))
    earlier = {earlier_column(run) for run in project.prepare.earlier_runs}
    engine = open_engine(url_of(project.sources), threads=threads)
    try:
        table, _, _ = build_table(
            project,
            engine,
            as_of=as_of,
            audit=audit if audit is not None else Audit(),
            allow_bad_rows=allow_bad_rows,
            progress=listener,
            window=window,
            like=tuple(c for c in release.columns if c.name not in earlier),
            models=release.texts,
        )
    finally:
        engine.close()
    told = audit if audit is not None else Audit()
    table, _ = settled_table(project, table, None, told)
    if not release.assigner.is_calibrated:
        sentence = (
            "The run was made before confidence was learned: it is how near an entity lies to its "
            "segment, 0.5 on the border, and no share of those who keep it. A new run learns it."
        )
        told.add(Finding("confidence_not_learned", sentence, "warning", done="told as nearness"))
    listener.phase("assign", f"{table.n_entities} entities")
    answers = release.assign(table).to_arrow()
    return protected(answers, project, folder, may_make=False)


def reached(project: Project, sources: Sequence[Source]) -> Project:
    """Let the sources of a release be reached as the project file says."""
    told = {s.name: s.connection for s in sources}
    found = (replace(s, connection=told.get(s.name, s.connection)) for s in project.sources)
    return replace(project, sources=tuple(found))


def _on_file(project: Project, data: Path) -> Project:
    if len(project.sources) > 1:
        names = ", ".join(repr(s.name) for s in project.sources)
        raise UsageError(
            f"the project reads {len(project.sources)} sources ({names}), and one file cannot "
            "stand for all of them",
            hint="leave the file out to assign the entities of these sources as they are now",
        )
    source = replace(project.sources[0], path=str(data.resolve()), table=None, connection=None)
    return replace(project, sources=(source,))
