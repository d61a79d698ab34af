"""Columns that seem to be something else than they are: outcomes, identifiers, codes, free text.

What lives here: telling the roles that a guess gave for a reason, and where a project file says
otherwise. What does not: deciding them (``roles``, ``leaks``).
"""

from __future__ import annotations

from collections.abc import Iterator

from segmentry.domain.role import Role
from segmentry.projectfile.findings.edit import Edit
from segmentry.projectfile.findings.finding import Finding
from segmentry.projectfile.findings.look import Look
from segmentry.projectfile.survey import Column

MOST_TOLD = 20


def roles(look: Look) -> Iterator[Finding]:
    """Tell columns that are taken out of the features, and those that should be."""
    told: dict[str, int] = {}
    for column in look.survey.columns:
        if column.name == look.source.columns.get("entity") or column.n == 0:
            continue
        found = _kind(column, look)
        if found is None:
            continue
        kind, what = found
        told[kind] = told.get(kind, 0) + 1
        if told[kind] <= MOST_TOLD:
            yield _finding(column, kind, what, look)


def _kind(column: Column, look: Look) -> tuple[str, str] | None:
    advised, reason = look.advised.get(column.name), look.reasons.get(column.name, "")
    if advised is Role.OUTCOME or advised is Role.TREATMENT:
        return "leaks", "tells the outcome" if advised is Role.OUTCOME else "tells an experiment"
    if advised is Role.ID and column.kind == "number":
        return "numeric_ids", "looks like a number and names something"
    if advised is Role.ID and column.kind == "text" and column.n_distinct > 20:
        return "free_text", f"has {column.n_distinct:,} different texts"
    if advised is Role.OVERLAY and column.kind == "number" and "code" in reason:
        return "numeric_codes", "looks like an amount and is a code"
    return None


def _finding(column: Column, kind: str, what: str, look: Look) -> Finding:
    advised, reason = look.advised[column.name], look.reasons.get(column.name, "")
    is_used = not look.is_events and look.role(column.name) is Role.CLUSTER
    n = look.n_rows if look.is_whole else None
    return Finding(
        kind,
        "warning" if is_used else "info",
        f"{column.name!r} {what}" + (f" ({reason})" if reason and reason != "given" else ""),
        (column.name,),
        column.n if look.is_whole else None,
        n,
        column.texts[:3],
        edit=Edit("role", str(advised), column.name),
        is_exact=look.is_whole,
    )
