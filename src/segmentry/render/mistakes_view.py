"""The common mistakes as pages tell them: those that are made, and what else was looked for.

What lives here: wording for the report and the page of a check alike. What does not: looking
(``pipeline.mistakes``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from segmentry.render import format as fmt
from segmentry.render.chart import Cell, Table
from segmentry.render.feature_words import Document

STATES = {"settled": "taken care of", "absent": "not made", "unknown": "not known"}
"""What is said of a mistake that was looked for and is not told as made."""

TONES = {"settled": "good", "absent": "good"}


@dataclass(frozen=True, slots=True)
class MistakeNote:
    """A mistake that is made."""

    severity: str
    code: str
    title: str
    sentence: str
    why: str
    fix: str


@dataclass(frozen=True, slots=True)
class MistakesView:
    """What came of looking: a line on top, the mistakes that are made, and the others."""

    summary: str
    made: tuple[MistakeNote, ...]
    others: Table | None


def mistakes_view(told: Sequence[Document]) -> MistakesView | None:
    """Word what came of looking for mistakes; None where nobody looked.

    Parameters
    ----------
    told : sequence of mapping
        As ``evidence.json`` and the document of a check hold them.
    """
    if not told:
        return None
    made = tuple(_note(m) for m in _made(told))
    others = [m for m in told if m["state"] != "found"]
    n_looked = len({m["code"] for m in told})
    n_made = len({m.code for m in made})
    summary = f"{n_looked} mistakes that are often made in segmentation were looked for; "
    summary += (
        f"{n_made} of them {'is' if n_made == 1 else 'are'} made." if made else "none is made."
    )
    return MistakesView(summary, made, _others(others))


def made_in_short(told: Sequence[Document]) -> str:
    """Name the mistakes that are made, as a sentence."""
    titles = list(dict.fromkeys(m["title"] for m in _made(told)))
    return f"{fmt.sentence(', '.join(titles))}." if titles else "None that was looked for."


def n_grave(told: Sequence[Document]) -> int:
    """Count the mistakes that bend segments or make them of no use."""
    return len({m["code"] for m in _made(told) if m["severity"] == "warning"})


def _made(told: Sequence[Document]) -> list[Document]:
    """Give the mistakes that are made, the graver first."""
    made = [m for m in told if m["state"] == "found"]
    return sorted(made, key=lambda m: m["severity"] != "warning")


def _note(mistake: Mapping[str, str]) -> MistakeNote:
    return MistakeNote(
        mistake["severity"],
        mistake["code"],
        fmt.sentence(mistake["title"]),
        _ended(mistake["sentence"]),
        _ended(mistake["why"]),
        mistake["fix"],
    )


def _others(others: Sequence[Document]) -> Table | None:
    if not others:
        return None
    head = (Cell("Mistake"), Cell("Came of it"), Cell("What was seen"))
    rows = tuple(
        (
            Cell(fmt.sentence(m["title"]), note=m["code"]),
            Cell(fmt.sentence(STATES[m["state"]]), tone=TONES.get(m["state"], "")),
            Cell(_ended(m["sentence"])),
        )
        for m in others
    )
    return Table("Mistakes that were looked for and are not made", head, rows)


def _ended(text: str) -> str:
    shown = fmt.sentence(text)
    return shown if shown.endswith(("?", ".", "!")) else f"{shown}."
