"""Mistakes that a project file alone tells: what it fixes, and what it leaves open."""

from __future__ import annotations

from collections.abc import Iterator

from segmentry.domain.mistake import Mistake, State, absent
from segmentry.domain.project import Project

FEW, MANY = 3, 10
"""So few segments, or so many, serve seldom."""

USUAL_BAND = "segments: {min: 4, max: 8}"
"""The band of numbers that the house searches."""


def of_intent(project: Project) -> Iterator[Mistake]:
    """Look for mistakes in what a project asks, before anything is read."""
    yield _number(project)
    yield _band(project)
    yield _decision(project)
    yield _owner(project)


def _number(project: Project) -> Mistake:
    low, high = project.segments.minimum, project.segments.maximum
    if low < high:
        said = f"each number from {low} to {high} is tried, and one written rule chooses"
        return absent("M03", said, minimum=low, maximum=high)
    return Mistake(
        "M03",
        State.FOUND,
        f"the project asks for exactly {low} segments, so that no other number is tried",
        USUAL_BAND,
        figures={"minimum": low, "maximum": high},
    )


def _band(project: Project) -> Mistake:
    low, high = project.segments.minimum, project.segments.maximum
    figures = {"minimum": low, "maximum": high}
    if high <= FEW:
        said = f"at most {high} segments may be found"
        return Mistake("M10", State.FOUND, said, USUAL_BAND, figures=figures)
    if low >= MANY:
        said = f"no fewer than {low} segments may be found"
        return Mistake("M10", State.FOUND, said, USUAL_BAND, figures=figures)
    return absent("M10", f"{low} to {high} segments may be found", **figures)


def _decision(project: Project) -> Mistake:
    if project.decision.strip():
        return absent("M05", f"the segments serve a decision: {project.decision.strip()}")
    return Mistake(
        "M05",
        State.FOUND,
        "no decision is written down that the segments will serve, so nothing says what would be "
        "done differently for any of them",
        'decision: "whom to offer what, from when on"',
        "info",
    )


def _owner(project: Project) -> Mistake:
    if project.owner.strip():
        said = (
            f"{project.owner.strip()} answers for them; whether assignments are exported and used "
            "is not known here"
        )
        return absent("M08", said)
    return Mistake(
        "M08",
        State.FOUND,
        "nobody is named who answers for the segments and brings them to where people work",
        'owner: "a person or a team"; then segmentry assign, segmentry sql or segmentry run '
        "--write-to bring each entity's segment to them",
        "info",
    )
