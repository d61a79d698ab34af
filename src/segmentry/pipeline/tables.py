"""Sources with one row per entity: every column by its role.

What lives here: keys, duplicates, and what becomes of each column. What does not: sources of shape
*events* (``events``).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from segmentry.domain.audit import Audit, Finding
from segmentry.domain.project import ROW_NUMBER, Project, Source
from segmentry.domain.role import Facet, Kind, Role
from segmentry.domain.table import ENTITY, FeatureColumn
from segmentry.engines.base import Engine, Relation
from segmentry.errors import DataError

if TYPE_CHECKING:
    import ibis.expr.types as ir
    import pyarrow as pa

MOST_LEVELS = 50
MOST_DISTINCT_SHARE = 0.5
"""A text column with more levels, or more distinct values per row, names things; it groups none."""

DAYS_AGO = "_days_ago"
"""Ends the name of a feature made of a date column."""

DAY_SECONDS = 86_400.0
N_EXAMPLES = 3


@dataclass(frozen=True)
class Plan:
    """What becomes of a column."""

    source: str
    column: FeatureColumn
    is_date: bool = False


def keyed(relation: Relation, engine: Engine, audit: Audit) -> ir.Table:
    """Give a table with ``entity_id`` first: known, and one row for each.

    Raises
    ------
    DataError
        E2005 if entities repeat and the project does not say which row counts; E2009 if no row
        has an entity.
    """
    import ibis

    table, source = relation.table, relation.source
    if source.columns.get("entity", ROW_NUMBER) == ROW_NUMBER:
        return table.mutate(**{ENTITY: ibis.row_number() + 1})
    table = _with_entity(table, source, engine, audit)
    repeated = _repeated(table, engine)
    if not repeated:
        return table
    if source.deduplicate != "last":
        raise _duplicates(repeated, source, engine, table)
    return _last_rows(table, source, engine, audit)


def _with_entity(table: ir.Table, source: Source, engine: Engine, audit: Audit) -> ir.Table:
    counts = engine.to_arrow(table.aggregate(n=table.count(), known=table[ENTITY].count()))
    total, known = (int(counts[c][0].as_py()) for c in ("n", "known"))
    if known == 0:
        raise DataError(
            f"no row of {source.name!r} has an entity",
            code="E2009",
            where=source.name,
            hint=f"map another column as entity, or set it to {ROW_NUMBER!r}",
        )
    if known < total:
        audit.add(
            Finding(
                "no_entity",
                f"{total - known} of {total} rows have no entity",
                severity="warning",
                source=source.name,
                column=source.columns["entity"],
                count=total - known,
                total=total,
                done="left out",
            )
        )
    return table.filter(table[ENTITY].notnull())


def _repeated(table: ir.Table, engine: Engine) -> list[dict[str, Any]]:
    counted = table.group_by(ENTITY).aggregate(n=table.count())
    repeated = counted.filter(counted["n"] > 1).order_by(counted["n"].desc(), ENTITY)
    return list(engine.to_arrow(repeated.limit(N_EXAMPLES)).to_pylist())


def _duplicates(
    repeated: list[dict[str, Any]], source: Source, engine: Engine, table: ir.Table
) -> DataError:
    counts = engine.to_arrow(table.aggregate(n=table.count(), distinct=table[ENTITY].nunique()))
    n = int(counts["n"][0].as_py()) - int(counts["distinct"][0].as_py())
    shown = ", ".join(f"{r[ENTITY]!r} ({r['n']} rows)" for r in repeated)
    return DataError(
        f"{n} rows of {source.name!r} repeat an entity, such as {shown}",
        code="E2005",
        where=source.name,
        hint="set 'shape: events' if an entity has many rows, or 'deduplicate: last' to keep "
        "the last row of each",
    )


def _last_rows(table: ir.Table, source: Source, engine: Engine, audit: Audit) -> ir.Table:
    import ibis

    position = "row position"
    numbered = table.mutate(**{position: ibis.row_number()})
    backwards = ibis.window(group_by=ENTITY, order_by=numbered[position].desc())
    ranked = numbered.mutate(**{"row rank": ibis.row_number().over(backwards)})
    kept = ranked.filter(ranked["row rank"] == 0).drop(position, "row rank")
    counts = engine.to_arrow(table.aggregate(n=table.count(), distinct=table[ENTITY].nunique()))
    total, distinct = (int(counts[c][0].as_py()) for c in ("n", "distinct"))
    audit.add(
        Finding(
            "duplicate_entity",
            f"{total - distinct} of {total} rows repeat an entity",
            severity="warning",
            source=source.name,
            column=source.columns["entity"],
            count=total - distinct,
            total=total,
            done="the last row of each entity was kept",
        )
    )
    return kept


def planned(
    table: ir.Table,
    project: Project,
    engine: Engine,
    audit: Audit,
    like: Iterable[FeatureColumn] | None,
) -> list[Plan]:
    """Decide what becomes of each column."""
    if like is not None:
        return _as_before(table, like)
    roles = _roles(project)
    names = [n for n in table.columns if n != ENTITY and roles.get(n) is not Role.ID]
    texts = [n for n in names if table[n].type().is_string() and n not in roles]
    levels = _levels(table, texts, engine)
    plans = []
    for name in names:
        if name in levels and _is_wordy(*levels[name]):
            audit.add(_left_out(name, *levels[name], project))
            continue
        plans.append(_plan(name, table[name].type(), roles.get(name, Role.CLUSTER)))
    return plans


def _roles(project: Project) -> dict[str, Role]:
    roles = dict(project.features.roles)
    for outcome in project.outcomes:
        if outcome.column is not None:
            roles.setdefault(outcome.column, Role.OUTCOME)
    return roles


def _as_before(table: ir.Table, like: Iterable[FeatureColumn]) -> list[Plan]:
    plans = []
    for column in like:
        source = column.name
        is_date = source not in table.columns and source.endswith(DAYS_AGO)
        source = source.removesuffix(DAYS_AGO) if is_date else source
        if source in table.columns:
            plans.append(Plan(source, column, is_date))
    return plans


def _levels(table: ir.Table, names: list[str], engine: Engine) -> dict[str, tuple[int, int]]:
    """Count values and distinct values of text columns."""
    if not names:
        return {}
    values = {f"n {n}": table[n].count() for n in names} | {
        f"d {n}": table[n].nunique() for n in names
    }
    row = engine.to_arrow(table.aggregate(**values))
    return {n: (int(row[f"n {n}"][0].as_py()), int(row[f"d {n}"][0].as_py())) for n in names}


def _is_wordy(n: int, n_distinct: int) -> bool:
    return n_distinct > MOST_LEVELS or n_distinct > MOST_DISTINCT_SHARE * n


def _left_out(name: str, n: int, n_distinct: int, project: Project) -> Finding:
    return Finding(
        "many_levels",
        f"{name} has {n_distinct} different texts in {n} rows, which names rather than groups",
        source=project.sources[0].name,
        column=name,
        count=n_distinct,
        total=n,
        done="left out; a role in features.roles takes it in",
    )


def _plan(name: str, type_: Any, role: Role) -> Plan:
    if type_.is_timestamp() or type_.is_date():
        column = FeatureColumn(
            f"{name}{DAYS_AGO}", role, Kind.NUMBER, Facet.ATTRIBUTE, "days",
            f"days since {name}", "no date",
        )  # fmt: skip
        return Plan(name, column, is_date=True)
    is_number = type_.is_numeric() or type_.is_boolean()
    kind = Kind.NUMBER if is_number else Kind.CATEGORY
    unit = "share" if type_.is_boolean() else ""
    return Plan(name, FeatureColumn(name, role, kind, Facet.ATTRIBUTE, unit, name))


def reference_day(
    table: ir.Table, plans: list[Plan], engine: Engine, as_of: datetime | None
) -> datetime | None:
    """Give the instant from which dates are counted back: asked for, else the latest date."""
    dates = [p.source for p in plans if p.is_date]
    if not dates:
        return None
    if as_of is not None:
        return as_of if as_of.tzinfo else as_of.replace(tzinfo=UTC)
    row = engine.to_arrow(table.aggregate(**{d: table[d].cast("timestamp").max() for d in dates}))
    found = [row[d][0].as_py() for d in dates]
    known = [f for f in found if f is not None]
    return max(known).replace(tzinfo=UTC) if known else None


def values_of(table: ir.Table, plans: list[Plan], engine: Engine, day: datetime | None) -> pa.Table:
    """Compute the columns, one row per entity."""
    values: dict[str, Any] = {}
    for plan in plans:
        value = table[plan.source]
        if plan.is_date:
            values[plan.column.name] = _days_before(value, day)
        elif plan.column.kind is Kind.NUMBER:
            values[plan.column.name] = value.cast("float64")
        else:
            values[plan.column.name] = value.cast("string")
    return engine.to_arrow(table.select(ENTITY, **values))


def _days_before(value: Any, day: datetime | None) -> Any:
    import ibis

    if day is None:
        return ibis.null("float64")
    seconds = value.cast("timestamp").epoch_seconds()
    return (int(day.timestamp()) - seconds) / DAY_SECONDS


def role_kinds(columns: Iterable[FeatureColumn]) -> Mapping[str, str]:
    """Say what the columns of an earlier table have to be read as."""
    kinds = {}
    for column in columns:
        if column.kind is Kind.CATEGORY:
            kinds[column.name] = "text"
            continue
        kinds[column.name] = "number"
        if column.name.endswith(DAYS_AGO):
            kinds[column.name.removesuffix(DAYS_AGO)] = "time"
    return kinds


def one_day_after(day: datetime) -> datetime:
    """Give the default cut of a table with dates: a microsecond after the latest."""
    return day + timedelta(microseconds=1)
