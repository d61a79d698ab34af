"""From a project's sources to one row per entity.

What lives here: opening sources, and the two ways on. What does not: the ways themselves
(``events``, ``tables``), reading files (``engines``).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from segmentry.domain.audit import Audit, Finding
from segmentry.domain.judging import Judging
from segmentry.domain.progress import Progress
from segmentry.domain.project import Project, Shape
from segmentry.domain.table import ENTITY, FeatureColumn, FeatureTable
from segmentry.domain.textmodel import TextModel
from segmentry.domain.window import Window
from segmentry.engines.base import Engine, Relation
from segmentry.errors import ProjectFileError
from segmentry.features.choose import is_feature
from segmentry.pipeline import behaviour, judging, span
from segmentry.pipeline import events as of_events
from segmentry.pipeline import tables as of_tables
from segmentry.pipeline import texts as of_texts
from segmentry.pipeline.texts import Texts

if TYPE_CHECKING:
    import pyarrow as pa


def build_table(  # noqa: PLR0913 - keyword-only but for two, each with a role of its own
    project: Project,
    engine: Engine,
    *,
    as_of: datetime | None,
    audit: Audit,
    allow_bad_rows: bool,
    progress: Progress,
    window: Window | None = None,
    like: Iterable[FeatureColumn] | None = None,
    models: Iterable[TextModel] = (),
) -> tuple[FeatureTable, Window | None, Judging | None]:
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
    models : iterable of TextModel
        What an earlier table's texts were read with.

    Returns
    -------
    table : FeatureTable
    window : Window or None
        None for tables without dates and for events without time.
    judging : Judging or None
        The same features at an earlier cut and what followed, for events whose history is long
        enough; None for all else, and where a window was given.

    Raises
    ------
    DataError, ProjectFileError, EngineError
    """
    shapes = {s.shape for s in project.sources}
    earlier = tuple(like) if like is not None else None
    texts = Texts.of(project, audit, earlier, models)
    relations = _opened(project, engine, audit, allow_bad_rows, progress, earlier)
    audit.facts["rows_read"] = sum(r.n_rows for r in relations)
    audit.facts["rows_left_out_by_where"] = sum(r.n_left_out for r in relations)
    audit.facts["bad_rows"] = sum(r.n_bad_rows for r in relations)
    if shapes == {Shape.TABLE}:
        if earlier is None:
            judging.tell_unmeasured(project, audit, "no source holds events")
        table, window = _from_tables(relations, engine, texts, as_of, window, earlier)
        return replace(table, texts=texts.made), window, None
    table, window, judged = _from_events(relations, engine, texts, as_of, window, progress, earlier)
    return replace(table, texts=texts.made), window, judged


def _opened(
    project: Project,
    engine: Engine,
    audit: Audit,
    allow_bad_rows: bool,  # noqa: FBT001 - one of the arguments handed on
    progress: Progress,
    like: Sequence[FeatureColumn] | None,
) -> list[Relation]:
    """Open every source; report the problems of all of them at once."""
    roles = of_events.read_roles(project)
    kinds = of_tables.role_kinds(like) if like is not None else {}
    kinds |= dict.fromkeys(project.features.measures, "number")
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
    given = {n: f"features.roles.{n}" for n in project.features.roles}
    given |= {n: f"features.measures[{i}]" for i, n in enumerate(project.features.measures)}
    given |= {o.column: f"outcomes[{i}].column" for i, o in enumerate(project.outcomes) if o.column}
    sources = ", ".join(r.source.name for r in relations)
    return [
        ProjectFileError.missing_column(name, columns, source=sources, key=key)
        for name, key in given.items()
        if name not in columns and not is_feature(name, project.features, project.windows)
    ]


def _from_events(
    relations: list[Relation],
    engine: Engine,
    texts: Texts,
    as_of: datetime | None,
    window: Window | None,
    progress: Progress,
    like: Sequence[FeatureColumn] | None,
) -> tuple[FeatureTable, Window | None, Judging | None]:
    project, audit = texts.project, texts.audit
    logs = [r for r in relations if r.source.shape is Shape.EVENTS]
    cut = window.as_of if window else as_of
    events = of_events.canonical_events(logs, engine, texts, cut=cut)
    is_given = window is not None or as_of is not None
    is_run, since = window is None and like is None, None
    if "at" not in events.fields:
        window, (before, when) = None, span.all_events(events, engine)
    else:
        if window is None:
            window, since = span.default_window(events, project, engine, audit, as_of)
        before, when = span.events_before(events, window, engine)
    progress.phase("features", f"{when.n_events} events")
    specs = behaviour.planned(
        events, before, project, engine, audit, like, window=window, first=when.first
    )
    data, columns = behaviour.build(
        events,
        before,
        specs,
        project,
        window,
        engine,
        n_events=when.n_events,
        like=like,
        audit=audit,
    )
    tables = [r for r in relations if r.source.shape is Shape.TABLE]
    table = _described(data, columns, tables, engine, texts, window, like)
    if is_given and window is not None:
        span.tell_later_entities(events, table.n_entities, window, engine, audit)
    audit.facts |= {"rows_used": when.n_events, "n_entities": table.n_entities}
    if window is None or when.first is None or when.last is None:
        if is_run:
            judging.tell_unmeasured(project, audit, "events without time have no afterwards")
        if as_of is not None:
            sentence = "The events have no time, so the cut that was asked for changes nothing."
            audit.add(Finding("no_time_to_cut", sentence, "warning", done="all events were used"))
        return table, None, None
    audit.facts |= {
        "first_event": when.first.isoformat(),
        "last_event": when.last.isoformat(),
        "as_of": window.as_of.isoformat(),
    }
    if not is_run:
        return table, window, None
    horizon = judging.horizon_of(project, max(since or when.first, when.first), window, audit)
    if horizon is None:
        return table, window, None
    window = replace(window, outcome_days=horizon)
    earlier = judging.look_back(events, specs, project, window, engine, audit)
    if earlier is None:
        return table, window, None
    data, columns, after = earlier
    # What texts are about was learned above: at the earlier cut they are read in the same way.
    quiet = replace(texts, audit=Audit())
    table_then = _described(data, columns, tables, engine, quiet, after.window, like)
    return table, window, after.of(table_then)


def _described(
    data: pa.Table,
    columns: tuple[FeatureColumn, ...],
    tables: Sequence[Relation],
    engine: Engine,
    texts: Texts,
    window: Window | None,
    like: Sequence[FeatureColumn] | None,
) -> FeatureTable:
    """Put the columns of further tables beside features of events."""
    day = window.as_of if window else None
    for relation in tables:
        data, more = _joined(data, relation, engine, texts, day, like)
        columns += more
    return FeatureTable.of(data, columns, day)


def _from_tables(
    relations: list[Relation],
    engine: Engine,
    texts: Texts,
    as_of: datetime | None,
    window: Window | None,
    like: Sequence[FeatureColumn] | None,
) -> tuple[FeatureTable, Window | None]:
    """Build from tables alone; the first says which entities there are."""
    first, *others = relations
    project, audit = texts.project, texts.audit
    roles = of_events.own_roles(project)
    rows = of_tables.read_rows(first, engine, roles, audit, like)
    plans = of_tables.planned(rows, roles, first.source, audit, like)
    if like is None:
        also = of_texts.names_of(project)
        plans = of_tables.chosen(plans, project.features, first.source, also)
    asked = window.as_of if window else as_of
    day = of_tables.reference_day(rows, plans, audit, asked)
    if day is not None and window is None:
        window = Window(day)
    data, columns = of_tables.values_of(rows, plans, day), tuple(p.column for p in plans)
    data, told = of_texts.with_texts(data, rows, first.source, roles, texts, like)
    columns += told
    for relation in others:
        data, more = _joined(data, relation, engine, texts, day, like)
        columns += more
    table = FeatureTable.of(data, columns, day)
    audit.facts |= {"rows_used": table.n_entities, "n_entities": table.n_entities}
    if day is not None:
        audit.facts["as_of"] = day.isoformat()
    return table, window


def _joined(
    data: pa.Table,
    relation: Relation,
    engine: Engine,
    texts: Texts,
    day: datetime | None,
    like: Sequence[FeatureColumn] | None,
) -> tuple[pa.Table, tuple[FeatureColumn, ...]]:
    """Put the columns of a further table beside the entities that there are."""
    project, audit = texts.project, texts.audit
    roles, source = of_events.own_roles(project), relation.source
    rows = of_tables.read_rows(relation, engine, roles, audit, like)
    plans = of_tables.planned(rows, roles, source, audit, like)
    if day is None:
        day = of_tables.reference_day(rows, plans, audit, None)
    values, told = of_tables.values_of(rows, plans, day), [p.column for p in plans]
    values, written = of_texts.with_texts(values, rows, source, roles, texts, like)
    values = of_tables.aligned(data[ENTITY], values, source, audit)
    columns = []
    for column in (*told, *written):
        is_taken = column.name in data.column_names
        name = f"{column.name} ({source.name})" if is_taken else column.name
        data = data.append_column(name, values[column.name])
        columns.append(replace(column, name=name))
    return data, tuple(columns)
