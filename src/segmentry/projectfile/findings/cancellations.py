"""What was taken back: orders marked as cancelled, undone by a status, amounts below zero.

A cancellation is matched with its original: an earlier row of the same entity and item with the
same quantity of the other sign.
"""

from __future__ import annotations

from collections.abc import Iterator

from segmentry.engines.expressions import literal
from segmentry.projectfile.findings.edit import Edit
from segmentry.projectfile.findings.finding import Finding, agreeing, of_rows, rows_do
from segmentry.projectfile.findings.look import Look
from segmentry.projectfile.sql import quote
from segmentry.projectfile.undone import undone_by

MOSTLY = 0.9
"""Share of the rows of a mark that must be negative, so that it marks cancellations."""


def cancellations(look: Look) -> Iterator[Finding]:
    """Find orders whose number begins with letters that only negative rows have."""
    order, size = look.field("order"), size_of(look)
    if not look.is_events or order is None or order.kind != "text" or size is None:
        return
    for mark in _marks(look, quote(order.name), size):
        condition = f"starts_with({quote(order.name)}, {literal(mark)})"
        count = look.rows.count([condition])[0]
        matched = _matched(look, condition, size)
        known_as = "" if matched is None else f"; {matched:,} have their original in the data"
        yield Finding(
            "cancellations",
            "info",
            f"{rows_do(count, look.n_rows, 'are')} cancellations: {order.name!r} begins with"
            f" {mark!r} and the rows are negative{known_as}",
            (order.name,),
            count,
            look.n_rows,
            look.rows.most_frequent(quote(order.name), condition),
            rows=condition,
            edit=Edit("where", f"not {condition}"),
        )


def marked(look: Look) -> str | None:
    """Write the condition of cancelled rows; None where no mark shows them."""
    order, size = look.field("order"), size_of(look)
    if not look.is_events or order is None or order.kind != "text" or size is None:
        return None
    name = quote(order.name)
    found = [f"starts_with({name}, {literal(m)})" for m in _marks(look, name, size)]
    return " OR ".join(found) or None


def size_of(look: Look) -> str | None:
    """Give what tells by its sign that a row was taken back: the quantity, or else the amount."""
    return look.sql("quantity") or look.sql("amount")


def _marks(look: Look, order: str, size: str) -> list[str]:
    """List the letters before order numbers that are rare and whose rows are negative."""
    return look.once("marks", lambda: _found_marks(look, order, size))


def _found_marks(look: Look, order: str, size: str) -> list[str]:
    found = look.rows.ask(
        f"regexp_extract({order}, '^([A-Za-z]+)[0-9]', 1), count(*),"
        f" count(*) FILTER (WHERE {size} < 0)",
        "GROUP BY 1 ORDER BY 1",
    )
    return [
        mark
        for mark, n, negative in found
        if mark and n < 0.5 * look.n_rows and negative >= MOSTLY * n
    ]


def _matched(look: Look, condition: str, size: str) -> int | None:
    """Count cancellations with an earlier row of equal entity, item and size of the other sign."""
    entity, item, time = look.entity, look.sql("item"), look.sql("time")
    if entity is None or item is None:
        return None
    values = (
        f"SELECT {entity} AS e, {item} AS i, {size} AS s, {time or '0'} AS moment,"
        f" coalesce({condition}, false) AS back FROM t"
    )
    told = look.rows.ask(
        "count(*)",
        "ON first.e = taken.e AND first.i = taken.i AND first.s = -taken.s"
        " AND first.moment <= taken.moment WHERE taken.back",
        table=f"({values}) AS taken JOIN (SELECT e, i, s, min(moment) AS moment FROM ({values})"
        " WHERE NOT back GROUP BY e, i, s) AS first",
    )
    return int(told[0][0])


def undone(look: Look) -> Iterator[Finding]:
    """Find rows of which a status, or a yes or no, says that they were undone."""
    if not look.is_events:
        return
    for column in look.survey.columns:
        said = undone_by(column)
        if said is None:
            continue
        count = look.rows.count([said.rows])[0]
        yield Finding(
            "undone",
            "info",
            f"{rows_do(count, look.n_rows, said.verb)} {said.what}, says {column.name!r}",
            (column.name,),
            count,
            look.n_rows,
            said.levels[:3],
            rows=said.rows,
            edit=Edit("where", said.kept),
        )


def refunds(look: Look) -> Iterator[Finding]:
    """Find negative rows that no mark shows: refunds, corrections, write-offs."""
    size = size_of(look)
    if not look.is_events or size is None:
        return
    back = marked(look)
    condition = f"{size} < 0" + (f" AND NOT coalesce({back}, false)" if back else "")
    name = look.source.columns["quantity" if "quantity" in look.source.columns else "amount"]
    count = look.rows.count([condition])[0]
    if not count or count > 0.5 * look.n_rows:
        return
    value = quote(name) if name in look.survey.names else name
    unmarked = "more " if back else ""
    yield Finding(
        "refunds",
        "info",
        f"{of_rows(count, look.n_rows)} {unmarked}{agreeing(count, 'have')} a {name!r} below"
        " zero: refunds or"
        " corrections, which lower what their entity is worth",
        (name,) if name in look.survey.names else (),
        count,
        look.n_rows,
        look.rows.most_frequent(size, condition),
        rows=condition,
        edit=Edit("where", f"not coalesce({value} < 0, false)"),
    )
