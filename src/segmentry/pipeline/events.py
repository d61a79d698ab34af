"""Event sources into one canonical relation, cut in time, and features out of it.

What lives here: field names, time zones, the union of sources, the cut, and columns of the source
that describe an entity. What does not: sources of shape *table* (``tables``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np

from segmentry.domain.audit import Audit, Finding
from segmentry.domain.feature import FeatureSpec
from segmentry.domain.project import Project, Shape
from segmentry.domain.role import Facet, Kind, Role
from segmentry.domain.table import ENTITY, FeatureColumn
from segmentry.domain.window import Window
from segmentry.engines.base import ROLE_PREFIX, Engine, Relation
from segmentry.errors import DataError, ProjectFileError
from segmentry.features.catalogue import CATALOGUE, choose
from segmentry.features.compile import DAY_MICROS, MONEY, compile_features, micros_of
from segmentry.features.zones import offset_of_local
from segmentry.pipeline.cut import Bulk, bulk_of

if TYPE_CHECKING:
    import ibis.expr.types as ir
    import pyarrow as pa

CANONICAL = {
    "time": "at",
    "order": "order_id",
    "session": "session_id",
}
"""Fields of the project file that are called something else in the canonical relation."""

NEEDED = frozenset(f for s in CATALOGUE for f in s.needs)
"""Canonical fields that some feature is made of; the others are not carried along."""

N_EXAMPLES = 3


@dataclass(frozen=True)
class Events:
    """All events of a project in one relation: ``entity_id``, ``at`` and what is mapped."""

    table: ir.Table
    fields: frozenset[str]
    """Canonical fields beside ``entity_id`` and ``at``."""
    own: Mapping[str, Any]
    """Columns of the sources that have a role, with their types; prefixed in the relation."""


@dataclass(frozen=True, slots=True)
class Span:
    """When the events lie, in UTC."""

    n_events: int
    first: datetime
    last: datetime


def canonical_events(
    relations: Sequence[Relation], project: Project, engine: Engine, audit: Audit
) -> Events:
    """Unite event sources: one row per event that has an entity and a time.

    A time without zone is taken as wall time in the project's zone.
    """
    as_text = len({r.table["entity"].type().is_integer() for r in relations}) > 1
    # Kept, because bounds, cut, features and descriptions each read all of it again.
    parts = [engine.keep(_canonical(r, project, engine, as_text=as_text)) for r in relations]
    for relation, part in zip(relations, parts, strict=True):
        _tell_missing(relation, part, engine, audit)
    columns: dict[str, Any] = {}
    for part in parts:
        for name, type_ in part.schema().items():
            columns.setdefault(name, type_)
    table = _united(parts, columns)
    table = table.filter(table[ENTITY].notnull() & table["at"].notnull())
    own = {n.removeprefix(ROLE_PREFIX): t for n, t in columns.items() if n.startswith(ROLE_PREFIX)}
    fields = frozenset(n for n in columns if not n.startswith(ROLE_PREFIX)) - {ENTITY, "at"}
    return Events(table, fields, own)


def _united(parts: Sequence[ir.Table], columns: Mapping[str, Any]) -> ir.Table:
    import ibis

    if len(parts) == 1:
        return parts[0]
    whole = []
    for part in parts:
        values = {}
        for name, type_ in columns.items():
            found = name in part.columns
            values[name] = part[name].cast(type_) if found else ibis.null(type_)
        whole.append(part.select(**values))
    return ibis.union(*whole)


def _canonical(relation: Relation, project: Project, engine: Engine, *, as_text: bool) -> ir.Table:
    table = relation.table
    values: dict[str, Any] = {}
    for name in table.columns:
        column = table[name]
        if name == "entity":
            values[ENTITY] = column.cast("string") if as_text else column
        elif name == "time":
            values["at"] = _in_utc(table, project.time_zone, engine)
        elif name == "amount":
            values["amount"] = column.cast(MONEY)
        elif name.startswith(ROLE_PREFIX):
            values[name] = column
        elif CANONICAL.get(name, name) in NEEDED:
            values[CANONICAL.get(name, name)] = column.cast("string")
    return table.select(**values)


def _in_utc(table: ir.Table, zone: str, engine: Engine) -> ir.TimestampValue:
    """Write a time as a timestamp in UTC without zone."""
    time = table["time"]
    at = time.cast("timestamp")
    if getattr(time.type(), "timezone", None) is not None or zone == "UTC":
        return at
    bounds = engine.to_arrow(table.aggregate(low=at.min(), high=at.max()))
    low, high = bounds["low"][0].as_py(), bounds["high"][0].as_py()
    if low is None:
        return at
    offset = offset_of_local(micros_of(at), zone, since=_micros(low), until=_micros(high))
    # An offset is whole seconds, so it can be taken as an interval without loss.
    return at - (offset / 1_000_000).cast("int64").as_interval("s")


def _micros(at: datetime) -> int:
    return round(
        (at.replace(tzinfo=UTC) - datetime(1970, 1, 1, tzinfo=UTC)) / timedelta(microseconds=1)
    )


def _tell_missing(relation: Relation, part: ir.Table, engine: Engine, audit: Audit) -> None:
    """Tell how many events have no entity or no time."""
    no_entity, no_time = part[ENTITY].isnull(), part["at"].isnull()
    counts = engine.to_arrow(
        part.aggregate(
            n=part.count(),
            entity=part.count(where=no_entity),
            time=part.count(where=no_time & ~no_entity),
        )
    )
    total = int(counts["n"][0].as_py())
    for field in ("entity", "time"):
        count = int(counts[field][0].as_py())
        if count:
            audit.add(
                Finding(
                    f"no_{field}",
                    f"{count} of {total} events have no {field}",
                    severity="warning" if count > 0.01 * total else "info",
                    source=relation.source.name,
                    column=relation.source.columns.get(field),
                    count=count,
                    total=total,
                    done="left out",
                )
            )


def default_window(
    events: Events, project: Project, engine: Engine, audit: Audit, as_of: datetime | None
) -> Window:
    """Set the cut: where it is asked for, else a microsecond after the last event."""
    table = events.table
    dated = table.select("at", day=(micros_of(table["at"]) / DAY_MICROS).floor())
    by_day = dated.group_by("day").aggregate(n=dated.count(), last=dated["at"].max())
    rows = engine.to_arrow(by_day.order_by("day"))
    if rows.num_rows == 0:
        raise DataError(
            "no event has both an entity and a time",
            code="E2009",
            hint="check which columns 'entity' and 'time' are mapped to, and 'where'",
        )
    days = rows["day"].to_numpy().astype(np.int64)
    bulk = bulk_of(days, rows["n"].to_numpy().astype(np.int64))
    last = rows["last"].to_pylist()[int(np.searchsorted(days, bulk.last_day))]
    cut = as_of or last.replace(tzinfo=UTC) + timedelta(microseconds=1)
    _tell_strays(table, bulk, engine, audit, is_default=as_of is None)
    windows = project.windows
    return Window(
        cut if cut.tzinfo else cut.replace(tzinfo=UTC),
        windows.lookback_days,
        windows.recent_days,
        windows.decay_half_life_days,
    )


def _tell_strays(
    table: ir.Table, bulk: Bulk, engine: Engine, audit: Audit, *, is_default: bool
) -> None:
    start = datetime(1970, 1, 1)  # noqa: DTZ001 - the canonical time has no zone
    first, after = (start + timedelta(days=d) for d in (bulk.first_day, bulk.last_day + 1))
    at = table["at"]
    if bulk.n_after:
        done = "left out of the default cut" if is_default else "the cut was given"
        _tell_stray(table.filter(at >= after), bulk.n_after, "after", done, engine, audit)
    if bulk.n_before:
        done = "kept, and days since the first event are long for these entities"
        _tell_stray(table.filter(at < first), bulk.n_before, "before", done, engine, audit)


def _tell_stray(
    found: ir.Table, count: int, side: str, done: str, engine: Engine, audit: Audit
) -> None:
    examples = engine.to_arrow(found.order_by("at", ENTITY).select(ENTITY, "at").limit(N_EXAMPLES))
    events = "1 event lies" if count == 1 else f"{count} events lie"
    audit.add(
        Finding(
            "stray_date",
            f"{events} far {side} all others",
            severity="warning",
            column="time",
            count=count,
            examples=tuple(f"{r['at']}, entity {r[ENTITY]}" for r in examples.to_pylist()),
            done=done,
        )
    )


def events_before(events: Events, window: Window, engine: Engine) -> tuple[ir.Table, Span]:
    """Give the events before the cut, and when they lie.

    Raises
    ------
    DataError
        E2008 if there is none.
    """
    cut = window.as_of.replace(tzinfo=None)
    table = events.table.filter(events.table["at"] < cut)
    at = table["at"]
    row = engine.to_arrow(table.aggregate(n=table.count(), first=at.min(), last=at.max()))
    n, first, last = (row[c][0].as_py() for c in ("n", "first", "last"))
    if n == 0:
        bounds = engine.to_arrow(events.table.aggregate(first=events.table["at"].min()))
        earliest = bounds["first"][0].as_py()
        found = f"; the first one is at {earliest}" if earliest else ""
        raise DataError(
            f"there is no event before {window.as_of.isoformat()}{found}",
            code="E2008",
            hint="give a later --as-of, or check 'where' and the column mapped as time",
        )
    return table, Span(int(n), first.replace(tzinfo=UTC), last.replace(tzinfo=UTC))


def feature_columns(specs: Sequence[FeatureSpec], project: Project) -> tuple[FeatureColumn, ...]:
    """Describe built features; a role in the project file goes before *cluster*."""
    return tuple(
        FeatureColumn(
            s.name,
            project.features.roles.get(s.name, Role.CLUSTER),
            Kind.NUMBER,
            s.facet,
            _unit(s.unit, project),
            s.sentence,
            s.null_means,
            s.null_is,
        )
        for s in specs
    )


def _unit(unit: str, project: Project) -> str:
    return unit.replace("money", project.currency) if project.currency else unit


def build(
    events: Events, before: ir.Table, project: Project, window: Window, engine: Engine
) -> tuple[pa.Table, tuple[FeatureColumn, ...]]:
    """Compute features and the sources' own columns with a role, one row per entity."""
    specs = choose(events.fields, project.features)
    features = compile_features(specs, before, window, time_zone=project.time_zone)
    data = engine.to_arrow(features).sort_by(ENTITY)
    columns = list(feature_columns(specs, project))
    roles = own_roles(project)
    for name, type_ in events.own.items():
        shown = f"{name} (column)" if name in data.column_names else name
        column = _own_column(name, shown, roles[name], type_)
        values = engine.to_arrow(_per_entity(before, f"{ROLE_PREFIX}{name}", column))
        data = data.append_column(shown, _aligned(data[ENTITY], values))
        columns.append(column)
    return data, tuple(columns)


def _own_column(name: str, shown: str, role: Role, type_: Any) -> FeatureColumn:
    """Describe a column of the events as one value per entity."""
    ways = {Role.OUTCOME: "highest", Role.CLUSTER: "average"}
    is_number = (type_.is_numeric() or type_.is_boolean()) and role in ways
    how = ways[role] if is_number else "most frequent"
    return FeatureColumn(
        shown,
        role,
        Kind.NUMBER if is_number else Kind.CATEGORY,
        Facet.ATTRIBUTE,
        sentence=f"{how} {name} of the entity's events",
        null_means="no event tells",
    )


def _per_entity(before: ir.Table, name: str, column: FeatureColumn) -> ir.Table:
    """Write one value per entity out of its events."""
    import ibis

    known = before.filter(before[name].notnull()).select(ENTITY, value=before[name])
    if column.kind is Kind.NUMBER:
        numbers = known["value"].cast("int64" if known["value"].type().is_boolean() else MONEY)
        mean = numbers.sum().cast("float64") / numbers.count()
        value = numbers.max().cast("float64") if column.role is Role.OUTCOME else mean
        return known.group_by(ENTITY).aggregate(value=value)
    texts = known.mutate(value=known["value"].cast("string"))
    counted = texts.group_by(ENTITY, "value").aggregate(n=texts.count())
    # The most rows win, ties go to the first in the alphabet.
    order = ibis.window(group_by=ENTITY, order_by=[counted["n"].desc(), counted["value"].asc()])
    ranked = counted.mutate(rank=ibis.row_number().over(order))
    return ranked.filter(ranked["rank"] == 0).select(ENTITY, "value")


def _aligned(entities: pa.ChunkedArray, values: pa.Table) -> pa.Array:
    """Put values of some entities beside all entities, null for the others."""
    import pyarrow.compute as pc

    found = pc.index_in(entities, value_set=values[ENTITY])
    return values["value"].combine_chunks().take(found)


def tell_later_entities(
    events: Events, n_entities: int, window: Window, engine: Engine, audit: Audit
) -> None:
    """Tell how many entities a given cut leaves without any event."""
    table = events.table
    counted = engine.to_arrow(table.aggregate(n=table[ENTITY].nunique()))
    n_later = int(counted["n"][0].as_py()) - n_entities
    if n_later:
        audit.add(
            Finding(
                "after_cut",
                f"{n_later} entities have events only from the cut ({window.as_of:%Y-%m-%d %H:%M} "
                "UTC) on",
                severity="warning",
                count=n_later,
                done="left out; a later --as-of takes them in",
            )
        )


def unknown_features(project: Project) -> list[ProjectFileError]:
    """Find features that are asked for and cannot be built, before any file is read."""
    logs = [s for s in project.sources if s.shape is Shape.EVENTS]
    if not logs:
        return []
    try:
        choose({CANONICAL.get(f, f) for s in logs for f in s.columns}, project.features)
    except ProjectFileError as error:
        return list(error.problems or (error,))
    return []


def own_roles(project: Project) -> dict[str, Role]:
    """Give the roles of source columns that lie beside the mapped ones."""
    outcomes = {o.column: Role.OUTCOME for o in project.outcomes if o.column is not None}
    return {**outcomes, **project.features.roles}
