"""Levels of one category that differ only by case, blanks or dots: ``UK``, ``uk``, ``U.K.``."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

from segmentry.domain.project import ITEM_NAME
from segmentry.engines.expressions import literal
from segmentry.projectfile.findings.edit import Edit
from segmentry.projectfile.findings.finding import Finding, rows_do
from segmentry.projectfile.findings.look import Look
from segmentry.projectfile.sql import quote
from segmentry.projectfile.survey import Column

MOST_LEVELS = 10_000
"""With more distinct texts, a column is no category."""

MOST_VARIANTS = 200
MOST_TOLD = 20


def spellings(look: Look) -> Iterator[Finding]:
    """Find texts that are the same but for case, blanks, joining signs and dots in between."""
    suspects = [(c, v) for c in look.survey.columns if (v := _variants(c, look))][:MOST_TOLD]
    conditions = [
        f"{quote(c.name)} IN ({', '.join(literal(v) for v in rarer)})"
        for c, groups in suspects
        for rarer in [[v for group in groups for v in group[1:]]]
    ]
    for (column, groups), condition, count in zip(
        suspects, conditions, look.rows.count(conditions), strict=True
    ):
        fields = [f for f, sql in look.source.columns.items() if sql == column.name]
        usable = fields and fields[0] not in {"entity", "time", "order", "session"}
        by_case = all(len({v.strip().lower() for v in g}) == 1 for g in groups)
        name = quote(column.name)
        yield Finding(
            "spellings",
            "info",
            f"{rows_do(count, look.n_rows, 'have')} a {column.name!r} that is another one in a"
            f" different spelling ({len(groups)} levels)",
            (column.name,),
            count,
            look.n_rows,
            tuple(" and ".join(map(repr, group[:3])) for group in groups[:3]),
            rows=condition,
            edit=Edit("field", f"upper(trim({name}))", fields[0])
            if usable and by_case and look.is_events
            else None,
            advice=_advice(column, groups, fields[0] if usable and look.is_events else column.name),
        )


def _advice(column: Column, groups: list[list[str]], name: str) -> str:
    """Say what would bring the spellings together, with the first group as an example."""
    synonyms = f"{{{literal(groups[0][0])}: [{', '.join(literal(v) for v in groups[0][1:4])}]}}"
    rule = f"{{{name}: {{lower: true, synonyms: {synonyms}}}}}"
    return f"write {column.name!r} in one spelling in the source, or here: harmonise: {rule}"


def _variants(column: Column, look: Look) -> list[list[str]]:
    """Group the texts of a column that are one and the same, the most frequent of each first."""
    if (
        column.kind != "text"
        or not look.is_used(column)
        or not 2 <= column.n_distinct <= MOST_LEVELS
    ):
        return []
    if (
        column.mean_length > 60
        or column.is_prose
        # Of what an item is called, the commonest spelling is told.
        or column.name in {look.source.columns.get(f) for f in ("order", ITEM_NAME)}
    ):
        return []
    groups: dict[str, list[int]] = defaultdict(list)
    texts = column.distinct_texts
    for place, text in enumerate(texts):
        groups[plain(text)].append(place)
    several = [g for g in groups.values() if len(g) > 1]
    if not several or sum(map(len, several)) > MOST_VARIANTS:
        return []
    import numpy as np

    counts = np.bincount(column.codes[column.codes >= 0], minlength=len(texts))
    ordered = [sorted(g, key=lambda place: (-counts[place], texts[place])) for g in several]
    ordered.sort(key=lambda g: (-counts[g[0]], texts[g[0]]))
    return [[texts[place] for place in group] for group in ordered]


def plain(text: str) -> str:
    """Write a text so that its spellings are equal.

    A sign at the end is kept, since ``A-`` and ``A`` may be two grades.

    Examples
    --------
    >>> plain("U.K."), plain("uk "), plain("pre-paid"), plain("Pre Paid"), plain("A-")
    ('uk', 'uk', 'prepaid', 'prepaid', 'a-')
    """
    lower = " ".join(text.casefold().split())
    return re.sub(r"(?<=[^\W\d_])[.](?=\W|$)|(?<=[^\W\d_])[\s_.-](?=[^\W\d_])", "", lower)
