"""From a project's sources to one row per entity.

What lives here: opening sources, and the two ways on. What does not: the ways themselves
(``events``, ``tables``), reading files (``engines``).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING

from segmentry.domain.audit import Audit, Finding
from segmentry.domain.feature import FeatureSpec
from segmentry.domain.judging import Judging
from segmentry.domain.progress import Progress
from segmentry.domain.project import Project, Shape, Source
from segmentry.domain.table import ENTITY, FeatureColumn, FeatureTable
from segmentry.domain.textmodel import TextModel
from segmentry.domain.window import Window
from segmentry.engines.base import Engine, Relation
from segmentry.pipeline import behaviour, judging, span
from segmentry.pipeline import changes as of_changes
from segmentry.pipeline import events as of_events
from segmentry.pipeline import tables as of_tables
from segmentry.pipeline import texts as of_texts
from segmentry.pipeline.accounts import RollUp, roll_up_of
from segmentry.pipeline.opening import opened_sources
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
    project = of_events.with_alike_kinds(project)
    shapes = {s.shape for s in project.sources}
    earlier = tuple(like) if like is not None else None
    texts = Texts.of(project, audit, earlier, models)
    relations = opened_sources(project, engine, audit, allow_bad_rows, progress, earlier)
    audit.facts["rows_read"] = sum(r.n_rows for r in relations)
    audit.facts["rows_left_out_by_where"] = sum(r.n_left_out for r in relations)
    audit.facts["bad_rows"] = sum(r.n_bad_rows for r in relations)
    if Shape.EVENTS not in shapes:
        if earlier is None:
            judging.tell_unmeasured(project, audit, "no source holds events")
        table, window = _from_tables(relations, engine, texts, as_of, window, earlier)
        return replace(table, texts=texts.made), window, None
    table, window, judged = _from_events(relations, engine, texts, as_of, window, progress, earlier)
    return replace(table, texts=texts.made), window, judged


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
    beside = Beside(relations, texts, engine)
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
    roll = roll_up_of(project, events, specs, engine, audit)
    if roll is not None:
        data, columns = roll.table(data, columns, before, window)
    table = beside.described(data, columns, audit, window, like)
    if is_given and roll is None and window is not None:
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
    since = max(since or when.first, when.first)
    window, judged = _judged(events, specs, beside, roll, window, since, audit)
    return table, window, judged


def _judged(
    events: of_events.Events,
    specs: tuple[FeatureSpec, ...],
    beside: Beside,
    roll: RollUp | None,
    window: Window,
    since: datetime,
    audit: Audit,
) -> tuple[Window, Judging | None]:
    """Build the same features at an earlier cut, where the history is long enough."""
    project, engine = beside.project, beside.engine
    horizon = judging.horizon_of(project, since, window, audit)
    if horizon is None:
        return window, None
    window = replace(window, outcome_days=horizon)
    earlier = judging.look_back(events, specs, project, window, engine, audit, roll)
    if earlier is None:
        return window, None
    data, columns, after = earlier
    # What is doubtful in the tables was told at the scoring cut.
    return window, after.of(beside.described(data, columns, Audit(), after.window, None))


def _from_tables(
    relations: list[Relation],
    engine: Engine,
    texts: Texts,
    as_of: datetime | None,
    window: Window | None,
    like: Sequence[FeatureColumn] | None,
) -> tuple[FeatureTable, Window | None]:
    """Build from tables alone; the first says which entities there are."""
    first, *others = sorted(relations, key=lambda r: r.source.shape is not Shape.TABLE)
    project, audit = texts.project, texts.audit
    roles = of_events.own_roles(project)
    rows = of_tables.read_rows(first, engine, roles, audit, like)
    rows = of_tables.alike(rows, project.harmonise, audit)
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
    beside = Beside(others, texts, engine)
    if day is None and window is None and any(r.source.shape is Shape.CHANGES for r in others):
        day = of_tables.aware(asked) or beside.last_change()
        window = Window(day) if day is not None else None
    table = beside.described(data, columns, audit, Window(day) if day else None, like)
    audit.facts |= {"rows_used": table.n_entities, "n_entities": table.n_entities}
    if day is not None:
        audit.facts["as_of"] = day.isoformat()
    return table, window


@dataclass
class Beside:
    """Tables and tables of changes, whose columns lie beside the entities that there are."""

    relations: Sequence[Relation]
    texts: Texts
    engine: Engine
    plans: dict[int, list[of_tables.Plan]] = field(default_factory=dict)
    """What becomes of each table's columns: settled at the first cut, and kept for the next."""
    written: dict[int, tuple[FeatureColumn, ...]] = field(default_factory=dict)
    """What becomes of each table's texts, settled in the same way."""

    @property
    def project(self) -> Project:
        """The project that the tables belong to."""
        return self.texts.project

    def described(
        self,
        data: pa.Table,
        columns: tuple[FeatureColumn, ...],
        audit: Audit,
        window: Window | None,
        like: Sequence[FeatureColumn] | None,
    ) -> FeatureTable:
        """Put the columns of further tables beside features, as they were known at the cut."""
        accounts, day = self.project.accounts, window.as_of if window else None
        for place, relation in enumerate(self.relations):
            if accounts is not None and relation.source.name == accounts.source:
                continue
            if relation.source.shape is not Shape.EVENTS:
                data, more = self._joined(data, place, audit, day, like)
                columns += more
        return FeatureTable.of(data, columns, day)

    def _joined(
        self,
        data: pa.Table,
        place: int,
        audit: Audit,
        day: datetime | None,
        like: Sequence[FeatureColumn] | None,
    ) -> tuple[pa.Table, tuple[FeatureColumn, ...]]:
        """Put the columns of a further table beside the entities that there are."""
        relation, project = self.relations[place], self.project
        source = relation.source
        roles = of_events.own_roles(project)
        if source.shape is Shape.CHANGES:
            if day is None:
                return data, self._undated(source, audit)
            state = of_changes.state_at(relation, project, self.engine, audit, day)
            rows = of_tables.alike(state.rows, project.harmonise, audit)
            roles |= {made: roles[own] for made, own in state.sources.items() if own in roles}
        else:
            state = None
            rows = of_tables.read_rows(relation, self.engine, roles, audit, like)
            rows = of_tables.alike(rows, project.harmonise, audit)
        if place not in self.plans:
            plans = of_tables.planned(rows, roles, source, audit, like)
            self.plans[place] = plans if state is None else _meant(plans, state)
        plans = self.plans[place]
        if day is None:
            day = of_tables.reference_day(rows, plans, audit, None)
        found = of_tables.values_of(rows, plans, day)
        known = self.written.get(place) if like is None else like
        texts = replace(self.texts, audit=audit)
        found, self.written[place] = of_texts.with_texts(found, rows, source, roles, texts, known)
        values = of_tables.aligned(data[ENTITY], found, source, audit)
        columns = []
        for column in (*(p.column for p in plans), *self.written[place]):
            is_taken = column.name in data.column_names
            name = f"{column.name} ({source.name})" if is_taken else column.name
            data = data.append_column(name, values[column.name])
            columns.append(replace(column, name=name))
        return data, tuple(columns)

    def _undated(self, source: Source, audit: Audit) -> tuple[FeatureColumn, ...]:
        sentence = f"Without a cut nothing says which row of {source.name} is the present one."
        audit.add(Finding("no_cut", sentence, "warning", source=source.name, done="left out"))
        return ()

    def last_change(self) -> datetime | None:
        """Give the instant after the last change, where nothing else tells a cut."""
        found = [
            of_changes.last_time(r, self.project, self.engine)
            for r in self.relations
            if r.source.shape is Shape.CHANGES
        ]
        known = [at for at in found if at is not None]
        return max(known) if known else None


def _meant(plans: Sequence[of_tables.Plan], state: of_changes.State) -> list[of_tables.Plan]:
    """Say what the columns mean that a state is made of."""
    return [replace(p, column=state.made[p.source]) if p.source in state.made else p for p in plans]
