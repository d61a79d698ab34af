"""Item codes that are no products: postage, fees, vouchers, manual corrections.

Such codes have another form than all the rest (letters where others have digits) and their own
text says what they are. They belong to what an entity paid, but not to the things it bought, so
they are taken out of the item alone; no row is lost.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from segmentry.domain.project import ITEM_NAME
from segmentry.engines.expressions import literal
from segmentry.projectfile.findings.edit import Edit
from segmentry.projectfile.findings.finding import Finding, rows_do
from segmentry.projectfile.findings.look import Look
from segmentry.projectfile.findings.vocabulary import SERVICES
from segmentry.projectfile.names import words
from segmentry.projectfile.sql import quote
from segmentry.projectfile.survey import Column

USUAL = 0.01
"""Share of the items from which on a form of code is usual."""

MOST_ROWS = 0.05
"""Share of the rows up to which codes of another form are strays."""

MOST_FORMS = 10
"""With more usual forms, codes have none: hashes look different each time."""

MOST_CODES = 60
"""With more of them, they are another kind of product rather than strays."""


@dataclass(frozen=True, slots=True)
class _Code:
    text: str
    n: int
    said: str

    @property
    def is_service(self) -> bool:
        """Whether its text, or the code itself, says that it is no product."""
        spoken = {*words(self.said), *words(self.text), self.text.lower()}
        return bool(spoken & SERVICES)


def stray_codes(look: Look) -> Iterator[Finding]:
    """Find item codes of another form; those that speak of a service leave the item."""
    item = look.field("item")
    if not look.is_events or item is None or item.kind != "text":
        return
    strays = _strays(look, item)
    if not strays or sum(c.n for c in strays) > MOST_ROWS * look.n_rows:
        return
    services = [c for c in strays if c.is_service]
    others = [c for c in strays if not c.is_service]
    if services:
        yield _services(look, item, services)
    if others:
        yield _others(look, item, others)


def _services(look: Look, item: Column, codes: list[_Code]) -> Finding:
    name, listed = quote(item.name), ", ".join(literal(c.text) for c in codes)
    kept = f"CASE WHEN {name} not in ({listed}) THEN {name} END"
    count = sum(c.n for c in codes)
    return Finding(
        "service_codes",
        "info",
        f"{rows_do(count, look.n_rows, 'have')} one of {len(codes)} codes in {item.name!r} that are"
        " services or corrections, not products",
        (item.name,),
        count,
        look.n_rows,
        tuple(_example(c) for c in codes[:6]),
        edit=Edit("field", kept, "item"),
        is_safe=True,
    )


def _others(look: Look, item: Column, codes: list[_Code]) -> Finding:
    count = sum(c.n for c in codes)
    return Finding(
        "odd_codes",
        "info",
        f"{rows_do(count, look.n_rows, 'have')} one of {len(codes)} codes in {item.name!r} of"
        " another form than all others; their texts do not say that they are no products",
        (item.name,),
        count,
        look.n_rows,
        tuple(_example(c) for c in codes[:3]),
        advice=f"if they are no products, leave them out of columns.item as well: CASE WHEN"
        f" {quote(item.name)} not in (...) THEN {quote(item.name)} END",
    )


def _example(code: _Code) -> str:
    return f"{code.text} ({code.said})" if code.said else code.text


def _strays(look: Look, item: Column) -> list[_Code]:
    """List the codes of unusual form, most frequent first, where usual codes hold digits."""
    name, said = quote(item.name), _description(look, item)
    spoken = f"mode({quote(said.name)})" if said else "NULL"
    found = look.rows.ask(
        f"{name}, count(*), CAST({spoken} AS VARCHAR)",
        f"WHERE {name} IS NOT NULL GROUP BY 1 ORDER BY 2 DESC, 1",
    )
    forms: dict[str, int] = {}
    for code, _, _ in found:
        forms[_form(code)] = forms.get(_form(code), 0) + 1
    digital = sum(n for form, n in forms.items() if "9" in form)
    usual = {form for form, n in forms.items() if n >= USUAL * len(found) and "9" in form}
    regular = sum(n for form, n in forms.items() if form in usual)
    if digital < 0.9 * len(found) or regular < 0.8 * len(found) or len(usual) > MOST_FORMS:
        # Names or hashes instead of codes: their form says nothing.
        return []
    strays = [_Code(code, int(n), text or "") for code, n, text in found
              if _form(code) not in usual]  # fmt: skip
    return strays if len(strays) <= MOST_CODES else []


def _form(code: str) -> str:
    """Write a code's form: letters as A, digits as 9, and each run of them once."""
    return re.sub(r"[A-Za-z]+", "A", re.sub(r"\d+", "9", code))


def _description(look: Look, item: Column) -> Column | None:
    """Find the text that says what a code means: a product's name or description."""
    others = {c for n, c in look.source.columns.items() if n not in {"item", ITEM_NAME}}
    texts = [
        c
        for c in look.survey.columns
        if c.kind == "text" and c.name != item.name and c.name not in others
        and set(c.words) & {"description", "name", "title", "product", "item"}
        and 0.3 * item.n_distinct <= c.n_distinct <= 5 * item.n_distinct
    ]  # fmt: skip
    return texts[0] if texts else None
