"""Rows that belong to nobody, to a stand-in, or to the house itself.

Guests have no entity; a stand-in ("unknown", 0) gathers the rows of many under one; accounts for
tests and for the house's own people behave like no customer.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from segmentry.engines.expressions import literal
from segmentry.projectfile.findings.edit import Edit
from segmentry.projectfile.findings.finding import Finding, agreeing, of_rows, rows_do
from segmentry.projectfile.findings.look import Look
from segmentry.projectfile.findings.vocabulary import NOBODY, OURS, RESERVED_DOMAINS
from segmentry.projectfile.sql import quote
from segmentry.projectfile.survey import Column

MOST_TESTERS = 0.05
"""With a larger share of entities, the word means something else in this data."""

STAND_IN = 20.0
"""How many times the rows of an entity a number must gather to stand for nobody."""

_MARK = re.compile(rf"(^|[^a-z])({'|'.join(sorted(OURS))})([0-9]*)([^a-z]|$)")
_AT_OURS = re.compile(rf"@({'|'.join(d.replace('.', '[.]') for d in RESERVED_DOMAINS)})$")


def guests(look: Look) -> Iterator[Finding]:
    """Find rows without an entity."""
    if look.entity is None:
        return
    condition = f"{look.entity} IS NULL"
    count = look.rows.count([condition])[0]
    if count:
        name = look.source.columns["entity"]
        yield Finding(
            "guests",
            "warning",
            f"{rows_do(count, look.n_rows, 'have')} no {name!r}: they belong to nobody",
            (name,),
            count,
            look.n_rows,
            rows=condition,
            # A run leaves them out as well, so nothing is lost by saying so.
            edit=Edit("where", f"{_quoted(look, name)} is not null"),
            is_safe=True,
        )


def placeholder_entities(look: Look) -> Iterator[Finding]:
    """Find values that name no entity: words such as *unknown*, a 0 or -1 that gathers rows."""
    if look.entity is None or not look.is_events:
        return
    texts, name = f"lower(trim(CAST({look.entity} AS VARCHAR)))", look.source.columns["entity"]
    words = ", ".join(literal(w) for w in sorted(NOBODY))
    found = look.rows.ask(
        f"{texts}, count(*)", f"WHERE {texts} IN ({words}, '0', '-1') GROUP BY 1 ORDER BY 2 DESC, 1"
    )
    if not found:
        return
    each = look.rows.ask(f"count({look.entity}) / count(DISTINCT {look.entity})")[0][0]
    stand_ins = [
        (value, int(n))
        for value, n in found
        if value in NOBODY or (n > STAND_IN * each and n > 0.005 * look.n_rows)
    ]
    if not stand_ins:
        return
    listed = ", ".join(literal(value) for value, _ in stand_ins)
    condition, count = f"{texts} IN ({listed})", sum(n for _, n in stand_ins)
    column = look.field("entity")
    kept = f"lower(trim(CAST({_quoted(look, name)} AS VARCHAR)))"
    yield Finding(
        "placeholder_entities",
        "warning",
        f"{rows_do(count, look.n_rows, 'have')} a {name!r} that names nobody",
        (name,),
        count,
        look.n_rows,
        tuple(value for value, _ in stand_ins[:3]),
        rows=condition,
        edit=Edit("where", f"coalesce({kept}, '') not in ({listed})"),
        is_safe=column is not None and column.kind == "text",
    )


def own_accounts(look: Look) -> Iterator[Finding]:
    """Find accounts for tests and of the house's own people, by flag, by name and by e-mail."""
    for column in look.survey.columns:
        found = _by_flag(column, look) or _by_name(column, look)
        if found is not None:
            yield found


def _by_flag(column: Column, look: Look) -> Finding | None:
    said = set(column.words)
    if not said & OURS or said - OURS - {"is", "account", "user", "customer", "flag"}:
        return None
    yes = {"bool": "true", "number": "1"}.get(column.kind)
    if not column.is_binary or (yes is None and not {"yes", "true", "y"} & _lower(column)):
        return None
    name = quote(column.name)
    is_set = f"lower(trim({name})) IN ('yes', 'true', 'y')" if yes is None else f"{name} = {yes}"
    return _told(column, is_set, look, look.rows.number(column.name) if yes == "1" else name)


def _lower(column: Column) -> set[str]:
    return {level.strip().lower() for level in column.levels}


def _by_name(column: Column, look: Look) -> Finding | None:
    is_entity = column.name == look.source.columns.get("entity")
    named = set(column.words) & {"email", "mail", "login", "username", "domain"}
    if column.kind != "text" or not (is_entity or named):
        return None
    hits = [t for t in column.distinct_texts if _is_ours(t)]
    if not hits or len(hits) > MOST_TESTERS * column.n_distinct:
        return None
    text = f"lower({quote(column.name)})"
    patterns = (_MARK.pattern, _AT_OURS.pattern)
    condition = " OR ".join(f"regexp_matches({text}, {literal(p)})" for p in patterns)
    return _told(column, f"({condition})", look, quote(column.name))


def _is_ours(text: str) -> bool:
    lower = text.lower()
    return bool(_MARK.search(lower) or _AT_OURS.search(lower))


def _told(column: Column, condition: str, look: Look, value: str) -> Finding | None:
    counted = look.entity or "NULL"
    count, n_entities, of_all = look.rows.ask(
        f"count(*) FILTER (WHERE {condition}),"
        f" count(DISTINCT {counted}) FILTER (WHERE {condition}), count(DISTINCT {counted})"
    )[0]
    if not count or count > MOST_TESTERS * look.n_rows or n_entities > MOST_TESTERS * of_all:
        return None
    who = f" of {n_entities:,} {'entity' if n_entities == 1 else 'entities'}" if n_entities else ""
    return Finding(
        "test_accounts",
        "warning",
        f"{of_rows(count, look.n_rows)}{who} {agreeing(count, 'look')} like tests or one's own"
        " people"
        f" by {column.name!r}",
        (column.name,),
        int(count),
        look.n_rows,
        look.rows.most_frequent(value, condition),
        rows=condition,
        edit=Edit("where", f"not coalesce({condition}, false)"),
    )


def _quoted(look: Look, sql: str) -> str:
    return quote(sql) if sql in look.survey.names else f"({sql})"
