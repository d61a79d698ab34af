"""Features of a project's own: names that are taken, and words as the events write them.

What lives here: what has to be known of all features, or of the events' words, to take a project's
own ones in. What does not: their text (``domain.formulatext``), and whether the events have their
fields (``choose``).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Any

from segmentry.domain.feature import FeatureSpec
from segmentry.domain.formula import Aggregate, Condition
from segmentry.domain.project import FeatureChoice, Windows
from segmentry.domain.table import ENTITY
from segmentry.errors import ProjectFileError
from segmentry.features.choose import all_features

Alike = Callable[[list[str]], list[str]]
"""Writes words the way the events of a project do."""

_TAKEN = {ENTITY, "micros", "auto", "all"}
_FAMILIES = ("share_", "affinity_")


def clashes(choice: FeatureChoice, windows: Windows) -> list[ProjectFileError]:
    """Find features of a project's own whose names are taken.

    Parameters
    ----------
    choice : FeatureChoice
    windows : Windows
        Each further window has features of its own.

    Returns
    -------
    list of ProjectFileError
        E1002, each with its key.
    """
    others = {s.name for s in all_features(replace(choice, define=()), windows)}
    seen: set[str] = set()
    found = []
    for i, spec in enumerate(choice.define):
        if why := _why_taken(spec.name, others, seen):
            key = f"features.define[{i}].name"
            found.append(
                ProjectFileError(
                    why, code="E1002", where=key, key=key, hint=f"such as own_{spec.name}"
                )
            )
        seen.add(spec.name)
    return found


def _why_taken(name: str, others: set[str], seen: set[str]) -> str | None:
    if name in seen:
        return f"two features are called {name!r}"
    if name in others:
        return f"the catalogue has a feature {name!r} already"
    if name in _TAKEN or name.startswith(_FAMILIES):
        return f"the name {name!r} has a meaning already"
    return None


def not_of_tables(choice: FeatureChoice) -> list[ProjectFileError]:
    """Refuse features of a project's own where no source holds events to make them of."""
    found = []
    for i, spec in enumerate(choice.define):
        key = f"features.define[{i}]"
        what = f"the feature {spec.name!r} is made of events, and no source holds any"
        hint = "columns of a table are features by themselves; a view can compute further ones"
        found.append(ProjectFileError(what, code="E1002", where=key, key=key, hint=hint))
    return found


def written_alike(spec: FeatureSpec, rules: Mapping[str, Alike]) -> FeatureSpec:
    """Write the words of a formula the way the events do, for label fields that have a rule."""
    return replace(spec, formula=_alike(spec.formula, rules, None)) if rules else spec


def _alike(value: Any, rules: Mapping[str, Alike], by: str | None) -> Any:
    if isinstance(value, Condition):
        of = by if value.of == "before" else value.of
        if isinstance(of, str) and of in rules and value.operator in {"in", "not in"}:
            told = tuple(dict.fromkeys(rules[of]([str(v) for v in value.values])))
            return replace(value, values=told)
        return replace(value, of=_alike(value.of, rules, by))
    if isinstance(value, tuple):
        return tuple(_alike(one, rules, by) for one in value)
    if is_dataclass(value) and not isinstance(value, type):
        by = value.by if isinstance(value, Aggregate) else by
        return type(value)(*(_alike(getattr(value, f.name), rules, by) for f in fields(value)))
    return value
