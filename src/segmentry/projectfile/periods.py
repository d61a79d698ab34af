"""One measure in many columns, month by month: told, for as columns they lose their order.

What lives here: recognising such columns by their names. What does not: making a time of columns
(``timeparts``), and turning such a table into a log, which is the user's to do.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from segmentry.projectfile.survey import Column

FEWEST = 4
"""Fewer columns may be called alike by chance."""

_YEAR = r"(?:19|20)\d\d"
_SPOKEN = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
_FORMS = {
    "month": (
        rf"{_YEAR}[-_./ ]?(?:0[1-9]|1[0-2]|[1-9])",
        rf"(?:0?[1-9]|1[0-2])[-_./ ]{_YEAR}",
        rf"{_SPOKEN}(?:[-_./ ]?(?:{_YEAR}|\d\d))?",
        r"m(?:onth|o)?[-_. ]?(?:0?[1-9]|1[0-2])",
    ),
    "week": (rf"(?:{_YEAR}[-_ ]?)?w(?:eek|k)?[-_. ]?[0-5]?\d",),
    "quarter": (rf"{_YEAR}[-_ ]?q[1-4]", rf"q[1-4][-_ ]?{_YEAR}"),
    "year": (rf"{_YEAR}",),
}
_PATTERNS = {
    noun: re.compile(rf"(?<![a-z0-9])(?:{'|'.join(forms)})(?![a-z0-9])")
    for noun, forms in _FORMS.items()
}


def period_notes(columns: Sequence[Column]) -> list[str]:
    """Tell which numbers seem to be one measure of several months, weeks, quarters or years.

    Parameters
    ----------
    columns : sequence of Column
        Those that shape segments, in the order of the file.

    Returns
    -------
    list of str
        A note for each such measure.
    """
    groups: dict[tuple[str, str], list[str]] = {}
    for column in columns:
        said = _cut(column.name) if column.kind == "number" else None
        if said is not None:
            groups.setdefault(said, []).append(column.name)
    return [_note(noun, names) for (noun, _), names in groups.items() if len(names) >= FEWEST]


def _cut(name: str) -> tuple[str, str] | None:
    """Give the kind of period that a name tells, and what is left of the name without it."""
    lower = name.strip().lower()
    for noun, pattern in _PATTERNS.items():
        found = list(pattern.finditer(lower))
        if len(found) == 1:
            rest = lower[: found[0].start()] + "*" + lower[found[0].end() :]
            return noun, re.sub(r"[^a-z0-9*]+", " ", rest).strip()
    return None


def _note(noun: str, names: list[str]) -> str:
    return (
        f"{len(names)} columns, {names[0]!r} to {names[-1]!r}, look like one measure {noun} by"
        f" {noun}: they are taken as separate features; a long table with one row per entity and"
        f" {noun} would give trend and recency"
    )
