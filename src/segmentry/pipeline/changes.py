"""Tables of changes: the state of each entity as it was known at a cut.

What lives here: the last row before the cut, numbers of the rows open at it, and what becomes of
dates. What does not: opening and lookups (``opening``), and the place of its columns beside other
features (``sources``).

A row counts from its time on. Of rows at the same instant those without an end go before those
with one, a later end before an earlier one, then greater values before smaller ones, attribute by
attribute in the order of the columns; where a row stands in the file never matters.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np

from segmentry.domain.arrays import floats_of, marks_of
from segmentry.domain.audit import Audit, Finding
from segmentry.domain.project import Project
from segmentry.domain.role import Facet, Kind, Role
from segmentry.domain.table import ENTITY, FeatureColumn
from segmentry.engines.base import ROLE_PREFIX, Engine, Relation
from segmentry.features.rows import DAY_MICROS, instant, micros_of
from segmentry.pipeline.events import EPOCH, exact, in_utc, read_roles
from segmentry.pipeline.tables import role_of

if TYPE_CHECKING:
    import ibis.expr.types as ir
    import pyarrow as pa

IN_DAYS = "_in_days"
"""Ends the name of a feature made of a date that lies ahead, such as a renewal."""

OPEN = "_open"
"""Ends the name of the number of rows that are open at the cut."""

ADDED = ", added up over the rows open at the cut"
"""Ends the sentence of a number that is such a sum."""

_FAR = 2**62


@dataclass(frozen=True)
class State:
    """One row per entity at a cut, and what its made columns mean."""

    rows: pa.Table
    made: Mapping[str, FeatureColumn]
    """Columns that are made of others, by name; the rest mean what their name says."""
    sources: Mapping[str, str]
    """The source's column behind each made column, for its role."""


def state_at(
    relation: Relation, project: Project, engine: Engine, audit: Audit, cut: datetime
) -> State:
    """Read the state of each entity as it was known at a cut.

    Parameters
    ----------
    relation : Relation
        A table of changes, opened as ``opening.open_source`` does.
    project : Project
    engine : Engine
    audit : Audit
        Takes the rows without entity or time.
    cut : datetime
        Rows from it on are not looked at. A row is open if it has no end, or one from the cut on.

    Returns
    -------
    State
        ``entity_id`` first; entities without a row before the cut are not in it.
    """
    rows = engine.keep(_typed(relation, project, engine))
    _tell_missing(relation, rows, engine, audit)
    micros = instant(cut)
    before = rows.filter(rows[ENTITY].notnull() & (rows["micros"] < micros))
    last = _last_rows(before, engine)
    roles = read_roles(project)
    ahead = _dates_ahead(rows, engine)
    made: dict[str, FeatureColumn] = {}
    sources: dict[str, str] = {}
    cut_micros = round(cut.timestamp() * 1_000_000)
    columns: dict[str, Any] = {ENTITY: last[ENTITY]}
    sums = _open_sums(before, micros, relation, engine)
    for name in (n for n in last.column_names if n.startswith(ROLE_PREFIX)):
        own = name.removeprefix(ROLE_PREFIX)
        role = role_of(own, roles) or Role.CLUSTER
        if own in ahead:
            days = _numbers(last[name], is_date=True) - cut_micros
            made[own + IN_DAYS] = _in_days(own, role)
            sources[own + IN_DAYS] = own
            columns[own + IN_DAYS] = _nulled(days / DAY_MICROS)
        elif sums is not None and name in sums.column_names:
            made[own] = _summed(own, role)
            columns[own] = _beside(last[ENTITY], sums, name)
        else:
            columns[own] = last[name]
    if sums is not None:
        name = f"{relation.source.name}{OPEN}"
        made[name] = _n_open(name, relation.source.name, project)
        columns[name] = _beside(last[ENTITY], sums, OPEN)
    import pyarrow as pa

    return State(pa.table(columns).sort_by(ENTITY), made, sources)


def is_sum_of_open(column: FeatureColumn) -> bool:
    """Say whether a column adds up the rows of a table of changes that are open at the cut."""
    return column.sentence.endswith(ADDED)


def last_time(relation: Relation, project: Project, engine: Engine) -> datetime | None:
    """Give the instant a microsecond after the last change; None where none has a time."""
    rows = _typed(relation, project, engine)
    row = engine.to_arrow(rows.aggregate(last=rows["micros"].max()))
    last = row["last"][0].as_py()
    return None if last is None else EPOCH + timedelta(microseconds=last + 1)


def _typed(relation: Relation, project: Project, engine: Engine) -> ir.Table:
    """Write entity, instants as microseconds, and attributes."""
    table = relation.table
    values: dict[str, Any] = {ENTITY: table["entity"]}
    for field, name in (("time", "micros"), ("until", "until")):
        if field in table.columns:
            values[name] = in_utc(table, field, project.time_zone, engine)
    values |= {n: table[n] for n in table.columns if n.startswith(ROLE_PREFIX)}
    return table.select(**values)


def _tell_missing(relation: Relation, rows: ir.Table, engine: Engine, audit: Audit) -> None:
    no_entity = rows[ENTITY].isnull()
    wanted = {"n": rows.count(), "entity": rows.count(where=no_entity)}
    wanted["time"] = rows.count(where=rows["micros"].isnull() & ~no_entity)
    counts = engine.to_arrow(rows.aggregate(**wanted))
    total = int(counts["n"][0].as_py())
    for field in ("entity", "time"):
        count = int(counts[field][0].as_py())
        if count:
            audit.add(
                Finding(
                    f"no_{field}",
                    f"{count} of {total} changes have no {field}",
                    severity="warning" if count > 0.01 * total else "info",
                    source=relation.source.name,
                    column=relation.source.columns.get(field),
                    count=count,
                    total=total,
                    done="left out",
                )
            )


def _last_rows(before: ir.Table, engine: Engine) -> pa.Table:
    """Give the last row of each entity; rows at one instant are told apart by their values."""
    import pyarrow as pa
    import pyarrow.compute as pc

    latest = before.group_by(last_of=before[ENTITY]).aggregate(last=before["micros"].max())
    tied = before.join(
        latest, [before[ENTITY] == latest["last_of"], before["micros"] == latest["last"]]
    ).select(*before.columns)
    found = engine.to_arrow(tied)
    names = [n for n in found.column_names if n.startswith(ROLE_PREFIX)]
    keys = [(ENTITY, "ascending")]
    if "until" in found.column_names:
        ends = pc.fill_null(found["until"].cast(pa.int64()), _FAR)
        found = found.set_column(found.schema.get_field_index("until"), "until", ends)
        keys.append(("until", "descending"))
    keys += [(n, "descending") for n in names]
    ordered = found.sort_by(keys)
    entity = ordered[ENTITY].combine_chunks()
    if len(entity) < 2:
        return ordered
    differs = pc.not_equal(entity.slice(1), entity.slice(0, len(entity) - 1))
    is_first = np.concatenate([[True], marks_of(differs)])
    return ordered.filter(pa.array(is_first))


def _open_sums(
    before: ir.Table, micros: Any, relation: Relation, engine: Engine
) -> pa.Table | None:
    """Count the rows open at the cut, and add up their numbers where that is asked for."""
    is_summed = relation.source.combine == "sum"
    if "until" not in before.columns and not is_summed:
        return None
    open_ = before
    if "until" in before.columns:
        open_ = before.filter(before["until"].isnull() | (before["until"] >= micros))
    values: dict[str, Any] = {OPEN: open_.count().cast("float64")}
    for name, type_ in before.schema().items():
        is_number = type_.is_numeric() and not type_.is_boolean()
        if is_summed and name.startswith(ROLE_PREFIX) and is_number:
            values[name] = exact(open_[name]).sum().cast("float64")
    return engine.to_arrow(open_.group_by(ENTITY).aggregate(**values))


def _dates_ahead(rows: ir.Table, engine: Engine) -> set[str]:
    """Name the dates that lie mostly after the beginning of their row.

    All rows are asked, whatever the cut: a name must not change from one cut to the next, and
    nothing else comes of it.
    """
    dates = [n for n, t in rows.schema().items() if n.startswith(ROLE_PREFIX) and t.is_temporal()]
    if not dates:
        return set()
    values = {}
    for i, name in enumerate(dates):
        at = micros_of(rows[name].cast("timestamp"))
        values[f"n{i}"] = rows[name].count()
        values[f"later{i}"] = rows.count(where=at > rows["micros"])
    row = engine.to_arrow(rows.aggregate(**values)).to_pylist()[0]
    return {
        name.removeprefix(ROLE_PREFIX)
        for i, name in enumerate(dates)
        if 2 * row[f"later{i}"] > row[f"n{i}"]
    }


def _numbers(values: pa.ChunkedArray, *, is_date: bool) -> Any:
    import pyarrow as pa

    if is_date:
        values = values.cast(pa.timestamp("us")).cast(pa.int64())
    return floats_of(values)


def _nulled(numbers: Any) -> pa.Array:
    import pyarrow as pa

    return pa.array(numbers, from_pandas=True)


def _beside(entities: pa.ChunkedArray, sums: pa.Table, name: str) -> pa.Array:
    """Put sums beside the entities that have any row: who has none open has 0."""
    import pyarrow.compute as pc

    places = pc.index_in(entities.combine_chunks(), value_set=sums[ENTITY].combine_chunks())
    known = pc.is_valid(places)
    values = sums[name].combine_chunks().take(places)
    return pc.if_else(known, values, 0.0)


def _in_days(name: str, role: Role) -> FeatureColumn:
    return FeatureColumn(
        name + IN_DAYS,
        role,
        Kind.NUMBER,
        Facet.ATTRIBUTE,
        "days",
        f"days from the cut until {name}, negative where it has passed",
        "no date",
    )


def _summed(name: str, role: Role) -> FeatureColumn:
    return FeatureColumn(
        name,
        role,
        Kind.NUMBER,
        Facet.ATTRIBUTE,
        "",
        f"{name}{ADDED}",
        "no row before the cut",
    )


def _n_open(name: str, source: str, project: Project) -> FeatureColumn:
    role = project.features.roles.get(name, Role.CLUSTER)
    return FeatureColumn(
        name,
        role,
        Kind.NUMBER,
        Facet.ATTRIBUTE,
        "rows",
        f"rows of {source} that are open at the cut",
        "no row before the cut",
    )
