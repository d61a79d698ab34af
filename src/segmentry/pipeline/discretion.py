"""A check of data without what it quotes from the rows, for projects whose ids are hidden.

What lives here: what of a check's findings and profiles may tell who somebody is. What does not:
pseudonyms for what a run writes (``privacy``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from segmentry.projectfile.findings.finding import Finding
from segmentry.projectfile.findings.profile import NAMES, UNUSED

HIDDEN = "(not shown: outputs name entities by pseudonyms)"
"""Stands where a condition or a value would tell ids."""

NAMES_PEOPLE = frozenset({"busy_entities", "dominant_entities"})
"""Findings whose rule lists entities by their ids."""

WITHHELD = NAMES | {UNUSED}
"""Uses of columns whose values name something, or may: nobody looked at what is not used."""

CONTENT = frozenset(
    {
        *("levels", "histogram", "first", "last", "min", "max", "mean", "median"),
        *("q05", "q25", "q75", "q95", "skewness", "zero_share"),
    }
)
"""What the profile of a column shows of its values."""

RARE = 0.01
"""Share below which a text may well be somebody's name or address."""


def discreet(finding: Finding) -> Finding:
    """Drop what a finding quotes from the rows: its examples, wherever they stand."""
    sentence = finding.sentence
    for example in finding.examples:
        sentence = sentence.replace(repr(example), "one")
    shown = replace(finding, examples=(), sentence=sentence)
    if finding.kind not in NAMES_PEOPLE:
        return shown
    rule = f"where: {HIDDEN}" if finding.rule else ""
    edit = replace(finding.edit, value=HIDDEN) if finding.edit is not None else None
    return replace(shown, rule=rule, edit=edit)


def without_values(source: Mapping[str, Any]) -> dict[str, Any]:
    """Drop the values of a source's columns that name somebody, or might, from its profile.

    Parameters
    ----------
    source : mapping
        A source in the document of a check.

    Returns
    -------
    dict
        Kept are shapes of numbers and dates, and levels of used columns that many rows share.
    """
    columns = [_without_values(column) for column in source["columns"]]
    # Whoever records a fix may have written ids into the condition.
    where = HIDDEN if source["where"] else ""
    return {**source, "columns": columns, "where": where}


def _without_values(column: Mapping[str, Any]) -> dict[str, Any]:
    kept = dict(column)
    if not WITHHELD.isdisjoint(column["use"].split(", ")):
        return {k: v for k, v in kept.items() if k not in CONTENT}
    levels = [level for level in kept.pop("levels", ()) if level["share"] >= RARE]
    return kept | ({"levels": levels} if levels else {})
