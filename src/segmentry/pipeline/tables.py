"""Sources with one row per entity: every column by its role.

What lives here: keys, duplicates, joins by entity, and what becomes of each column. What does not:
sources of shape *events* (``events``). A table is one row per entity already, as its features are,
so it is handled in memory.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import numpy as np

from segmentry.domain.arrays import floats_of
from segmentry.domain.audit import Audit, Finding
from segmentry.domain.harmony import Harmony
from segmentry.domain.project import ROW_NUMBER, FeatureChoice, Source
from segmentry.domain.role import Facet, Kind, Role
from segmentry.domain.table import ENTITY, FeatureColumn
from segmentry.engines.base import Engine, Relation
from segmentry.errors import DataError, ProjectFileError
from segmentry.pipeline.cut import Bulk, bulk_of
from segmentry.pipeline.words import tell_alike

if TYPE_CHECKING:
    import pyarrow as pa
    from numpy.typing import NDArray

MOST_LEVELS = 50
MOST_DISTINCT_SHARE = 0.5
"""A text column with more levels, or more distinct values per row, names things; it groups none."""

DAYS_AGO = "_days_ago"
"""Ends the name of a feature made of a date column."""

DAY_MICROS = 86_400_000_000
N_EXAMPLES = 3


@dataclass(frozen=True)
class Plan:
    """What becomes of a column."""

    source: str
    column: FeatureColumn
    is_date: bool = False


def read_rows(
    relation: Relation,
    engine: Engine,
    roles: Mapping[str, Role],
    audit: Audit,
    like: Iterable[FeatureColumn] | None,
) -> pa.Table:
    """Read a table, ``entity_id`` first: known, and one row for each.

    Raises
    ------
    DataError
        E2005 if entities repeat and the project does not say which row counts; E2009 if no row
        has an entity.
    """
    wanted = {ENTITY, *_wanted(relation, roles, like)}
    names = [n for n in relation.table.columns if n in wanted]
    is_whole = len(names) == len(relation.table.columns)
    rows = engine.to_arrow(relation.table if is_whole else relation.table.select(names))
    return _keyed(rows, relation.source, audit)


def _wanted(
    relation: Relation, roles: Mapping[str, Role], like: Iterable[FeatureColumn] | None
) -> set[str]:
    if like is None:
        return {n for n in relation.table.columns if role_of(n, roles) is not Role.ID}
    read = {name for c in like for name in (c.name, c.name.removesuffix(DAYS_AGO))}
    beside = f" ({relation.source.name})"
    return read | {c.text.column.removesuffix(beside) for c in like if c.text is not None}


def role_of(name: str, roles: Mapping[str, Role]) -> Role | None:
    """Give the role of a column, also of one that gave way to the key's name ``entity_id``."""
    original = name.rstrip("_")
    if name not in roles and original.lower() == ENTITY:
        return roles.get(original)
    return roles.get(name)


def _keyed(rows: pa.Table, source: Source, audit: Audit) -> pa.Table:
    import pyarrow as pa

    if source.columns.get("entity", ROW_NUMBER) == ROW_NUMBER:
        numbers = pa.array(np.arange(1, rows.num_rows + 1, dtype=np.int64))
        return rows.add_column(0, ENTITY, numbers)
    rows = _with_entity(rows, source, audit)
    n_distinct = len(rows[ENTITY].unique())
    if n_distinct == rows.num_rows:
        return rows
    if source.deduplicate != "last":
        raise _duplicates(rows, n_distinct, source)
    return _last_rows(rows, n_distinct, source, audit)


def _with_entity(rows: pa.Table, source: Source, audit: Audit) -> pa.Table:
    import pyarrow.compute as pc

    total, n_missing = rows.num_rows, rows[ENTITY].null_count
    if n_missing == total:
        raise DataError(
            f"no row of {source.name!r} has an entity",
            code="E2009",
            where=source.name,
            hint=f"map another column as entity, or set it to {ROW_NUMBER!r}",
        )
    if not n_missing:
        return rows
    audit.add(
        Finding(
            "no_entity",
            f"{n_missing} of {total} rows have no entity",
            severity="warning",
            source=source.name,
            column=source.columns["entity"],
            count=n_missing,
            total=total,
            done="left out",
        )
    )
    return rows.filter(pc.is_valid(rows[ENTITY]))


def _duplicates(rows: pa.Table, n_distinct: int, source: Source) -> DataError:
    counts = rows.group_by(ENTITY).aggregate([([], "count_all")])
    worst = counts.sort_by([("count_all", "descending"), (ENTITY, "ascending")]).slice(
        0, N_EXAMPLES
    )
    shown = ", ".join(
        f"{r[ENTITY]!r} ({r['count_all']} rows)" for r in worst.to_pylist() if r["count_all"] > 1
    )
    return DataError(
        f"{rows.num_rows - n_distinct} rows of {source.name!r} repeat an entity, such as {shown}",
        code="E2005",
        where=source.name,
        hint="set 'shape: events' if an entity has many rows, or 'deduplicate: last' to keep "
        "the last row of each",
    )


def _last_rows(rows: pa.Table, n_distinct: int, source: Source, audit: Audit) -> pa.Table:
    import pyarrow as pa

    places = pa.table({ENTITY: rows[ENTITY], "place": pa.array(np.arange(rows.num_rows))})
    last = places.group_by(ENTITY).aggregate([("place", "max")])["place_max"]
    audit.add(
        Finding(
            "duplicate_entity",
            f"{rows.num_rows - n_distinct} of {rows.num_rows} rows repeat an entity",
            severity="warning",
            source=source.name,
            column=source.columns["entity"],
            count=rows.num_rows - n_distinct,
            total=rows.num_rows,
            done="the last row of each entity was kept",
        )
    )
    return rows.take(last)


def alike(rows: pa.Table, rules: Mapping[str, Harmony], audit: Audit) -> pa.Table:
    """Write the words of columns alike, where the project asks for it."""
    import pyarrow as pa

    for name, rule in rules.items():
        if name not in rows.column_names or not pa.types.is_string(rows[name].type):
            continue
        known = rows[name].combine_chunks().dictionary_encode()
        before = known.dictionary.to_pylist()
        after = rule.all_of(before)
        tell_alike(name, len(before), len(set(after)), audit)
        values = pa.array(after, pa.string()).take(known.indices)
        rows = rows.set_column(rows.schema.get_field_index(name), name, values)
    return rows


def aligned(entities: pa.ChunkedArray, rows: pa.Table, source: Source, audit: Audit) -> pa.Table:
    """Put the rows of a table beside given entities, null where it does not know one."""
    import pyarrow as pa
    import pyarrow.compute as pc

    keys = rows[ENTITY]
    if keys.type != entities.type:
        keys, entities = keys.cast(pa.string()), entities.cast(pa.string())
    places = pc.index_in(entities, value_set=keys)
    if places.null_count:
        audit.add(
            Finding(
                "not_in_table",
                f"{places.null_count} of {len(entities)} entities are not in {source.name}",
                severity="warning" if places.null_count > 0.5 * len(entities) else "info",
                source=source.name,
                count=places.null_count,
                total=len(entities),
                done="its columns are missing for them",
            )
        )
    return rows.drop_columns([ENTITY]).take(places)


def planned(
    rows: pa.Table,
    roles: Mapping[str, Role],
    source: Source,
    audit: Audit,
    like: Iterable[FeatureColumn] | None,
) -> list[Plan]:
    """Decide what becomes of each column."""
    if like is not None:
        return _as_before(rows.column_names, like)
    plans = []
    for name in rows.column_names:
        if name == ENTITY:
            continue
        role = role_of(name, roles)
        if role is Role.TEXT:
            continue
        left_out = _left_out(name, rows[name], source) if role is None else None
        plan = _plan(name, rows[name].type, role or Role.CLUSTER)
        if plan.is_date and plan.column.name in rows.column_names:
            left_out = _told_already(name, plan.column.name, source)
        if left_out is not None:
            audit.add(left_out)
            continue
        plans.append(plan)
    return plans


def chosen(
    plans: Sequence[Plan],
    choice: FeatureChoice,
    source: Source,
    also: Collection[str] = (),
) -> list[Plan]:
    """Keep the columns that the project wants among its features.

    ``also`` are names of features that are no columns: those of texts.

    Raises
    ------
    ProjectFileError
        If it names a column that the table lacks: every such name at once.
    """
    names = {p.column.name for p in plans} | {p.source for p in plans} | set(also)
    included = None if choice.include == "auto" else choice.include
    problems = [
        ProjectFileError.missing_column(name, names, source=source.name, key=f"features.{key}")
        for key, wanted in (("include", included or ()), ("exclude", choice.exclude))
        for name in wanted
        if name not in names
    ]
    if problems:
        raise ProjectFileError.all_of(problems)
    return [
        p
        for p in plans
        if p.column.role is not Role.CLUSTER
        or not (
            {p.source, p.column.name} & set(choice.exclude)
            or (included is not None and not {p.source, p.column.name} & set(included))
        )
    ]


def _told_already(name: str, feature: str, source: Source) -> Finding:
    return Finding(
        "name_taken",
        f"the days since {name} would be called {feature}, as another column is",
        source=source.name,
        column=name,
        done="left out",
    )


def _as_before(names: Sequence[str], like: Iterable[FeatureColumn]) -> list[Plan]:
    known = set(names)
    plans = []
    for column in like:
        if column.text is not None:
            continue
        if column.name in known:
            plans.append(Plan(column.name, column))
        elif column.name.removesuffix(DAYS_AGO) in known:
            plans.append(Plan(column.name.removesuffix(DAYS_AGO), column, is_date=True))
    return plans


def _left_out(name: str, values: pa.ChunkedArray, source: Source) -> Finding | None:
    """Tell why a column without a role of its own is no feature, if it is none."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if not pa.types.is_string(values.type):
        return None
    n, n_levels = len(values) - values.null_count, pc.count_distinct(values).as_py()
    if n_levels <= MOST_LEVELS and n_levels <= max(MOST_DISTINCT_SHARE * n, 2):
        return None
    return Finding(
        "many_levels",
        f"{name} has {n_levels} different texts in {n} rows, which name rather than group",
        source=source.name,
        column=name,
        count=n_levels,
        total=n,
        done="left out; a role in features.roles takes it in",
    )


def _plan(name: str, type_: pa.DataType, role: Role) -> Plan:
    import pyarrow as pa

    if pa.types.is_temporal(type_):
        column = FeatureColumn(
            f"{name}{DAYS_AGO}",
            role,
            Kind.NUMBER,
            Facet.ATTRIBUTE,
            "days",
            f"days since {name}",
            "no date",
        )
        return Plan(name, column, is_date=True)
    kind = Kind.CATEGORY if pa.types.is_string(type_) else Kind.NUMBER
    unit = "share" if pa.types.is_boolean(type_) else ""
    return Plan(name, FeatureColumn(name, role, kind, Facet.ATTRIBUTE, unit, name))


def reference_day(
    rows: pa.Table, plans: Sequence[Plan], audit: Audit, as_of: datetime | None
) -> datetime | None:
    """Give the instant from which dates are counted back: asked for, else the latest date.

    A date that is stray (see ``cut``) is not the latest.
    """
    dates = [p.source for p in plans if p.is_date]
    if not dates:
        return None
    if as_of is not None:
        return aware(as_of)
    latest = [found for name in dates if (found := _latest(name, rows[name], audit)) is not None]
    return (
        datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=max(latest)) if latest else None
    )


def aware(at: datetime | None) -> datetime | None:
    """Read an instant without zone as UTC."""
    return at if at is None or at.tzinfo else at.replace(tzinfo=UTC)


def _latest(name: str, values: pa.ChunkedArray, audit: Audit) -> int | None:
    micros = _micros(values)
    known = micros[~np.isnan(micros)]
    if not len(known):
        return None
    days, counts = np.unique(np.floor(known / DAY_MICROS).astype(np.int64), return_counts=True)
    bulk = bulk_of(days, counts.astype(np.int64))
    if bulk.n_after or bulk.n_before:
        audit.add(_stray(name, bulk, known))
    return int(known[known < (bulk.last_day + 1) * DAY_MICROS].max())


def _stray(name: str, bulk: Bulk, micros: NDArray[np.float64]) -> Finding:
    far = (micros < bulk.first_day * DAY_MICROS) | (micros >= (bulk.last_day + 1) * DAY_MICROS)
    found = np.unique(micros[far])[:: -1 if bulk.n_after else 1][:N_EXAMPLES]
    start = datetime(1970, 1, 1, tzinfo=UTC)
    return Finding(
        "stray_date",
        f"{name} has {int(far.sum())} dates far from all others",
        severity="warning",
        column=name,
        count=int(far.sum()),
        examples=tuple(f"{start + timedelta(microseconds=int(m)):%Y-%m-%d}" for m in found),
        done="kept; the latest date is taken from the others",
    )


def _micros(values: pa.ChunkedArray) -> NDArray[np.float64]:
    """Give times as microseconds since 1970, NaN where missing (exact until the year 2255)."""
    import pyarrow as pa

    times = values.cast(pa.timestamp("us")).cast(pa.int64())
    return floats_of(times)


def values_of(rows: pa.Table, plans: Sequence[Plan], day: datetime | None) -> pa.Table:
    """Give ``entity_id`` and the planned columns."""
    import pyarrow as pa

    cut = (
        np.nan
        if day is None
        else (day - datetime(1970, 1, 1, tzinfo=UTC)) / timedelta(microseconds=1)
    )
    fields: dict[str, pa.Array | pa.ChunkedArray] = {ENTITY: rows[ENTITY]}
    for plan in plans:
        values = rows[plan.source]
        if plan.is_date:
            values = pa.array((cut - _micros(values)) / DAY_MICROS, from_pandas=True)
        fields[plan.column.name] = values
    return pa.table(fields)


def role_kinds(columns: Iterable[FeatureColumn]) -> dict[str, str]:
    """Say what the columns of an earlier table have to be read as."""
    kinds = {}
    for column in columns:
        if column.text is not None:
            kinds[column.text.column] = "text"
            continue
        kinds[column.name] = "text" if column.kind is Kind.CATEGORY else "number"
        if column.name.endswith(DAYS_AGO):
            kinds[column.name.removesuffix(DAYS_AGO)] = "time"
    return kinds
