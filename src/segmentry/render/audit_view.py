"""What the report says of the data: facts, findings, and the time that the run took.

What lives here: what was read and what was odd about it. What does not: what became of each
feature (``features_view``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from segmentry.render import format as fmt
from segmentry.render.chart import Cell, Table, numbers
from segmentry.render.feature_words import Document

SEVERITIES = ("error", "warning", "info")
LABELS = {
    "rows_left_out_by_where": "left out by the filter",
    "bad_rows": "rows that could not be read",
    "n_entities": "entities",
    "as_of": "behaviour up to",
}
"""Facts whose key is no plain word."""

SEVERITY_WORDS = {"info": "note"}
LONG_LIST = 6
MOST_FINDINGS = 60


@dataclass(frozen=True, slots=True)
class FindingNote:
    """Something found in the data."""

    severity: str
    word: str
    sentence: str
    where: str
    count: str
    examples: tuple[str, ...]
    done: str
    proposal: str = ""


def facts(audit: Document) -> tuple[tuple[str, str], ...]:
    """Write what reading the data told; what is empty tells nothing and is left out."""
    told = ((LABELS.get(k, fmt.words(k)), fact_text(v)) for k, v in audit.get("facts", {}).items())
    return tuple((label, text) for label, text in told if text)


def fact_text(value: Any) -> str:
    """Write a fact of any plain type.

    Examples
    --------
    >>> fact_text(541909), fact_text(["a", "b"]), fact_text(True), fact_text("2011-12-09T12:50:00")
    ('541,909', 'a, b', 'yes', '9 December 2011, 12:50')
    """
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return fmt.whole(value)
    if isinstance(value, float):
        return fmt.plain(value, 4)
    if isinstance(value, Mapping):
        told = ((fmt.words(str(k)), fact_text(v)) for k, v in value.items())
        return "; ".join(f"{label}: {text}" for label, text in told if text)
    if isinstance(value, (list, tuple)):
        shown = ", ".join(fact_text(v) for v in value[:LONG_LIST])
        return f"{shown} and {len(value) - LONG_LIST} more" if len(value) > LONG_LIST else shown
    return fmt.date(value) if isinstance(value, str) else str(value)


def findings(audit: Document) -> tuple[FindingNote, ...]:
    """Write what was found, the gravest first."""
    told = sorted(
        audit.get("findings", ()),
        key=lambda f: (
            SEVERITIES.index(f.get("severity", "info"))
            if f.get("severity", "info") in SEVERITIES
            else len(SEVERITIES)
        ),
    )
    return tuple(_finding(f) for f in told[:MOST_FINDINGS])


def _finding(told: Document) -> FindingNote:
    severity = str(told.get("severity", "info"))
    where = " · ".join(str(told[k]) for k in ("source", "column") if told.get(k))
    count = ""
    if told.get("count") is not None:
        count = fmt.whole(told["count"])
        if told.get("total"):
            share = fmt.share(told["count"] / told["total"])
            count = f"{count} of {fmt.whole(told['total'])} ({share})"
    return FindingNote(
        severity,
        SEVERITY_WORDS.get(severity, severity),
        told.get("sentence", ""),
        where,
        count,
        tuple(fmt.clip(str(e)) for e in told.get("examples", ())),
        told.get("done", ""),
        told.get("proposal", ""),
    )


def timings_table(timings: Document) -> Table | None:
    """Lay out seconds and memory per step."""
    steps = timings.get("steps", ())
    if not steps:
        return None
    rows = [
        (
            Cell(fmt.words(s["name"])),
            *numbers(fmt.seconds(s.get("seconds")), _mib(s.get("peak_mib"))),
        )
        for s in steps
    ]
    if "total_seconds" in timings:
        total = numbers(fmt.seconds(timings["total_seconds"]), _mib(timings.get("peak_mib")))
        rows.append((Cell("In total", is_marked=True), *total))
    head = (Cell("Step"), *numbers("Time", "Peak memory"))
    return Table("Time and memory of this run", head, tuple(rows))


def _mib(value: float | None) -> str:
    return fmt.ABSENT if fmt.is_absent(value) else f"{fmt.whole(value)} MiB"
