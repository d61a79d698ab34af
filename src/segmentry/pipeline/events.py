"""Event sources into one canonical relation of numbers.

What lives here: field names, time zones, the union of sources. What does not: numbers in place of
words (``words``), the cut (``span``), features (``behaviour``), sources of shape *table*
(``tables``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import numpy as np

from segmentry.domain.arrays import values_of, whole_of
from segmentry.domain.audit import Audit, Finding
from segmentry.domain.feature import Coded
from segmentry.domain.formula import GROUPS, LABELS, MEASURE
from segmentry.domain.project import NUMBER_FIELDS, Project, Shape, frozen_mapping
from segmentry.domain.role import Role
from segmentry.domain.table import ENTITY
from segmentry.engines.base import ROLE_PREFIX, Engine, Relation
from segmentry.errors import ProjectFileError
from segmentry.features.catalogue import CATALOGUE
from segmentry.features.choose import choose
from segmentry.features.own import not_of_tables, written_alike
from segmentry.features.rows import EXACT, instant, micros_of
from segmentry.features.zones import offset_of_local
from segmentry.pipeline.texts import TEXT, Texts, check_scores, implied, with_scores
from segmentry.pipeline.words import hashed_ids, in_numbers

if TYPE_CHECKING:
    import ibis.expr.types as ir
    import pyarrow as pa

CANONICAL = {
    "time": "at",
    "order": "order_id",
    "session": "session_id",
}
"""Fields of the project file that are called something else in the canonical relation."""

NEEDED = frozenset(f for s in CATALOGUE for f in s.needs) | frozenset(LABELS)
"""Canonical fields that something is made of; the others are not carried along."""

HOLDERS = frozenset(f for f in GROUPS.values() if f is not None)
"""Fields that only hold events together: what their values are does not matter."""


SAMPLED = 1_000
"""Events per piece that tell where pieces begin: they come out even to within a tenth."""

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Events:
    """All events of a project in one relation of numbers.

    ``table`` has ``entity_id`` (a whole number, or a position in ``entities``), ``micros`` (since
    1970 in UTC, where events have a time), amounts and what else is mapped; label fields and
    columns of text hold positions in their ``words``.
    """

    table: ir.Table
    fields: frozenset[str]
    """Canonical fields that features are made of, ``at`` among them where events have a time."""
    own: Mapping[str, Any]
    """Columns of the sources that have a role, with their types; prefixed in the relation."""
    entities: pa.Array | None
    """Ids that are texts, in ascending order; None where they are whole numbers."""
    words: Mapping[str, pa.Array]
    """Words of each field that holds numbers in their place, in ascending order."""
    outcomes: ir.Table | None = None
    """Events that are counted after a cut and never shape features, in the same numbers."""

    @property
    def codes(self) -> dict[str, dict[str, int]]:
        """Give the number of each word of the label fields."""
        return {
            name: {str(w): i for i, w in enumerate(words.to_pylist())}
            for name, words in self.words.items()
            if not name.startswith(ROLE_PREFIX)
        }

    def pieces(
        self, table: ir.Table, engine: Engine, *, n_events: int, at_once: int
    ) -> list[ir.Table]:
        """Give the events of some entities after those of others.

        Where they lie in this process, in order of the entities.

        Parameters
        ----------
        table : ibis table
            Events of these.
        engine : Engine
        n_events : int
            In all.
        at_once : int
            About how many a piece may have.
        """
        n = -(-n_events // at_once)
        if self.entities is not None:
            n = min(n, len(self.entities))
        if n < 2:
            return [table]
        entity = table[ENTITY]
        if self.entities is not None:
            inner = [len(self.entities) * i // n for i in range(1, n)]
        elif engine.is_embedded:
            inner = _quantiles(table, n, engine, n_events)
        else:
            # A server draws no sample of an expression. Ids in steps of ten still fall into all
            # pieces alike where these are a prime's number.
            n = _prime(n)
            return [table.filter((entity % n).abs() == i) for i in range(n)]
        edges = [None, *sorted(set(inner)), None]
        found = []
        for low, high in pairwise(edges):
            piece = table if low is None else table.filter(entity >= low)
            found.append(piece if high is None else piece.filter(piece[ENTITY] < high))
        return found

    def named(self, data: pa.Table) -> pa.Table:
        """Put ids in place of positions of entities."""
        if self.entities is None:
            return data
        ids = self.entities.take(data[ENTITY].combine_chunks())
        return data.set_column(data.schema.get_field_index(ENTITY), ENTITY, ids)


def canonical_events(
    relations: Sequence[Relation],
    engine: Engine,
    texts: Texts,
    *,
    cut: datetime | None = None,
    keep_ids: bool = False,
) -> Events:
    """Unite event sources: one row per event that has an entity, and a time where events have one.

    A time without zone is taken as wall time in the project's zone. Texts give way to their scores;
    what is learned of them is learned from texts before ``cut``. Ids of orders,
    sessions and users may give way to other numbers, unless ``keep_ids`` asks for what is written.
    """
    import ibis

    project, audit = texts.project, texts.audit
    as_text = len({r.table["entity"].type().is_integer() for r in relations}) > 1
    typed = [_canonical(r, project, engine, as_text=as_text) for r in relations]
    for i, (relation, part) in enumerate(zip(relations, typed, strict=True)):
        key = f"sources[{i}].columns.nps"
        check_scores(part, relation.source, engine, key=key, is_new=not texts.is_given)
    zone = ZoneInfo(project.time_zone)
    aware = cut if cut is None or cut.tzinfo else cut.replace(tzinfo=zone)
    typed = with_scores(typed, engine, texts, cut=None if aware is None else instant(aware))
    columns: dict[str, Any] = {}
    for part in typed:
        for name, type_ in part.schema().items():
            is_mixed = name in HOLDERS and columns.get(name, type_) != type_
            # Numbers in one source and texts in another: texts in both.
            columns[name] = ibis.dtype("string") if is_mixed else columns.get(name, type_)
    typed = [_as_declared(part, columns) for part in typed]
    # Code of a project reads ids as they are written.
    is_read = any(isinstance(s.formula, Coded) for s in project.features.define)
    if engine.is_embedded and not keep_ids and not is_read:
        typed = [hashed_ids(part) for part in typed]
    listed = [n for n, t in columns.items() if t.is_string() and _is_listed(n)]
    parts, words = in_numbers(typed, listed, project, engine, audit)
    for relation, part in zip(relations, parts, strict=True):
        _tell_missing(relation, part, engine, audit)
    pairs = list(zip(relations, parts, strict=True))
    logs = [r for r in relations if r.source.use == "features"]
    before = [p for r, p in pairs if r.source.use == "features"]
    after = [p for r, p in pairs if r.source.use == "outcomes"]
    columns = {n: t for n, t in columns.items() if any(n in part.columns for part in before)}
    own = {n.removeprefix(ROLE_PREFIX): t for n, t in columns.items() if n.startswith(ROLE_PREFIX)}
    entities = words.pop(ENTITY, None)
    return Events(
        _known(_united(before)),
        _fields(columns, logs),
        own,
        entities,
        words,
        _known(_united(after)) if after else None,
    )


def _prime(least: int) -> int:
    """Give the least prime that is no less."""
    n = least
    while any(n % d == 0 for d in range(2, int(n**0.5) + 1)):
        n += 1
    return n


def _quantiles(table: ir.Table, n: int, engine: Engine, n_events: int) -> list[int]:
    """Give the ids that part events into so many pieces of about one size, by a sample."""
    share = min(1.0, n * SAMPLED / n_events)
    sample = table.select(ENTITY).sample(share, method="row", seed=0)
    ids = np.sort(values_of(whole_of(engine.to_arrow(sample)[ENTITY])))
    return [int(ids[len(ids) * i // n]) for i in range(1, n)] if len(ids) else []


def _is_listed(name: str) -> bool:
    return name == ENTITY or name in LABELS or name.startswith(ROLE_PREFIX)


def _known(table: ir.Table) -> ir.Table:
    """Keep the events that have an entity, and a time where events have one."""
    table = table.filter(table[ENTITY].notnull())
    return table.filter(table["micros"].notnull()) if "micros" in table.columns else table


def with_alike_kinds(project: Project) -> Project:
    """Write the words that a project names the way its events are written: kinds above all."""
    rules = {n: r.all_of for n, r in project.harmonise.items() if n in LABELS}
    if not rules:
        return project
    own = tuple(written_alike(s, rules) for s in project.features.define)
    chosen = replace(project.features, define=own)
    rule = project.harmonise.get("kind")
    if rule is None:
        return replace(project, features=chosen)

    def alike(words: Sequence[str]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(rule.all_of(list(words))))

    features = replace(
        chosen,
        kinds=frozen_mapping({m: alike(words) for m, words in chosen.kinds.items()}),
        milestones=alike(chosen.milestones),
        onboarding=alike(chosen.onboarding),
        workflow=alike(chosen.workflow),
    )
    outcomes = tuple(replace(o, event=rule.of(o.event)) if o.event else o for o in project.outcomes)
    return replace(project, features=features, outcomes=outcomes)


def _fields(columns: Mapping[str, Any], relations: Sequence[Relation]) -> frozenset[str]:
    fields = {n for n in columns if not n.startswith(ROLE_PREFIX)} - {ENTITY, "micros"}
    if "micros" in columns:
        fields.add("at")
    if not kinds_differ(relations):
        fields.discard("kind")
    return frozenset(fields)


def kinds_differ(sources: Sequence[Relation]) -> bool:
    """Say whether events may be of several kinds: a column tells, or sources of several kinds."""
    own = {r.source.event for r in sources}
    return len(own) > 1 or any("kind" in r.source.fields for r in sources)


def _canonical(relation: Relation, project: Project, engine: Engine, *, as_text: bool) -> ir.Table:
    """Write a source with canonical names and types, words still in place."""
    import ibis

    table, roles = relation.table, own_roles(project)
    values: dict[str, Any] = {}
    for name in table.columns:
        column, field = table[name], CANONICAL.get(name, name)
        if name == "entity":
            values[ENTITY] = column.cast("string") if as_text else column
        elif name == "time":
            values["micros"] = in_utc(table, "time", project.time_zone, engine)
        elif name == TEXT:
            values[TEXT] = column.cast("string")
        elif name in NUMBER_FIELDS:
            values[name] = exact(column)
        elif name.startswith(ROLE_PREFIX):
            values |= _beside(name, column, project, roles)
        elif field in HOLDERS and column.type().is_integer():
            values[field] = column.cast("int64")
        elif field in NEEDED:
            values[field] = column.cast("string")
    if relation.source.event is not None:
        values["kind"] = ibis.literal(relation.source.event)
    return table.select(**values)


def _beside(name: str, column: Any, project: Project, roles: Mapping[str, Role]) -> dict[str, Any]:
    """Write a column of the source's own: measured, described by, or both."""
    values: dict[str, Any] = {}
    own = name.removeprefix(ROLE_PREFIX)
    if own in project.features.measures:
        values[f"{MEASURE}{own}"] = exact(column)
    if own in roles:
        is_number = stays_number(column.type(), roles[own])
        values[name] = column if is_number else column.cast("string")
    return values


def stays_number(type_: Any, role: Role) -> bool:
    """Say whether a column with a role is one number per entity; all else is a category."""
    amounts = {Role.OUTCOME, Role.CLUSTER, Role.WEIGHT}
    return role in amounts and (type_.is_numeric() or type_.is_boolean())


def exact(column: Any) -> Any:
    """Write a number so that its sum is exact; what is no number, or without end, is unknown."""
    import ibis

    if column.type().is_boolean():
        return column.cast("int64")
    if column.type().is_integer():
        return column
    if column.type().is_floating():
        is_finite = ~(column.isnan() | column.isinf())
        column = ibis.cases((is_finite, column), else_=ibis.null(column.type()))
    return column.cast(EXACT)


def in_utc(table: ir.Table, name: str, zone: str, engine: Engine) -> ir.NumericValue:
    """Write a column of times as microseconds since 1970 in UTC."""
    time = table[name]
    at = time.cast("timestamp")
    micros = micros_of(at)
    if getattr(time.type(), "timezone", None) is not None or zone == "UTC":
        return micros.cast("int64")
    bounds = engine.to_arrow(table.aggregate(low=at.min(), high=at.max()))
    low, high = bounds["low"][0].as_py(), bounds["high"][0].as_py()
    if low is None:
        return micros.cast("int64")
    offset = offset_of_local(micros, zone, since=_micros(low), until=_micros(high))
    return (micros - offset).cast("int64")


def _micros(at: datetime) -> int:
    return round((at.replace(tzinfo=UTC) - EPOCH) / timedelta(microseconds=1))


def _as_declared(part: ir.Table, columns: Mapping[str, Any]) -> ir.Table:
    """Give columns that several sources have the type of the first."""
    other = {n: part[n].cast(columns[n]) for n, t in part.schema().items() if t != columns[n]}
    return part.mutate(**other) if other else part


def _united(parts: Sequence[ir.Table]) -> ir.Table:
    import ibis

    if len(parts) == 1:
        return parts[0]
    columns: dict[str, Any] = {}
    for part in parts:
        for name, type_ in part.schema().items():
            columns.setdefault(name, type_)
    whole = []
    for part in parts:
        values = {}
        for name, type_ in columns.items():
            found = name in part.columns
            values[name] = part[name].cast(type_) if found else ibis.null(type_)
        whole.append(part.select(**values))
    return ibis.union(*whole)


def _tell_missing(relation: Relation, part: ir.Table, engine: Engine, audit: Audit) -> None:
    """Tell how many events have no entity or no time."""
    no_entity = part[ENTITY].isnull()
    wanted = {"n": part.count(), "entity": part.count(where=no_entity)}
    if "micros" in part.columns:
        wanted["time"] = part.count(where=part["micros"].isnull() & ~no_entity)
    counts = engine.to_arrow(part.aggregate(**wanted))
    total = int(counts["n"][0].as_py())
    for field in ("entity", "time"):
        # Over no rows at all, Spark gives no count of a condition.
        count = int(counts[field][0].as_py() or 0) if field in wanted else 0
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


def unknown_features(project: Project) -> list[ProjectFileError]:
    """Find features that are asked for and cannot be built, before any file is read."""
    logs = [s for s in project.sources if s.shape is Shape.EVENTS and s.use == "features"]
    if not logs:
        return not_of_tables(project.features)
    try:
        choose(mapped_fields(project), project.features, project.windows)
    except ProjectFileError as error:
        return list(error.problems or (error,))
    return []


def mapped_fields(project: Project) -> set[str]:
    """Name the canonical fields of the event sources, measured columns among them."""
    logs = [s for s in project.sources if s.shape is Shape.EVENTS and s.use == "features"]
    fields = {CANONICAL.get(f, f) for s in logs for f in s.fields}
    if len({s.event for s in logs}) > 1:
        fields.add("kind")
    return (
        fields
        | {f"{MEASURE}{c}" for c in project.features.measures}
        | implied(fields, project.text)
    )


def own_roles(project: Project) -> dict[str, Role]:
    """Give the roles of source columns that lie beside the mapped ones."""
    outcomes = {o.column: Role.OUTCOME for o in project.outcomes if o.column is not None}
    existing = project.segments.existing
    kept = {} if existing is None else {existing: Role.OVERLAY}
    return {**outcomes, **project.features.roles, **kept}


def read_roles(project: Project) -> dict[str, Role]:
    """Give the roles of source columns that are read beside the mapped ones, measures included."""
    return {**dict.fromkeys(project.features.measures, Role.CLUSTER), **own_roles(project)}
