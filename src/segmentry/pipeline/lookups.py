"""Entities looked up in another source before anything else: from one key to another.

What lives here: reading the pairs of a lookup, joining them to a source, and telling what has no
match or several. What does not: what becomes of the rows (``events``, ``tables``, ``changes``).

Keys are equal as texts: 7 in one file and "7" in the other are the same, 007 is another one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from segmentry.domain.audit import Audit, Finding
from segmentry.domain.project import KeyMap, Project, Shape, Source, frozen_mapping
from segmentry.engines.base import ENTITY_ID, Engine, Relation
from segmentry.errors import DataError, ProjectFileError

if TYPE_CHECKING:
    import ibis.expr.types as ir

N_EXAMPLES = 3
MANY = 0.01
"""Share of rows without a match from which on a warning is due."""

_KEY, _TO, _N = "looked up: key", "looked up: to", "looked up: n"


@dataclass(frozen=True)
class Hop:
    """One lookup, open: its pairs, and how it is called in sentences."""

    pairs: ir.Table
    """``_KEY`` is unique; ``_N`` counts what it leads to; taken fields beside it."""
    name: str
    where: str
    take: tuple[str, ...]


def looked_up(
    relation: Relation, project: Project, engine: Engine, audit: Audit, *, place: str
) -> Relation:
    """Put what its keys lead to in place of a source's entities.

    Parameters
    ----------
    relation : Relation
        An open source.
    project : Project
        Its other sources are where keys may be looked up.
    engine : Engine
    audit : Audit
        Takes, counted, the keys without a match and those with several.
    place : str
        Where the source stands in the project file, such as ``sources[1]``.

    Returns
    -------
    Relation
        Without the rows whose key has no match or several; rows without any key stay.

    Raises
    ------
    ProjectFileError
        If a lookup names a column that is not there: the problems of all lookups at once.
    DataError
        E2009 if no row has a match.
    """
    source = relation.source
    if not source.key:
        return relation
    hops, problems = [], []
    for j, hop in enumerate(source.key):
        at = f"{place}.key" if len(source.key) == 1 else f"{place}.key[{j}]"
        try:
            hops.append(_opened(hop, project, engine, audit, at))
        except ProjectFileError as error:
            problems += [_placed(p, at) for p in error.problems or (error,)]
    if problems:
        raise ProjectFileError.all_of(problems)
    entity = ENTITY_ID if source.shape is Shape.TABLE else "entity"
    table = relation.table
    for one in hops:
        table = _joined(table, entity, one, source, engine, audit)
    return replace(relation, table=table)


def _opened(hop: KeyMap, project: Project, engine: Engine, audit: Audit, at: str) -> Hop:
    """Open the file of a lookup, of which only the pairs are read."""
    base = _base(hop, project)
    columns = {"entity": hop.to, ENTITY_ID: hop.start, **hop.take}
    opened = engine.open(
        base.plain(Shape.EVENTS, columns),
        folder=str(project.folder),
        # What is bad in a source of the project is told where that source is opened.
        audit=audit if hop.source is None else Audit(),
        allow_bad_rows=True,
        roles={},
        key=at,
    )
    table = opened.table
    key, to = table[ENTITY_ID].cast("string"), table["entity"].cast("string")
    rows = table.select(**{_KEY: key, _TO: to, **{name: table[name] for name in hop.take}})
    rows = rows.filter(rows[_KEY].notnull() & rows[_TO].notnull())
    values: dict[str, Any] = {_N: rows[_TO].nunique(), _TO: rows[_TO].min()}
    # Of several values the least counts: the earliest time, the first word.
    values |= {name: rows[name].min() for name in hop.take}
    pairs = engine.keep(rows.group_by(_KEY).aggregate(**values))
    return Hop(pairs, f"{base.name}.{hop.start}", f"{base.name}.{hop.to}", tuple(hop.take))


def _base(hop: KeyMap, project: Project) -> Source:
    if hop.path is not None:
        return Source(hop.path, hop.path)
    return next(s for s in project.sources if s.name == hop.source)


def _placed(error: ProjectFileError, at: str) -> ProjectFileError:
    """Give an error of the reader the key of the project file that asks for the column."""
    keys: Mapping[str, str] = frozen_mapping(
        {f"{at}.columns.entity": f"{at}.to", f"{at}.columns.{ENTITY_ID}": f"{at}.from"}
    )
    key = error.key or at
    key = keys.get(key, key.replace(f"{at}.columns.", f"{at}.take."))
    # The condition is the other source's own, and is told there too.
    return ProjectFileError(error.what, code=error.code, hint=error.hint, key=key)


def _joined(
    table: ir.Table, entity: str, hop: Hop, source: Source, engine: Engine, audit: Audit
) -> ir.Table:
    """Join one lookup, tell what it loses, and leave that out."""
    import ibis

    names = table.columns
    pairs = hop.pairs.rename({f"taken: {name}": name for name in hop.take})
    joined = table.left_join(pairs, table[entity].cast("string") == pairs[_KEY])
    _tell_lost(joined, entity, hop, source, engine, audit)
    kept = joined.filter(joined[entity].isnull() | (joined[_N] == 1))
    values = {name: kept[name] for name in names}
    values[entity] = ibis.cases((kept[_N] == 1, kept[_TO]), else_=ibis.null("string"))
    values |= {name: kept[f"taken: {name}"] for name in hop.take}
    return kept.select(**values)


def _tell_lost(
    joined: ir.Table, entity: str, hop: Hop, source: Source, engine: Engine, audit: Audit
) -> None:
    """Count the keys that lead nowhere or to several, with the most frequent as examples."""
    counted = engine.to_arrow(_counted(joined, entity)).to_pylist()
    total = sum(int(row["rows"]) for row in counted if row["rank"] == 0)
    n_lost = 0
    for code in ("no_match", "ambiguous_key"):
        shown = sorted((r for r in counted if r["code"] == code), key=lambda r: int(r["rank"]))
        if shown:
            n_keys, n_rows = (int(shown[0][name]) for name in ("keys", "rows"))
            n_lost += n_rows
            examples = [row["key"] for row in shown]
            audit.add(_finding(code, hop, source, n_keys, n_rows, total, examples))
    if total and n_lost == total:
        raise DataError(
            f"no key of source {source.name!r} is found in {hop.name}",
            code="E2009",
            where=source.name,
            hint="check which columns 'entity' and 'key.from' name: their values have to be equal",
        )


def _counted(joined: ir.Table, entity: str) -> ir.Table:
    """Write the rows and keys of each fate, beside its most frequent keys: all in one statement."""
    import ibis

    keyed = joined.filter(joined[entity].notnull())
    none, text = ibis.null("string"), keyed[entity].cast("string")
    code = ibis.cases((keyed[_N].isnull(), "no_match"), (keyed[_N] > 1, "ambiguous_key"),
                      else_="found")  # fmt: skip
    # Keys that are found are counted as one, for there may be very many.
    key = ibis.cases((keyed[_N] == 1, none), else_=text)
    by_key = keyed.group_by(code=code, key=key).aggregate(n=keyed.count())
    alike = ibis.window(group_by=by_key["code"])
    order = ibis.window(group_by=by_key["code"], order_by=[by_key["n"].desc(), by_key["key"]])
    ranked = by_key.mutate(
        rank=ibis.row_number().over(order).cast("int64"),
        keys=by_key.count().over(alike),
        rows=by_key["n"].sum().over(alike),
    )
    return ranked.filter(ranked["rank"] < N_EXAMPLES)


def _finding(
    code: str,
    hop: Hop,
    source: Source,
    n_keys: int,
    n_rows: int,
    total: int,
    examples: list[str],
) -> Finding:
    keys = "1 key" if n_keys == 1 else f"{n_keys} keys"
    said = {
        "no_match": f"{n_rows} of {total} rows have no match in {hop.name} ({keys})",
        "ambiguous_key": f"{n_rows} of {total} rows have a key that leads to several values of"
        f" {hop.where} ({keys})",
    }
    return Finding(
        code,
        said[code],
        severity="warning" if n_rows > MANY * total or code == "ambiguous_key" else "info",
        source=source.name,
        column=source.columns.get("entity"),
        count=n_rows,
        total=total,
        examples=tuple(map(str, examples)),
        done="left out",
    )
