"""The common mistakes of segmentation: what they are, and what came of looking for each.

What lives here: the mistakes by code, and the value that tells of one. A finding
(``projectfile.findings``) is about rows and columns of data; a mistake is about what is asked of
them, or made of the segments. What does not: looking (``pipeline.mistakes``), and the pages of the
codes (``cli/mistakes``).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Literal


class State(StrEnum):
    """What came of looking for a mistake."""

    FOUND = "found"
    SETTLED = "settled"
    """It would be one, and something was done about it already."""
    ABSENT = "absent"
    UNKNOWN = "unknown"
    """It cannot be told from what there is."""


@dataclass(frozen=True, slots=True)
class Known:
    """A mistake that is looked for: its title, and why it matters."""

    title: str
    why: str


MISTAKES: Mapping[str, Known] = MappingProxyType(
    {
        "M01": Known(
            "correlated features inflate a dimension",
            "features that say the same count once each, so that one side of behaviour rules every "
            "distance and the others hardly shape a segment",
        ),
        "M02": Known(
            "one feature dominates the distances",
            "on scales that differ, the feature with the largest figures decides alone who is near "
            "to whom",
        ),
        "M03": Known(
            "number of segments by gut feel",
            "a number that was fixed beforehand is a wish, not a result: nothing says whether "
            "another one would be better",
        ),
        "M04": Known(
            "segments that are never found anew",
            "customers move on; what was true at the cut is told of people who have changed since",
        ),
        "M05": Known(
            "segments without consequence",
            "segments are worth what is done differently with them; however sound, two that are "
            "treated alike are one",
        ),
        "M06": Known(
            "outliers rule a feature",
            "a few extreme entities set the scale, and everybody else becomes alike in it",
        ),
        "M07": Known(
            "one snapshot, no view over time",
            "a state does not tell who rises and who falls: a newcomer and a leaver look the same "
            "at one moment",
        ),
        "M08": Known(
            "nobody works with the result",
            "segments that no one answers for stay in a report",
        ),
        "M09": Known(
            "who people are in place of what they do",
            "age, place or company size seldom say what somebody will do next, and treating people "
            "by them may be unfair",
        ),
        "M10": Known(
            "too many or too few segments",
            "three or fewer hide differences that matter; ten or more are hard to remember, to "
            "staff and to act on",
        ),
        "M11": Known(
            "segments that nobody can read",
            "what cannot be said in words cannot be acted on, and mistakes in it are not noticed",
        ),
        "M12": Known(
            "too many features",
            "in many dimensions all distances grow alike, and with few entities for each feature "
            "chance draws the borders",
        ),
        "M13": Known(
            "not held against what followed",
            "segments that do not differ in what matters to the business describe it without being "
            "of use to it",
        ),
    }
)
"""Every mistake by its code, in the order in which they are told."""

Severity = Literal["warning", "info"]


@dataclass(frozen=True, slots=True)
class Mistake:
    """What came of looking for one mistake.

    ``sentence`` says what was found, with figures (or why nothing was, or why it cannot be told);
    ``fix`` is an edit of the project file, or a command. ``about`` names features or segments,
    ``figures`` are the numbers behind the sentence. A ``warning`` bends segments or makes them of
    no use; ``info`` is what somebody may have good reason for.
    """

    code: str
    state: State
    sentence: str
    fix: str = ""
    severity: Severity = "warning"
    about: tuple[str, ...] = ()
    figures: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))
    is_of_segments: bool = False
    """Told by the segments of a run, and not by what was asked for or by the features."""

    def __post_init__(self) -> None:
        if self.code not in MISTAKES:
            msg = f"there is no mistake {self.code!r}"
            raise ValueError(msg)

    @property
    def is_found(self) -> bool:
        """Say whether the mistake is made."""
        return self.state is State.FOUND

    @property
    def title(self) -> str:
        """Name it in words."""
        return MISTAKES[self.code].title

    @property
    def why(self) -> str:
        """Say why it matters."""
        return MISTAKES[self.code].why


def absent(code: str, sentence: str, **figures: float) -> Mistake:
    """Tell that a mistake was looked for and is not made."""
    return Mistake(code, State.ABSENT, sentence, figures=MappingProxyType(figures))


def settled(code: str, sentence: str, **figures: float) -> Mistake:
    """Tell that a mistake would be made, had not something been done about it."""
    return Mistake(code, State.SETTLED, sentence, figures=MappingProxyType(figures))


def unknown(code: str, sentence: str) -> Mistake:
    """Tell why it cannot be known whether a mistake is made."""
    return Mistake(code, State.UNKNOWN, sentence)


_TOLD_FIRST = {State.FOUND: 0, State.SETTLED: 1, State.ABSENT: 2, State.UNKNOWN: 3}


def one_of_each(looked: Iterable[Mistake]) -> tuple[Mistake, ...]:
    """Give what is to be told of each mistake, where several looked for the same.

    Parameters
    ----------
    looked : iterable of Mistake

    Returns
    -------
    tuple of Mistake
        In the order of the codes. Of several of a code those that were found are all told, in the
        order given; where none was, the first that something was done about, else the first that
        is not made, else the first that says why it cannot be known.
    """
    by_code: dict[str, list[Mistake]] = {}
    for mistake in looked:
        by_code.setdefault(mistake.code, []).append(mistake)
    told: list[Mistake] = []
    for code in MISTAKES:
        own = sorted(by_code.get(code, ()), key=lambda m: _TOLD_FIRST[m.state])
        told += [m for m in own if m.is_found] or own[:1]
    return tuple(told)


def as_data(mistake: Mistake) -> dict[str, Any]:
    """Give a mistake as plain data; what it does not know is absent."""
    data: dict[str, Any] = {
        "code": mistake.code,
        "title": mistake.title,
        "state": str(mistake.state),
        "of": "segments" if mistake.is_of_segments else "project",
        "severity": mistake.severity if mistake.is_found else None,
        "sentence": mistake.sentence,
        "why": mistake.why if mistake.is_found else None,
        "fix": mistake.fix or None,
        "about": list(mistake.about) or None,
        "figures": {k: round(float(v), 6) for k, v in mistake.figures.items()} or None,
    }
    return {k: v for k, v in data.items() if v is not None}
