"""The first page: verdict, five sentences, key figures, and the decision to take.

What lives here: what somebody reads who reads nothing else. What does not: the cards of segments
(``cards``), the picture (``figures``), and the sentences themselves (``explain.headline``).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from segmentry.domain.evidence import StructureTest
from segmentry.render import format as fmt
from segmentry.render.feature_words import Document, value_text


@dataclass(frozen=True, slots=True)
class VerdictNote:
    """The verdict as people read it first: a word for style, a heading, what to make of it."""

    word: str
    heading: str
    advice: str


VERDICTS = {
    "clear": VerdictNote(
        "clear",
        "Clear segments",
        "The data holds groups that data without groups does not show.",
    ),
    "weak": VerdictNote(
        "weak",
        "Weak segments",
        "The data is only a little more grouped than data without groups: talk about behaviour "
        "with these segments, and test before money depends on their borders.",
    ),
    "none": VerdictNote(
        "none",
        "No clear segments",
        "Nothing stands apart here more than in data without any groups. What follows is the least "
        "bad way to divide it, for orientation only.",
    ),
}
IN_FEW = (
    "The columns that can be compared hold groups that data without groups does not show. The "
    "segments are made of all columns and need not be those groups."
)
UNTESTED_VERDICT = VerdictNote(
    "none",
    "Groups not tested",
    "This data gives nothing to test for groups with. What follows is one way to divide it, for "
    "orientation only.",
)
UNKNOWN_VERDICT = VerdictNote(
    "unknown", "Structure not tested", "This run holds no verdict on whether segments exist."
)

REPEATED = re.compile(r"no groups beyond|groups are weak", re.IGNORECASE)
"""Warnings for readers of the terminal, which say the verdict again that the page says on top."""

QUESTIONS = ("What was found", "Who matters", "What to do", "How sure", "What not to do")
"""What each of the five sentences answers, in their order."""


@dataclass(frozen=True, slots=True)
class Opening:
    """The first page; ``answers`` are the five sentences, each under its question."""

    name: str
    title: str
    entities: str
    entity: str
    verdict: VerdictNote
    structure_sentence: str
    answers: tuple[tuple[str, str], ...]
    decision: str
    objective: str
    facts: tuple[tuple[str, str], ...]
    warnings: tuple[str, ...]


def opening(documents: Mapping[str, Document]) -> Opening:
    """Word the first page."""
    summary = documents["summary"]
    project = summary["project"]
    entity, entities = fmt.entity_nouns(str(project.get("entity") or "entity"))
    evidence = documents.get("evidence", {})
    structure = evidence.get("structure", {})
    verdict = summary.get("verdict") or structure.get("verdict")
    objective = project.get("objective") or ""
    return Opening(
        project.get("name") or "Segments",
        _title(documents, entity, entities, str(verdict)),
        entities,
        entity,
        verdict_note(verdict, structure) or UNKNOWN_VERDICT,
        structure.get("sentence", ""),
        _answers(summary.get("headline", ())),
        project.get("decision") or "",
        "" if objective == "none" else objective,
        _facts(documents, entities),
        tuple(w for w in evidence.get("warnings", ()) if not REPEATED.search(w)),
    )


def verdict_note(verdict: object, structure: Document) -> VerdictNote | None:
    """Give the words of a verdict; None for one that is not known."""
    if structure.get("test") == StructureTest.NOTHING:
        return UNTESTED_VERDICT
    compared, n_columns = len(structure.get("columns", ())), structure.get("n_columns", 0)
    if verdict == "clear" and 0 < 2 * compared < n_columns:
        return VerdictNote("clear", f"Clear groups in {compared} of {n_columns} columns", IN_FEW)
    return VERDICTS.get(str(verdict))


def _title(documents: Mapping[str, Document], entity: str, entities: str, verdict: str) -> str:
    n = documents["summary"].get("n_entities")
    crowd = f"{fmt.whole(n)} {entity if n == 1 else entities}"
    if verdict == "none":
        return f"{crowd}, no clear segments"
    count = len(documents["segments"]["segments"])
    return f"{crowd} in {count} segment{'' if count == 1 else 's'}"


def _answers(sentences: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """Put each sentence under its question; sentences of another number stand for themselves."""
    if len(sentences) != len(QUESTIONS):
        return tuple(("", s) for s in sentences)
    return tuple(zip(QUESTIONS, sentences, strict=True))


def _facts(documents: Mapping[str, Document], entities: str) -> tuple[tuple[str, str], ...]:
    summary, segments = documents["summary"], documents["segments"]["segments"]
    facts = [
        (entities, fmt.whole(summary.get("n_entities"))),
        ("segments" if len(segments) != 1 else "segment", fmt.whole(len(segments))),
        ("features used", fmt.whole(summary.get("n_features"))),
    ]
    totals = [s["value_total"] for s in segments if "value_total" in s]
    if totals:
        facts.append(("value in total", value_text(sum(totals), summary)))
    if "as_of" in summary:
        facts.append(("behaviour up to", fmt.short_day(summary["as_of"])))
    return tuple(facts)
