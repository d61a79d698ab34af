"""From a project's sources to one row per entity.

What lives here: opening sources, and the two ways on. What does not: the ways themselves
(``events``, ``tables``), reading files (``engines``).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from segmentry.domain.audit import Audit
from segmentry.domain.progress import Progress
from segmentry.domain.project import Project, Shape
from segmentry.domain.table import ENTITY, FeatureColumn, FeatureTable
from segmentry.domain.window import Window
from segmentry.engines.base import Engine, Relation
from segmentry.errors import ProjectFileError
from segmentry.features.catalogue import CATALOGUE
from segmentry.pipeline import events as of_events
from segmentry.pipeline import tables as of_tables

if TYPE_CHECKING:
    import pyarrow as pa


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
        return _from_tables(relations, project, engine, audit, as_of, window, earlier)
    return _from_events(relations, project, engine, audit, as_of, window, progress, earlier)


def _opened(
    project: Project,
    engine: Engine,
    audit: Audit,
    allow_bad_rows: bool,  # noqa: FBT001 - one of the arguments handed on
    progress: Progress,
    like: Sequence[FeatureColumn] | None,
) -> list[Relation]:
    """Open every source; report the problems of all of them at once."""
    roles = of_events.own_roles(project)
    kinds = of_tables.role_kinds(like) if like is not None else {}
    relations: list[Relation] = []
    problems: list[ProjectFileError] = of_events.unknown_features(project)
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
    problems += _unknown_roles(project, relations) if not problems else []
    if problems:
        raise ProjectFileError.all_of(problems)
    return relations


def _unknown_roles(project: Project, relations: Sequence[Relation]) -> list[ProjectFileError]:
    """Refuse roles of what is neither a column nor a feature."""
    columns = [c for r in relations for c in r.columns]
    known = {*columns, *(s.name for s in CATALOGUE)}
    given = {n: f"features.roles.{n}" for n in project.features.roles}
    given |= {o.column: f"outcomes[{i}].column" for i, o in enumerate(project.outcomes) if o.column}
    sources = ", ".join(r.source.name for r in relations)
    return [
        ProjectFileError.missing_column(name, columns, source=sources, key=key)
        for name, key in given.items()
        if name not in known
    ]


def _from_events(
    relations: list[Relation],
    project: Project,
    engine: Engine,
    audit: Audit,
    as_of: datetime | None,
    window: Window | None,
    progress: Progress,
    like: Sequence[FeatureColumn] | None,
) -> tuple[FeatureTable, Window]:
    logs = [r for r in relations if r.source.shape is Shape.EVENTS]
    events = of_events.canonical_events(logs, project, engine, audit)
    is_given = window is not None or as_of is not None
    window = window or of_events.default_window(events, project, engine, audit, as_of)
    before, span = of_events.events_before(events, window, engine)
    progress.phase("features", f"{span.n_events} events")
    data, columns = of_events.build(events, before, project, window, engine)
    for relation in relations:
        if relation.source.shape is Shape.TABLE:
            data, more = _joined(data, relation, project, engine, audit, window.as_of, like)
            columns += more
    table = FeatureTable.of(data, columns, window.as_of)
    if is_given:
        of_events.tell_later_entities(events, table.n_entities, window, engine, audit)
    audit.facts |= {
        "rows_used": span.n_events,
        "n_entities": table.n_entities,
        "first_event": span.first.isoformat(),
        "last_event": span.last.isoformat(),
        "as_of": window.as_of.isoformat(),
    }
    return table, window


def _from_tables(
    relations: list[Relation],
    project: Project,
    engine: Engine,
    audit: Audit,
    as_of: datetime | None,
    window: Window | None,
    like: Sequence[FeatureColumn] | None,
) -> tuple[FeatureTable, Window | None]:
    """Build from tables alone; the first says which entities there are."""
    first, *others = relations
    roles = of_events.own_roles(project)
    rows = of_tables.read_rows(first, engine, roles, audit, like)
    plans = of_tables.planned(rows, roles, first.source, audit, like)
    if like is None:
        plans = of_tables.chosen(plans, project.features, first.source)
    asked = window.as_of if window else as_of
    day = of_tables.reference_day(rows, plans, audit, asked)
    if day is not None and window is None:
        window = Window(day)
    data, columns = of_tables.values_of(rows, plans, day), tuple(p.column for p in plans)
    for relation in others:
        data, more = _joined(data, relation, project, engine, audit, day, like)
        columns += more
    table = FeatureTable.of(data, columns, day)
    audit.facts |= {"rows_used": table.n_entities, "n_entities": table.n_entities}
    if day is not None:
        audit.facts["as_of"] = day.isoformat()
    return table, window


def _joined(
    data: pa.Table,
    relation: Relation,
    project: Project,
    engine: Engine,
    audit: Audit,
    day: datetime | None,
    like: Sequence[FeatureColumn] | None,
) -> tuple[pa.Table, tuple[FeatureColumn, ...]]:
    """Put the columns of a further table beside the entities that there are."""
    roles, source = of_events.own_roles(project), relation.source
    rows = of_tables.read_rows(relation, engine, roles, audit, like)
    plans = of_tables.planned(rows, roles, source, audit, like)
    if day is None:
        day = of_tables.reference_day(rows, plans, audit, None)
    values = of_tables.aligned(data[ENTITY], of_tables.values_of(rows, plans, day), source, audit)
    columns = []
    for plan in plans:
        column = plan.column
        if column.name in data.column_names:
            column = replace(column, name=f"{column.name} ({source.name})")
        data = data.append_column(column.name, values[plan.column.name])
        columns.append(column)
    return data, tuple(columns)
