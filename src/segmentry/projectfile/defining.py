"""Features of a project's own, between plain data and specs.

What lives here: the keys under ``features.define``, and the two directions. What does not: the
language of formulas (``domain.formulatext``), names that are taken (``features.own``), and whether
the events have the fields that a formula needs (``features.choose``).
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from segmentry.domain.feature import FeatureSpec
from segmentry.domain.formula import Formula, Words, aggregates_in
from segmentry.domain.formulatext import read_formula
from segmentry.domain.project import OBJECTIVES
from segmentry.domain.role import Facet
from segmentry.errors import ProjectFileError
from segmentry.projectfile.terms import Key, ListOf, Problems, Record, Text, Word

LONGEST_NAME = 60
"""Engines cut longer names of columns."""

UNTOLD = "nothing tells it"
"""What a gap means where the project does not say."""

_NAME = re.compile(r"[a-z][a-z0-9_]*")


@dataclass(frozen=True, slots=True)
class FeatureName:
    """The name of a feature: small letters, digits and underscores."""

    def read(self, value: object, at: str, problems: Problems) -> Any:
        """Accept a name that is a column on every engine."""
        if isinstance(value, str) and _NAME.fullmatch(value) and len(value) <= LONGEST_NAME:
            return value
        near = re.sub(r"\W+", "_", str(value).lower()).strip("_")[:LONGEST_NAME]
        hint = f"{near}" if _NAME.fullmatch(near) else None
        return problems.refuse(value, self, at=at, hint=hint)

    def describe(self) -> str:
        """Say what it is."""
        return (
            "a name of small letters, digits and underscores that begins with a letter, with at "
            f"most {LONGEST_NAME} characters"
        )


@dataclass(frozen=True, slots=True)
class FormulaText:
    """The text of a formula."""

    def read(self, value: object, at: str, problems: Problems) -> Any:
        """Accept what reads as a formula, and give the formula."""
        text = Text(self.describe()).read(value, at, problems)
        if not isinstance(text, str):
            return text
        try:
            return read_formula(text)
        except ProjectFileError as error:
            return problems.add(error.what, at=at, hint=error.hint, code=error.code)

    def describe(self) -> str:
        """Say what it is."""
        return "a formula, such as count(events where hour < 5) / count(events)"


@dataclass(frozen=True, slots=True)
class AnyNumber:
    """A finite number."""

    def read(self, value: object, at: str, problems: Problems) -> Any:
        """Accept a number."""
        if isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value):
            return float(value)
        return problems.refuse(value, self, at=at)

    def describe(self) -> str:
        """Say what it is."""
        return "a number"


DEFINE = Record(
    "a feature",
    (
        Key("name", FeatureName(), "What to call it; no other feature has the name."),
        Key("facet", Word(tuple(Facet)), "The side of behaviour that it shows."),
        Key("unit", Text("a unit", may_be_blank=True), "Its unit, such as share or days.", ""),
        Key("sentence", Text("a sentence"), "What it means, in words."),
        Key("formula", FormulaText(), "How it is computed, as formulas of the catalogue print."),
        Key("null_means", Text("words"), "What it means where there is no value.", UNTOLD),
        Key("null_is", AnyNumber(), "What preparation puts there; the median if left out.", None),
        Key(
            "objectives",
            ListOf(Word(tuple(o for o in OBJECTIVES if o != "none")), "objectives"),
            "Objectives that it is good for.",
            (),
        ),
    ),
)


def defined(read: Mapping[str, Any]) -> FeatureSpec:
    """Build the spec of a feature that was read."""
    formula: Formula | Words = read["formula"]
    return FeatureSpec(
        read["name"],
        formula,
        Facet(read["facet"]),
        read["unit"],
        read["sentence"],
        read["null_means"],
        read["null_is"],
        tuple(read["objectives"]),
        also_needs=_also_needs(formula),
        is_own=True,
    )


def _also_needs(formula: Formula | Words) -> tuple[str, ...]:
    """Name what the time from the first to the last event of a group needs: an instant."""
    named = {
        of
        for a in aggregates_in(formula)
        for of in (a.of, *(t.of for t in a.where))
        if isinstance(of, str)
    }
    return ("at",) if "seconds" in named else ()


def defined_data(spec: FeatureSpec) -> dict[str, Any]:
    """Give a feature of a project's own as plain data; what is as if left out is absent."""
    data = {
        "name": spec.name,
        "facet": str(spec.facet),
        "unit": spec.unit or None,
        "sentence": spec.sentence,
        "formula": str(spec.formula),
        "null_means": None if spec.null_means == UNTOLD else spec.null_means,
        "null_is": spec.null_is,
        "objectives": list(spec.objectives) or None,
    }
    return {name: value for name, value in data.items() if value is not None}
