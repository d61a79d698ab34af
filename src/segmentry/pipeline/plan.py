"""What a run would do, before it does it: sources, cut, features, their query, the search.

What lives here: the plan as a value, and its query for any engine. What does not: carrying it out
(``run``), and how it is shown (``cli.plan``).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from segmentry.cluster.catalogue import Tried
from segmentry.domain.audit import Audit
from segmentry.domain.feature import FeatureSpec
from segmentry.domain.formula import LABELS
from segmentry.domain.progress import Progress, Silent
from segmentry.domain.project import Project, Shape
from segmentry.domain.table import ENTITY
from segmentry.domain.window import Window
from segmentry.engines.base import Engine, Relation
from segmentry.engines.catalogue import open_engine, statement, url_of
from segmentry.features.choose import possible_features
from segmentry.features.compile import compile_features
from segmentry.pipeline import behaviour, span
from segmentry.pipeline import events as of_events
from segmentry.pipeline.find import feasible_band
from segmentry.pipeline.opening import opened_sources
from segmentry.pipeline.ready import make_ready
from segmentry.pipeline.searching import ground_of
from segmentry.pipeline.texts import Texts

EVENTS_TABLE = "events"
"""What the canonical events are called in a query."""


@dataclass(frozen=True, slots=True)
class PlannedSource:
    """A source as it will be read."""

    name: str
    shape: str
    where: str
    n_rows: int
    columns: dict[str, str]


@dataclass(frozen=True)
class Plan:
    """What a run would do with a project.

    ``types`` are the canonical events' columns with their types; empty where no source holds
    events, as with ``features`` and ``left_out``: the columns of tables are the features then.
    """

    project: Project
    engine: str
    sources: tuple[PlannedSource, ...]
    window: Window | None = None
    features: tuple[FeatureSpec, ...] = ()
    left_out: tuple[FeatureSpec, ...] = ()
    """Features that the events allow, and that are built where they are named."""
    types: dict[str, str] | None = None

    def query(self, engine: str) -> str:
        """Write the query of the engine features; empty where there are none.

        Raises
        ------
        EngineError
            E3001 for what cannot be written for the engine.
        """
        import ibis

        own = [s for s in self.features if s.is_compiled]
        if not self.types or not own:
            return ""
        events = ibis.table(self.types, name=EVENTS_TABLE)
        zone = self.project.time_zone
        return statement(compile_features(own, events, self.window, time_zone=zone), engine)


@dataclass(frozen=True)
class SearchPlan:
    """What a run would search: on which entities, for how many segments, by which methods."""

    n_entities: int
    n_columns: int
    n_searched: int
    band: range
    methods: tuple[Tried, ...]
    """Every method, whether it would be tried, and why."""

    @property
    def tried(self) -> tuple[str, ...]:
        """Name the methods that would be tried, simplest first."""
        return tuple(m.name for m in self.methods if m.is_tried)

    @property
    def n_candidates(self) -> int:
        """Count candidates, each a method and a number of segments; some may find fewer."""
        return len(self.tried) * len(self.band)


def plan_search(
    project: Project,
    *,
    as_of: datetime | None = None,
    allow_bad_rows: bool = False,
    progress: Progress | None = None,
    threads: int | None = None,
) -> SearchPlan:
    """Prepare a project as a run does, and decide what would be searched; nothing is fitted.

    Parameters
    ----------
    project : Project
    as_of : datetime or None
        The cut; None is after the last event.
    allow_bad_rows : bool
    progress : Progress or None
    threads : int or None

    Returns
    -------
    SearchPlan

    Raises
    ------
    DataError, ProjectFileError, EngineError
        As the run would.
    """
    steps, choice = progress or Silent(), project.segments
    ready = make_ready(
        project,
        audit=Audit(),
        steps=steps,
        as_of=as_of,
        allow_bad_rows=allow_bad_rows,
        threads=threads,
    )
    table, matrix = ready.prepared.learning(ready.table)
    band = feasible_band(table.n_entities, choice, Audit())
    ground = ground_of(matrix, choice.methods, seed=project.seed, most=choice.most_searched)
    n, d = matrix.X.shape
    return SearchPlan(n, d, len(ground.rows), band, ground.methods)


def plan_run(
    project: Project,
    *,
    as_of: datetime | None = None,
    allow_bad_rows: bool = False,
    progress: Progress | None = None,
    threads: int | None = None,
) -> Plan:
    """Open the sources and decide what would be built; nothing is written.

    Parameters
    ----------
    project : Project
    as_of : datetime or None
        The cut; None is after the last event.
    allow_bad_rows : bool
    progress : Progress or None
    threads : int or None

    Returns
    -------
    Plan

    Raises
    ------
    DataError, ProjectFileError, EngineError
        As the run would.
    """
    listener, audit = progress or Silent(), Audit()
    project = of_events.with_alike_kinds(project)
    listener.phase("read", "sources")
    engine = open_engine(url_of(project.sources), threads=threads)
    try:
        relations = opened_sources(project, engine, audit, allow_bad_rows, listener, None)
        sources = tuple(_source(r) for r in relations)
        if not any(r.source.shape is Shape.EVENTS for r in relations):
            return Plan(project, engine.name, sources)
        return _of_events(relations, sources, project, engine, audit, as_of)
    finally:
        engine.close()


def _of_events(
    relations: list[Relation],
    sources: tuple[PlannedSource, ...],
    project: Project,
    engine: Engine,
    audit: Audit,
    as_of: datetime | None,
) -> Plan:
    logs = [r for r in relations if r.source.shape is Shape.EVENTS]
    texts = Texts.of(project, audit, None, ())
    events = of_events.canonical_events(logs, engine, texts, cut=as_of, keep_ids=True)
    if "at" in events.fields:
        window, _ = span.default_window(events, project, engine, audit, as_of)
        before, when = span.events_before(events, window, engine)
    else:
        window, (before, when) = None, span.all_events(events, engine)
    specs = behaviour.planned(
        events, before, project, engine, audit, None, window=window, first=when.first
    )
    names = {s.name for s in specs}
    possible = possible_features(events.fields, project.features, project.windows).values()
    types = {name: str(type_) for name, type_ in events.table.schema().items()}
    # For reading: words and ids as they are, not the numbers that stand for them in a run.
    types |= {name: "string" for name in types if name in LABELS or name in events.words}
    types[ENTITY] = "int64" if events.entities is None else "string"
    left_out = tuple(s for s in possible if s.name not in names)
    return Plan(project, engine.name, sources, window, specs, left_out, types)


def _source(relation: Relation) -> PlannedSource:
    source = relation.source
    place = source.table or source.path
    return PlannedSource(
        source.name, str(source.shape), str(place), relation.n_rows, dict(source.columns)
    )
