"""From a project's sources to one row per entity.

What lives here: opening sources, and the two ways on. What does not: the ways themselves
(``events``, ``tables``), reading files (``engines``).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from segmentry.domain.audit import Audit
from segmentry.domain.progress import Progress
from segmentry.domain.project import Project, Shape
from segmentry.domain.role import Role
from segmentry.domain.table import FeatureColumn, FeatureTable
from segmentry.domain.window import Window
from segmentry.engines.base import Engine, Relation
from segmentry.errors import ProjectFileError
from segmentry.pipeline import events as of_events
from segmentry.pipeline import tables as of_tables


def build_table(
    project: Project,
    engine: Engine,
    *,
    as_of: datetime | None,
    audit: Audit,
    allow_bad_rows: bool,
    progress: Progress,
    window: Window | None = None,
    like: Iterable[FeatureColumn] | None = None,
) -> tuple[FeatureTable, Window | None]:
    """Read a project's sources and build its features.

    Parameters
    ----------
    project : Project
    engine : Engine
    as_of : datetime or None
        The cut; None is a microsecond after the last event that is not stray.
    audit : Audit
        Takes findings and facts.
    allow_bad_rows : bool
        Go on where more than 1 % of the rows are bad.
    progress : Progress
    window : Window or None
        A window to use as it is (assignment), whatever the data's last event.
    like : iterable of FeatureColumn or None
        Columns of an earlier table, whose roles and kinds go before what the data looks like:
        one row alone does not show what its columns are.

    Returns
    -------
    table : FeatureTable
    window : Window or None
        None for a table without dates.

    Raises
    ------
    DataError, ProjectFileError, EngineError
    """
    shapes = {s.shape for s in project.sources}
    earlier = tuple(like) if like is not None else None
    relations = _opened(project, engine, audit, allow_bad_rows, progress, earlier)
    audit.facts["rows_read"] = sum(r.n_rows for r in relations)
    audit.facts["rows_left_out_by_where"] = sum(r.n_left_out for r in relations)
    audit.facts["bad_rows"] = sum(r.n_bad_rows for r in relations)
    if shapes == {Shape.TABLE}:
        return _from_table(relations, project, engine, audit, as_of, window, earlier)
    return _from_events(relations, project, engine, audit, as_of, window, progress)


def _opened(
    project: Project,
    engine: Engine,
    audit: Audit,
    allow_bad_rows: bool,  # noqa: FBT001 - one of the arguments handed on
    progress: Progress,
    like: Sequence[FeatureColumn] | None,
) -> list[Relation]:
    """Open every source; report the problems of all of them at once."""
    roles = of_events.own_roles(project, project.sources)
    kinds = of_tables.role_kinds(like) if like is not None else {}
    relations, problems = [], []
    for i, source in enumerate(project.sources):
        progress.advance(i, len(project.sources))
        try:
            relation = engine.open(
                source,
                folder=str(project.folder),
                audit=audit,
                allow_bad_rows=allow_bad_rows,
                roles=roles,
                kinds=kinds,
                key=f"sources[{i}]",
            )
            relations.append(relation)
        except ProjectFileError as error:
            problems += error.problems or (error,)
    if problems:
        raise ProjectFileError.all_of(problems)
    return relations


def _from_events(
    relations: list[Relation],
    project: Project,
    engine: Engine,
    audit: Audit,
    as_of: datetime | None,
    window: Window | None,
    progress: Progress,
) -> tuple[FeatureTable, Window]:
    roles = {
        n: r for n, r in of_events.own_roles(project, project.sources).items() if r is not Role.ID
    }
    events = of_events.canonical_events(relations, project, engine, audit)
    window = window or of_events.default_window(events, project, engine, audit, as_of)
    before, span = of_events.events_before(events, window, engine)
    progress.phase("features", f"{span.n_events} events")
    data, columns = of_events.build(events, before, project, window, engine, roles)
    table = FeatureTable.of(data, columns, window.as_of)
    audit.facts |= {
        "rows_used": span.n_events,
        "n_entities": table.n_entities,
        "first_event": span.first.isoformat(),
        "last_event": span.last.isoformat(),
        "as_of": window.as_of.isoformat(),
    }
    return table, window


def _from_table(
    relations: list[Relation],
    project: Project,
    engine: Engine,
    audit: Audit,
    as_of: datetime | None,
    window: Window | None,
    like: Sequence[FeatureColumn] | None,
) -> tuple[FeatureTable, Window | None]:
    rows = of_tables.keyed(relations[0], engine, audit)
    plans = of_tables.planned(rows, project, engine, audit, like)
    asked = window.as_of if window else as_of
    day = of_tables.reference_day(rows, plans, engine, asked)
    if day is not None and window is None:
        window = Window(day)
    data = of_tables.values_of(rows, plans, engine, day)
    table = FeatureTable.of(data, tuple(p.column for p in plans), day)
    audit.facts |= {"rows_used": table.n_entities, "n_entities": table.n_entities}
    if day is not None:
        audit.facts["as_of"] = day.isoformat()
    return table, window
