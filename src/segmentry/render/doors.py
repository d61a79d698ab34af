"""The doors of the report: its parts in the order of the reader's trade.

What lives here: which parts and which segments come first through which door, and why. What does
not: moving them (``static/doors.js``). No door hides anything, and the first one is the report as
it is written.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from segmentry.explain.headline import BAD_WORDS
from segmentry.render import format as fmt
from segmentry.render.feature_words import Document


@dataclass(frozen=True, slots=True)
class Door:
    """One order: ``sections`` lead, the others follow; ``segments`` are anchors of all cards.

    ``note`` says what comes first. What a run does not have is passed over; an empty tuple leaves
    the order as it is written.
    """

    key: str
    name: str
    note: str
    sections: tuple[str, ...] = ()
    segments: tuple[str, ...] = ()


def doors(documents: Mapping[str, Document]) -> tuple[Door, ...]:
    """Give the doors of a run, the report as it is written first."""
    segments = documents["segments"]["segments"]
    risks, by_risk = _risks(segments)
    values, by_value = _values(segments)
    return (
        Door("everyone", "everyone", "Each choice changes the order alone; every part stays."),
        Door(
            "analytics",
            "analytics",
            "How far to trust the segments comes first, then how their number was chosen.",
            ("trust", "choice", "mistakes"),
        ),
        Door(
            "customer-success",
            "customer success",
            f"Segments and what to do with them come first, {by_risk}.",
            ("segments", "outcomes"),
            _ordered(segments, risks),
        ),
        Door(
            "marketing",
            "marketing",
            f"Segments come first, {by_value}.",
            ("segments", "differences", "on-the-map"),
            _ordered(segments, values),
        ),
    )


def _ordered(segments: Sequence[Document], figures: Sequence[float]) -> tuple[str, ...]:
    """Order the segments by a figure, the highest first; equal ones stay as they are written."""
    places = sorted(range(len(segments)), key=lambda i: -figures[i])
    return tuple(f"segment-{segments[i]['id']}" for i in places)


def _values(segments: Sequence[Document]) -> tuple[list[float], str]:
    if any(s.get("value_share") is not None for s in segments):
        return [s.get("value_share") or 0.0 for s in segments], "the most valuable foremost"
    return [s.get("share") or 0.0 for s in segments], "the largest foremost"


def _risks(segments: Sequence[Document]) -> tuple[list[float], str]:
    """Measure what the headline watches by: the worst outcome, else how long they stay away.

    Both are taken at the cautious end of their interval, so that chance does not order segments.
    """
    bad = [[o for o in s.get("outcomes", ()) if _is_bad(o["name"])] for s in segments]
    if any(o["low"] > o["overall"] for told in bad for o in told):
        worst = [max((o["low"] - o["overall"] for o in told), default=0.0) for told in bad]
        names = {fmt.words(o["name"]) for told in bad for o in told}
        return worst, f"those with the most {' or '.join(sorted(names))} foremost"
    away = [_away(s) for s in segments]
    if any(away):
        return away, "those who stay away longest foremost"
    return away, "as they are written, for nothing measured tells who is at risk"


def _is_bad(name: str) -> bool:
    return any(word in name.lower() for word in BAD_WORDS)


def _away(segment: Document) -> float:
    """Weigh by its size how much longer a segment stays away than everyone."""
    told = (c for c in segment.get("contrasts", ()) if c["feature"] == "recency_days")
    low = next((c.get("low") for c in told), None)
    return max(low or 0.0, 0.0) * float(segment.get("share") or 0.0)
