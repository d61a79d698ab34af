"""How rows spread over entities: machines, giants, entities seen once, too few of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from segmentry.domain.project import ROW_NUMBER
from segmentry.engines.expressions import literal
from segmentry.projectfile.findings.edit import Edit
from segmentry.projectfile.findings.finding import Finding, of_rows, percent, rows_do
from segmentry.projectfile.findings.look import Look
from segmentry.projectfile.sql import quote

DOMINANT = 0.1
"""Share of all rows, or of all value, from which on one entity bends every average."""

BUSY_PER_DAY = 500
"""Moments with an event on one day that no person comes to."""

FAR_ABOVE = 20.0
"""How many times the busier tenth of entities one must exceed to be told."""

ENTITIES_PER_SEGMENT = 10
"""A run needs so many entities for each segment."""

N_TOP = 20


@dataclass(frozen=True, slots=True)
class Crowd:
    """How many rows entities have: quantiles over entities, and those with one row."""

    n_entities: int
    n_rows: int
    n_single: int
    quantiles: tuple[float, ...]
    """Rows per entity at 0, 5, 25, 50, 75, 95, 99 and 100 per cent."""


AT = (0.0, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99, 1.0)


def crowd_of(look: Look) -> Crowd | None:
    """Count the rows of each entity among those kept; None where nothing names entities."""
    if look.entity is None:
        return None
    return look.once("crowd", lambda: _crowd(look))


def _crowd(look: Look) -> Crowd | None:
    levels = ", ".join(map(str, AT))
    found = look.rows.ask(
        f"count(*), sum(n), count(*) FILTER (WHERE n = 1), quantile_cont(n, [{levels}])",
        table=f"(SELECT count(*) AS n FROM t WHERE {look.kept} GROUP BY {look.entity})",
    )[0]
    n, rows, single, quantiles = found
    if not n:
        return None
    return Crowd(int(n), int(rows), int(single), tuple(float(q) for q in quantiles))


def too_few_entities(look: Look) -> Iterator[Finding]:
    """Find data with too few entities for the segments that are asked for."""
    if look.source.columns.get("entity", ROW_NUMBER) == ROW_NUMBER:
        n = look.rows.count([look.where])[0] if look.where else look.n_rows
    else:
        crowd = crowd_of(look)
        n = crowd.n_entities if crowd else 0
    wanted = look.project.segments.minimum
    needed, good = ENTITIES_PER_SEGMENT * wanted, 5 * ENTITIES_PER_SEGMENT * wanted
    if n >= good:
        return
    nouns = "entity" if n == 1 else "entities"
    yield Finding(
        "too_few_entities",
        "error" if n < needed else "warning",
        f"there {'is' if n == 1 else 'are'} {n:,} {nouns}"
        + (
            f"; {wanted} segments need {needed} at least, so a run stops"
            if n < needed
            else f"; with fewer than {good}, {wanted} segments rest on chance"
        ),
        count=n,
        advice="bring more data, or ask for fewer segments (segments.min)",
    )


def crowd(look: Look) -> Iterator[Finding]:
    """Find entities that stand out by how many rows or how much value they have."""
    if not look.is_events or look.entity is None:
        return
    seen = crowd_of(look)
    if seen is None:
        return
    yield from _singles(look, seen)
    if seen.n_entities >= 20:
        yield from _dominant(look, seen)
        yield from _busy(look)


def _singles(look: Look, seen: Crowd) -> Iterator[Finding]:
    if seen.n_single <= 0.5 * seen.n_entities:
        return
    yield Finding(
        "one_event",
        "info",
        f"{rows_do(seen.n_single, seen.n_entities, 'have', noun='entity')} one event only: of"
        " them hardly"
        " more is known than when it was",
        (look.source.columns["entity"],),
        seen.n_single,
        seen.n_entities,
        advice="they are likely to share a segment of their own",
    )


def _dominant(look: Look, seen: Crowd) -> Iterator[Finding]:
    amount = look.sql("amount")
    value = amount or "0"
    top = look.rows.ask(
        f"CAST({look.entity} AS VARCHAR), {look.entity}, count(*), sum({value})",
        f"WHERE {look.kept} GROUP BY 2 ORDER BY 3 DESC, 1 LIMIT 1",
    )
    if amount:
        top += look.rows.ask(
            f"CAST({look.entity} AS VARCHAR), {look.entity}, count(*), sum({value})",
            f"WHERE {look.kept} GROUP BY 2 ORDER BY 4 DESC NULLS LAST, 1 LIMIT 1",
        )
    total = float(look.rows.ask(f"sum({value})", f"WHERE {look.kept}")[0][0] or 0)
    for name, key, n, worth in dict.fromkeys(top):
        rows = n > DOMINANT * seen.n_rows
        money = total > 0 and float(worth or 0) > DOMINANT * total
        if not rows and not money:
            continue
        what = [f"{percent(int(n), seen.n_rows)} of all rows"] if rows else []
        what += [f"{100 * float(worth) / total:.1f} % of all value"] if money else []
        yield Finding(
            "dominant_entities",
            "warning",
            f"{name!r} alone has {' and '.join(what)}",
            (look.source.columns["entity"],),
            int(n),
            seen.n_rows,
            (name,),
            rows=f"{look.entity} = {_literal(key)}",
            edit=Edit("where", f"coalesce({_mapped(look)} <> {_literal(key)}, true)"),
        )


def _busy(look: Look) -> Iterator[Finding]:
    """Find entities with more moments on a day than a person can fill."""
    time = look.sql("time")
    if time is None:
        return
    at = f"CAST({time} AS TIMESTAMP)"
    # Only the entities with the most rows can be that busy.
    top = look.rows.ask(
        f"{look.entity}, count(*)",
        f"WHERE {look.kept} GROUP BY 1 HAVING count(*) >= {BUSY_PER_DAY}"
        f" ORDER BY 2 DESC, 1 LIMIT {N_TOP}",
    )
    if not top:
        return
    listed = ", ".join(_literal(key) for key, _ in top)
    found = look.rows.ask(
        "e, max(n) AS most",
        f"GROUP BY e HAVING most > {BUSY_PER_DAY} ORDER BY most DESC, e",
        table=f"(SELECT {look.entity} AS e, CAST({at} AS DATE) AS day, count(DISTINCT {at}) AS n"
        f" FROM t WHERE {look.entity} IN ({listed}) AND {look.kept} GROUP BY 1, 2)",
    )
    usual = look.rows.ask(
        "quantile_cont(n, 0.9)",
        table=f"(SELECT count(DISTINCT {at}) / count(DISTINCT CAST({at} AS DATE)) AS n FROM t"
        f" WHERE {look.kept} GROUP BY {look.entity})",
    )[0][0]
    busy = [key for key, most in found if most > FAR_ABOVE * usual]
    if not busy:
        return
    keys = ", ".join(_literal(key) for key in busy)
    condition = f"{look.entity} IN ({keys})"
    count = look.rows.count([condition])[0]
    most = int(max(n for _, n in found))
    yield Finding(
        "busy_entities",
        "warning",
        f"{len(busy)} {'entity' if len(busy) == 1 else 'entities'} with"
        f" {of_rows(count, look.n_rows)} had up to {most:,} moments with an event on one day:"
        " machines?",
        (look.source.columns["entity"],),
        count,
        look.n_rows,
        tuple(str(key) for key in busy[:3]),
        rows=condition,
        edit=Edit("where", f"coalesce({_mapped(look)} not in ({keys}), true)"),
    )


def _literal(value: object) -> str:
    return str(value) if isinstance(value, int | float) else literal(str(value))


def _mapped(look: Look) -> str:
    sql = look.source.columns["entity"]
    return quote(sql) if sql in look.survey.names else f"({sql})"
