"""Events that are told more than once, inside a source and across sources: each counts once.

What lives here: equal rows, and rows of one id. What does not: entities that repeat in a table
(``tables``).

``rows`` compares all columns of the files, so two events that only look alike in the mapped
columns stay two; sources are compared with those of the same columns. ``id`` compares the mapped
id over all sources that say so. Of rows with one id the latest in time is kept (a correction comes
later), and of those the one with the greatest values, field by field in alphabetical order.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from segmentry.domain.audit import Audit, Finding
from segmentry.engines.base import ROLE_PREFIX, Engine, Relation

if TYPE_CHECKING:
    import ibis.expr.types as ir

_TAG, _PLACE = "source number", "place"


def once_each(relations: Sequence[Relation], engine: Engine, audit: Audit) -> list[Relation]:
    """Keep one of the rows that tell the same event, in the sources that ask for it.

    Parameters
    ----------
    relations : sequence of Relation
        Open sources. Those deduplicated by rows hold all columns of their files.
    engine : Engine
    audit : Audit
        Takes how many rows were left out.

    Returns
    -------
    list of Relation
        In the same order.
    """
    kept = list(relations)
    for group in _groups(relations):
        parts = [_tagged(relations[i].table, i) for i in group]
        whole = engine.keep(_united(parts))
        by_id = relations[group[0]].source.deduplicate == "id"
        single = engine.keep(_one_of_each(whole, by_id=by_id))
        for i in group:
            own = single.filter(single[_TAG] == i)
            before = _count(whole.filter(whole[_TAG] == i), engine)
            _tell(relations[i], before, before - _count(own, engine), audit)
            names = [n for n in relations[i].table.columns if n in own.columns]
            kept[i] = replace(relations[i], table=own.select(*names))
    return kept


def _groups(relations: Sequence[Relation]) -> list[list[int]]:
    """Put sources together whose rows can be the same."""
    found: dict[Any, list[int]] = {}
    for i, relation in enumerate(relations):
        how = relation.source.deduplicate
        if how == "id":
            found.setdefault("id", []).append(i)
        elif how == "rows":
            key = (frozenset(relation.columns), tuple(sorted(relation.source.columns.items())))
            found.setdefault(key, []).append(i)
    return list(found.values())


def _tagged(table: ir.Table, number: int) -> ir.Table:
    import ibis

    return table.mutate(**{_TAG: ibis.literal(number, "int64")})


def _united(parts: Sequence[ir.Table]) -> ir.Table:
    """Put tables below each other: columns by name, with the type of the first that has them."""
    import ibis

    columns: dict[str, Any] = {}
    for part in parts:
        for name, type_ in part.schema().items():
            same = columns.setdefault(name, type_)
            if same != type_ and not (same.is_temporal() and type_.is_temporal()):
                is_number = same.is_numeric() and type_.is_numeric()
                columns[name] = ibis.dtype("float64" if is_number else "string")
    whole = [
        part.select(
            **{
                name: part[name].cast(type_) if name in part.columns else ibis.null(type_)
                for name, type_ in columns.items()
            }
        )
        for part in parts
    ]
    return whole[0] if len(whole) == 1 else ibis.union(*whole)


def _one_of_each(whole: ir.Table, *, by_id: bool) -> ir.Table:
    import ibis

    names = sorted(n for n in whole.columns if n != _TAG)
    if not by_id:
        return whole.group_by(names).aggregate(**{_TAG: whole[_TAG].min()})
    first = ["time"] if "time" in names else []
    order = [*first, *(n for n in names if n not in {"id", "time"})]
    keys = [ibis.desc(whole[n], nulls_first=False) for n in order]
    window = ibis.window(group_by=whole["id"], order_by=[*keys, whole[_TAG]])
    numbered = whole.mutate(**{_PLACE: ibis.row_number().over(window)})
    # An event without an id cannot be told to be another one.
    single = numbered.filter((numbered[_PLACE] == 0) | numbered["id"].isnull())
    return single.drop(_PLACE)


def _count(table: ir.Table, engine: Engine) -> int:
    return int(engine.to_arrow(table.aggregate(n=table.count()))["n"][0].as_py())


def _tell(relation: Relation, total: int, count: int, audit: Audit) -> None:
    if not count:
        return
    what = "have the id of another row" if relation.source.deduplicate == "id" else "are equal to"
    what += "" if relation.source.deduplicate == "id" else " another row"
    audit.add(
        Finding(
            "repeated_events",
            f"{count} of {total} rows {what}",
            source=relation.source.name,
            column=relation.source.columns.get("id"),
            count=count,
            total=total,
            done="counted once",
        )
    )


def own_columns(relation: Relation, wanted: frozenset[str]) -> Relation:
    """Drop the columns that were read for the comparison alone."""
    names = [
        n
        for n in relation.table.columns
        if not n.startswith(ROLE_PREFIX) or n.removeprefix(ROLE_PREFIX) in wanted
    ]
    return replace(relation, table=relation.table.select(*names))
