"""Rules of engagement: who owns which segment, who else may write, how often, and what not to do.

What lives here: the table of it in the playbook, and the gaps and overloads in it. What does not:
the owners themselves (``stores.state``) and the lines of plays (``explain.lines``).
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping
from typing import Any

from segmentry.render import format as fmt
from segmentry.render.feature_words import Document
from segmentry.render.paper import Grid, Section

NOBODY = "nobody yet"
RULE = (
    "Everybody is in one segment, so that two owners never write to the same member. Whoever else "
    "the play names writes after asking the owner. Cadence and what not to do are the play's "
    "proposals: nothing enforces them."
)
HEADINGS = ("Segment", "Members", "Owner", "Named by the play", "At most", "Do not")


def lines_of(segment: Document, kinds: Container[str]) -> Iterator[tuple[str, str, str]]:
    """Give kind, text and reason of a segment's lines; an earlier run has an action alone.

    Parameters
    ----------
    segment : mapping
        As ``segments.json`` has it.
    kinds : container of str
        Lines of other kinds, of a later version, are passed over.
    """
    playbook = segment.get("playbook", {})
    if playbook.get("lines"):
        for line in playbook["lines"]:
            if line.get("kind") in kinds:
                yield line["kind"], line["text"], line["reason"]
    elif "action" in kinds and playbook.get("action"):
        yield "action", playbook["action"], playbook.get("reason", "")


def engagement(documents: Mapping[str, Any], capacity: int | None = None) -> Section:
    """Lay out who owns which segment, and name what is open or too much.

    Parameters
    ----------
    documents : mapping
        ``segments`` of a run, under what people say of them.
    capacity : int, optional
        Members that one owner can look after; without it nothing is told of overload.

    Returns
    -------
    Section
    """
    segments = documents["segments"]["segments"]
    rows = tuple(_row(s) for s in segments)
    grid = Grid("Who acts, how often, and what not to do", HEADINGS, rows)
    notes = (*_unowned(segments), *_overloaded(segments, capacity))
    return Section("engagement", "Rules of engagement", (RULE,), grid=grid, notes=notes)


def _row(segment: Document) -> tuple[str, ...]:
    def told(kind: str) -> str:
        return " ".join(text for _, text, _ in lines_of(segment, {kind})) or fmt.ABSENT

    return (
        str(segment["name"]),
        fmt.whole(segment["size"]),
        str(segment.get("owner") or NOBODY),
        *map(told, ("owner", "cadence", "guardrail")),
    )


def _unowned(segments: list[Document]) -> Iterator[str]:
    names = [str(s["name"]) for s in segments if not s.get("owner")]
    if names:
        yield (
            f"Without an owner: {', '.join(names)}. Nobody answers there for how often members are "
            "written to. Name one: segmentry segments own SEGMENT NAME."
        )


def _overloaded(segments: list[Document], capacity: int | None) -> Iterator[str]:
    if capacity is None:
        return
    held: dict[str, int] = {}
    for segment in segments:
        if owner := segment.get("owner"):
            held[str(owner)] = held.get(str(owner), 0) + int(segment["size"])
    over = {owner: n for owner, n in held.items() if n > capacity}
    for owner, n in sorted(over.items()):
        yield (
            f"{owner} owns {fmt.whole(n)} members, and {fmt.whole(capacity)} are what one owner "
            "can look after: share them out, or leave the rest to what needs no person."
        )
    if held and not over:
        yield f"No owner has more than the {fmt.whole(capacity)} members that one can look after."
