"""Features of a project's own, between plain data and specs.

What lives here: the keys under ``features.define``, and the two directions. What does not: the
language of formulas (``domain.formulatext``), names that are taken (``features.own``), and whether
the events have the fields that a formula needs (``features.choose``).
"""

from __future__ import annotations

import hashlib
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import Any

from segmentry.domain.feature import Coded, FeatureSpec
from segmentry.domain.formula import Formula, Words, aggregates_in
from segmentry.domain.formulatext import read_formula
from segmentry.domain.project import OBJECTIVES
from segmentry.domain.role import Facet
from segmentry.errors import ProjectFileError
from segmentry.projectfile.terms import BAD, Key, ListOf, Problems, Record, Text, Word
from segmentry.stores.codefiles import code_in

LONGEST_NAME = 60
"""Engines cut longer names of columns."""

UNTOLD = "nothing tells it"
"""What a gap means where the project does not say."""

_NAME = re.compile(r"[a-z][a-z0-9_]*")
_CODE = re.compile(r"(?P<file>[^:\\]+\.py):(?P<function>[^\W\d]\w*)")
_DIGEST = re.compile(r"[0-9a-f]{64}")


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
class CodeName:
    """A file beside the project file, and a function in it."""

    def read(self, value: object, at: str, problems: Problems) -> Any:
        """Accept a path inside the project's folder; nothing of the file is run."""
        found = _CODE.fullmatch(value) if isinstance(value, str) else None
        if found is None:
            return problems.refuse(value, self, at=at)
        path = PurePosixPath(found["file"])
        if path.is_absolute() or ".." in path.parts:
            what = f"{str(path)!r} lies outside the project's folder"
            return problems.add(what, at=at, hint="copy it into the folder", code="E1011")
        return found["file"], found["function"]

    def describe(self) -> str:
        """Say what it is."""
        return "a file in the project's folder and a function in it, such as features.py:name"


@dataclass(frozen=True, slots=True)
class Digest:
    """The SHA-256 of a file."""

    def read(self, value: object, at: str, problems: Problems) -> Any:
        """Accept 64 hexadecimal digits."""
        if isinstance(value, str) and _DIGEST.fullmatch(value):
            return value
        return problems.refuse(value, self, at=at)

    def describe(self) -> str:
        """Say what it is."""
        return "64 hexadecimal digits"


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
        Key("formula", FormulaText(), "How it is computed, as catalogue formulas print.", None),
        Key("python", CodeName(), "In place of 'formula': code, which a run executes.", None),
        Key("sha256", Digest(), "With 'python': the file's, so that no other is executed.", None),
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


def check_define(features: Any, problems: Problems) -> None:
    """Check that each feature says once how it is made."""
    if features is BAD or features["define"] is BAD:
        return
    for i, read in enumerate(features["define"]):
        if read is BAD or BAD in (read["formula"], read["python"], read["sha256"]):
            continue
        at = f"features.define[{i}]"
        if (read["formula"] is None) == (read["python"] is None):
            what = "a feature is made by a formula, or else by Python code"
            hint = "formula: count(events where hour < 5) / count(events)"
            problems.add(what, at=f"{at}.formula", hint=hint)
        elif read["formula"] is not None and read["sha256"] is not None:
            hint = "leave it out"
            problems.add("'sha256' belongs to 'python'", at=f"{at}.sha256", hint=hint)


def defined(read: Mapping[str, Any]) -> FeatureSpec:
    """Build the spec of a feature that was read."""
    formula: Formula | Words | Coded | None = read["formula"]
    if formula is None:
        file, function = read["python"]
        formula = Coded(file, function, read["sha256"])
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


def _also_needs(formula: Formula | Words | Coded) -> tuple[str, ...]:
    """Name what the time from the first to the last event of a group needs: an instant."""
    named = {
        of
        for a in aggregates_in(formula)
        for of in (a.of, *(t.of for t in a.where))
        if isinstance(of, str)
    }
    return ("at",) if "seconds" in named else ()


def with_digests(
    specs: Sequence[FeatureSpec], folder: Path, problems: Problems
) -> tuple[FeatureSpec, ...]:
    """Note what the files of code hold now, where the project does not say what they should."""

    def settled(i: int, spec: FeatureSpec) -> FeatureSpec:
        code = spec.formula
        if not isinstance(code, Coded) or code.sha256 is not None:
            return spec
        try:
            digest = hashlib.sha256(code_in(folder, code.file)).hexdigest()
        except ProjectFileError as error:
            key = f"features.define[{i}].python"
            problems.add(error.what, at=key, hint=error.hint, code=error.code)
            return spec
        return replace(spec, formula=replace(code, sha256=digest))

    return tuple(settled(i, spec) for i, spec in enumerate(specs))


def defined_data(spec: FeatureSpec) -> dict[str, Any]:
    """Give a feature of a project's own as plain data; what is as if left out is absent."""
    code = spec.formula if isinstance(spec.formula, Coded) else None
    data = {
        "name": spec.name,
        "facet": str(spec.facet),
        "unit": spec.unit or None,
        "sentence": spec.sentence,
        "formula": str(spec.formula) if code is None else None,
        "python": None if code is None else f"{code.file}:{code.function}",
        "sha256": None if code is None else code.sha256,
        "null_means": None if spec.null_means == UNTOLD else spec.null_means,
        "null_is": spec.null_is,
        "objectives": list(spec.objectives) or None,
    }
    return {name: value for name, value in data.items() if value is not None}
