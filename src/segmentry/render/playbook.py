"""The papers of a run: the playbook of its segments, and what they are in two pages.

What lives here: what both papers say, out of a run's documents. What does not: their form
(``paper``), the lines themselves (``explain.lines``) and the order of work (``explain.priority``).
Every figure is one of the documents', or of those that somebody gave for effects; none is new.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from segmentry.domain.health import Basis, SegmentHealth, health_words
from segmentry.domain.playbook import Effect, Priority
from segmentry.explain.priority import priorities
from segmentry.render import format as fmt
from segmentry.render.cards import business_row
from segmentry.render.engagement import engagement, lines_of
from segmentry.render.feature_words import Document, names
from segmentry.render.opening import QUESTIONS, verdict_note
from segmentry.render.paper import Grid, Paper, Section
from segmentry.render.prose import entity_words, prose
from segmentry.stores.records import from_plain

KINDS = {
    "owner": "Owner",
    "goal": "Goal",
    "action": "Do",
    "cadence": "How often",
    "channel": "Channel",
    "message": "Message",
    "offer": "Offer",
    "guardrail": "Guardrail",
    "metric": "Watch",
    "trigger": "Starts at",
}
"""How each kind of line is headed."""

NO_PROMISE = (
    "No line says what an action will bring. Keep a part of the segment without it, chosen by lot, "
    "and compare: only that shows it."
)
BY_STAKE = (
    "Nobody gave a measured effect, so no expected value is told: the order is that of what is at "
    "stake. Give measured effects with --effects to order by expected value."
)
BY_VALUE = (
    "Expected value is what acting on all members brings by the effects that were given, less what "
    "it costs; its interval is that of the effects."
)
UNSURE = "may cost more than it brings"


def playbook_paper(
    documents: Mapping[str, Any], effects: Sequence[Effect] = (), capacity: int | None = None
) -> Paper:
    """Make the playbook: how sure the segments are, the order of work, and each segment's lines.

    Parameters
    ----------
    documents : mapping
        ``summary`` and ``segments`` of a run; ``evidence`` if there is any.
    effects : sequence of Effect
        What acting on a member brings, as somebody measured it.
    capacity : int, optional
        Members that one owner can look after.

    Returns
    -------
    Paper
    """
    segments = documents["segments"]["segments"]
    sections = (
        _how_sure(documents),
        _order(segments, effects),
        engagement(documents, capacity),
        *(_segment(s, documents) for s in segments),
        *_health(documents),
        Section("promise", "What this is not", (NO_PROMISE,)),
    )
    return Paper("playbook", f"Playbook of {_name(documents)}", _kicker(documents), sections)


def explainer_paper(documents: Mapping[str, Any]) -> Paper:
    """Make the two pages that say what the segments are and how to use them.

    Parameters
    ----------
    documents : mapping
        As for ``playbook_paper``.

    Returns
    -------
    Paper
        Its second page begins with the section that ``turns``.
    """
    return Paper(
        "explainer",
        f"What the segments of {_name(documents)} are",
        _kicker(documents),
        (
            _how_sure(documents, headed="In short"),
            _table(documents),
            Section(
                "reading",
                "How to read a segment",
                points=(
                    "A segment is a part of everyone whose members behave alike, as far as the "
                    "features of this run can tell.",
                    "Its name is made by rule from what was measured, and claims no more.",
                    "It holds as of the day above. Members move, so look at the day beside a list.",
                ),
            ),
            _uses(documents),
            _limits(documents),
        ),
    )


def _name(documents: Mapping[str, Any]) -> str:
    return str(documents["summary"]["project"]["name"])


def _entities(documents: Mapping[str, Any]) -> str:
    entity = str(documents["summary"]["project"].get("entity") or "entity")
    return fmt.entity_nouns(entity)[1]


def _kicker(documents: Mapping[str, Any]) -> str:
    summary = documents["summary"]
    told = [f"{fmt.whole(summary['n_entities'])} {_entities(documents)}"]
    if summary.get("as_of"):
        told.append(f"as of {fmt.date(summary['as_of'])}")
    return ", ".join(told)


def _how_sure(
    documents: Mapping[str, Any], headed: str = "What was found, and how sure"
) -> Section:
    summary, known = documents["summary"], names(documents["segments"]["segments"])
    entities = _entities(documents)
    structure = documents.get("evidence", {}).get("structure", {})
    note = verdict_note(summary.get("verdict"), structure)
    told = [prose(entity_words(s, entities), known) for s in summary.get("headline", ())]
    points = tuple(f"{q}: {s}" for q, s in zip(QUESTIONS, told, strict=False))
    return Section("sure", headed, (f"{note.heading}. {note.advice}",) if note else (), points)


def _order(segments: Sequence[Document], effects: Sequence[Effect]) -> Section:
    ordered = priorities(segments, effects)
    by_name = {str(s["name"]): s for s in segments}
    has_value = any("value_share" in s for s in segments)
    headings = ["Segment", "Members", "Of everyone", *(["Of the value"] if has_value else [])]
    if effects:
        headings.append("Expected value")
    rows = []
    for priority in ordered:
        segment = by_name[priority.segment]
        row = [priority.segment, fmt.whole(priority.size), fmt.share(segment["share"])]
        row += [fmt.share(segment.get("value_share"))] if has_value else []
        rows.append((*row, *([_expected(priority)] if effects else [])))
    grid = Grid("The order of work", tuple(headings), tuple(rows))
    return Section("order", "Order of work", (BY_VALUE if effects else BY_STAKE,), grid=grid)


def _expected(priority: Priority) -> str:
    if priority.value is None or priority.low is None:
        return "no effect given"
    told = f"{fmt.plain(priority.value)} ({fmt.plain(priority.low)} to {fmt.plain(priority.high)})"
    return f"{told}; {UNSURE}" if priority.low <= 0 else told


SAME = "as above"


def _segment(segment: Document, documents: Mapping[str, Any]) -> Section:
    known = names(documents["segments"]["segments"])
    rows, before = [], ""
    for kind, text, reason in lines_of(segment, KINDS):
        # A play is often called for by one figure: it is told once.
        because = SAME if reason == before else prose(reason, known)
        rows.append((KINDS[kind], prose(text, known), because))
        before = reason
    grid = Grid(f"Playbook of {segment['name']}", ("Line", "What", "Because"), tuple(rows))
    return Section(
        f"segment-{segment['id']}",
        str(segment["name"]),
        (_size(segment, _entities(documents)),),
        tuple(fmt.sentence(prose(t, known)) for t in segment.get("traits", ())),
        grid if rows else None,
        (
            *_outcomes(segment),
            *_business(segment, documents["summary"]),
            *_healthy(segment, documents),
        ),
    )


def _health(documents: Mapping[str, Any]) -> Iterator[Section]:
    """Say what the health score rests on, or why there is none."""
    told = documents.get("evidence", {}).get("health")
    if told is not None:
        yield Section("health", "The health score", (str(told["sentence"]),))


def _healthy(segment: Document, documents: Mapping[str, Any]) -> Iterator[str]:
    health = documents.get("evidence", {}).get("health", {})
    for told in health.get("segments", ()):
        if told["id"] == segment["id"]:
            words = health_words(from_plain(SegmentHealth, told), health["floor"])
            unchecked = "" if health["basis"] == Basis.OUTCOME else ", unchecked"
            yield f"Health score{unchecked}: {words}."


def _size(segment: Document, entities: str) -> str:
    value = segment.get("value_share")
    held = "" if value is None else f", with {fmt.share(value)} of the value"
    share = fmt.share(segment["share"])
    return f"{fmt.whole(segment['size'])} {entities}, {share} of everyone{held}."


def _outcomes(segment: Document) -> Iterator[str]:
    for outcome in segment.get("outcomes", ()):
        write = fmt.share if outcome.get("is_share") else fmt.plain
        yield (
            f"{outcome['name']}: {write(outcome['mean'])} "
            f"({write(outcome['low'])} to {write(outcome['high'])}), "
            f"everyone {write(outcome['overall'])}."
        )


def _business(segment: Document, summary: Document) -> Iterator[str]:
    """Say what the segment kept, cost and brought, as its card does."""
    for row in (business_row(b, summary) for b in segment.get("business", ())):
        yield f"{row.name}: {row.here} ({row.interval}), everyone {row.everyone}. {row.note}"


def _table(documents: Mapping[str, Any]) -> Section:
    segments = documents["segments"]["segments"]
    has_value = any("value_share" in s for s in segments)
    headings = ("Segment", "Of everyone", *(("Of the value",) if has_value else ()), "Known by")
    known = names(segments)
    rows = tuple(
        (
            str(s["name"]),
            fmt.share(s["share"]),
            *((fmt.share(s.get("value_share")),) if has_value else ()),
            fmt.sentence(prose(next(iter(s.get("traits", ())), ""), known)),
        )
        for s in segments
    )
    return Section("parts", "The segments", grid=Grid("What each is known by", headings, rows))


def _uses(documents: Mapping[str, Any]) -> Section:
    segments = documents["segments"]["segments"]
    rows = tuple(
        (str(s["name"]), _first(s, "action"), _first(s, "guardrail"), _first(s, "metric"))
        for s in segments
    )
    headings = ("Segment", "Do", "Do not", "Watch")
    return Section(
        "uses",
        "How to use them",
        ("The playbook has every line with the figure behind it; this is the beginning of each.",),
        grid=Grid("What to do with each segment", headings, rows),
        notes=(NO_PROMISE,),
        turns=True,
    )


def _first(segment: Document, kind: str) -> str:
    return next((text for of, text, _ in lines_of(segment, KINDS) if of == kind), fmt.ABSENT)


def _limits(documents: Mapping[str, Any]) -> Section:
    entities = _entities(documents)
    return Section(
        "limits",
        "How to keep them true",
        points=(
            f"New {entities} get their segment from the same release: segmentry assign.",
            "Ask why somebody is where they are: segmentry why gives the features that decided.",
            "Act on those who are sure first: each assignment tells its confidence and runner-up.",
            "Look again when a campaign, a price or the offer changed what people do.",
            "Segments say how people differ, not what made them so.",
        ),
    )
