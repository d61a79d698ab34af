"""Curves of how segments went on that a report has: documents of a run in, chart specs out.

What lives here: picking the figures of ``evidence.json``. What does not: measuring
(``judge.course``), and drawing (``draw_course``).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from segmentry.render import format as fmt
from segmentry.render.chart_course import Course, Line, Step
from segmentry.render.feature_words import Document, names, value_text
from segmentry.render.palette import look_of

Writer = Callable[[float], str]

UNITS = {1.0: "day", 7.0: "week", 30.0: "month", 91.0: "quarter", 365.0: "year"}
"""What a period of so many days is called; a month has 30 of them."""


def retention(
    evidence: Document, segments: Sequence[Document], entities: str = "entities"
) -> Course | None:
    """Draw the share of each segment that was active in each period after the judging cut."""
    told = evidence.get("heldout", {}).get("courses")
    if not told:
        return None
    days, unit = float(told["days"]), _unit(told)
    period = unit or f"period of {days:g} days"
    title = f"Share of {entities} who were active in each {period} after the judging cut"
    lines = _lines(told, "retained", segments, fmt.share)
    return Course("retention", title, unit, lines, as_share=True, days=days)


def value(
    evidence: Document,
    segments: Sequence[Document],
    summary: Document,
    entity: str = "entity",
) -> Course | None:
    """Draw the value per member from the judging cut to the end of each period."""
    told = evidence.get("heldout", {}).get("courses")
    if not told or not told["everyone"].get("value"):
        return None
    lines = _lines(told, "value", segments, lambda v: value_text(v, summary))
    title, days = f"Value per {entity} since the judging cut", float(told["days"])
    return Course("value", title, _unit(told), lines, as_share=False, days=days)


def _unit(told: Document) -> str:
    return UNITS.get(float(told["days"]), "")


def _lines(
    told: Document, key: str, segments: Sequence[Document], write: Writer
) -> tuple[Line, ...]:
    known = names(segments)
    return tuple(
        Line(
            known.get(int(s["id"]), str(s["id"])) if s["id"] else "Everyone",
            look_of(int(s["id"])) if s["id"] else None,
            int(s["n"]),
            tuple(_step(r, write) for r in s[key]),
        )
        for s in (*told["segments"], told["everyone"])
    )


def _step(reached: Document, write: Writer) -> Step:
    if "mean" not in reached:
        return Step()
    mean, low, high = reached["mean"], reached["low"], reached["high"]
    return Step(mean, low, high, write(mean), fmt.interval(write(low), write(high)))
