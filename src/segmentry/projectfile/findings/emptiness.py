"""Columns that hold nothing, the same everywhere, or too little."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from segmentry.domain.role import Role
from segmentry.projectfile.findings.edit import Edit
from segmentry.projectfile.findings.finding import Finding, percent, rows_do
from segmentry.projectfile.findings.look import Look
from segmentry.projectfile.sql import quote
from segmentry.projectfile.survey import Column

MUCH = 0.2
"""Share of missing values that is told."""

MOST = 0.5
"""Share of missing values from which on a column says more about who was asked than about them."""

NEARLY_ALL = 0.995

MOST_TOLD = 20


def missing(look: Look) -> Iterator[Finding]:
    """Find columns in which many values are missing."""
    key = look.source.columns.get("entity")
    suspects = [
        c for c in look.survey.columns if c.name != key and 0.5 * MUCH < c.missing_share < 1
    ]
    suspects = sorted(suspects, key=lambda c: -c.missing_share)
    alike = _with_one_pattern(suspects, look)[:MOST_TOLD]
    for columns, n in zip(alike, look.filled([c[0] for c in alike]), strict=True):
        count = look.n_rows - n
        if MUCH * look.n_rows <= count < look.n_rows:
            yield _missing(columns, count, look)


def _with_one_pattern(columns: list[Column], look: Look) -> list[list[Column]]:
    """Gather columns that are missing in the same rows; a feature stands alone, for its edit."""
    groups: dict[tuple[str, bytes], list[Column]] = {}
    for column in columns:
        alone = column.name if column in look.features else ""
        groups.setdefault((alone, np.packbits(column.codes < 0).tobytes()), []).append(column)
    return list(groups.values())


def _missing(columns: list[Column], count: int, look: Look) -> Finding:
    is_feature = columns[0] in look.features
    names = [c.name for c in columns]
    return Finding(
        "missing",
        "warning" if count > MOST * look.n_rows and is_feature else "info",
        f"{rows_do(count, look.n_rows, 'have')} no {_listed(names)}",
        tuple(names),
        count,
        look.n_rows,
        edit=Edit("role", str(Role.OVERLAY), names[0]) if is_feature else None,
        advice="" if is_feature else "it matters only if something is made of it",
        rows=f"{quote(names[0])} IS NULL",
    )


def _listed(names: list[str]) -> str:
    if len(names) == 1:
        return repr(names[0])
    shown, more = ", ".join(map(repr, names[:6])), len(names) - 6
    return f"{shown} and {more} more, all at once" if more > 0 else f"{shown}, all at once"


def constant(look: Look) -> Iterator[Finding]:
    """Find columns that are empty or hold one value alone."""
    suspects = [c for c in look.survey.columns if c.is_constant]
    alone = _constants(look, suspects)
    if not alone:
        return
    names = [c.name for c in alone]
    shown = ", ".join(map(repr, names[:6])) + (f" and {len(names) - 6} more" if names[6:] else "")
    verb = "holds" if len(names) == 1 else "hold"
    yield Finding(
        "constant",
        "info",
        f"{shown} {verb} one value or none, so {'it says' if len(names) == 1 else 'they say'}"
        " nothing",
        tuple(names),
        len(names),
        len(look.survey.columns),
        tuple(f"{c.name}: {c.levels[0] if c.levels else 'empty'}" for c in alone[:3]),
        advice="a run leaves such columns out",
    )


def _constants(look: Look, suspects: list[Column]) -> list[Column]:
    if look.is_whole or not suspects:
        return suspects
    told = look.rows.ask(", ".join(f"count(DISTINCT {quote(c.name)})" for c in suspects))[0]
    return [c for c, n in zip(suspects, told, strict=True) if n <= 1]


def nearly_constant(look: Look) -> Iterator[Finding]:
    """Find features in which nearly all rows have one value."""
    told = 0
    for column in look.features:
        if column.n < 200 or column.is_constant or column.kind == "time" or told >= MOST_TOLD:
            continue
        counts = np.bincount(column.codes[column.codes >= 0])
        top = int(counts.max())
        if top < NEARLY_ALL * column.n:
            continue
        told += 1
        value = column.distinct_texts[int(counts.argmax())]
        others = column.n - top
        yield Finding(
            "nearly_constant",
            "info",
            f"{column.name!r} is {value!r} in {percent(top, column.n)} of the rows: {others:,}"
            " differ",
            (column.name,),
            others,
            column.n,
            (value,),
            edit=Edit("role", str(Role.OVERLAY), column.name),
            is_exact=look.is_whole,
        )
