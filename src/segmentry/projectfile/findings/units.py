"""Two units in one column: cents beside euros, milliseconds beside seconds, several currencies.

A column was written in two units where its values fall into two clouds, a factor of 100 or 1,000
apart, with nothing between them.
"""

from __future__ import annotations

from collections.abc import Iterator

from segmentry.engines.expressions import literal
from segmentry.maths.clouds import Clouds, two_clouds
from segmentry.projectfile.findings.edit import Edit
from segmentry.projectfile.findings.finding import Finding, rows_do
from segmentry.projectfile.findings.look import Look
from segmentry.projectfile.findings.rows import Ask
from segmentry.projectfile.names import known
from segmentry.projectfile.sql import quote
from segmentry.projectfile.survey import Column

MOST_TOLD = 20


def unit_mix(look: Look) -> Iterator[Finding]:
    """Find number columns whose values fall into two clouds a factor of 100 or 1,000 apart."""
    suspects = []
    for column in look.survey.columns:
        if column.kind == "number" and column.n_distinct > 30 and _measures(column, look):
            clouds = two_clouds(column.present)
            if clouds is not None:
                suspects.append((column, clouds))
    suspects = suspects[:MOST_TOLD]
    asks = [_ask(column, clouds, look) for column, clouds in suspects]
    for (column, clouds), ask, answer in zip(suspects, asks, look.rows.measure(asks), strict=True):
        side = "above" if clouds.is_upper_rarer else "below"
        yield Finding(
            "unit_mix",
            "warning",
            f"{rows_do(answer.count, look.n_rows, 'have')} a {column.name!r} {side}"
            f" {clouds.border:.3g}, about {clouds.factor:,.0f} times"
            f" {'more' if clouds.is_upper_rarer else 'less'} than the others, with nothing"
            " between: two units in one column?",
            (column.name,),
            answer.count,
            look.n_rows,
            answer.examples,
            rows=ask.condition,
            edit=_edit(column, clouds, look),
            advice=f"bring {column.name!r} to one unit in the source",
        )


def _measures(column: Column, look: Look) -> bool:
    """Leave out what is no measure: keys, and what the guess took as an identifier."""
    is_key = column.name == look.source.columns.get("entity")
    return not is_key and str(look.advised.get(column.name, "")) != "id"


def _ask(column: Column, clouds: Clouds, look: Look) -> Ask:
    value = look.rows.number(column.name)
    sign = ">" if clouds.is_upper_rarer else "<"
    positive = "" if clouds.is_upper_rarer else f" AND {value} > 0"
    return Ask(f"({value} {sign} {clouds.border!r}{positive})", value)


def _edit(column: Column, clouds: Clouds, look: Look) -> Edit | None:
    """Offer to bring the rarer unit to the other, where the column is mapped to a field."""
    name, fields = quote(column.name), ("amount", "quantity")
    field = next((f for f in fields if look.source.columns.get(f) == column.name), None)
    if field is None:
        return None
    sign, turned = (">", "/") if clouds.is_upper_rarer else ("<", "*")
    rarer, value = f"{name} {sign} {clouds.border:.6g}", f"{name} {turned} {clouds.factor:g}"
    return Edit("field", f"CASE WHEN {rarer} THEN {value} ELSE {name} END", field)


def currency_mix(look: Look) -> Iterator[Finding]:
    """Find amounts in several currencies, told by a column of currencies."""
    for column in look.survey.columns:
        codes = {level.strip().lower() for level in column.levels}
        named = "currency" in column.words or bool(codes and codes <= known("currencies"))
        if column.kind != "text" or not named or not 2 <= column.n_distinct <= 60:
            continue
        name, main = quote(column.name), column.levels[0]
        condition = f"({name} IS NOT NULL AND {name} <> {literal(main)})"
        count = look.rows.count([condition])[0]
        kept = Edit("where", f"{name} = {literal(main)}")
        yield Finding(
            "currency_mix",
            "warning",
            f"{rows_do(count, look.n_rows, 'are')} not in {main}, the most frequent of"
            f" {column.n_distinct} levels of {column.name!r}: amounts cannot be added up",
            (column.name,),
            count,
            look.n_rows,
            column.levels[:4],
            rows=condition,
            advice="convert the amounts to one currency in the source",
            edit=kept if look.is_events else None,
        )
